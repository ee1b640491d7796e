import type { Aspect, Modality, WorldTimes } from './frame-types.js';
import type { Clause } from '../clauses.js';
import type { Token } from '../tokens.js';
import { readVerb } from '../verbs.js';
import { readAtoms } from './atoms.js';
import type { Atom, RelativeTime } from './atoms.js';
import { lemmaOf } from './spelling.js';
import { attributeOf } from './copula.js';
import { partyOf, subjectOf } from './parties.js';
import type { Party } from './parties.js';
import { plainVerbOf } from './phrasal-verbs.js';
import { splitValue } from './values.js';

/** One clause, ready for the claim patterns. */
export interface Frame {
  subject: Party;
  /** Lemma of the verb that counts: of "stopped smoking" it is `smoke`. */
  verb: string;
  /** What follows the verb; articles, adverbs and relative times are folded away. */
  rest: Atom[];
  /** What stands before the subject: "on weekdays", "at work". */
  front: Atom[];
  negated: boolean;
  /** "Not" that takes back what held: no longer, not anymore, stopped. */
  ended: boolean;
  /** It was so once ("used to", "lived"), and nothing says that it still is. */
  past: boolean;
  /** "Started", "now", "became": it was otherwise before. */
  begun: boolean;
  modals: readonly string[];
  imperative: boolean;
  progressive: boolean;
  perfect: boolean;
  modality: Modality;
  aspect: Aspect;
  time: WorldTimes;
}

/** What the sentence gives to each of its clauses. */
export interface SentenceView {
  text: string;
  lowered: string;
  tokens: readonly Token[];
  /** Where "no longer" stood, as offsets of the text. */
  endings: readonly number[];
  relative: readonly RelativeTime[];
  time: WorldTimes;
}

const STOPPING = new Set(['stop', 'quit', 'cease', 'end']);
const STARTING = new Set(['start', 'begin', 'resume', 'try']);
const KEEPING = new Set(['keep', 'continue']);
const WISHING = new Set(['want', 'wish', 'hope', 'dream', 'long', 'like']);
const PLANNING = new Set(['plan', 'intend', 'aim', 'mean', 'decide']);

/** The frame of a clause; `before` lends its subject to "it", "he" and "she". */
export function frameOf(clause: Clause, view: SentenceView, before: Frame | undefined): Frame {
  const { tokens, text } = view;
  const { predicate } = clause;
  const read = (from: number, to: number): Atom[] => readAtoms(tokens, from, to, text, view.relative);
  const words = tokens.slice(clause.from, clause.to).map(({ word }) => word);
  const rest = read(restStart(clause, tokens), clause.to).filter(({ normal }) => normal !== 'anymore');
  const [first, last] = [tokens[clause.from]!.start, tokens[clause.to - 1]!.end];
  const isTold = view.endings.some((at) => at >= first && at <= last);
  const noLonger =
    isTold ||
    (predicate.negated &&
      (/(?:^| )(?:no longer|anymore|any more|any longer)(?: |$)/.test(words.join(' ')) || words.includes('anymore')));
  const frame: Frame = {
    subject: subjectOf(
      clause,
      tokens,
      text,
      clause.subject.kind === 'it' ? meantBy(before) : before?.subject,
      view.relative,
    ),
    verb: lemmaOf(predicate.lemma),
    rest,
    front: clause.subject.from > clause.from ? read(clause.from, clause.subject.from) : [],
    negated: predicate.negated !== isTold,
    ended: noLonger,
    past: predicate.tense === 'past' || predicate.modals.includes('used to'),
    begun: predicate.lemma === 'become',
    modals: predicate.modals,
    imperative: clause.subject.kind === 'imperative',
    progressive: predicate.progressive,
    perfect: predicate.perfect,
    modality: 'asserted',
    aspect: 'current',
    time: view.time,
  };
  dropNever(frame, words);
  if (predicate.modals.includes('would') && words.includes('rather') && frame.verb !== 'rather') {
    frame.verb = 'rather';
    frame.rest = read(predicate.at, clause.to);
  }
  if (isNobody(words)) {
    frame.negated = !frame.negated;
    frame.front = [];
  }
  if (isHaving(frame)) frame.verb = 'have';
  if (isNamedGerund(frame, predicate.at, tokens)) {
    frame.verb = 'be';
    frame.progressive = false;
    frame.rest = read(predicate.at, clause.to);
  }
  unwrap(frame);
  if (CHOOSING.test(frame.verb) && isChosenOver(frame)) frame.verb = 'prefer';
  frame.modality = words.some((word) => DOUBTING.test(word)) ? 'hypothetical' : modalityOf(frame, clause);
  frame.aspect = aspectOf(frame, predicate.tense === 'past', predicate.modals.includes('used to'));
  return frame;
}

/** "Tobias changed his number; it's …": what the clause before speaks of, where it is a property of its subject. */
function meantBy(before: Frame | undefined): Party | undefined {
  const owned = before?.rest[0];
  const owners = before?.subject.atoms ?? [];
  if (before === undefined || owned === undefined || !/^(?:own|his|her|their)$/.test(owned.article ?? ''))
    return before?.subject;
  const object = partyOf(splitValue(before.rest).atoms);
  if (attributeOf(object) === undefined || before.verb === 'be') return before.subject;
  if (owned.article === 'own' || owners.length === 0) return object;
  const mark: Atom = { ...owned, normal: "'s", article: null };
  return partyOf([...owners, mark, { ...owned, article: null }, ...object.atoms.slice(1)]);
}

/** Whoever says so does not know, or not yet. */
const DOUBTING = /^(?:perhaps|maybe|possibly|probably|supposedly|potentially|hopefully|presumably)$/;

/** "Nobody on the team", "none of us". */
const isNobody = ([first, second]: readonly string[]): boolean =>
  first === 'nobody' || first === 'none' || (first === 'no' && second === 'one');

/** Adverbs that tell something of their own, and adjectives that look like adverbs: "has long hair", "runs automatically". */
const TELLING =
  /^(?:long|well|temporarily|permanently|automatically|manually|slowly|quickly|mildly|severely|highly|partly|proudly|primarily)$/;

function restStart({ predicate }: Clause, tokens: readonly Token[]): number {
  let { rest } = predicate;
  while (rest - 1 > predicate.at && TELLING.test(tokens[rest - 1]!.word)) rest -= 1;
  return rest;
}

/** "Not … any more": the words that carry the ending are no content. */
function dropNever(frame: Frame, words: readonly string[]): void {
  const last = frame.rest.length - 1;
  if (words.at(-1) === 'more' && words.at(-2) === 'any') frame.rest = frame.rest.slice(0, last);
  else if (words.at(-1) === 'longer' && words.at(-2) === 'any') frame.rest = frame.rest.slice(0, last);
}

/** "Stopped smoking", "gave up coffee", "started to learn", "is able to swim": the inner verb is the one that counts. */
function unwrap(frame: Frame): void {
  for (let depth = 0; depth < 3; depth += 1) if (!unwrapOnce(frame)) return;
}

/** "Got laid off", "is being packed": the participle tells the state. */
function unwrapPassive(frame: Frame): void {
  const [first] = frame.rest;
  if (frame.verb === 'be' && first !== undefined && /^(?:being|getting|been)$/i.test(first.raw))
    frame.rest = frame.rest.slice(1);
  const word = first?.raw.toLowerCase() ?? '';
  const isParticiple =
    (readVerb(word)?.participle === true && readVerb(word)?.base !== true) ||
    /^(?:let|laid|cut|put|divorced|married|engaged)$/.test(word);
  if (frame.verb !== 'get' || !isParticiple || first?.article !== null) return;
  frame.verb = 'be';
  frame.begun = true;
  frame.past = false;
}

function unwrapOnce(frame: Frame): boolean {
  unwrapPassive(frame);
  const plain = plainVerbOf(frame.verb, frame.rest);
  if (plain !== undefined) {
    [frame.verb, frame.rest] = [plain.verb, plain.rest];
    // Who put down roots or tied the knot lives there and is married since.
    if (/^(?:live|marry)$/.test(plain.verb) && frame.past) [frame.begun, frame.past] = [true, false];
  }
  const { verb, rest } = frame;
  const first = rest[0];
  if (first === undefined) return false;
  if (
    (verb === 'have' || verb === 'need' || verb === 'try') &&
    first.normal === 'to' &&
    isVerb(rest[1]) &&
    rest.length > 1
  )
    return enter(frame, 2, {});
  if (STOPPING.has(verb) && isGerund(first)) return enter(frame, 1, { ended: true });
  const isGivenUp =
    (verb === 'give' && first.normal === 'up') ||
    (verb === 'cut' && first.normal === 'out') ||
    (verb === 'swear' && first.normal === 'off');
  if (isGivenUp && rest.length > 1) {
    if (isGerund(rest[1]!)) return enter(frame, 2, { ended: true });
    frame.verb = 'quit';
    frame.rest = rest.slice(1);
    return false;
  }
  if (verb === 'get' && first.normal === 'rid' && rest[1]?.normal === 'of') {
    frame.verb = 'discard';
    frame.rest = rest.slice(2);
    return false;
  }
  if ((STARTING.has(verb) || KEEPING.has(verb)) && isGerund(first))
    return enter(frame, 1, { begun: STARTING.has(verb) });
  if (STARTING.has(verb) && first.normal === 'to' && isVerb(rest[1])) return enter(frame, 2, { begun: true });
  if (verb === 'take' && first.normal === 'up' && rest[1] !== undefined && isGerund(rest[1]))
    return enter(frame, 2, { begun: true });
  if (verb === 'go' && isGerund(first)) return enter(frame, 1, {});
  if (
    (verb === 'come' || verb === 'grow' || verb === 'learn') &&
    first.normal === 'to' &&
    rest.length > 2 &&
    /^(?:like|love|enjoy|hate|appreciate|dislike|prefer|adore)$/.test(rest[1]!.lemma)
  )
    return enter(frame, 2, { begun: true });
  if (verb === 'learn' && first.normal === 'to' && isVerb(rest[1]) && !frame.progressive && frame.past) {
    frame.modals = [...frame.modals, 'can'];
    return enter(frame, 2, { begun: true });
  }
  if (verb === 'be' && first.normal === 'able' && rest[1]?.normal === 'to' && isVerb(rest[2])) {
    frame.modals = [...frame.modals, 'can'];
    return enter(frame, 3, {});
  }
  if (verb === 'be' && first.normal === 'unable' && rest[1]?.normal === 'to' && isVerb(rest[2])) {
    frame.modals = [...frame.modals, 'can'];
    frame.negated = !frame.negated;
    return enter(frame, 3, {});
  }
  if ((verb === 'manage' || verb === 'know') && first.normal === (verb === 'know' ? 'how' : 'to'))
    return knowHow(frame);
  return false;
}

function knowHow(frame: Frame): boolean {
  const skipped = frame.verb === 'know' ? 2 : 1;
  if (!isVerb(frame.rest[skipped])) return false;
  frame.modals = [...frame.modals, 'can'];
  return enter(frame, skipped + 1, {});
}

function enter(frame: Frame, taken: number, change: { ended?: boolean; begun?: boolean }): boolean {
  const inner = frame.rest[taken - 1]!;
  frame.verb = inner.lemma;
  frame.rest = frame.rest.slice(taken);
  if (change.ended) {
    // "Never stopped running" goes on.
    if (frame.negated) frame.negated = false;
    else {
      frame.ended = true;
      frame.negated = true;
    }
    frame.past = false;
  }
  if (change.begun) {
    frame.begun = true;
    frame.past = false;
  }
  return true;
}

const isGerund = (atom: Atom): boolean =>
  atom.kind === 'word' &&
  /^[a-z-]{2,}ing$/i.test(atom.raw) &&
  atom.article === null &&
  !/^(?:thing|something|anything|nothing|everything|king|ring|spring|string|wing|evening|morning|wedding|building|meeting|training)$/i.test(
    atom.raw,
  );

const isVerb = (atom: Atom | undefined): boolean =>
  atom?.kind === 'word' && (readVerb(atom.raw.toLowerCase())?.base ?? /^[a-z]+$/.test(atom.raw));

/** "I've got a subscription" is to have one. */
const isHaving = ({ verb, perfect, past, rest: [first] }: Frame): boolean =>
  verb === 'get' && perfect && !past && first !== undefined && (first.article !== null || first.kind === 'measure');

/** "My hobby is fishing": what the subject is, not what it does. */
function isNamedGerund({ progressive, subject }: Frame, at: number, tokens: readonly Token[]): boolean {
  const head = subject.atoms.at(-1);
  return (
    progressive &&
    head !== undefined &&
    tokens[at]!.word.endsWith('ing') &&
    /^(?:hobby|pastime|goal|dream|plan|ambition|aim|job|passion|fear|habit|interest|skill|strength|resolution|activity|exercise|sport|thing|hate|peeve|favorite)$/.test(
      head.normal,
    )
  );
}

/** "I'd pick tea over coffee" tells what somebody prefers. */
const CHOOSING = /^(?:pick|choose|take|have|favor|select|go)$/;

const isChosenOver = ({ modals, rest }: Frame): boolean =>
  modals.includes('would') && rest.some(({ normal }, at) => at > 0 && normal === 'over');

function modalityOf(frame: Frame, clause: Clause): Modality {
  const { verb, rest, modals } = frame;
  if (clause.opener === 'if' || clause.opener === 'unless') return frame.imperative ? 'asserted' : 'hypothetical';
  if (modals.includes('would'))
    return verb === 'like' || verb === 'love'
      ? 'wish'
      : verb === 'rather' || verb === 'prefer'
        ? 'asserted'
        : 'hypothetical';
  if (modals.includes('may') && isPermission(frame)) return frame.negated ? 'negated' : 'asserted';
  if (modals.includes('might') || modals.includes('may') || modals.includes('could')) return 'hypothetical';
  if (
    /^(?:dream|imagine|pretend|suppose)$/.test(verb) &&
    rest.some(({ normal }) => normal === 'that' || normal === 'i')
  )
    return 'hypothetical';
  if (WISHING.has(verb) && verb !== 'like' && rest.length > 0) return 'wish';
  if (PLANNING.has(verb) && rest.some(({ normal }) => normal === 'to' || normal === 'on')) return 'plan';
  if (modals.includes('will') || modals.includes('going to') || modals.includes('shall'))
    return frame.subject.kind === 'thing' ? 'asserted' : 'plan';
  if (
    frame.progressive &&
    /^(?:move|leave|get|travel|visit|fly|start|join|buy|sell|go|come|marry)$/.test(verb) &&
    frame.time.isFuture
  )
    return 'plan';
  if (clause.frame !== null && clause.frame.negated) return 'hypothetical';
  return frame.negated ? 'negated' : 'asserted';
}

/** "Visitors may stay", "children may not": said of many, it allows or forbids. */
const isPermission = ({ subject, verb }: Frame): boolean =>
  subject.kind === 'thing' && verb !== 'be' && /^\p{L}+[^s\W]s$/u.test(subject.atoms.at(-1)?.raw ?? '');

/** States that a participle tells: "was married" tells nothing of today. */
const LASTING =
  /^(?:married|engaged|employed|based|located|situated|used|owned|run|managed|led|subscribed|enrolled|stationed|interested|worried|scared|tired|excited|bored|hosted|housed|parked|stored|kept|priced|headed|maintained|supervised)$/;

/** "The bug was closed": what was done to it lasts. */
const isDone = ({ verb, rest }: Frame): boolean => {
  const word = rest[0]?.raw.toLowerCase() ?? '';
  return (
    /^(?:be|get)$/.test(verb) &&
    !LASTING.test(word) &&
    (readVerb(word)?.participle === true || /^[a-z-]{3,}ed$/.test(word))
  );
};

function aspectOf(frame: Frame, isPast: boolean, usedTo: boolean): Aspect {
  if (frame.ended) return 'ended';
  if (isPast && !usedTo && isDone(frame)) return 'current';
  if (frame.modality === 'plan') return 'planned';
  if (usedTo) return 'past';
  return isPast && frame.past ? 'past' : 'current';
}
