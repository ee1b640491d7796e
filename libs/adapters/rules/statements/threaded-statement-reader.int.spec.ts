import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { statementReaderContract } from '#libs/ports/contracts/statement-reader.contract.js';
import * as labelled from '#test/beliefs/labelled-pairs.js';
import { RulesStatementReader } from './rules-statement-reader.js';
import { ThreadedStatementReader } from './threaded-statement-reader.js';

// A thread runs what is built, not the sources.
const compiled = new URL('../../../../dist/libs/adapters/rules/statements/reading-thread.js', import.meta.url);

async function threaded(): Promise<ThreadedStatementReader> {
  const reader = new ThreadedStatementReader(compiled);
  while (!reader.isThreaded) {
    await reader.readSoon('I live in Oslo', context);
    await sleep(20);
  }
  return reader;
}

const context = { observedAt: '2026-05-01T10:00:00.000Z' };
const texts = Object.values(labelled)
  .filter((value) => Array.isArray(value))
  .flatMap((pairs) => (pairs as { a: string; b: string }[]).flatMap(({ a, b }) => [a, b]));

describe('ThreadedStatementReader', () => {
  const here = new RulesStatementReader();
  let reader: ThreadedStatementReader;
  beforeAll(async () => (reader = await threaded()));
  afterAll(() => reader.close());

  statementReaderContract('threaded', () => reader);

  it('reads in the thread what it reads here, many at once', async () => {
    const read = await Promise.all(texts.map((text) => reader.readSoon(text, context)));
    expect(read).toEqual(texts.map((text) => here.read(text, context)));
  });

  it('reads here when the thread is gone', async () => {
    const closed = await threaded();
    await closed.close();
    expect(await closed.readSoon('I live in Oslo', context)).toEqual(here.read('I live in Oslo', context));
  });

  it('reads here where there is no thread to run', async () => {
    const alone = new ThreadedStatementReader(new URL('./nothing.js', import.meta.url));
    expect(await alone.readSoon('I live in Oslo', context)).toEqual(here.read('I live in Oslo', context));
    expect(alone.isThreaded).toBe(false);
    await alone.close();
  });
});
