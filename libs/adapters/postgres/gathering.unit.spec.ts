import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Gathering } from './gathering.js';

function refusal(): Error {
  return Object.assign(new pg.DatabaseError('refused', 7, 'error'), { code: '22P05' });
}

describe('questions that are gathered', () => {
  it('share a statement with those that come while another one is answered', async () => {
    const statements: number[][] = [];
    const gathering = new Gathering<number, number>(async (_, questions) => {
      statements.push([...questions]);
      await new Promise(setImmediate);
      return questions.map((question) => question * 10);
    });
    const first = gathering.ask('acme', 1);
    while (statements.length === 0) await new Promise(setImmediate);
    const others = [2, 3, 4].map((question) => gathering.ask('acme', question));
    expect(await Promise.all([first, ...others])).toEqual([10, 20, 30, 40]);
    expect(statements).toEqual([[1], [2, 3, 4]]);
  });

  it('of several tenants are never in one statement', async () => {
    const statements: string[] = [];
    const gathering = new Gathering<string, string>(async (tenantId, questions) => {
      statements.push(`${tenantId}: ${questions.join()}`);
      return questions.map((question) => `${question} of ${tenantId}`);
    });
    const asked = [gathering.ask('acme', 'a'), gathering.ask('bolt', 'b'), gathering.ask('acme', 'c')];
    expect(await Promise.all(asked)).toEqual(['a of acme', 'b of bolt', 'c of acme']);
    expect(statements.sort()).toEqual(['acme: a,c', 'bolt: b']);
  });

  it('are answered one by one when one of them is refused, and only that one fails', async () => {
    const gathering = new Gathering<string, string>(async (_, questions) => {
      if (questions.includes('bad')) throw refusal();
      return [...questions];
    });
    const asked = ['a', 'bad', 'b'].map((question) => gathering.ask('acme', question));
    expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
  });

  it('fail together when the database is away, and the next ones are asked again', async () => {
    let isAway = true;
    const gathering = new Gathering<string, string>(async (_, questions) => {
      if (isAway) throw new Error('connection refused');
      return [...questions];
    });
    const asked = await Promise.allSettled([gathering.ask('acme', 'a'), gathering.ask('acme', 'b')]);
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isAway = false;
    expect(await gathering.ask('acme', 'c')).toBe('c');
  });
});
