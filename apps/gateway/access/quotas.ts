import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '#libs/contracts/commands.js';
import { ServiceError } from '#libs/contracts/errors.js';
import { planOf, type Quotas as PlanQuotas } from '#libs/contracts/plans.js';
import type { AccessKey } from '#libs/ports/access-keys.js';
import type { JobKind } from '#libs/ports/job-queue.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { UsageCounters } from '#libs/ports/usage-counters.js';

export type QuotaName = 'api_calls_per_month' | 'memories' | 'storage_bytes';

/** How a tenant stands to one quota of its plan. */
export interface Standing {
  quota: QuotaName;
  limit: number;
  used: number;
  /** Unix time in seconds at which it begins anew; null: never by itself. */
  resetAtSeconds: number | null;
}

interface Used {
  apiCalls: number;
  /** Null while search cannot tell: then nothing is refused because of it. */
  stored: { memories: number; contentBytes: number } | null;
}

/** How old what is known of a tenant's use may be; what this process adds meanwhile is counted in. */
const freshMs = 2_000;
/** How long a request waits for search to tell what is stored. */
const patienceMs = 1_000;
const mostTenants = 10_000;

/** Which quotas a command or a job is refused by: those of what it adds. */
const filling: Partial<Record<Command['type'] | JobKind, readonly QuotaName[]>> = {
  IngestConversation: ['memories', 'storage_bytes'],
  LearnMemory: ['memories', 'storage_bytes'],
  UpdateBelief: ['memories', 'storage_bytes'],
  ReviseMemory: ['storage_bytes'],
  ImportMemories: ['memories', 'storage_bytes'],
  import: ['memories', 'storage_bytes'],
  batch_create: ['memories', 'storage_bytes'],
  batch_update: ['storage_bytes'],
};

/**
 * The quotas of the tenants' plans. They are counted by several processes and looked up every two seconds, so a tenant
 * may go beyond one by what the other processes let through in that time, and by what a batch or a file that began in
 * time still brings.
 */
@Injectable()
export class Quotas {
  private readonly used = new LRUCache<string, Used>({
    max: mostTenants,
    ttl: freshMs,
    fetchMethod: (tenantId, before) => this.lookUp(tenantId, before?.stored ?? null),
  });

  constructor(
    private readonly counters: UsageCounters,
    private readonly queries: MemoryQueries,
  ) {}

  /** How the tenant stands to every quota of its plan, calls first; a plan without quotas costs nothing. */
  async standings({ tenantId, planTier }: AccessKey): Promise<Standing[]> {
    const { quotas } = planOf(planTier);
    if (Object.values(quotas).every((limit) => limit === null)) return [];
    return standingsOf(quotas, (await this.used.fetch(tenantId))!, new Date());
  }

  /** A call was let through. */
  countCall(tenantId: string): void {
    const used = this.used.get(tenantId);
    if (used) used.apiCalls += 1;
  }

  /** A write was carried out. */
  countMemories(tenantId: string, memories: number): void {
    const stored = this.used.get(tenantId)?.stored;
    if (stored) stored.memories += memories;
  }

  /** @throws ServiceError quota_exceeded when the work would add to what is full */
  async assertRoom(accessKey: AccessKey, type: Command['type'] | JobKind): Promise<void> {
    const quotas = filling[type];
    if (!quotas) return;
    const full = (await this.standings(accessKey)).find(
      ({ quota, used, limit }) => quotas.includes(quota) && used >= limit,
    );
    if (full) throw quotaExceeded(full, accessKey.planTier);
  }

  private async lookUp(tenantId: string, known: Used['stored']): Promise<Used> {
    const late = sleep(patienceMs, known, { ref: false });
    const [usage, stored] = await Promise.all([
      this.counters.usage(tenantId),
      Promise.race([this.queries.totals(tenantId, 0), late]).catch(() => known),
    ]);
    return { apiCalls: usage.monthApiCalls, stored: stored && { ...stored } };
  }
}

const sentences: Record<QuotaName, (limit: number) => string> = {
  api_calls_per_month: (limit) => `${limit} API calls a month, and they are used up: wait until the month is over`,
  memories: (limit) => `${limit} memories, and there are as many: delete some`,
  storage_bytes: (limit) => `${limit} bytes of content, and there are as many: delete memories`,
};

export function quotaExceeded({ quota, limit, used, resetAtSeconds }: Standing, planTier: string): ServiceError {
  const resetsAt = resetAtSeconds === null ? null : new Date(resetAtSeconds * 1000).toISOString();
  const wait = resetAtSeconds !== null && {
    retry_after_seconds: Math.max(1, resetAtSeconds - Math.floor(Date.now() / 1000)),
  };
  return new ServiceError(
    'quota_exceeded',
    `The plan ${planTier} allows ${sentences[quota](limit)}, or ask the operator for another plan.`,
    { quota, limit, used, resets_at: resetsAt, plan_tier: planTier, ...wait },
  );
}

function standingsOf(quotas: PlanQuotas, { apiCalls, stored }: Used, now: Date): Standing[] {
  const nextMonth = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1) / 1000;
  const of = (quota: QuotaName, limit: number | null, used: number | undefined, resetAtSeconds: number | null) =>
    limit === null || used === undefined ? [] : [{ quota, limit, used, resetAtSeconds }];
  return [
    ...of('api_calls_per_month', quotas.apiCallsPerMonth, apiCalls, nextMonth),
    ...of('memories', quotas.memories, stored?.memories, null),
    ...of('storage_bytes', quotas.storageBytes, stored?.contentBytes, null),
  ];
}
