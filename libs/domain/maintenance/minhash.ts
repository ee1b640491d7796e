/**
 * Which sets of words are probably alike, without comparing each with each.
 *
 * MinHash: of a set the least value of a hash function; two sets have the same least value with the probability of their
 * Jaccard similarity (A. Broder, "On the resemblance and containment of documents", 1997). Several in a row make a band,
 * and sets that share a band are candidates: with b bands of r rows a pair of similarity s is found with probability
 * 1 − (1 − s^r)^b (J. Leskovec, A. Rajaraman, J. Ullman, "Mining of Massive Datasets", section 3.4).
 */

/** 16 bands of 2: a pair of similarity .4 is found with .94, one of .5 with .99. */
const BANDS = 16;
const ROWS = 2;

/** Odd multipliers, one for each hash function, by the step of a Weyl sequence (2^32 over the golden ratio). */
const MULTIPLIERS = Array.from({ length: BANDS * ROWS }, (_, at) => (Math.imul(at + 1, 0x9e3779b9) | 1) >>> 0);

/** FNV-1a of 32 bits over UTF-16 code units (G. Fowler, L. C. Noll, K.-P. Vo; draft-eastlake-fnv). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** The finaliser of MurmurHash3 (A. Appleby): every bit of the value reaches every bit of the result. */
function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The bands of a set, as keys: sets that share one are candidates. Of an empty set none. */
export function bandsOf(shingles: ReadonlySet<string>): string[] {
  if (shingles.size === 0) return [];
  const hashes = [...shingles].map(hashOf);
  const least = MULTIPLIERS.map((multiplier) => {
    let lowest = 0xffffffff;
    for (const hash of hashes) lowest = Math.min(lowest, mixed(Math.imul(hash, multiplier) ^ multiplier));
    return lowest;
  });
  return Array.from({ length: BANDS }, (_, band) => {
    const rows = least.slice(band * ROWS, (band + 1) * ROWS);
    return `${band}:${rows.map((value) => value.toString(36)).join(':')}`;
  });
}
