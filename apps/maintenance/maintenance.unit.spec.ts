import { expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { OutcomePruning } from '#libs/ports/outcome-pruning.js';
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

it('maintenance prunes outcomes every minute for as long as it runs', async () => {
  const [schedule, pruning] = [new WatchedSchedule(), new CountedPruning()];
  const providers = [
    { provide: Schedule, useValue: schedule },
    { provide: OutcomePruning, useValue: pruning },
    // Telling webhooks has tests of its own, on the real stores.
    { provide: Webhooks, useValue: { take: async () => [] } },
    { provide: WebhookSender, useValue: null },
    { provide: MemoryQueries, useValue: null },
  ];
  @Module({})
  class Ports {}
  @Module({ imports: [{ module: Ports, global: true, providers, exports: providers }, MaintenanceModule] })
  class Maintenance {}
  const application = await NestFactory.createApplicationContext(Maintenance, { logger: false });
  expect([...schedule.planned.keys()]).toEqual(['outcome-pruning']);
  const { intervalMs, work } = schedule.planned.get('outcome-pruning')!;
  expect(intervalMs).toBe(60_000);
  await work();
  expect(pruning.times).toBe(1);
  expect(schedule.isStopped).toBe(false);
  await application.close();
  expect(schedule.isStopped).toBe(true);
});
