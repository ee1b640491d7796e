import type { Claim } from '#libs/domain/belief/claim.js';
import { readVerb as readWord } from '../verbs.js';
import { isOwned } from './atoms.js';
import type { Atom } from './atoms.js';
import { STATUS_OF_VERB } from './verb-classes.js';
import type { ClaimPattern } from './claim-pattern.js';
import { relative } from './copula-claims.js';
import { attributeOf } from './copula.js';
import type { Build, Draft } from './drafts.js';
import { MEDICINE } from './doses.js';
import type { Frame } from './frames.js';
import { listed } from './held-claims.js';
import { isPersonWord, partyOf, relativeOf, SELF } from './parties.js';
import type { Match } from './pattern-matching.js';
import { GOAL_WORDS, splitValue, wordsOf } from './values.js';
import type { Value } from './values.js';

/** What a pattern that fits claims; empty where it does not apply to this subject or value. */
export function readMatch({ rule, captures }: Match, frame: Frame, build: Build): Claim[] {
  if (!applies(rule, captures, frame) || (rule.effect === 'ends' && frame.modals.some((modal) => OWED.test(modal))))
    return [];
  const effect = { denied: rule.effect === 'denies', ended: rule.effect === 'ends', begun: rule.effect === 'begins' };
  if (rule.aboutSpeaker) return build({ slot: rule.slot, atoms: captures.flat(), subject: SELF.normal, begun: true });
  if (captures.length === 0) {
    const value = { ...splitValue([]), ...tailOf(frame.rest) };
    const claims = build({
      slot: rule.slot,
      atoms: frame.rest,
      normal: valueOfRule(rule.value, frame),
      value,
      ...effect,
    });
    const marital = rule.slot === 'partner' && frame.verb === 'be' ? (frame.rest[0]?.normal ?? '') : '';
    return /^(?:divorced|separated|widowed)$/.test(marital)
      ? [...claims, ...build({ slot: 'marital_status', atoms: frame.rest, normal: marital, value })]
      : claims;
  }
  if (rule.ofObject) return ofObject(rule.slot, captures, build);
  const slot = measureSlot(rule.slot, captures[0]!).replace('$verb', verbPhrase(frame));
  if (slot === 'residence' && captures.length === 2) return fromTo(slot, captures, build);
  if (slot === 'prefer') return readPreference(captures, build);
  const { subject } = frame;
  const kin = slot === 'name' ? relativeOf(subject) : undefined;
  if (kin !== undefined) return relative(kin, captures[0]!).flatMap(build);
  const atoms = slot === 'medication' ? captures.flat() : captures[0]!;
  if (isMoment(atoms)) return readMoment(slot, atoms, frame, build, effect);
  if (rule.inverse && slot === 'preference') return ofTaste(atoms, frame, build, effect);
  if (rule.inverse) return inverse(slot, atoms, frame, (draft) => build({ ...draft, begun: effect.begun }));
  const value =
    atoms.length === 1 && atoms[0]!.kind === 'measure' && captures.length === 1
      ? measured(atoms, frame.rest)
      : splitValue(atoms, KEPT_WORDS.get(slot));
  return value.atoms.length === 0 ? [] : listed(slot, value, build, effect, frame);
}

/** What is to be done is not done: "must return the books". */
const OWED = /^(?:must|should|have to|has to|need to|needs to|ought to|shall)$/;

const KEPT_WORDS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['goal', GOAL_WORDS],
  ['residence', new Set(['near'])],
  ['location', new Set(['near'])],
]);

function applies(rule: ClaimPattern, captures: readonly Atom[][], frame: Frame): boolean {
  const { kind } = frame.subject;
  if (rule.about === 'person' && kind === 'thing' && !isLikelyPerson(frame)) return false;
  if (rule.about === 'thing' && (kind === 'self' || (rule.slot === 'status' && isPersonWord(frame.subject.normal))))
    return false;
  if (rule.slot === 'visited' && frame.verb === 'go' && !frame.past) return false;
  if (/^(?:status|duration)$/.test(rule.slot) && rule.about === 'thing' && captures.length > 0 && isBareName(frame))
    return false;
  if (rule.slot === 'status' && isBareName(frame)) return false;
  const [first] = captures;
  if (first === undefined) return true;
  if (rule.named && !first[0]!.capital) return false;
  if (rule.slot === 'version' && !/^v?\d+(?:\.\d+)+$/.test(first[0]!.raw.toLowerCase())) return false;
  if (rule.slot === 'vehicle' && /sel(?:f|ves)$/.test(first[0]!.raw)) return false;
  if (first[0]!.kind === 'word' && /^(?:to|in|on|at|by|from|with|for)$/.test(first[0]!.normal)) return false;
  if (rule.value === '$medicine' && !MEDICINE.test(wordsOf(splitValue(first).atoms))) return false;
  return !(rule.slot === 'location' && frame.verb === 'be' && /^(?:in|on|at|under|near)$/.test(frame.rest[0]!.normal));
}

function readMoment(slot: string, atoms: readonly Atom[], frame: Frame, build: Build, effect: Partial<Draft>): Claim[] {
  const attribute = slot === 'time' ? attributeOf(frame.subject) : undefined;
  const value = { ...splitValue([]), ...tailOf(frame.rest, atoms) };
  const subject = attribute?.owner.normal ?? frame.subject.normal;
  return build({ slot: attribute?.slot ?? slot, subject, atoms, normal: atoms[0]!.normal, value, ...effect });
}

/** One capitalised word in front, which may well be a person: "Jill runs". */
const isBareName = ({ subject }: Frame): boolean =>
  subject.kind === 'person' &&
  subject.atoms.length === 1 &&
  subject.atoms[0]!.article === null &&
  !isPersonWord(subject.normal);

/** A length in time is a duration, whatever verb tells it. */
const measureSlot = (slot: string, atoms: readonly Atom[]): string =>
  slot === 'measure' && /^(?:s|day|month)$/.test(atoms[0]!.quantity?.unit ?? '') ? 'duration' : slot;

/** "Moved the spare keys to the shed": a claim about the keys. */
function ofObject(slot: string, captures: readonly Atom[][], build: Build): Claim[] {
  const [object, target] = captures;
  if (slot === 'time' && target![0]!.kind === 'moment') {
    const changed = partyOf(object!);
    const attribute = attributeOf(changed);
    return build({
      slot: attribute?.slot ?? slot,
      atoms: target!,
      normal: target![0]!.normal,
      subject: attribute?.owner.normal ?? changed.normal,
      begun: true,
      value: splitValue([]),
    });
  }
  const isKnown =
    object![0]!.article === 'the' || isOwned(object![0]!) || object!.some(({ normal }) => /\d/.test(normal));
  const value = splitValue(target!);
  if (!isKnown || value.atoms.length === 0) return [];
  return build({ slot, atoms: value.atoms, value, subject: partyOf(object!).normal, begun: true });
}

const isMoment = (atoms: readonly Atom[]): boolean => atoms.length === 1 && atoms[0]!.kind === 'moment';

/** "Mei" may be one word and a person; a team or company may speak, prefer and use as well. */
const isLikelyPerson = ({ subject }: Frame): boolean =>
  subject.kind === 'thing' &&
  /^(?:[a-z' ]+(?:team|department|company|family|couple|group|office|agency|squad))$/.test(subject.normal);

/** An amount, and under which circumstances: "£8 at weekends". */
function measured(atoms: readonly Atom[], rest: readonly Atom[]): Value {
  const after = rest.slice(rest.indexOf(atoms[0]!) + 1);
  const { qualifiers, moment, recurring } = splitValue([{ ...atoms[0]!, normal: 'x', kind: 'word' }, ...after]);
  return {
    atoms: [...atoms],
    qualifiers: qualifiers.filter((one) => /^(?:on|in|at|during|when|if) /.test(one)),
    moment,
    recurring,
  };
}

/** Circumstances behind a captured moment or amount. */
function tailOf(rest: readonly Atom[], captured: readonly Atom[] = []): Partial<Value> {
  const last = captured.at(-1);
  const after = last === undefined ? rest : rest.slice(rest.indexOf(last) + 1);
  const tail = splitValue([{ ...(rest[0] ?? ({} as Atom)), normal: 'x', kind: 'word' }, ...after]);
  return { qualifiers: tail.qualifiers, moment: last === undefined ? tail.moment : null, recurring: tail.recurring };
}

function valueOfRule(value: string | undefined, frame: Frame): string {
  if (value === '$status')
    return frame.rest.some(({ normal }) => normal === 'down') && frame.verb === 'go'
      ? 'down'
      : frame.rest.some(({ normal }) => normal === 'down')
        ? 'broken'
        : (STATUS_OF_VERB.get(frame.verb) ?? frame.verb);
  if (value === '$last' || value === '$diet')
    return frame.rest.find(({ normal }) => normal !== 'only' && normal !== 'a')?.normal ?? '';
  return value ?? '';
}

const verbPhrase = ({ verb, rest }: Frame): string => {
  if (rest.some(({ kind }) => kind === 'moment') && verb !== 'be') return verb;
  const words = rest
    .slice(0, 2)
    .filter(({ kind }) => kind === 'word')
    .map(({ normal, lemma }) =>
      lemma.startsWith('re') && readWord(lemma.slice(2))?.base
        ? lemma.slice(2)
        : /^(?:in|on|with|by|from|of|at|to|port)$/.test(normal)
          ? normal
          : lemma,
    );
  if (words.includes('port')) return 'port';
  return verb === 'be' ? words.join(' ') : /^(?:on|in|with|from)$/.test(words[0] ?? '') ? `${verb} ${words[0]}` : verb;
};

function fromTo(slot: string, captures: readonly Atom[][], build: Build): Claim[] {
  const from = splitValue(captures[0]!);
  const to = splitValue(captures[1]!);
  const isField = [...from.atoms, ...to.atoms].every(({ capital, article }) => !capital && article === null);
  if (isField && slot === 'residence') slot = 'field';
  return [
    ...build({ slot, atoms: to.atoms, value: to, begun: true }),
    ...build({ slot, atoms: from.atoms, value: from, ended: true }),
  ];
}

function readPreference(captures: readonly Atom[][], build: Build): Claim[] {
  const first = splitValue(captures[0]!);
  const claims = build({ slot: 'prefer', atoms: first.atoms, value: first });
  if (captures.length < 2) return claims;
  const second = splitValue(captures[1]!);
  return [...claims, ...build({ slot: 'prefer', atoms: second.atoms, value: second, denied: true })];
}

/** "Jazz leaves Omar cold": the taste is Omar's. */
function ofTaste(atoms: readonly Atom[], { subject }: Frame, build: Build, effect: Partial<Draft>): Claim[] {
  const value = splitValue(atoms);
  const owner = partyOf(value.atoms);
  const isPerson = owner.kind !== 'thing' || isPersonWord(owner.atoms.at(-1)?.normal ?? '') || owner.atoms.length > 1;
  if (subject.atoms.length === 0 || value.atoms.length === 0 || !isPerson) return [];
  return build({
    slot: 'preference',
    atoms: subject.atoms,
    normal: wordsOf(subject.atoms),
    subject: owner.normal,
    value: { ...value, atoms: [] },
    ...effect,
  });
}

/** "Anna manages Ben": the claim is Ben's. */
function inverse(slot: string, atoms: readonly Atom[], frame: Frame, build: Build): Claim[] {
  const value = splitValue(atoms);
  if (value.atoms.length === 0) return [];
  if (slot === 'owner' && value.atoms[0]!.article === 'a')
    return build({ slot: 'possession', atoms: value.atoms, value });
  if (slot === 'manager' && !value.atoms.every(({ capital }) => capital) && partyOf(value.atoms).kind === 'thing')
    return inverse('owner', atoms, frame, build);
  const owned = partyOf(value.atoms);
  if (slot === 'owner' && owned.kind === 'person') return [];
  const own =
    slot === 'owner' && frame.verb === 'own' && frame.subject.kind !== 'thing' && value.atoms[0]!.article !== 'the';
  if (
    own ||
    (frame.verb === 'run' &&
      (value.atoms[0]!.kind !== 'word' || value.atoms[0]!.article === null || value.atoms[0]!.article === 'a'))
  )
    return [];
  return build({
    slot,
    atoms: frame.subject.atoms,
    normal: frame.subject.normal,
    subject: owned.normal,
    value: { ...value, atoms: [] },
  });
}
