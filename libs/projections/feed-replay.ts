import { setTimeout as sleep } from 'node:timers/promises';
import { type Checkpoints, indexProjection } from '#libs/ports/checkpoints.js';
import type { CommitFeed } from '#libs/ports/commit-feed.js';
import type { FollowedCommit, LogReader } from '#libs/ports/log-reader.js';
import type { ReadModelStore } from '#libs/ports/read-model-store.js';
import type { ServedIndex } from '#libs/ports/served-index.js';
import { FeedFollower } from './feed-follower.js';
import { RowsProjection } from './feed-projections.js';
import { ReadModelProjector } from './read-model-projector.js';
import { catchUp, type TenantReplay } from './replay.js';

const indexPageSize = 500;
const pollMs = 20;
/** Without a commit for so long, the log lacks what the ledger has. */
const silenceLimitMs = 60_000;

export interface FeedReplayPorts {
  /** From the first commit on. */
  feed: CommitFeed;
  log: LogReader;
  store: ReadModelStore;
  /** The one that answers is made again; any other is made from the same log, and stays. */
  served: ServedIndex;
  checkpoints: Checkpoints;
}

export interface FeedReplayReport {
  /** Events of all tenants applied so far. */
  events(count: number): void;
  /** Documents of a tenant written to the search index so far. */
  documents(tenantId: string, count: number): void;
  /** The log lacks these commits; they came from the ledger. */
  gap(tenantId: string, from: number, to: number): void;
}

/** A `TenantReplay` whose seconds are those of all tenants together: they share the log. */
export type FeedReplay = Omit<TenantReplay, 'seconds' | 'events'>;

/**
 * Wipes the read models and the search index of the tenants and makes them again from the log that the services follow.
 * Nothing else may follow it meanwhile.
 */
export async function replayFeed(
  ports: FeedReplayPorts,
  heads: readonly { tenantId: string; position: number }[],
  report: FeedReplayReport,
): Promise<{ tenants: FeedReplay[]; events: number; seconds: number; indexSeconds: number }> {
  const { log, store, served, checkpoints } = ports;
  const { generation, index } = served.now;
  const digests = new Map<string, string>();
  for (const { tenantId } of heads) {
    // So that both digests speak of the same position.
    await catchUp(log, store, tenantId, () => undefined);
    digests.set(tenantId, await store.digest(tenantId));
    await store.wipe(tenantId);
    await index.clear(tenantId);
    await checkpoints.reset(indexProjection(generation), tenantId);
  }
  const { events, seconds, parked } = await replayRows(ports, heads, report);
  const startedMs = performance.now();
  for (const { tenantId, position } of heads) await fillIndex(ports, tenantId, position, report);
  const indexSeconds = (performance.now() - startedMs) / 1000;
  const tenants: FeedReplay[] = [];
  for (const { tenantId } of heads) {
    const [digestBefore, digestAfter] = [digests.get(tenantId)!, await store.digest(tenantId)];
    tenants.push({ tenantId, digestBefore, digestAfter, parkedStreams: parked.get(tenantId) ?? 0 });
  }
  return { tenants, events, seconds, indexSeconds };
}

/** Counts what a projection is given. */
class CountedRows extends RowsProjection {
  events = 0;

  override async project(tenantId: string, from: number, commits: readonly FollowedCommit[]): Promise<void> {
    await super.project(tenantId, from, commits);
    for (const one of commits) if (one.kind === 'commit') this.events += one.commit.events.length;
  }
}

async function replayRows(
  { feed, log, store }: FeedReplayPorts,
  heads: readonly { tenantId: string; position: number }[],
  report: FeedReplayReport,
): Promise<{ events: number; seconds: number; parked: Map<string, number> }> {
  const parked = new Map<string, number>();
  const projector = new ReadModelProjector(log, store, (tenantId) =>
    parked.set(tenantId, (parked.get(tenantId) ?? 0) + 1),
  );
  const rows = new CountedRows(projector);
  const reached = new Map<string, number>();
  let heardMs = performance.now();
  let firstMs: number | null = null;
  const follower = new FeedFollower(feed, log, rows, {
    projected: (_name, delivered, seconds) => {
      heardMs = performance.now();
      // From the first batch on: joining a group takes seconds in which nothing is replayed.
      firstMs ??= heardMs - seconds * 1000;
      const { tenantId, position } = delivered.at(-1)!;
      reached.set(tenantId, position);
      report.events(rows.events);
    },
    duplicates: () => undefined,
    gap: (_name, tenantId, from, to) => report.gap(tenantId, from, to),
  });
  await follower.start();
  const missing = () => heads.filter(({ tenantId, position }) => (reached.get(tenantId) ?? 0) < position);
  try {
    while (missing().length > 0) {
      if (performance.now() - heardMs > silenceLimitMs) throw new LogIncomplete(missing());
      await sleep(pollMs);
    }
  } finally {
    await follower.stop();
  }
  return { events: rows.events, seconds: firstMs === null ? 0 : (heardMs - firstMs) / 1000, parked };
}

/** Page by page from the rows: each document is written once, however often it changed. */
async function fillIndex(
  { store, served, checkpoints }: FeedReplayPorts,
  tenantId: string,
  position: number,
  report: FeedReplayReport,
): Promise<void> {
  const { generation, index } = served.now;
  let documents = 0;
  for await (const page of store.allDocuments(tenantId, indexPageSize)) {
    await index.apply(tenantId, { upsert: page, remove: [] });
    documents += page.length;
    report.documents(tenantId, documents);
  }
  await checkpoints.advance(indexProjection(generation), tenantId, position);
}

/** The log ends before the ledger does. */
export class LogIncomplete extends Error {
  constructor(missing: readonly { tenantId: string; position: number }[]) {
    const tenants = missing.map(({ tenantId, position }) => `${tenantId} (up to ${position})`).join(', ');
    super(`The log lacks the last commits of ${tenants}. Is ingestion, which relays them, running? Then try again.`);
    this.name = 'LogIncomplete';
  }
}
