import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { JobFailed, type JobHandler, JobLost, type JobQueue, type JobState, type NewJob } from '../job-queue.js';

export interface JobQueueUnderTest {
  /** Two processes of one installation with the tenants `acme` and `globex`, of which nobody does jobs yet. */
  processes: [JobQueue, JobQueue];
  /** What wakes workers forgets everything that it knew. */
  forget(): Promise<void>;
  /** All that is stored of jobs, as bytes. */
  stored(): Promise<Buffer>;
  /** Lets so many days pass for everything that is stored. */
  age(days: number): Promise<void>;
}

const patienceMs = 60_000;
const caller = (tenantId: string) => ({
  ...{ tenantId, keyId: 'key-1', project: { id: 'p', name: 'A secret project' }, team: null, agent: null },
  ...{ sessionId: null, boundUserId: null },
});
const newJob = (input: unknown, more: Partial<NewJob> = {}): NewJob => {
  const tenantId = more.tenantId ?? 'acme';
  const asked = { tenantId, id: randomUUID(), kind: 'batch_create' as const, correlationId: 'req-1' };
  return { ...asked, caller: caller(tenantId), input, total: null, ...more };
};
const isOver = (job: JobState | null): boolean => job?.finishedAt !== null;

/** Does the numbers of its input one a slice; those of `bad` fail. */
const counting = (done: unknown[], bad = new Set<number>()): JobHandler => {
  return async ({ input, checkpoint, save, succeeded }) => {
    const [numbers, next] = [input as number[], (checkpoint as number | null) ?? 0];
    if (!(await succeeded(next, next + 1)).has(next)) {
      done.push(numbers[next]);
      const ok = !bad.has(numbers[next]!);
      await save({ results: [{ index: next, ok, body: { number: numbers[next] } }], checkpoint: next + 1 });
    } else {
      await save({ checkpoint: next + 1 });
    }
    return next + 1 < numbers.length ? 'more' : 'done';
  };
};

/** Every promise of `JobQueue`. */
export function jobQueueContract(name: string, start: () => Promise<JobQueueUnderTest>): void {
  describe(`${name} as JobQueue`, () => {
    let under: JobQueueUnderTest;
    let [first, second]: JobQueue[] = [];
    beforeEach(async () => {
      under = await start();
      [first, second] = under.processes;
    });
    afterEach(() => Promise.all(under.processes.map((queue) => queue.stop())));

    const ended = async (id: string, tenantId = 'acme'): Promise<JobState> => {
      for (;;) {
        const job = await first!.job(tenantId, id);
        if (isOver(job)) return job!;
        await pause(10);
      }
    };

    it(
      'does a job slice by slice, from where the last one left, and tells what became of it',
      async () => {
        const done: unknown[] = [];
        second!.handle('batch_create', counting(done, new Set([20])));
        const job = newJob([10, 20, 30], { total: 3 });
        const submitted = await first!.submit(job);
        expect(submitted).toMatchObject({
          id: job.id,
          submission: 'new',
          status: 'queued',
          startedAt: null,
          keyId: 'key-1',
        });
        const over = await ended(job.id);
        expect(over).toMatchObject({ status: 'completed', total: 3, succeeded: 2, failed: 1, error: null });
        expect(done).toEqual([10, 20, 30]);
        expect(Date.parse(over.finishedAt!)).toBeGreaterThanOrEqual(Date.parse(over.startedAt!));
        const results = await first!.results('acme', job.id, { after: -1, limit: 2 });
        expect(results).toEqual([
          { index: 0, ok: true, body: { number: 10 } },
          { index: 1, ok: false, body: { number: 20 } },
        ]);
        expect(await first!.results('acme', job.id, { after: 1, limit: 9 })).toMatchObject([{ index: 2 }]);
        expect(await first!.results('acme', job.id, { after: -1, limit: 9, failedOnly: true })).toMatchObject([
          { index: 1 },
        ]);
      },
      patienceMs,
    );

    it(
      'takes a job with the id of an earlier one for that one, and does it once',
      async () => {
        const done: unknown[] = [];
        const job = newJob([1]);
        const answers = await Promise.all([first!.submit(job), second!.submit(job), first!.submit(job)]);
        expect(answers.map(({ submission }) => submission).sort()).toEqual(['new', 'repeated', 'repeated']);
        first!.handle('batch_create', counting(done));
        await ended(job.id);
        expect((await first!.submit(job)).status).toBe('completed');
        expect(done).toEqual([1]);
      },
      patienceMs,
    );

    it(
      'takes a job with the idempotency key of an earlier one for that one while it counts',
      async () => {
        const keyed = (requestHash: string, ttlSeconds = 60) =>
          newJob([1], { idempotency: { kind: 'key', key: 'k', requestHash, ttlSeconds } });
        const jobs = [keyed('a'), keyed('a'), keyed('a')];
        const answers = await Promise.all(jobs.map((job, index) => under.processes[index % 2]!.submit(job)));
        expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
        expect(answers.map(({ submission }) => submission).sort()).toEqual(['new', 'repeated', 'repeated']);
        expect((await first!.submit(keyed('b'))).submission).toBe('mismatch');
        const elsewhere = { ...keyed('b'), tenantId: 'globex', caller: caller('globex') };
        expect((await first!.submit(elsewhere)).submission).toBe('new');
        await under.age(1);
        expect((await first!.submit(keyed('b'))).submission).toBe('new');
      },
      patienceMs,
    );

    it(
      'does one job of a tenant and kind at a time, the oldest first, over all processes',
      async () => {
        let [atOnce, most] = [0, 0];
        const order: unknown[] = [];
        const handler: JobHandler = async ({ input }) => {
          most = Math.max(most, (atOnce += 1));
          await pause(30);
          order.push(input);
          atOnce -= 1;
          return 'done';
        };
        const jobs = [1, 2, 3, 4, 5].map((input) => newJob(input));
        for (const job of jobs) await first!.submit(job);
        for (const queue of under.processes) queue.handle('batch_create', handler);
        for (const { id } of jobs) await ended(id);
        expect(most).toBe(1);
        expect(order).toEqual([1, 2, 3, 4, 5]);
      },
      patienceMs,
    );

    it(
      'lets tenants take turns: who has much to do does not keep another one waiting',
      async () => {
        const many = Array.from({ length: 20 }, () => newJob([1, 2, 3]));
        for (const job of many) await first!.submit(job);
        const one = newJob([1, 2, 3], { tenantId: 'globex' });
        await first!.submit(one);
        const done: unknown[] = [];
        first!.handle('batch_create', counting(done));
        await ended(one.id, 'globex');
        const others = await Promise.all(many.map(({ id }) => first!.job('acme', id)));
        // Each of its slices waits for one of the other tenant; the rest is for what runs at the same time.
        expect(others.filter(isOver).length).toBeLessThan(10);
        for (const { id } of many) await ended(id);
      },
      patienceMs,
    );

    it(
      'loses no job when everything is forgotten before it begins, or in the middle of it',
      async () => {
        const done: unknown[] = [];
        const jobs = [newJob([1, 2, 3, 4]), newJob([5])];
        for (const job of jobs) await first!.submit(job);
        await under.forget();
        const slow = counting(done);
        first!.handle('batch_create', async (slice) => {
          const left = await slow(slice);
          if (done.length === 2) await under.forget();
          return left;
        });
        for (const { id } of jobs) expect((await ended(id)).status).toBe('completed');
        expect(done).toEqual([1, 2, 3, 4, 5]);
      },
      patienceMs,
    );

    it(
      'a slice that lost its job changes nothing any more',
      async () => {
        const job = newJob('x');
        let begun = 0;
        let lost: unknown = null;
        const handler: JobHandler = async ({ save }) => {
          begun += 1;
          if (begun === 2) {
            await save({ results: [{ index: 0, ok: true, body: { by: 'second' } }], total: 2 });
            return 'done';
          }
          // What keeps others away is forgotten, as when this process had seemed to be dead.
          while (begun < 2) {
            await under.forget();
            await pause(200);
          }
          await pause(100);
          lost = await save({ results: [{ index: 1, ok: true, body: {} }], total: 9 }).catch((error: unknown) => error);
          throw lost;
        };
        for (const queue of under.processes) queue.handle('batch_create', handler);
        await first!.submit(job);
        await ended(job.id);
        while (lost === null) await pause(10);
        expect(lost).toBeInstanceOf(JobLost);
        await pause(50);
        expect(await first!.job('acme', job.id)).toMatchObject({ status: 'completed', total: 2, succeeded: 1 });
        expect(await first!.results('acme', job.id, { after: -1, limit: 9 })).toHaveLength(1);
      },
      patienceMs,
    );

    it(
      'tries a slice that failed again, and ends a job that cannot be done at once',
      async () => {
        let attempts = 0;
        first!.handle('batch_create', async ({ save }) => {
          attempts += 1;
          if (attempts < 3) throw new Error('Expected.');
          await save({ summary: { attempts } });
          return 'done';
        });
        first!.handle('batch_delete', async () => {
          throw new JobFailed('The file is torn.');
        });
        const [passing, hopeless] = [newJob(0), newJob(0, { kind: 'batch_delete' })];
        await first!.submit(passing);
        await first!.submit(hopeless);
        expect(await ended(hopeless.id)).toMatchObject({ status: 'failed', error: 'The file is torn.' });
        expect(await ended(passing.id)).toMatchObject({ status: 'completed', summary: { attempts: 3 } });
      },
      patienceMs,
    );

    it(
      'cancels a job that waits at once and one that runs at its next slice, and keeps what was done',
      async () => {
        const done: unknown[] = [];
        const handler: JobHandler = async (slice) => {
          const left = await counting(done)(slice);
          if (done.length < 2) return left;
          while (!slice.signal.aborted) await pause(10);
          return left;
        };
        const [running, waiting] = [newJob([1, 2, 3]), newJob([4])];
        await first!.submit(running);
        await first!.submit(waiting);
        expect(await second!.cancel('acme', waiting.id)).toMatchObject({ status: 'cancelled', startedAt: null });
        first!.handle('batch_create', handler);
        while (done.length < 2) await pause(10);
        await second!.cancel('acme', running.id);
        expect(await ended(running.id)).toMatchObject({ status: 'cancelled', succeeded: 2 });
        const over = await ended(running.id);
        expect(await first!.cancel('acme', running.id)).toEqual(over);
        expect(done).toEqual([1, 2]);
        expect(await first!.cancel('acme', randomUUID())).toBeNull();
      },
      patienceMs,
    );

    it(
      'retries the items that failed or were not done, and no other',
      async () => {
        const done: unknown[] = [];
        const bad = new Set([2]);
        first!.handle('batch_create', counting(done, bad));
        const job = newJob([1, 2, 3], { total: 3 });
        await first!.submit(job);
        expect(await ended(job.id)).toMatchObject({ succeeded: 2, failed: 1 });
        bad.clear();
        expect(await first!.retry('acme', job.id)).toMatchObject({ status: 'queued', succeeded: 2, failed: 0 });
        const over = await ended(job.id);
        expect(over).toMatchObject({ status: 'completed', succeeded: 3, failed: 0 });
        expect(done).toEqual([1, 2, 3, 2]);
        expect(await first!.retry('acme', job.id)).toEqual(over);
        expect(await first!.retry('acme', randomUUID())).toBeNull();
      },
      patienceMs,
    );

    it(
      'stores nothing readable of what callers supplied',
      async () => {
        const handler: JobHandler = async ({ save }) => {
          const secret = { text: 'A secret result' };
          await save({ results: [{ index: 0, ok: false, body: secret }], checkpoint: secret, summary: secret });
          throw new JobFailed('A secret reason');
        };
        first!.handle('batch_create', handler);
        const job = newJob({ text: 'A secret input' }, { correlationId: 'secret-request' });
        await first!.submit(job);
        expect((await ended(job.id)).error).toBe('A secret reason');
        const stored = (await under.stored()).toString('latin1');
        expect(stored).toContain(job.id);
        expect(stored.toLowerCase()).not.toContain('secret');
      },
      patienceMs,
    );

    it(
      "never shows a tenant another tenant's job; lists the latest first, by key and kind",
      async () => {
        const jobs = [newJob(1), newJob(2, { kind: 'export' }), newJob(3)];
        jobs[2]!.caller.keyId = 'key-2';
        for (const job of jobs) await first!.submit(job);
        const [a, b, c] = jobs.map(({ id }) => id) as [string, string, string];
        const listed = async (query: Partial<Parameters<JobQueue['jobs']>[1]>, tenantId = 'acme') =>
          (await second!.jobs(tenantId, { before: null, limit: 9, ...query })).map(({ id }) => id);
        expect(await listed({})).toEqual([c, b, a]);
        expect(await listed({ limit: 1, before: c })).toEqual([b]);
        expect(await listed({ kinds: ['batch_create'] })).toEqual([c, a]);
        expect(await listed({ keyId: 'key-1' })).toEqual([b, a]);
        expect(await listed({}, 'globex')).toEqual([]);
        expect(await second!.job('globex', a)).toBeNull();
        expect(await second!.cancel('globex', a)).toBeNull();
        expect(await second!.retry('globex', a)).toBeNull();
        expect(await second!.results('globex', a, { after: -1, limit: 9 })).toEqual([]);
        expect(await first!.job('acme', a)).toMatchObject({ status: 'queued' });
      },
      patienceMs,
    );

    it(
      'forgets jobs that were over long ago, and no other',
      async () => {
        const [old, open] = [newJob([1]), newJob([1], { kind: 'export' })];
        first!.handle('batch_create', counting([]));
        await first!.submit(old);
        await first!.submit(open);
        await ended(old.id);
        expect(await first!.prune()).toBe(0);
        await under.age(31);
        expect(await first!.prune()).toBe(1);
        expect(await first!.job('acme', old.id)).toBeNull();
        expect(await first!.job('acme', open.id)).toMatchObject({ status: 'queued' });
        expect(await first!.results('acme', old.id, { after: -1, limit: 9 })).toEqual([]);
      },
      patienceMs,
    );

    it(
      'ends at its stop the slices that run here, and begins none; another process goes on',
      async () => {
        const done: unknown[] = [];
        let aborted = false;
        first!.handle('batch_create', async ({ signal, save }) => {
          while (!signal.aborted) await pause(5);
          aborted = true;
          await save({ checkpoint: 1 });
          return 'more';
        });
        const job = newJob([1, 2]);
        await first!.submit(job);
        while ((await second!.job('acme', job.id))!.status !== 'running') await pause(10);
        await first!.stop();
        expect(aborted).toBe(true);
        second!.handle('batch_create', counting(done));
        while (!isOver(await second!.job('acme', job.id))) await pause(10);
        expect(done).toEqual([2]);
      },
      patienceMs,
    );
  });
}
