import { afterAll, describe, expect, it } from '@jest/globals';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { TokenCounter } from './token-counter.js';

// A thread runs what is built, not the sources.
const compiled = new URL('../../../dist/apps/gateway/rest/counting-thread.js', import.meta.url);
const plain = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };

describe('TokenCounter', () => {
  const counter = new TokenCounter(compiled);
  afterAll(() => counter.onApplicationShutdown());
  const texts = ['', 'Hello world', '漢字 and 👩‍👩‍👧‍👦', '<|endoftext|>', '\ud800 half', 'a\n\nb'];

  it('counts in the thread what the library counts here, many at once, and marks of a model as text', async () => {
    const counts = texts.map((text) => countTokens(text, plain));
    expect(counts[3]).toBeGreaterThan(1);
    const answers = await Promise.all(Array.from({ length: 50 }, () => counter.count(texts)));
    for (const answer of answers) expect(answer).toEqual(counts);
  });

  it('counts the same where there is no thread to run', async () => {
    const alone = new TokenCounter(new URL('./nothing.js', import.meta.url));
    expect(await alone.count(texts)).toEqual(await counter.count(texts));
    await alone.onApplicationShutdown();
  });

  it('asks nobody about nothing', async () => {
    const unused = new TokenCounter(compiled);
    expect(await unused.count([])).toEqual([]);
    await unused.onApplicationShutdown();
  });
});
