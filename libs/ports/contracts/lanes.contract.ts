import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import type { Lanes } from '../lanes.js';

export interface LanesUnderTest {
  /** Two processes of one installation, of which nobody works yet. */
  processes: [Lanes, Lanes];
}

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await pause(10);
};

/** Every promise of `Lanes`. */
export function lanesContract(name: string, start: () => Promise<LanesUnderTest>): void {
  describe(`${name} as Lanes`, () => {
    let opened: Lanes[] = [];
    const open = async (): Promise<LanesUnderTest> => {
      const under = await start();
      opened = under.processes;
      return under;
    };
    afterEach(async () => {
      await Promise.all(opened.map((lanes) => lanes.stop()));
    });
    const nothingMore = async (): Promise<boolean> => false;

    it('gives a lane that was put elsewhere, before or after the work began, a turn', async () => {
      const { processes } = await open();
      const turns: string[] = [];
      await processes[0].put('acme/early');
      processes[1].work(async (lane) => void turns.push(lane), nothingMore);
      await until(() => turns.length === 1);
      await processes[0].put('acme/late');
      await until(() => turns.length === 2);
      expect(turns).toEqual(['acme/early', 'acme/late']);
    });

    it('gives a lane one turn at a time, over all processes, however often it is put', async () => {
      const { processes } = await open();
      let [atOnce, most, turns] = [0, 0, 0];
      const turn = async (): Promise<void> => {
        most = Math.max(most, (atOnce += 1));
        await pause(20);
        atOnce -= 1;
        turns += 1;
      };
      for (const lanes of processes) lanes.work(turn, nothingMore);
      while (turns < 5) await Promise.all([...processes, ...processes].map((lanes) => lanes.put('acme/one')));
      expect(most).toBe(1);
    });

    it('gives a lane that has more another turn, behind the others', async () => {
      const { processes } = await open();
      const turns: string[] = [];
      const names = ['a/x', 'b/x', 'c/x', 'd/x', 'e/x', 'f/x', 'g/x', 'h/x'];
      for (const lane of names) await processes[0].put(lane);
      const left = new Map([['a/x', 2]]);
      const hasMore = async (lane: string): Promise<boolean> => {
        const more = (left.get(lane) ?? 1) - 1;
        left.set(lane, more);
        return more > 0;
      };
      processes[0].work(async (lane) => {
        turns.push(lane);
        await pause(50);
      }, hasMore);
      await until(() => turns.length === 9);
      expect(turns.slice(0, 8).sort()).toEqual(names);
      expect(turns[8]).toBe('a/x');
    });

    it('asks whether there is more when a turn has ended, so that a lane put during its turn is not overlooked', async () => {
      const { processes } = await open();
      const work = new Set(['first']);
      let turns = 0;
      const turn = async (): Promise<void> => {
        turns += 1;
        work.delete('first');
        if (turns > 1) return void work.clear();
        await pause(50);
        // It comes while the lane has its turn.
        work.add('second');
        await processes[1].put('acme/one');
      };
      processes[0].work(turn, async () => work.size > 0);
      await processes[1].put('acme/one');
      await until(() => turns === 2);
      expect(work.size).toBe(0);
    });

    it('ends a turn that throws, and gives the lane another one when it is put again', async () => {
      const { processes } = await open();
      let turns = 0;
      const turn = async (): Promise<void> => {
        turns += 1;
        throw new Error('Expected.');
      };
      processes[0].work(turn, nothingMore);
      while (turns < 2) {
        await processes[0].put('acme/one');
        await pause(10);
      }
      expect(turns).toBeGreaterThanOrEqual(2);
    });

    it('waits at its stop for the turns that run here, and begins none', async () => {
      const { processes } = await open();
      const turns: string[] = [];
      let begun = false;
      processes[0].work(
        async (lane) => {
          begun = true;
          await pause(200);
          turns.push(lane);
        },
        async () => true,
      );
      await processes[0].put('acme/one');
      await until(() => begun);
      await processes[0].stop();
      expect(turns).toEqual(['acme/one']);
      await processes[1].put('acme/one');
      await pause(100);
      expect(turns).toEqual(['acme/one']);
    });
  });
}
