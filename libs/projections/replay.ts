import type { LogReader } from '#libs/ports/log-reader.js';
import type { ReadModelStore } from '#libs/ports/read-model-store.js';
import { ReadModelProjector } from './read-model-projector.js';

export interface TenantReplay {
  tenantId: string;
  events: number;
  seconds: number;
  /** SHA-256 of the read model before it was wiped and after it was made again: equal, or it held something else. */
  digestBefore: string;
  digestAfter: string;
  parkedStreams: number;
}

/**
 * Wipes the read model of a tenant and makes it again from its log alone. What the log already holds and the read
 * model does not is applied first, so that the two digests speak of the same position.
 *
 * @param progress is told after each batch how many events were applied
 */
export async function replayTenant(
  log: LogReader,
  store: ReadModelStore,
  tenantId: string,
  progress: (events: number) => void,
): Promise<TenantReplay> {
  await catchUp(log, store, tenantId, () => undefined);
  const digestBefore = await store.digest(tenantId);
  await store.wipe(tenantId);
  const startedMs = performance.now();
  const { events, parkedStreams } = await catchUp(log, store, tenantId, progress);
  const seconds = (performance.now() - startedMs) / 1000;
  return { tenantId, events, seconds, digestBefore, digestAfter: await store.digest(tenantId), parkedStreams };
}

/** Applies what the log holds and the read model does not. */
export async function catchUp(
  log: LogReader,
  store: ReadModelStore,
  tenantId: string,
  progress: (events: number) => void,
): Promise<{ events: number; parkedStreams: number }> {
  const projector = new ReadModelProjector(log, store, () => undefined);
  let events = 0;
  for await (const batch of projector.catchUp(tenantId, await store.checkpoint(tenantId))) {
    events += batch.events;
    progress(events);
  }
  return { events, parkedStreams: projector.parkedCount() };
}
