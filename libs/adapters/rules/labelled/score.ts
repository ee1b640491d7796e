import type { RulesExtractor } from '../rules-extractor.js';

/** How the types found compare with the types expected, over all sentences. */
export interface Score {
  precision: number;
  recall: number;
  /** Sentences whose types were not exactly the expected ones, as `expected ≠ found | text`. */
  misses: string[];
}

/** A sentence with its types in any order; `a|b` takes either. */
export type Labelled = readonly [text: string, ...types: string[]];

/** Precision and recall of memory types (a multiset for each sentence), each sentence a message of its own. */
export async function scoreTypes(extractor: RulesExtractor, labelled: readonly Labelled[]): Promise<Score> {
  let hits = 0;
  let expectedCount = 0;
  let foundCount = 0;
  const misses: string[] = [];
  for (const [text, ...expected] of labelled) {
    const message = { role: 'user', name: null, text, saidAt: '2023-01-20T16:04:00Z' };
    const found = (await extractor.extract([message])).memories.map(({ memoryType }) => memoryType);
    const open = [...expected];
    for (const type of found) {
      const at = open.findIndex((one) => one.split('|').includes(type));
      if (at < 0) continue;
      open.splice(at, 1);
      hits += 1;
    }
    expectedCount += expected.length;
    foundCount += found.length;
    if (open.length > 0 || found.length !== expected.length) {
      misses.push(`${expected.join(', ') || 'nothing'} ≠ ${found.join(', ') || 'nothing'} | ${text}`);
    }
  }
  return { precision: hits / foundCount, recall: hits / expectedCount, misses };
}
