import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Schedule } from '../schedule.js';

/** One schedule for each process of an installation: at least one. Each test gets an installation of its own. */
export interface SchedulesUnderTest {
  processes: Schedule[];
  failures: string[];
}

const intervalMs = 150;
const patienceMs = 60_000;

async function until(condition: () => boolean, what: string): Promise<void> {
  for (const endMs = Date.now() + patienceMs; Date.now() < endMs; await sleep(10)) {
    if (condition()) return;
  }
  throw new Error(`not within ${patienceMs} ms: ${what}`);
}

/** The promises of `Schedule`, one test each. */
export function scheduleContract(name: string, make: () => Promise<SchedulesUnderTest>): void {
  describe(`${name} keeps the promises of Schedule`, () => {
    let processes: Schedule[];
    let failures: string[];
    beforeEach(async () => {
      ({ processes, failures } = await make());
    });
    afterEach(async () => {
      await Promise.all(processes.map((schedule) => schedule.stop()));
    }, patienceMs);

    const everywhere = (work: string, everyMs: number, run: () => Promise<void>): void => {
      for (const schedule of processes) schedule.every(work, everyMs, run);
    };

    it(
      'runs work once an interval, whatever the number of processes, and no work of another name with it',
      async () => {
        let runs = 0;
        const startedMs = performance.now();
        everywhere('counting', intervalMs, async () => void (runs += 1));
        await until(() => runs >= 10, 'ten runs');
        // One run belongs to the start, and one may have been late by nearly an interval.
        const intervals = (performance.now() - startedMs) / intervalMs;
        expect(runs).toBeLessThanOrEqual(intervals + 2);
      },
      patienceMs,
    );

    it(
      'never runs the same work twice at a time, however long it takes, and does not keep other work waiting',
      async () => {
        let running = 0;
        let mostRunning = 0;
        let slowRuns = 0;
        let quickRuns = 0;
        let quickRunsMeanwhile = 0;
        everywhere('slow', 20, async () => {
          running += 1;
          mostRunning = Math.max(mostRunning, running);
          const before = quickRuns;
          await until(() => quickRuns > before, 'the quick work runs beside the slow work');
          quickRunsMeanwhile += quickRuns - before;
          await sleep(60);
          running -= 1;
          slowRuns += 1;
        });
        everywhere('quick', 20, async () => void (quickRuns += 1));
        await until(() => slowRuns >= 5, 'five slow runs');
        expect(mostRunning).toBe(1);
        expect(quickRunsMeanwhile).toBeGreaterThanOrEqual(5);
      },
      patienceMs,
    );

    it(
      'reports work that fails, by its name, and runs it again',
      async () => {
        let runs = 0;
        everywhere('failing', 20, async () => {
          runs += 1;
          throw new Error(`broken ${runs}`);
        });
        await until(() => failures.length >= 3, 'three failures');
        expect(failures[0]).toContain('failing');
        expect(failures.slice(0, 3).map((failure) => /broken \d/.exec(failure)?.[0])).toEqual([
          'broken 1',
          'broken 2',
          'broken 3',
        ]);
      },
      patienceMs,
    );

    it(
      'stops when what runs has ended, and begins nothing new',
      async () => {
        let begun = 0;
        let ended = 0;
        everywhere('ending', 20, async () => {
          begun += 1;
          await sleep(100);
          ended += 1;
        });
        await until(() => begun > 0, 'the first run');
        await Promise.all(processes.map((schedule) => schedule.stop()));
        expect(ended).toBe(begun);
        await sleep(200);
        expect(ended).toBe(begun);
      },
      patienceMs,
    );

    it(
      'goes on in the processes that are left',
      async () => {
        const runs = processes.map(() => 0);
        processes.forEach((schedule, index) => {
          schedule.every('shared', 20, async () => void (runs[index]! += 1));
        });
        await until(() => runs.some((count) => count > 0), 'the first run');
        const last = processes.length - 1;
        for (const schedule of processes.slice(0, last)) await schedule.stop();
        const before = [...runs];
        await until(() => runs[last]! >= before[last]! + 3, 'three more runs in the last process');
        expect(runs.slice(0, last)).toEqual(before.slice(0, last));
      },
      patienceMs,
    );
  });
}
