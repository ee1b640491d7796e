import type { Moment, MomentAnswer } from '#libs/ports/memory-queries.js';
import type { LogReader } from '#libs/ports/log-reader.js';

/** Where a moment is in the log of a tenant. @param now ISO 8601 in UTC */
export async function findMoment(log: LogReader, tenantId: string, moment: Moment, now: string): Promise<MomentAnswer> {
  const head = await log.headPosition(tenantId);
  const begins = await log.recordedTime(tenantId, 1);
  if (begins === null) return { kind: 'before', begins };
  if ('position' in moment) {
    if (moment.position > head) return { kind: 'future', head };
    return moment.position < 1 ? { kind: 'before', begins } : { kind: 'found', position: moment.position };
  }
  // The clock of the log may be ahead of ours: what it recorded is past.
  const ends = await log.recordedTime(tenantId, head);
  if (moment.instant > now && moment.instant > ends!) return { kind: 'future', head };
  const position = await log.positionAt(tenantId, moment.instant);
  return position === 0 ? { kind: 'before', begins } : { kind: 'found', position };
}
