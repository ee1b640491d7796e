import type { Claim } from '#libs/domain/belief/claim.js';
import { readAmountChange } from './amount-changes.js';
import { isOwned } from './atoms.js';
import type { Atom } from './atoms.js';
import { ENDING_VERBS, REPLACING_VERBS, STATUS_BY_VERB, STATUS_OF_VERB } from './claim-patterns.js';
import { readCopula, relative, titled } from './copula-claims.js';
import type { Frame } from './frames.js';
import { isKin, isPersonWord, isPet, kinSlot, partyOf, SELF } from './parties.js';
import { attributeOf, isCondition } from './copula.js';
import { matchesOf } from './pattern-matching.js';
import type { Match } from './pattern-matching.js';
import { readVerb as readWord } from '../verbs.js';
import { listOf, quantityOf, rawOf, readFront, splitContrast, splitValue, wordsOf } from './values.js';
import type { Value } from './values.js';

/** What a claim builder fills in; the rest comes from the frame. */
export interface Draft {
  slot: string;
  atoms: readonly Atom[];
  /** Normal form where it is not that of the atoms. */
  normal?: string;
  value?: Value;
  subject?: string;
  denied?: boolean;
  ended?: boolean;
  begun?: boolean;
}

/** Slots whose values are often listed: "speaks Italian and French". */
const LISTED = /^(?:language|preference|allergy|possession|vehicle|pet|skill|condition|hobby|tool|do:|sibling|child|friend|fear|medication)/;

/** Every claim of one clause, in the order of its values. */
export function claimsOf(frame: Frame, text: string): Claim[] {
  const { kept, denied } = splitContrast(frame.rest);
  const main = { ...frame, rest: kept };
  const claims = readFrame(main, text).flatMap(forEach);
  if (denied.length === 0 || claims.length === 0) return claims;
  const other = readFrame({ ...main, rest: withLead(kept, denied), negated: !frame.negated }, text);
  return [...claims, ...other.filter(({ normal, slot }) => claims.some((one) => one.slot === slot && one.normal !== normal))];
}

/** "Freya and Magnus broke up": a claim for each of them, the other being the partner. */
function forEach(claim: Claim): Claim[] {
  const names = claim.subject.split(' and ');
  if (names.length !== 2 || names.some((name) => name === '')) return [claim];
  return names.map((subject, at) => ({ ...claim, subject: /^(?:i|me|we)$/.test(subject) ? 'self' : subject, normal: claim.slot === 'partner' && /^(?:any|)$/.test(claim.normal) ? names[1 - at]! : claim.normal }));
}

/** "on Tuesday, not Monday": the denied part borrows its preposition. */
function withLead(kept: readonly Atom[], denied: readonly Atom[]): Atom[] {
  const lead = kept[0];
  const borrows = lead?.kind === 'word' && /^(?:in|on|at|to|for|with|by|from|up)$/.test(lead.normal) && denied[0]!.normal !== lead.normal;
  return borrows ? [lead, ...denied] : [...denied];
}

function readFrame(frame: Frame, text: string): Claim[] {
  const build = (draft: Draft): Claim[] => claimsFrom(draft, frame, text);
  const changed = readAmountChange(frame).flatMap(build);
  if (changed.length > 0) return changed;
  const replaced = readReplacement(frame, build);
  if (replaced.length > 0) return replaced;
  if (frame.modality === 'wish' && frame.verb !== 'want' && frame.rest.length > 0) return readWish(frame, build);
  const permitted = readPermission(frame, build);
  if (permitted.length > 0) return permitted;
  if (frame.modals.includes('can') && !isLiking(frame) && !/^(?:speak|eat|drink|be|use|have)$/.test(frame.verb)) return readAbility(frame, build);
  if (frame.verb === 'be' && attributeOf(frame.subject) !== undefined && !isParticiple(frame.rest[0])) {
    const claims = readCopula(frame).flatMap(build);
    if (claims.length > 0) return claims;
  }
  if (frame.verb === 'want' && frame.rest[0]?.normal !== 'to' && frame.rest.length > 0) frame = { ...frame, verb: 'prefer', modality: frame.negated ? 'negated' : 'asserted' };
  for (const match of matchesOf(frame.imperative && frame.verb === 'keep' ? '' : frame.verb, frame.rest)) {
    const claims = readMatch(match, frame, build);
    if (claims.length > 0) return claims;
  }
  if (frame.verb === 'be' || frame.verb === 'become') {
    const claims = readCopula(frame).flatMap(build);
    if (claims.length > 0) return claims;
  }
  return readVerb(frame, build);
}

const isParticiple = (atom: Atom | undefined): boolean => atom !== undefined && atom.article === null && !atom.capital && (/^[a-z-]{3,}ed$/.test(atom.raw) || readWord(atom.raw)?.participle === true);

/** "Would like to run": a goal. */
function readWish(frame: Frame, build: (draft: Draft) => Claim[]): Claim[] {
  const value = splitValue(frame.rest[0]!.normal === 'to' ? frame.rest.slice(1) : frame.rest, GOAL_WORDS);
  return build({ slot: 'goal', atoms: value.atoms, value });
}

const GOAL_WORDS: ReadonlySet<string> = new Set(['to', 'for', 'in', 'at', 'on', 'from', 'with', 'about']);
const PERMITTED = /^(?:fine|ok|okay|allowed|permitted|acceptable|encouraged|welcome|recommended)$/;
const FORBIDDEN = /^(?:forbidden|prohibited|banned|discouraged|off-limits)$/;

/** "Deploying on Fridays is fine now": an order about what the gerund names. */
function readPermission(frame: Frame, build: (draft: Draft) => Claim[]): Claim[] {
  const [gerund, ...object] = frame.subject.atoms;
  const answer = frame.rest[0]?.normal ?? '';
  const isForbidden = FORBIDDEN.test(answer);
  if (frame.verb !== 'be' || gerund === undefined || !/ing$/i.test(gerund.raw) || (!PERMITTED.test(answer) && !isForbidden)) return [];
  const order: Frame = { ...frame, verb: gerund.lemma, rest: object, imperative: true, negated: frame.negated !== isForbidden, subject: SELF };
  return readVerb(order, (draft) => build({ ...draft, subject: SELF.normal, denied: isForbidden }));
}

/** "Can't stand", "could not bear": a preference, no ability. */
const isLiking = ({ verb }: Frame): boolean => /^(?:stand|bear|tolerate|stomach|abide)$/.test(verb);

function readAbility(frame: Frame, build: (draft: Draft) => Claim[]): Claim[] {
  const value = splitValue(frame.rest);
  return build({ slot: 'ability', atoms: value.atoms, value, normal: [frame.verb, wordsOf(value.atoms)].join(' ').trim() });
}

function readMatch({ rule, captures }: Match, frame: Frame, build: (draft: Draft) => Claim[]): Claim[] {
  const { kind } = frame.subject;
  if (rule.aboutSpeaker) {
    const [measure, atoms] = captures;
    return build({ slot: rule.slot, atoms: [...measure!, ...atoms!], subject: 'self', begun: true });
  }
  if (rule.about === 'person' && kind === 'thing' && !isLikelyPerson(frame)) return [];
  if (rule.about === 'thing' && kind === 'self') return [];
  const effect = { denied: rule.effect === 'denies' || isLiking(frame), ended: rule.effect === 'ends', begun: rule.effect === 'begins' };
  if (isLiking(frame)) effect.denied = false;
  if (captures.length === 0) {
    const normal = valueOfRule(rule.value, frame);
    return build({ slot: rule.slot, atoms: frame.rest, normal, value: { ...splitValue([]), ...tailOf(frame.rest) }, ...effect });
  }
  if (rule.named && !captures[0]![0]!.capital) return [];
  if (rule.ofObject) return ofObject(rule.slot, captures, build);
  if (rule.value === '$medicine' && !MEDICINE.test(wordsOf(splitValue(captures[0]!).atoms))) return [];
  if (rule.slot === 'location' && frame.verb === 'be' && /^(?:in|on|at|under|near)$/.test(frame.rest[0]!.normal)) return [];
  if (/^(?:status|duration)$/.test(rule.slot) && isBareName(frame)) return [];
  const slot = measureSlot(rule.slot, captures[0]!).replace('$verb', verbPhrase(frame));
  if (slot === 'residence' && captures.length === 2) return fromTo(slot, captures, build);
  if (slot === 'prefer') return readPreference(captures, build);
  if (slot === 'name' && kind !== 'self' && (isKin(frame.subject.normal) || isPet(frame.subject.normal))) return relative(frame.subject.normal, captures[0]!).flatMap(build);
  const atoms = slot === 'medication' ? captures.flat() : captures[0]!;
  const attribute = slot === 'time' ? attributeOf(frame.subject) : undefined;
  if (isMoment(atoms)) return build({ slot: attribute?.slot ?? slot, subject: attribute?.owner.normal, atoms, normal: atoms[0]!.normal, value: { ...splitValue([]), ...tailOf(frame.rest, atoms) }, ...effect });
  if (rule.inverse) return inverse(slot, atoms, frame, build);
  const value = splitValue(atoms, slot === 'goal' ? GOAL_WORDS : slot === 'residence' || slot === 'location' ? new Set(['near']) : undefined);
  if (value.atoms.length === 0) return [];
  return listed(slot, value, build, effect, frame);
}

/** By their usual endings, and the words for what is taken. */
const MEDICINE = /(?:^| )(?:medicine|medication|pill|tablet|vitamin|insulin|antibiotic|supplement|antidepressant|painkiller|statin|inhaler|steroid|[a-z]+(?:pril|statin|zole|cillin|profen|pam|sartan|cycline|oxetine|formin|olol|pirin|idine|thyroxine|zine|done|phen|amide|traline|lopram))(?: |$)/;

/** One capitalised word in front, which may well be a person: "Jill runs". */
const isBareName = ({ subject }: Frame): boolean => subject.kind === 'person' && subject.atoms.length === 1 && subject.atoms[0]!.article === null && !isPersonWord(subject.normal);

/** A length in time is a duration, whatever verb tells it. */
const measureSlot = (slot: string, atoms: readonly Atom[]): string => (slot === 'measure' && /^(?:s|day|month)$/.test(atoms[0]!.quantity?.unit ?? '') ? 'duration' : slot);

/** "Moved the spare keys to the shed": a claim about the keys. */
function ofObject(slot: string, captures: readonly Atom[][], build: (draft: Draft) => Claim[]): Claim[] {
  const [object, target] = captures;
  if (slot === 'time' && target![0]!.kind === 'moment') {
    const changed = partyOf(object!);
    const attribute = attributeOf(changed);
    return build({ slot: attribute?.slot ?? slot, atoms: target!, normal: target![0]!.normal, subject: attribute?.owner.normal ?? changed.normal, begun: true, value: splitValue([]) });
  }
  const isKnown = object![0]!.article === 'the' || isOwned(object![0]!) || object!.some(({ normal }) => /\d/.test(normal));
  const value = splitValue(target!);
  if (!isKnown || value.atoms.length === 0) return [];
  return build({ slot, atoms: value.atoms, value, subject: partyOf(object!).normal, begun: true });
}

const isMoment = (atoms: readonly Atom[]): boolean => atoms.length === 1 && atoms[0]!.kind === 'moment';

/** "Mei" may be one word and a person; a team or company may speak, prefer and use as well. */
const isLikelyPerson = ({ subject }: Frame): boolean => subject.kind === 'thing' && /^(?:[a-z' ]+(?:team|department|company|family|couple|group|office|agency|squad))$/.test(subject.normal);

/** Circumstances behind a captured moment or amount. */
function tailOf(rest: readonly Atom[], captured: readonly Atom[] = []): Partial<Value> {
  const last = captured.at(-1);
  const after = last === undefined ? rest : rest.slice(rest.indexOf(last) + 1);
  const tail = splitValue([{ ...(rest[0] ?? ({} as Atom)), normal: 'x', kind: 'word' }, ...after]);
  return { qualifiers: tail.qualifiers, moment: last === undefined ? tail.moment : null, recurring: tail.recurring };
}

function valueOfRule(value: string | undefined, frame: Frame): string {
  if (value === '$status') return frame.rest.some(({ normal }) => normal === 'down') && frame.verb === 'go' ? 'down' : frame.rest.some(({ normal }) => normal === 'down') ? 'broken' : (STATUS_OF_VERB.get(frame.verb) ?? frame.verb);
  if (value === '$last' || value === '$diet') return frame.rest.find(({ normal }) => normal !== 'only' && normal !== 'a')?.normal ?? '';
  return value ?? '';
}

const verbPhrase = ({ verb, rest }: Frame): string => {
  const words = rest.slice(0, 2).filter(({ kind }) => kind === 'word').map(({ normal, lemma }) => (lemma.startsWith('re') && readWord(lemma.slice(2))?.base ? lemma.slice(2) : /^(?:in|on|with|by|from|of|at|to|port)$/.test(normal) ? normal : lemma));
  if (words.includes('port')) return 'port';
  return verb === 'be' ? words.join(' ') : /^(?:on|in|with|from)$/.test(words[0] ?? '') ? `${verb} ${words[0]}` : verb;
};

function fromTo(slot: string, captures: readonly Atom[][], build: (draft: Draft) => Claim[]): Claim[] {
  const from = splitValue(captures[0]!);
  const to = splitValue(captures[1]!);
  return [
    ...build({ slot, atoms: to.atoms, value: to, begun: true }),
    ...build({ slot, atoms: from.atoms, value: from, ended: true }),
  ];
}

function readPreference(captures: readonly Atom[][], build: (draft: Draft) => Claim[]): Claim[] {
  const first = splitValue(captures[0]!);
  const claims = build({ slot: 'prefer', atoms: first.atoms, value: first });
  if (captures.length < 2) return claims;
  const second = splitValue(captures[1]!);
  return [...claims, ...build({ slot: 'prefer', atoms: second.atoms, value: second, denied: true })];
}

/** "Anna manages Ben": the claim is Ben's. */
function inverse(slot: string, atoms: readonly Atom[], frame: Frame, build: (draft: Draft) => Claim[]): Claim[] {
  const value = splitValue(atoms);
  if (value.atoms.length === 0) return [];
  if (slot === 'owner' && value.atoms[0]!.article === 'a') return build({ slot: 'possession', atoms: value.atoms, value });
  if (slot === 'manager' && !value.atoms.every(({ capital }) => capital) && partyOf(value.atoms).kind === 'thing') return inverse('owner', atoms, frame, build);
  const owned = partyOf(value.atoms);
  if (slot === 'owner' && owned.kind === 'person') return [];
  const own = slot === 'owner' && frame.verb === 'own' && frame.subject.kind !== 'thing' && value.atoms[0]!.article !== 'the';
  if (own || (frame.verb === 'run' && (value.atoms[0]!.kind !== 'word' || value.atoms[0]!.article === null || value.atoms[0]!.article === 'a'))) return [];
  return build({ slot, atoms: frame.subject.atoms, normal: frame.subject.normal, subject: owned.normal, value: { ...value, atoms: [] } });
}

function listed(slot: string, value: Value, build: (draft: Draft) => Claim[], effect: Partial<Draft>, frame: Frame): Claim[] {
  const items = LISTED.test(slot) ? listOf(value.atoms) : [value.atoms];
  return items.flatMap((atoms) => {
    if (slot === 'possession') return possession(atoms, value, build, effect);
    if (slot === 'language') return languageClaims(atoms, value, build, effect);
    if (slot === 'vehicle' && frame.verb === 'ride' && atoms[0]!.article === null && !atoms[0]!.capital) return build({ slot: 'do:ride', atoms, value, ...effect });
    if (slot === 'job_title') return titled([...atoms, ...restAfter(atoms, frame.rest)]).flatMap((draft) => build({ ...draft, ...effect }));
    if (slot === 'age') return ageClaim(atoms, value, build);
    return build({ slot, atoms, value, ...effect });
  });
}

/** "30 years old" and "30". */
function ageClaim(atoms: readonly Atom[], value: Value, build: (draft: Draft) => Claim[]): Claim[] {
  const { amount, unit } = atoms[0]!.quantity!;
  if (unit !== null && unit !== 'month') return [];
  const years = unit === 'month' ? amount / 12 : amount;
  return build({ slot: 'age', atoms: [{ ...atoms[0]!, normal: `${years}year`, quantity: { amount: years, unit: 'year' } }], value });
}

const restAfter = (atoms: readonly Atom[], rest: readonly Atom[]): readonly Atom[] => rest.slice(rest.indexOf(atoms.at(-1)!) + 1);

const LEVELS = /^(?:fluent|basic|conversational|native|beginner|intermediate|advanced|fluently|well|little|bit|perfect|broken|rusty|good|some|excellent)$/;

/** "Speaks basic Spanish", "speaks Spanish fluently": the level is a circumstance of the language. */
function languageClaims(atoms: readonly Atom[], value: Value, build: (draft: Draft) => Claim[], effect: Partial<Draft>): Claim[] {
  const levels = atoms.filter(({ normal }) => LEVELS.test(normal)).map(({ normal }) => normal.replace(/ly$/, ''));
  const named = atoms.filter(({ normal }) => !LEVELS.test(normal) && normal !== 'language');
  if (named.length === 0) return build({ slot: 'language', atoms, value, ...effect });
  return build({ slot: 'language', atoms: named, value: { ...value, qualifiers: [...value.qualifiers, ...levels] }, ...effect });
}

/** "Has a budget of $1,500": a property, not a thing. */
function ownedProperty(atoms: readonly Atom[], value: Value, build: (draft: Draft) => Claim[]): Claim[] | null {
  const at = value.qualifiers.length === 0 ? atoms.findIndex(({ normal }) => normal === 'of') : -1;
  const attribute = at > 0 && at < atoms.length - 1 ? attributeOf(partyOf(atoms.slice(0, at).map((atom) => ({ ...atom, article: 'own' as const })))) : undefined;
  return attribute === undefined ? null : build({ slot: attribute.slot, atoms: atoms.slice(at + 1), value });
}

/** Having a brother, a cat, two cars, diabetes: as many slots. */
function possession(atoms: readonly Atom[], value: Value, build: (draft: Draft) => Claim[], effect: Partial<Draft>): Claim[] {
  const at = atoms.findIndex(({ kind, normal }, index) => index > 0 && kind === 'word' && /^(?:named|called)$/.test(normal));
  const noun = (at < 0 ? atoms : atoms.slice(0, at)).filter(({ kind }) => kind === 'word');
  const name = at < 0 ? [] : atoms.slice(at + 1);
  const head = noun.at(-1);
  if (head === undefined) return build({ slot: 'possession', atoms, value, ...effect });
  const property = ownedProperty(atoms, value, build);
  if (property !== null) return property;
  const quantity = atoms.find(({ kind }) => kind === 'measure');
  if (quantity !== undefined && quantity.quantity!.unit === null)
    return build({ slot: `quantity:${head.normal}`, atoms, value, ...effect });
  const kinAt = noun.findIndex(({ normal }) => isKin(normal));
  if (kinAt >= 0) return build({ slot: kinSlot(noun[kinAt]!.normal), atoms, normal: wordsOf([...noun, ...name]), value, ...effect });
  if (noun.some(({ normal }) => isCondition(normal))) return build({ slot: 'condition', atoms, value, ...effect });
  const slot = noun.some(({ raw }) => isPet(raw.toLowerCase()) || isPet(raw.toLowerCase().replace(/s$/, ''))) ? 'pet' : 'possession';
  return build({ slot, atoms, normal: wordsOf([...noun, ...name]), value, ...effect });
}

/** "Switched from X to Y", "traded X for Y", "replaced X with Y". */
function readReplacement(frame: Frame, build: (draft: Draft) => Claim[]): Claim[] {
  if (!REPLACING_VERBS.has(frame.verb)) return [];
  const { rest } = frame;
  const first = rest.findIndex(({ normal }) => normal === 'from');
  const link = rest.findIndex(({ kind, normal }, at) => at > first && at > 0 && kind === 'word' && /^(?:to|for|with|by|into|onto)$/.test(normal));
  if (rest.some(({ kind }, at) => kind === 'moment' && (at === first + 1 || at === link + 1) && at > 0)) return [];
  const isMove = frame.verb === 'move' || frame.verb === 'go';
  if (first >= 0 && link > first + 1) return pair(isMove && frame.subject.kind !== 'thing' ? 'residence' : 'any', rest.slice(first + 1, link), rest.slice(link + 1), build);
  if (/^(?:trade|swap|exchange|replace|drop|ditch|abandon|jump)$/.test(frame.verb) && link > 0 && first < 0) return pair('any', rest.slice(0, link), rest.slice(link + 1), build);
  const to = rest.findIndex(({ normal }) => normal === 'to');
  const isNew = /^(?:switch|migrate|change|convert|transition|upgrade|downgrade)$/.test(frame.verb);
  if (isNew && to >= 0 && to <= 2 && to < rest.length - 1 && frame.subject.kind !== 'thing') {
    const value = splitValue(rest.slice(to + 1));
    return build({ slot: 'any', atoms: value.atoms, value, begun: true });
  }
  return [];
}

function pair(slot: string, before: Atom[], after: Atom[], build: (draft: Draft) => Claim[]): Claim[] {
  const from = splitValue(before);
  const to = splitValue(after);
  if (from.atoms.length === 0 || to.atoms.length === 0) return [];
  return [...build({ slot, atoms: to.atoms, value: to, begun: true }), ...build({ slot, atoms: from.atoms, value: from, ended: true })];
}

const SMALL_VERBS = new Set(['do', 'have', 'be', 'go', 'get']);

/** What no pattern takes: the verb is the slot. */
function readVerb(frame: Frame, build: (draft: Draft) => Claim[]): Claim[] {
  const { verb, rest } = frame;
  const preposition = rest[0]?.kind === 'word' && /^(?:in|on|at|to|with|for|from|up|out|off|down|into|by|about|through|over)$/.test(rest[0].normal) ? rest[0].normal : '';
  const value = splitValue(preposition === '' ? rest : rest.slice(1));
  const status = STATUS_BY_VERB.get(verb);
  const isThing = value.atoms.length > 0 && (value.atoms[0]!.article === 'the' || isOwned(value.atoms[0]!) || /\d/.test(value.atoms.at(-1)!.normal));
  if (status !== undefined && isThing && preposition === '' && !frame.imperative && frame.modality === 'asserted') {
    const states = build({ slot: 'status', atoms: value.atoms, normal: status, subject: partyOf(value.atoms).normal, value: splitValue([]), begun: true });
    return ENDING_VERBS.has(verb) ? [...states, ...build({ slot: 'any', atoms: value.atoms, value, ended: true })] : states;
  }
  if (status !== undefined && value.atoms.length === 0 && preposition === '' && frame.subject.kind === 'thing' && !frame.imperative) return build({ slot: 'status', atoms: frame.subject.atoms, normal: status, value, begun: true });
  if (ENDING_VERBS.has(verb) && !frame.imperative && value.atoms.length > 0) {
    const slot = verb === 'leave' || verb === 'quit' ? (value.atoms.every(({ capital }) => capital) ? 'employer' : 'any') : 'any';
    return build({ slot, atoms: value.atoms, value, ended: true });
  }
  const phrase = preposition === '' ? verb : `${verb} ${preposition}`;
  const amount = quantityOf(value.atoms);
  if (amount !== null && !frame.imperative) return build({ slot: `quantity:${phrase} ${amount.unit ?? ''}`.trim(), atoms: value.atoms, value });
  if (value.moment !== null && !frame.imperative && frame.modality !== 'plan' && !frame.past && /(?:^| )[tw]=/.test(value.moment)) {
    const activity = [phrase, wordsOf(value.atoms)].join(' ').trim();
    return build({ slot: `schedule:${activity}`, atoms: rest, normal: value.moment, value: { ...value, moment: null } });
  }
  if (frame.imperative && (verb === 'keep' || verb === 'make') && value.atoms.length > 1) {
    const state = value.atoms.at(-1)!;
    return build({ slot: 'status', atoms: [state], subject: partyOf(value.atoms.slice(0, -1)).normal, value: { ...value, atoms: [state] } });
  }
  const slot = `${frame.imperative ? 'guideline' : 'do'}:${phrase}`;
  if (frame.imperative && value.moment !== null && value.atoms.length === 0) return build({ slot, atoms: rest, normal: value.moment, value: { ...value, moment: null } });
  if (!frame.imperative && /^(?:with|in|on|using)$/.test(preposition) && value.atoms[0]?.capital && frame.subject.kind === 'self' && !frame.past) return build({ slot: 'tool', atoms: value.atoms, value: { ...value, qualifiers: [...value.qualifiers, `for ${verb}`].sort() } });
  if (value.atoms.length === 0) return SMALL_VERBS.has(verb) ? [] : build({ slot, atoms: rest, normal: '', value });
  return listed(slot, value, build, {}, frame);
}

/** "On Mondays", "in summer": a time that comes round again is a condition, not a date. */
function comesRound({ moment, recurring }: Value, frame: Frame): boolean {
  if (moment === null) return false;
  return recurring || (!frame.past && /^[sp]=/.test(moment));
}

function claimsFrom(draft: Draft, frame: Frame, text: string): Claim[] {
  const atoms = draft.atoms.filter(({ normal }) => normal !== "'s");
  const isNone = atoms[0]?.article === 'no';
  const value = draft.value ?? splitValue(atoms);
  const ended = (draft.ended === true && !frame.negated) || frame.ended;
  const negative = (draft.ended === true) !== (frame.negated !== (draft.denied === true)) !== isNone;
  const front = readFront(frame.front);
  const begun = draft.begun === true || frame.begun;
  const moments = [value, front].filter((one) => comesRound(one, frame)).map(({ moment }) => moment!);
  const plain = draft.slot === 'status' ? atoms.filter(({ kind }) => kind !== 'moment').map(({ normal }) => normal).join(' ') : undefined;
  const claim: Claim = {
    subject: draft.subject ?? frame.subject.normal,
    slot: draft.slot,
    value: rawOf(atoms, text),
    normal: draft.normal ?? plain ?? wordsOf(value.atoms.length > 0 && draft.value === undefined ? value.atoms : atoms),
    polarity: negative ? 'negative' : 'positive',
    modality: frame.modality === 'asserted' && negative && frame.negated ? 'negated' : frame.modality,
    aspect: ended ? 'ended' : /^(?:birth|origin|name)/.test(draft.slot) ? 'current' : begun && frame.aspect === 'past' ? 'current' : frame.aspect,
    qualifiers: [...value.qualifiers, ...front.qualifiers, ...moments].sort(),
    quantity: quantityOf(atoms),
    validFrom: moments.length > 0 ? null : frame.time.validFrom,
    validTo: moments.length > 0 ? null : frame.time.validTo,
  };
  return [claim];
}
