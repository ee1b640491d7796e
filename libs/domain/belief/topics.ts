import type { Statement } from './claim.js';
import { gistOf } from './gist.js';
import type { Gist, GistAmount } from './gist.js';
import { compareMoments } from './moment-comparison.js';
import { oncePerStatement } from './once.js';
import { areAlternatives } from './opposites.js';
import { subjectSureness } from './subjects.js';
import { stemOf } from './topic-words.js';
import type { Relation } from './relation.js';
import type { RelationRuleId } from './relation-rules.js';
import { areComplements, areExcludingStates, isGone } from './states.js';
import type { Comparison } from './value-comparison.js';

/** Something supposed or wished tells nothing of what is. */
const SUPPOSED =
  /\b(?:wish(?:es|ed)?|would|might|maybe|perhaps|could|imagine|suppose|hopefully|hopes?|should have|if)\b|['’]d (?:love|like|prefer|rather|be|buy|go)\b/i;

const isSupposed = oncePerStatement(({ text }): boolean => SUPPOSED.test(text));

/**
 * What two statements tell of one topic in one respect, whatever their grammar: moments, amounts, states, names. The
 * words are weaker grounds than a slot, so nothing is retired by it.
 */
export function relateTopics(a: Statement, b: Statement): Relation | null {
  if (isSupposed(a) || isSupposed(b)) return null;
  const [older, newer] = [gistOf(a), gistOf(b)];
  const overlap = overlapOf(older, newer);
  if (overlap === null || areOtherThings(older, newer)) return null;
  const { onlyOlder, onlyNewer } = overlap;
  const isTwoSided = onlyOlder.length > 0 && onlyNewer.length > 0;
  const found =
    (isTwoSided ? null : compareStates(older, newer, overlap)) ??
    (shareRespect(older, newer) ? compareTold(older, newer, overlap, b) : null);
  return found?.relation === 'contradicts' && haveOtherSubjects(a, b) ? null : found;
}

function compareTold(older: Gist, newer: Gist, overlap: Overlap, b: Statement): Relation | null {
  if (overlap.onlyOlder.length === 0 || overlap.onlyNewer.length === 0) return compareFigures(older, newer, overlap, b);
  return figuresOf(older, newer).includes('different') ? null : replacedName(older, newer, overlap, b);
}

/** "Issue 19", "issue 20". */
function areOtherThings({ ids: older }: Gist, { ids: newer }: Gist): boolean {
  const isPlain = (id: string): boolean => !VERSION.test(id);
  const [before, after] = [older.filter(isPlain), newer.filter(isPlain)];
  return before.some((id) => !after.includes(id)) && after.some((id) => !before.includes(id));
}

const VERSION = /^\d+(?:\.\d+)+$/;

/** The same slot of two subjects was read: they do not speak of one thing, whatever words they share. */
function haveOtherSubjects(a: Statement, b: Statement): boolean {
  const [before, after] = [nameInFront(a), nameInFront(b)];
  const areNames = before !== null && after !== null && before !== after;
  if (areNames && !a.words.includes(after) && !b.words.includes(before)) return true;
  return a.claims.some(
    (older) =>
      !/^(?:do:|has|status|kind|identity)/.test(older.slot) &&
      b.claims.some(
        (newer) =>
          newer.slot === older.slot &&
          areOtherSubjects(older.subject, newer.subject) &&
          !(newer.subject === 'self' && isNamedIn(older.subject, b)) &&
          !(older.subject === 'self' && isNamedIn(newer.subject, a)),
      ),
  );
}

const isNamedIn = (subject: string, { words }: Statement): boolean =>
  subject.split(' ').every((word) => words.includes(word));

function areOtherSubjects(older: string, newer: string): boolean {
  if (subjectSureness(older, newer) > 0) return false;
  const isPart = (short: string, long: string): boolean =>
    short.split(' ').every((word) => long.split(' ').includes(word));
  return !isPart(older, newer) && !isPart(newer, older);
}

/** The name with which a statement begins, as its subject. */
function nameInFront({ text, claims }: Statement): string | null {
  const first = /^\p{Lu}\p{Ll}+(?= )/u.exec(text)?.[0].toLowerCase();
  return first !== undefined && claims.some(({ subject }) => subject === first) ? first : null;
}

/**
 * Words of both that no claim holds, and not the same ones: "early-bird" and "regular" registration. What was read is not
 * all that was said, so nothing may be retired by it.
 */
export function areReadInPart(a: Statement, b: Statement): boolean {
  const [older, newer] = [unreadOf(a), unreadOf(b)];
  return older.some((stem) => !newer.includes(stem)) && newer.some((stem) => !older.includes(stem));
}

function unreadOf(statement: Statement): string[] {
  const told = statement.claims.flatMap(({ subject, slot, value, normal, qualifiers }) => [
    ...[subject, slot, value.toLowerCase(), normal],
    ...qualifiers,
  ]);
  const read = new Set(told.flatMap((text) => text.split(/[^\p{L}\p{N}-]+/u)).map(stemOf));
  return [...gistOf(statement).topic].filter((stem) => !read.has(stem));
}

interface Overlap {
  shared: readonly string[];
  onlyOlder: readonly string[];
  onlyNewer: readonly string[];
}

/** Null where nothing joins the two. */
function overlapOf(older: Gist, newer: Gist): Overlap | null {
  const isShared = (stem: string): boolean =>
    (newer.topic.has(stem) || newer.loose.has(stem)) && !areOtherNames(older.names.get(stem), newer.names.get(stem));
  const shared = [...older.topic, ...older.loose].filter(isShared);
  const onlyOlder = [...older.topic].filter((stem) => !shared.includes(stem));
  const onlyNewer = [...newer.topic].filter((stem) => !shared.includes(stem));
  const ids = older.ids.filter((id) => newer.ids.includes(id));
  const named = shared.filter((stem) => older.topic.has(stem) || newer.topic.has(stem));
  if (named.length + ids.length === 0 && (shared.length === 0 || onlyOlder.length + onlyNewer.length > 0)) return null;
  return { shared, onlyOlder, onlyNewer };
}

/** "Jan", "Jane": of one stem, but not of one person. */
function areOtherNames(left: string | undefined, right: string | undefined): boolean {
  return left !== undefined && right !== undefined && left !== right && `${left}s` !== right && left !== `${right}s`;
}

function shareRespect({ respects: older }: Gist, { respects: newer }: Gist): boolean {
  return older.size === 0 || newer.size === 0 || [...older].some((respect) => newer.has(respect));
}

const decided = (
  ruleId: RelationRuleId,
  relation: Relation['relation'],
  probability: number,
  { shared }: Overlap,
): Relation => ({
  ...{ relation, probability, ruleId, grounds: [], slot: null, evidence: [`topic=${shared.join(' ')}`] },
  kind: relation === 'contradicts' ? 'update' : null,
});

function figuresOf(older: Gist, newer: Gist): Comparison[] {
  return [momentsOf(older, newer), amountsOf(older.amounts, newer.amounts), idsOf(older.ids, newer.ids)].filter(
    (one) => one !== undefined,
  );
}

/** What sets a case apart from the one that was told. */
const SCOPED = /\b(?:outside|except|other than|apart from|unlike|besides)\b/i;

/** Names the older figure as well, as the wrong one. */
const OTHERWISE = /\b(?:I said|should be|should read|rather than|instead of|not)\b/;

function compareFigures(older: Gist, newer: Gist, overlap: Overlap, b: Statement): Relation | null {
  const compared = figuresOf(older, newer);
  const isSaidOtherwise = compared.includes('narrower') && OTHERWISE.test(b.text);
  const others = compared.filter((one) => one === 'different').length + (isSaidOtherwise ? 1 : 0);
  if (others > 1 || (others > 0 && SCOPED.test(b.text))) return decided('relation.topic', 'extends', 0.6, overlap);
  if (others > 0) {
    if (b.cues.addition) return decided('relation.topic', 'extends', 0.6, overlap);
    return decided('relation.topic', 'contradicts', 0.65, overlap);
  }
  const hasMore = (gist: Gist, other: Gist): boolean =>
    (gist.moment !== '' && other.moment === '') || (gist.amounts.length > 0 && other.amounts.length === 0);
  const isOpposed = newer.isDenied !== older.isDenied;
  if (hasMore(older, newer) && isOpposed) return decided('relation.topic', 'contradicts', 0.65, overlap);
  const isMore = compared.includes('narrower') || (hasMore(newer, older) && !isOpposed);
  if (isMore && overlap.onlyOlder.length === 0) return decided('relation.containment', 'refines', 0.6, overlap);
  if (newer.states.some(isGone) && !older.isDenied && overlap.onlyNewer.length === 0)
    return decided('relation.topic', 'contradicts', 0.65, overlap);
  if (compared.length === 0 || isMore || isOpposed) return null;
  if (overlap.onlyNewer.length === 0) return decided('relation.topic', 'duplicate', 0.6, overlap);
  return decided('relation.containment', 'refines', 0.55, overlap);
}

function momentsOf({ moment: older }: Gist, { moment: newer }: Gist): Comparison | undefined {
  return older === '' || newer === '' ? undefined : compareMoments(older, newer);
}

/** Share of an amount by which it may differ from the same one in another unit. */
const TOLERANCE = 0.015;

function amountsOf(older: readonly GistAmount[], newer: readonly GistAmount[]): Comparison | undefined {
  if (older.length === 0 || newer.length === 0) return undefined;
  const isIn = ({ amount, unit }: GistAmount, list: readonly GistAmount[]): boolean =>
    list.some(
      (other) => other.unit === unit && Math.abs(other.amount - amount) <= TOLERANCE * Math.max(other.amount, amount),
    );
  const lost = older.filter((one) => !isIn(one, newer));
  const added = newer.filter((one) => !isIn(one, older));
  if (lost.length === 0) return added.length === 0 ? 'equal' : 'narrower';
  const isReplaced = added.some(({ unit }) => lost.some((one) => one.unit === unit || one.unit === '' || unit === ''));
  return isReplaced ? 'different' : undefined;
}

function idsOf(older: readonly string[], newer: readonly string[]): Comparison | undefined {
  const [before, after] = [older, newer].map((ids) => ids.filter((id) => VERSION.test(id))) as [string[], string[]];
  if (before.length !== 1 || after.length !== 1) return undefined;
  if (before[0] === after[0]) return 'equal';
  return after[0]!.startsWith(`${before[0]}.`) ? 'narrower' : 'different';
}

function compareStates(older: Gist, newer: Gist, overlap: Overlap): Relation | null {
  const isOpposed = older.isDenied !== newer.isDenied;
  const isSame = older.states.some((state) => newer.states.includes(state));
  if (isSame && isOpposed) return decided('relation.topic', 'contradicts', 0.7, overlap);
  const isAll =
    isSame && overlap.onlyOlder.length + overlap.onlyNewer.length === 0 && figuresOf(older, newer).length === 0;
  if (isAll && older.moment === newer.moment && older.amounts.length === newer.amounts.length)
    return decided('relation.topic', 'duplicate', 0.6, overlap);
  if (isSame || older.states.length === 0 || newer.states.length === 0) return null;
  const pairs = older.states.flatMap((state) => newer.states.map((other) => [state, other] as const));
  const excluding = pairs.find(([state, other]) => areExcludingStates(state, other));
  if (excluding === undefined) return null;
  const isGoneNow = excluding.includes('canceled');
  if (isOpposed && !isGoneNow)
    return areComplements(...excluding)
      ? decided('relation.topic', 'duplicate', 0.55, overlap)
      : older.isDenied
        ? decided('relation.topic', 'contradicts', 0.65, overlap)
        : null;
  return decided('relation.topic', 'contradicts', 0.7, overlap);
}

const ONE_AT_A_TIME = ['owner', 'place', 'tool', 'choice', 'version'];

/** "Nadia owns the module", "ownership of the module passed to Felix": another name in one respect that has one. */
function replacedName(older: Gist, newer: Gist, overlap: Overlap, b: Statement): Relation | null {
  const { onlyOlder, onlyNewer } = overlap;
  if (onlyOlder.length > 1 || onlyNewer.length > 1 || b.cues.addition || older.isDenied || newer.isDenied) return null;
  const [was, is] = [onlyOlder[0]!, onlyNewer[0]!];
  const respect = ONE_AT_A_TIME.find((one) => older.respects.has(one) && newer.respects.has(one));
  const isNamed = older.names.has(was) && newer.names.has(is);
  const areSubjects = older.first === was && newer.first === is && respect !== 'owner';
  if (respect === undefined || areSubjects || (!isNamed && !areAlternatives(was, is))) return null;
  return decided('relation.topic', 'contradicts', 0.62, overlap);
}
