import { expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { BelievedMemories } from '#libs/ports/believed-memories.js';
import { CommandBus } from '#libs/ports/command-bus.js';
import { Identities } from '#libs/ports/identities.js';
import { ImportFiles } from '#libs/ports/import-files.js';
import { type JobKind, JobQueue } from '#libs/ports/job-queue.js';
import { OutcomePruning } from '#libs/ports/outcome-pruning.js';
import { LogReader } from '#libs/ports/log-reader.js';
import { MemoryMining } from '#libs/ports/memory-mining.js';
import { MemoryReader } from '#libs/ports/memory-reader.js';
import { ReadDays } from '#libs/ports/read-days.js';
import { Timetable } from '#libs/ports/timetable.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { Webhooks, WebhookSender } from '#libs/ports/webhooks.js';
import { Schedule } from '#libs/ports/schedule.js';
import { MaintenanceModule } from './maintenance.module.js';

class WatchedSchedule extends Schedule {
  readonly planned = new Map<string, { intervalMs: number; work: () => Promise<void> }>();
  isStopped = false;

  override every(name: string, intervalMs: number, work: () => Promise<void>): void {
    this.planned.set(name, { intervalMs, work });
  }

  override async stop(): Promise<void> {
    this.isStopped = true;
  }
}

class CountedPruning extends OutcomePruning {
  times = 0;

  override async prune(): Promise<number> {
    this.times += 1;
    return 3;
  }
}

it('maintenance prunes and does jobs for as long as it runs', async () => {
  const [schedule, pruning] = [new WatchedSchedule(), new CountedPruning()];
  const [handled, pruned] = [[] as JobKind[], { jobs: 0, files: 0, stops: 0 }];
  const jobs: Pick<JobQueue, 'handle' | 'prune' | 'stop'> = {
    handle: (kind) => void handled.push(kind),
    prune: async () => (pruned.jobs += 1),
    stop: async () => void (pruned.stops += 1),
  };
  const providers = [
    { provide: Schedule, useValue: schedule },
    { provide: OutcomePruning, useValue: pruning },
    // Telling webhooks has tests of its own, on the real stores.
    { provide: Webhooks, useValue: { take: async () => [] } },
    { provide: WebhookSender, useValue: null },
    { provide: JobQueue, useValue: jobs },
    { provide: ImportFiles, useValue: { prune: async () => (pruned.files += 1) } },
    { provide: Identities, useValue: {} },
    { provide: CommandBus, useValue: {} },
    // Runs have tests of their own too.
    ...[MemoryQueries, Timetable, BelievedMemories, MemoryMining, LogReader, MemoryReader, ReadDays].map((port) => ({
      provide: port,
      useValue: {},
    })),
  ];
  @Module({})
  class Ports {}
  @Module({ imports: [{ module: Ports, global: true, providers, exports: providers }, MaintenanceModule] })
  class Maintenance {}
  const application = await NestFactory.createApplicationContext(Maintenance, { logger: false });
  expect([...schedule.planned.keys()].sort()).toEqual(['job-pruning', 'maintenance-clock', 'outcome-pruning']);
  await schedule.planned.get('job-pruning')!.work();
  expect(handled).toEqual([
    ...['batch_create', 'batch_update', 'batch_delete', 'batch_embeddings', 'import'],
    ...['consolidate', 'reflect', 'expire', 'revert'],
  ]);
  const { intervalMs, work } = schedule.planned.get('outcome-pruning')!;
  expect(intervalMs).toBe(60_000);
  await work();
  expect(pruning.times).toBe(1);
  expect(schedule.isStopped).toBe(false);
  await application.close();
  expect(schedule.isStopped).toBe(true);
  expect(pruned).toEqual({ jobs: 1, files: 1, stops: 1 });
});
