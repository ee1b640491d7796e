import { slotRuleOf } from '../belief/slot-registry.js';
import { byText, type MaintainedMemory } from './maintained-memory.js';

/** `stale`: worth asking again, and believed. `archive`: no longer among what is searched, until it is restored. */
export interface ExpiryProposal {
  memoryId: string;
  kind: 'stale' | 'archive';
  /** For people, with the days. */
  reason: string;
  /** ISO 8601: when it became so. */
  since: string;
}

export interface ExpireOptions {
  /** ISO 8601 in UTC. */
  now: string;
  /** Days, by the name of a slot; slots that it does not name keep those of the registry. */
  slotHalfLives: Readonly<Record<string, number>>;
  /** Days without a reader. */
  archiveAfterDays: number;
  /** Types of memories that are never archived. */
  importantTypes: ReadonlySet<string>;
  /** Memories that others were made of, or are explained by. */
  citedIds: ReadonlySet<string>;
}

const DAY_MS = 86_400_000;

/** Who somebody is and what keeps them well: it does not wear off by being old. */
const PROTECTED_SLOTS: ReadonlySet<string> = new Set(
  `name pronouns identity birth_date birthplace origin nationality blood_type partner marital_status child sibling
  allergy condition medication diet guideline`.split(/\s+/),
);
const PROTECTED_TYPES: ReadonlySet<string> = new Set(['identity', 'health', 'guideline', 'profile']);

/** Is it about who somebody is, their health, or how they want to be treated? */
export function isProtected({ memoryType, claims }: Pick<MaintainedMemory, 'memoryType' | 'claims'>): boolean {
  return PROTECTED_TYPES.has(memoryType) || claims.some(({ slot }) => PROTECTED_SLOTS.has(slotRuleOf(slot).name));
}

/**
 * What has worn off. A memory that claims only what changes by itself (a status, a deadline, a place where something is)
 * is stale when the half-life of each of its slots has passed since it was last told, and the time it speaks of is over.
 * A memory that nobody was shown for `archiveAfterDays`, of no important type and cited by none, can be archived. Who
 * somebody is, their health and their guidelines never are either.
 */
export function expire(memories: readonly MaintainedMemory[], options: ExpireOptions): ExpiryProposal[] {
  const proposals = memories.flatMap((memory) => {
    if (isProtected(memory) || memory.status === 'disputed') return [];
    return archived(memory, options) ?? (memory.status === 'active' ? stale(memory, options) : null) ?? [];
  });
  return proposals.sort((one, other) => byText(one.memoryId, other.memoryId));
}

function stale(memory: MaintainedMemory, { now, slotHalfLives }: ExpireOptions): ExpiryProposal | null {
  const { claims } = memory;
  if (claims.length === 0) return null;
  const rules = claims.map(({ slot }) => slotRuleOf(slot));
  if (!rules.every(({ mutability }) => mutability === 'volatile')) return null;
  const days = rules.map(({ name, halfLifeDays }) => slotHalfLives[name] ?? halfLifeDays ?? Infinity);
  const longest = Math.max(...days);
  const toldAt = lastTold(memory);
  const sinceMs = Math.max(Date.parse(toldAt) + longest * DAY_MS, timeSpokenOf(memory));
  if (!(sinceMs <= Date.parse(now))) return null;
  const slots = [...new Set(rules.map(({ name }) => name))].sort(byText).join(', ');
  const reason = `${slots}: told ${daysBetween(toldAt, now)} days ago, half-life ${longest} days`;
  return { memoryId: memory.id, kind: 'stale', reason, since: new Date(sinceMs).toISOString() };
}

/** When it was said last, be it in other words: each further evidence is another telling. */
const lastTold = ({ observedAt, lastToldAt }: MaintainedMemory): string =>
  lastToldAt !== undefined && lastToldAt > observedAt ? lastToldAt : observedAt;

/** Milliseconds: until when what it says may hold; a deadline is news until its day. */
function timeSpokenOf({ claims, validFrom, validTo }: MaintainedMemory): number {
  const instants = [validFrom, validTo, ...claims.flatMap((claim) => [claim.validFrom, claim.validTo])];
  const told = instants.flatMap((time) => (time === null ? [] : [Date.parse(time.instant)]));
  return Math.max(-Infinity, ...told, ...claims.map(({ normal }) => endOfDate(normal)));
}

/** "y=2026 m=6 d=12" is over when that day is; without a year it is told of some year, so it is not known. */
function endOfDate(normal: string): number {
  const part = (name: string): number => Number(new RegExp(`(?:^| )${name}=(\\d+)`).exec(normal)?.[1]);
  const [year, month, day] = [part('y'), part('m'), part('d')];
  if (Number.isNaN(year)) return -Infinity;
  if (Number.isNaN(month)) return Date.UTC(year + 1, 0);
  return Number.isNaN(day) ? Date.UTC(year, month) : Date.UTC(year, month - 1, day + 1);
}

function archived(memory: MaintainedMemory, options: ExpireOptions): ExpiryProposal | null {
  const { now, archiveAfterDays, importantTypes, citedIds } = options;
  if (importantTypes.has(memory.memoryType) || citedIds.has(memory.id)) return null;
  const lastReadAt = memory.lastReadDay === null ? memory.createdAt : `${memory.lastReadDay}T23:59:59.999Z`;
  const lastMs = Math.max(Date.parse(memory.createdAt), Date.parse(lastReadAt));
  const sinceMs = lastMs + archiveAfterDays * DAY_MS;
  if (!(sinceMs <= Date.parse(now)) || timeSpokenOf(memory) > Date.parse(now)) return null;
  const unread = memory.lastReadDay === null ? 'never read' : `last read on ${memory.lastReadDay}`;
  const reason = `${unread}, created ${daysBetween(memory.createdAt, now)} days ago`;
  return { memoryId: memory.id, kind: 'archive', reason, since: new Date(sinceMs).toISOString() };
}

const daysBetween = (from: string, to: string): number => Math.floor((Date.parse(to) - Date.parse(from)) / DAY_MS);
