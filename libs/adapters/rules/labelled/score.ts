import type { RulesExtractor } from '../rules-extractor.js';

/** How the types found compare with the types expected, over all sentences. */
export interface Score {
  precision: number;
  recall: number;
  /** Sentences whose types were not exactly the expected ones. */
  misses: { text: string; expected: string[]; found: string[] }[];
}

/** Precision and recall of memory types (a multiset for each sentence), each sentence a message of its own. */
export async function scoreTypes(
  extractor: RulesExtractor,
  labelled: readonly (readonly [text: string, ...types: string[]])[],
): Promise<Score> {
  let hits = 0;
  let expectedCount = 0;
  let foundCount = 0;
  const misses: Score['misses'] = [];
  for (const [text, ...expected] of labelled) {
    const message = { role: 'user', name: null, text, saidAt: '2023-01-20T16:04:00Z' };
    const found = (await extractor.extract([message])).memories.map(({ memoryType }) => memoryType);
    const open = [...expected];
    for (const type of found) {
      const at = open.indexOf(type);
      if (at < 0) continue;
      open.splice(at, 1);
      hits += 1;
    }
    expectedCount += expected.length;
    foundCount += found.length;
    if (open.length > 0 || found.length !== expected.length) misses.push({ text, expected, found });
  }
  return { precision: hits / foundCount, recall: hits / expectedCount, misses };
}
