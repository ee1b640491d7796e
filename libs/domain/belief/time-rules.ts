import type { Claim } from './claim.js';
import { found, isOne, isOpposed, isSame } from './finding.js';
import type { ClaimPair, Finding } from './finding.js';
import { slotRuleOf } from './slot-registry.js';

const STATES =
  /^(?:residence|employer|job_title|diet|partner|manager|membership|medication|possession|pet|vehicle|tool|do|education|hobby|condition|allergy|preference|owner|location|status|ability)$/;

export function resumed(pair: ClaimPair): Finding | null {
  const { older, newer } = pair;
  const wasOver = older.aspect === 'ended' || (older.aspect === 'past' && STATES.test(slotRuleOf(pair.slot).name));
  if (!wasOver || newer.aspect !== 'current' || newer.polarity !== 'positive' || newer.modality !== 'asserted')
    return null;
  const isEverything = older.normal === 'any' && older.slot === newer.slot;
  if ((!isSame(pair) && !isEverything) || !/^(?:asserted|negated)$/.test(older.modality)) return null;
  const isClear = older.aspect === 'ended' || older.validTo !== null || pair.b.cues.change;
  return found(pair, 'relation.resumed', 'contradicts', isClear ? 0.85 : 0.7, 'update', ['slot']);
}

export function ended(pair: ClaimPair): Finding | null {
  const { older, newer } = pair;
  if (older.aspect === 'ended' && newer.aspect === 'ended')
    return isSame(pair) ? found(pair, 'relation.same_form', 'duplicate', 0.85) : null;
  if (
    newer.aspect !== 'past' ||
    older.aspect !== 'current' ||
    older.polarity !== 'positive' ||
    newer.polarity !== 'positive'
  )
    return null;
  if (!isSame(pair) || !STATES.test(slotRuleOf(pair.slot).name)) return null;
  return found(pair, 'relation.ended', 'contradicts', 0.82, 'update', ['slot', 'change']);
}

export function disjointTime(pair: ClaimPair): Finding | null {
  const { older, newer } = pair;
  const isOver = (claim: Claim): boolean => claim.aspect === 'past' || claim.aspect === 'ended';
  if (newer.aspect === 'ended' && newer.polarity === 'negative' && pair.values === 'opposite' && pair.slot === 'status')
    return found(pair, 'relation.same_form', 'duplicate', 0.65);
  if (isOver(older) !== isOver(newer) && !isSame(pair)) return found(pair, 'relation.disjoint_time', 'extends', 0.8);
  if (older.aspect === 'past' && older.polarity === 'positive' && newer.polarity === 'negative' && !isOver(newer))
    return found(pair, 'relation.disjoint_time', 'extends', 0.6);
  const isPlan = (claim: Claim): boolean =>
    claim.aspect === 'planned' || claim.modality === 'plan' || claim.modality === 'wish';
  if (pair.slot !== 'goal' && isPlan(older) !== isPlan(newer))
    return found(pair, 'relation.disjoint_time', 'extends', 0.7);
  if (!isOver(older) || !isOver(newer)) return null;
  return bothOver(pair);
}

/** Things that happen once: another date is another story about the same. */
const ONCE = /^(?:birth|do:(?:graduate|meet|found|marry|retire|die|hire|join|launch|happen|release|invent|pass))/;

function bothOver(pair: ClaimPair): Finding | null {
  const { older, newer, b } = pair;
  if (pair.values === 'different' && isOne(pair) && slotRuleOf(pair.slot).mutability === 'immutable') return null;
  if (pair.values === 'different' || pair.values === 'opposite') {
    return isOne(pair) && older.validFrom === null && newer.validFrom === null && !pair.slot.startsWith('quantity')
      ? null
      : found(pair, 'relation.disjoint_time', 'extends', 0.7);
  }
  if (isOpposed(pair)) return null;
  if ((timesDiffer(older, newer) && !isSaidAlike(pair)) || /\bagain\b/i.test(b.text)) {
    if (ONCE.test(pair.slot)) return found(pair, 'relation.single_slot', 'contradicts', 0.75, 'conflict');
    return found(pair, 'relation.disjoint_time', 'extends', 0.8);
  }
  return null;
}

const LAST =
  /\blast (?:week|month|year|summer|winter|spring|autumn|fall|night|weekend|[a-z]+day|january|february|march|april|may|june|july|august|september|october|november|december)\b/i;

/** "Last June" in both: of one story, whatever day each was told on. */
function isSaidAlike({ a, b }: ClaimPair): boolean {
  const [before, after] = [LAST.exec(a.text)?.[0], LAST.exec(b.text)?.[0]];
  return before !== undefined && before.toLowerCase() === after?.toLowerCase();
}

/** Do both name a time, and not the same, by the coarser of the two precisions? */
export function timesDiffer({ validFrom: before }: Claim, { validFrom: after }: Claim): boolean {
  if (before === null || after === null) return false;
  const length = (precision: string): number => ({ year: 4, month: 7, season: 7 })[precision] ?? 10;
  const shared = Math.min(length(before.precision), length(after.precision));
  return before.instant.slice(0, shared) !== after.instant.slice(0, shared);
}

const PRECISIONS = ['year', 'quarter', 'season', 'month', 'week', 'day', 'instant'];

/** Does the newer one name a time where the older one named none, or a shorter one inside it? */
export function isMorePrecise(older: Claim, newer: Claim): boolean {
  if (newer.validFrom === null) return false;
  if (older.validFrom === null) return true;
  const [before, after] = [older, newer].map(({ validFrom }) => PRECISIONS.indexOf(validFrom!.precision));
  return after! > before! && before! >= 0 && !timesDiffer(older, newer);
}

const RELATIVE = /\b(this|next|coming|tomorrow|today|tonight)(?: (week|month|year|quarter|weekend))?\b/i;

/**
 * "Tomorrow morning", then "tomorrow at 6:40": said on other days, these are other days; but who says both says more of
 * one thing, and the older one has passed by itself.
 */
export function isSaidLikewise({ older, newer, a, b }: ClaimPair): boolean {
  if (!/^(?:time|deadline|schedule)/.test(older.slot) || !/^[a-z]=/.test(newer.normal)) return false;
  const [before, after] = [RELATIVE.exec(a.text), RELATIVE.exec(b.text)];
  if (before === null || after === null || before[1]!.toLowerCase() !== after[1]!.toLowerCase()) return false;
  const isWider = before[2] === undefined ? /^to/i.test(before[1]!) : after[2] === undefined || after[2] === before[2];
  return (
    isWider && newer.normal.split(' ').length > older.normal.split(' ').filter((part) => !/^[kp]/.test(part)).length
  );
}
