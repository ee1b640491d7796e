import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type MaintenanceSettings, type ScheduledKind, scheduledWork } from '#libs/domain/maintenance/settings.js';
import type { RunRequest } from '#libs/domain/maintenance/run-request.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import { JobQueue } from '#libs/ports/job-queue.js';
import { Schedule } from '#libs/ports/schedule.js';
import { Timetable, type TimetableEntry } from '#libs/ports/timetable.js';
import { nextTime } from '#libs/service-kit/frequency.js';
import { derivedUuid } from '../runs/plan.js';

const lookEveryMs = 10_000;

/**
 * Begins what tenants want done by the clock. What was due while nothing ran is made up for once. A job has the id of its
 * time, so that two processes, or one that died before it took note, begin it once.
 */
@Injectable()
export class MaintenanceClock implements OnApplicationBootstrap {
  constructor(
    private readonly schedule: Schedule,
    private readonly timetable: Timetable,
    private readonly jobs: JobQueue,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule.every('maintenance-clock', lookEveryMs, () => this.beginDue(new Date()));
  }

  async beginDue(now: Date): Promise<void> {
    for (const entry of await this.timetable.entries()) {
      for (const { kind, frequency } of scheduledWork(entry.settings))
        await this.beginWhenDue(entry, kind, frequency, now);
    }
  }

  private async beginWhenDue(
    { tenantId, settings, setAt, begunFor }: TimetableEntry,
    kind: ScheduledKind,
    frequency: string,
    now: Date,
  ): Promise<void> {
    const begun = begunFor[kind];
    const after = new Date(begun !== undefined && begun > setAt ? begun : setAt);
    const due = nextTime(frequency, after, { timezone: settings.timezone, seed: `${tenantId}/${kind}` });
    if (due > now) return;
    const id = derivedUuid('scheduled', tenantId, kind, due.toISOString());
    const input = kind === 'batch_embeddings' ? {} : requestOf(kind, settings, due);
    const correlationId = `schedule-${id}`;
    await this.jobs.submit({ tenantId, id, kind, caller: clockOf(tenantId), correlationId, input, total: null });
    await this.timetable.begun(tenantId, kind, now.toISOString());
  }
}

function requestOf(kind: RunRequest['kind'], settings: MaintenanceSettings, due: Date): RunRequest {
  return {
    kind,
    isDryRun: false,
    settings: {
      similarity_threshold: settings.consolidationSimilarityThreshold,
      time_window_days: settings.reflectionTimeWindowDays,
      analysis_depth: settings.reflectionAnalysisDepth,
      min_pattern_strength: settings.reflectionMinPatternStrength,
      archive_after_days: settings.archiveAfterDays,
    },
    within: { and: [] },
    maxRetiredShare: settings.maxRetiredShare,
    boundTo: null,
    askedAt: due.toISOString(),
  };
}

/** Nobody asked: the tenant's own settings did. */
function clockOf(tenantId: string): Caller {
  const project = { id: '', name: '' };
  return { tenantId, keyId: 'schedule', project, team: null, agent: null, sessionId: null, boundUserId: null };
}
