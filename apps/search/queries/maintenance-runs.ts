import { Injectable } from '@nestjs/common';
import { runOf, runStream } from '#libs/domain/maintenance/run.js';
import { LogReader } from '#libs/ports/log-reader.js';
import type { Page, RunsQuery, ShownRun } from '#libs/ports/memory-queries.js';
import { MemoryReader } from '#libs/ports/memory-reader.js';
import { page } from './page.js';

/** Runs of maintenance: the rows say which there are, and the stream of each what became of it. */
@Injectable()
export class MaintenanceRuns {
  constructor(
    private readonly reader: MemoryReader,
    private readonly log: LogReader,
  ) {}

  async page(tenantId: string, query: RunsQuery): Promise<Page<ShownRun>> {
    const { rows, next } = await page(query.limit, (limit) =>
      this.reader.maintenanceRuns(tenantId, { ...query, limit }),
    );
    const streams = await this.log.streams(
      tenantId,
      rows.map(({ id }) => runStream(id)),
    );
    const shown = rows.flatMap(({ id, createdAt }) => {
      const run = runOf(streams.get(runStream(id)) ?? []);
      return run ? [{ ...run, createdAt }] : [];
    });
    return { rows: shown, next };
  }

  async one(tenantId: string, id: string): Promise<ShownRun | null> {
    const events = await this.log.stream(tenantId, runStream(id));
    const run = runOf(events);
    return run && { ...run, createdAt: events[0]!.headers.recordedtime };
  }
}
