import { describe, expect, it } from '@jest/globals';
import { Alternation } from './alternation.js';
import { inParts, Turns } from './turns.js';

const aroundTheLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the turns of an event loop', () => {
  it('gives each key its turn in rotation, one in each turn of the loop', async () => {
    const turns = new Turns(0);
    const [many, one] = [turns.of('many'), turns.of('one')];
    const order: string[] = [];
    let round = 0;
    const waits = [many, many, many, one].map((pauses, at) => pauses.next().then(() => order.push(`${round} ${at}`)));
    while (order.length < waits.length) {
      await aroundTheLoop();
      round += 1;
      expect(order.length).toBeLessThanOrEqual(round);
    }
    expect(order.map((entry) => entry.split(' ')[1])).toEqual(['0', '3', '1', '2']);
  });

  it('counts what is done in one turn of the loop as one slice, and begins anew in the next', async () => {
    const turns = new Turns(20);
    const [first, second] = [turns.of('first'), turns.of('second')];
    expect(first.isDue()).toBe(false);
    const endMs = performance.now() + 25;
    while (performance.now() < endMs);
    expect([first.isDue(), second.isDue()]).toEqual([true, true]);
    await aroundTheLoop();
    expect(second.isDue()).toBe(false);
  });

  it('takes every step once, in parts', () => {
    for (const steps of [0, 1, 8_191, 8_192, 8_193, 100_000]) {
      for (const cost of [1, 64]) {
        let next = 0;
        for (const { first, end } of inParts(steps, cost)) {
          expect(first).toBe(next);
          expect(end).toBeGreaterThan(first);
          next = end;
        }
        expect(next).toBe(steps);
      }
    }
  });
});

describe('searches and changes of one tenant', () => {
  it('alternate where both wait, and never run at once', async () => {
    const alternation = new Alternation();
    const order: string[] = [];
    let running = 0;
    const work = (name: string) => async (): Promise<void> => {
      running += 1;
      expect(running).toBe(1);
      await aroundTheLoop();
      order.push(name);
      running -= 1;
    };
    await Promise.all([
      ...['s1', 's2', 's3'].map((name) => alternation.run('search', work(name))),
      ...['c1', 'c2'].map((name) => alternation.run('change', work(name))),
    ]);
    expect(order).toEqual(['s1', 'c1', 's2', 'c2', 's3']);
  });

  it('go on after work that failed', async () => {
    const alternation = new Alternation();
    const failed = alternation.run('change', () => Promise.reject(new Error('as asked')));
    const next = alternation.run('search', () => 'found');
    await expect(failed).rejects.toThrow('as asked');
    expect(await next).toBe('found');
  });
});
