import type { Atom } from './atoms.js';
import { comparedDraft } from './comparatives.js';
import { doseDraft } from './doses.js';
import type { Draft } from './drafts.js';
import { agentVerb, attributeOf, complementOf, favoriteOf, headOf, roleOf } from './copula.js';
import type { Frame } from './frames.js';
import { readVerb as readWord } from '../verbs.js';
import { isKin, isPersonWord, isPet, kinSlot, partyOf, relativeOf, SELF } from './parties.js';
import type { Relative } from './parties.js';
import { heldUnder } from './own-nouns.js';
import { tasteDraft, unmatched } from './tastes.js';
import { splitValue, wordsOf } from './values.js';
import type { Value } from './values.js';
import { isCurrency } from './measures.js';

const PLACE_PREPOSITIONS = /^(?:in|at|on|near|under|behind|inside|outside|next)$/;

/** What "X is Y" claims: a property of an owner, a role, a place, a time, a kind or a state. */
export function readCopula(frame: Frame): Draft[] {
  const { rest, subject } = frame;
  const [first] = rest;
  if (first === undefined) return [];
  if (subject.normal === 'there') return existence(rest, frame);
  const special =
    tasteDraft(rest, subject) ??
    heldUnder(rest, subject) ??
    doseDraft(subject, rest) ??
    comparedDraft(rest, subject.normal) ??
    responsibility(rest) ??
    likedMost(rest, subject);
  if (special !== undefined) return [special];
  const look = lookDraft(subject, rest);
  if (look !== undefined) return [look];
  const attribute = attributeOf(subject);
  const done = doneBy(rest);
  if (done !== undefined) return [done];
  const kin = attribute?.slot === 'name' ? relativeOf(attribute.owner) : undefined;
  if (kin !== undefined) return relative(kin, rest);
  if (attribute !== undefined && isState(first))
    return [{ slot: 'status', atoms: splitValue(rest).atoms, value: splitValue(rest) }];
  const inner = PLACE_PREPOSITIONS.test(first.normal) && rest.length > 1 ? rest.slice(1) : rest;
  const dated = rest.findIndex(({ kind }) => kind === 'moment');
  if (attribute !== undefined && dated > 0 && dated <= 2 && DUE.test(first.normal))
    return [{ ...momentDraft(`${attribute.slot} due`, rest.slice(dated)), subject: attribute.owner.normal }];
  if (attribute !== undefined) {
    const drafts = property(attribute.slot, attribute.owner.normal, inner);
    const { qualifiers } = attribute;
    return qualifiers === undefined || qualifiers.length === 0
      ? drafts
      : drafts.map((draft) => ({ ...draft, value: withConditions(draft.value!, qualifiers) }));
  }
  if (inner[0]!.kind === 'moment') return [momentDraft('time', inner)];
  if (inner !== rest && inner[0]!.kind !== 'measure') return placed(first, inner, frame);
  if (first.normal === 'out' && rest[1]?.normal === 'of' && rest[2] !== undefined) return [outOf(rest[2])];
  if (
    first.kind === 'word' &&
    /^(?:for|with|about|against|by|from|of|up|off|out|down)$/.test(first.normal) &&
    rest.length > 1
  ) {
    const value = splitValue(rest.slice(1));
    return [{ slot: `be ${first.normal}`, atoms: value.atoms, value }];
  }
  if (first.kind === 'measure') return measured(rest);
  if (first.normal === 'at' && rest[1]?.kind === 'measure' && rest[1].quantity!.unit !== null)
    return measured(rest.slice(1));
  return described(rest, frame);
}

/** "My eyes are brown": the same as having brown eyes. */
function lookDraft({ atoms }: Frame['subject'], rest: readonly Atom[]): Draft | undefined {
  const part = atoms.at(-1);
  const mark = atoms.at(-2)?.normal === "'s";
  const isPart = /^(?:eye|hair|skin|beard|voice|handwriting)$/.test(part?.normal ?? '');
  const isWhose = mark || (atoms.length === 1 && /^(?:own|his|her)$/.test(part?.article ?? ''));
  if (!isPart || !isWhose || rest.length !== 1 || rest[0]!.kind !== 'word') return undefined;
  const owner = mark
    ? partyOf(atoms.slice(0, -2)).normal
    : { own: 'self', his: 'he', her: 'she' }[part!.article as 'own'];
  return { slot: `${part!.normal} look`, atoms: rest, subject: owner, value: splitValue([]) };
}

/** "Green is the colour that Mina likes best". */
function likedMost(rest: readonly Atom[], subject: Frame['subject']): Draft | undefined {
  const verb = rest.findIndex(({ lemma }, at) => at > 1 && /^(?:like|love|enjoy|prefer)$/.test(lemma));
  if (verb < 0 || verb !== rest.length - 2 || !/^(?:best|most)$/.test(rest.at(-1)!.normal)) return undefined;
  const phrase = rest.slice(0, verb).filter(({ normal }) => !/^(?:that|which)$/.test(normal));
  const owner = partyOf(phrase.slice(-1));
  return {
    slot: `favorite:${wordsOf(phrase.slice(0, -1))}`,
    atoms: subject.atoms,
    normal: wordsOf(subject.atoms),
    subject: owner.normal,
    value: splitValue([]),
  };
}

/** "The newsletter is Valentina's job": who owns it. */
function responsibility(rest: readonly Atom[]): Draft | undefined {
  const mark = rest.findLastIndex(({ normal }) => normal === "'s");
  const isTask = /^(?:responsibility|job|task|remit|baby|business|domain|department)$/.test(rest.at(-1)!.normal);
  if (!isTask || mark < 1 || mark !== rest.length - 2) return undefined;
  const owner = rest.slice(0, mark);
  return { slot: 'owner', atoms: owner, normal: partyOf(owner).normal, value: splitValue([]) };
}

/** "There are 12 people on the team": the team has them. */
function existence(rest: readonly Atom[], { negated }: Frame): Draft[] {
  const most = rest[0]!.article === 'no' || negated ? unmatched(rest) : undefined;
  if (most !== undefined) return [negated ? { ...most, denied: true } : most];
  const at = rest.findIndex(({ normal }, index) => index > 0 && /^(?:in|on|at|for)$/.test(normal));
  const counted = at < 0 ? rest : rest.slice(0, at);
  const owner = at < 0 ? 'there' : partyOf(rest.slice(at + 1)).normal;
  const head = headOf(counted);
  const measure = counted.find(({ kind }) => kind === 'measure');
  if (measure === undefined) return [{ slot: 'has', atoms: counted, subject: owner, value: splitValue(counted) }];
  return [
    { slot: `quantity:${head.normal}`, atoms: counted, normal: measure.normal, subject: owner, value: splitValue([]) },
  ];
}

/** "Out of order" is broken; "out of stock" is a state of its own. */
function outOf(what: Atom): Draft {
  const isBroken = /^(?:order|service|action|commission)$/.test(what.normal);
  return {
    slot: 'status',
    atoms: [what],
    normal: isBroken ? 'broken' : `out of ${what.normal}`,
    value: splitValue([]),
  };
}

const withConditions = (value: Value, qualifiers: readonly string[]): Value => ({
  ...value,
  qualifiers: [...value.qualifiers, ...qualifiers].sort(),
});

const DUE = /^(?:due|scheduled|planned|expected|payable)$/;

function property(slot: string, owner: string, rest: readonly Atom[]): Draft[] {
  if (rest[0]!.kind === 'moment') return [{ ...momentDraft(slot, rest), subject: owner }];
  const value = splitValue(rest, new Set(slot.startsWith('favorite') ? ['with', 'in', 'on'] : []));
  return [{ slot, atoms: value.atoms, value, subject: owner }];
}

function momentDraft(slot: string, rest: readonly Atom[]): Draft {
  const value = splitValue([{ ...rest[0]!, kind: 'word', normal: 'x' }, ...rest.slice(1)]);
  const parts = value.moment === null ? rest[0]!.normal : `${rest[0]!.normal} ${value.moment}`;
  return { slot, atoms: rest, normal: parts, value: { ...value, moment: null, recurring: false } };
}

function placed(preposition: Atom, rest: readonly Atom[], frame: Frame): Draft[] {
  const value = splitValue(rest, new Set(['near']));
  if (value.atoms.length === 0) return [];
  if (frame.subject.kind === 'thing') {
    const isPlain =
      /^(?:progress|review|production|staging|draft|use|stock|beta|maintenance|place|transit|order|development|testing|hold|sale|schedule|track|fire|vacation|leave|pause)$/.test(
        value.atoms.at(-1)!.normal,
      );
    return [
      {
        slot: isPlain ? 'status' : 'location',
        atoms: value.atoms,
        value,
        ...(isPlain ? { normal: `${preposition.normal} ${wordsOf(value.atoms)}` } : {}),
      },
    ];
  }
  const isVisit = frame.past && value.atoms[0]!.capital;
  return [{ slot: isVisit ? 'visited' : 'location', atoms: value.atoms, value }];
}

function measured(rest: readonly Atom[]): Draft[] {
  const unit = rest[0]!.quantity!.unit;
  const value = splitValue(rest);
  const slot =
    unit !== null && isCurrency(unit)
      ? 'price'
      : unit === null && rest.length > 1
        ? `quantity:${headOf(rest).normal}`
        : 'measure';
  return [{ slot, atoms: value.atoms, normal: rest[0]!.normal, value }];
}

function described(rest: readonly Atom[], frame: Frame): Draft[] {
  const { subject } = frame;
  const first = rest[0]!;
  const favorite = favoriteOf(rest);
  if (favorite !== undefined)
    return [
      {
        slot: favorite.slot,
        atoms: subject.atoms,
        normal: wordsOf(subject.atoms),
        subject: favorite.owner.normal,
        value: splitValue([]),
      },
    ];
  const role = roleOf(rest);
  if (role !== undefined && subject.kind === 'person') {
    const reversed: Draft = {
      slot: role.slot,
      atoms: subject.atoms,
      normal: subject.normal,
      subject: role.owner.normal,
      value: splitValue([]),
    };
    return isKin(role.slot) || role.owner.kind === 'self'
      ? [reversed]
      : [reversed, { slot: 'job_title', atoms: rest.slice(0, headIndex(rest) + 1), value: splitValue([]) }];
  }
  const counted = parentOf(rest);
  if (counted !== null) return [counted];
  const put = putInto(rest);
  if (put !== null) return [put];
  const complement = complementOf(rest, subject);
  const value = splitValue(rest);
  const abstains = subject.kind !== 'thing' && ABSTINENT.test(headOf(rest).normal);
  if (abstains) return [{ slot: 'do:drink', atoms: value.atoms, normal: 'alcohol', value, denied: true }];
  const instrument = subject.kind === 'thing' ? undefined : INSTRUMENTS.get(headOf(rest).normal);
  if (instrument !== undefined)
    return [{ slot: 'do:play', atoms: value.atoms, normal: instrument, value: splitValue([]) }];
  if (rest.length === 2 && first.normal === 'number' && /^\d/.test(rest[1]!.normal))
    return [{ slot: 'number', atoms: rest, value: splitValue([]) }];
  const vehicle = vehicleDraft(value.atoms, subject);
  if (vehicle !== undefined) return [vehicle];
  if (complement.kind === 'slot') return [{ slot: complement.slot, atoms: rest, normal: complement.value, value }];
  if (complement.kind === 'title') return titled(rest);
  if (subject.kind === 'thing' || complement.kind === 'identity') {
    if (/^(?:draft|prototype|beta|mess|success|failure)$/.test(headOf(rest).normal))
      return [{ slot: 'status', atoms: value.atoms, value }];
    if (complement.kind === 'identity' || complement.kind === 'kind')
      return identity(value.atoms, frame, complement.kind === 'kind');
    return [{ slot: 'status', atoms: value.atoms, value }];
  }
  const verb = complement.kind === 'kind' ? agentVerb(headOf(rest).normal) : undefined;
  if (verb !== undefined)
    return [
      { slot: 'kind', atoms: value.atoms, value },
      { slot: `do:${verb}`, atoms: value.atoms, normal: '', value },
    ];
  return [{ slot: complement.kind === 'kind' ? 'kind' : 'status', atoms: value.atoms, value }];
}

/** "My brother's name is Ravi": the same as having a brother named Ravi. */
export function relative({ noun, owner, subject }: Relative, rest: readonly Atom[]): Draft[] {
  const name: Draft = { slot: 'name', atoms: rest, subject, value: splitValue([]) };
  const slot = isPet(noun) ? 'pet' : kinSlot(noun);
  return [name, { slot, atoms: rest, normal: `${noun} ${wordsOf(rest)}`, subject: owner, value: splitValue([]) }];
}

/** "Was taken back to draft", "has been set to private": the state stands behind "to". */
function putInto(rest: readonly Atom[]): Draft | null {
  const to = rest.findIndex(({ normal }) => normal === 'to');
  const turned = rest[1]?.normal ?? '';
  if (PUTTING.has(rest[0]!.lemma) && /^(?:on|off|up|down)$/.test(turned) && rest[2]?.kind !== 'measure')
    return { slot: 'status', atoms: [rest[1]!], normal: turned, value: splitValue([]) };
  if (to < 1 || to > 2 || to === rest.length - 1 || !isParticipleOf(PUTTING, rest[0]!)) return null;
  const value = splitValue(rest.slice(to + 1));
  return value.atoms.length === 0 ? null : { slot: 'status', atoms: value.atoms, value, begun: true };
}

/** "A mother of two" has two children. */
function parentOf(rest: readonly Atom[]): Draft | null {
  const isParent = rest.length === 3 && /^(?:mother|father|parent)$/.test(rest[0]!.normal) && rest[1]!.normal === 'of';
  const count = rest[2];
  if (isParent && /^twins?$/.test(count!.raw))
    return { slot: 'quantity:child', atoms: [count!], normal: '2 child', value: splitValue([]) };
  if (!isParent || count?.kind !== 'measure') return null;
  return { slot: 'quantity:child', atoms: [count], normal: `${count.normal} child`, value: splitValue([]) };
}

const PUTTING = new Set('take put move set change revert switch send turn roll return promote demote reset'.split(' '));
const isParticipleOf = (verbs: ReadonlySet<string>, { lemma }: Atom): boolean => verbs.has(lemma);

/** "The class is taught by Prof. Wu", "gets watered every day by Ana": by whom. */
function doneBy(rest: readonly Atom[]): Draft | undefined {
  const [first] = rest;
  const by = rest.findIndex(({ kind, normal }, at) => at > 0 && kind === 'word' && normal === 'by');
  const agent = rest[by + 1];
  if (by < 1 || agent === undefined || agent.kind !== 'word' || first!.article !== null) return undefined;
  const isDone = isState(first!) || (readWord(first!.raw)?.participle === true && readWord(first!.raw)?.base !== true);
  const isAgent =
    agent.capital || agent.article !== null || isPersonWord(agent.normal) || (isState(first!) && by === 1);
  if (!isDone || !isAgent || /ing$/.test(agent.raw)) return undefined;
  const value = splitValue(rest.slice(by + 1));
  const { qualifiers, moment, recurring } = splitValue(rest.slice(0, by));
  const when = value.moment === null ? { moment, recurring } : {};
  const all = { ...value, ...when, qualifiers: [...value.qualifiers, ...qualifiers].sort() };
  return value.atoms.length === 0 ? undefined : { slot: `${first!.lemma} by`, atoms: value.atoms, value: all };
}

/** "The release is postponed" tells a state of the release, not which one it is. */
const isState = ({ kind, article, capital, raw }: Atom): boolean =>
  kind === 'word' &&
  article === null &&
  !capital &&
  /^[a-z-]{3,}ed$/.test(raw) &&
  !/^(?:red|need|speed|feed)$/.test(raw);

/** Who plays what. */
const INSTRUMENTS = new Map(
  'pianist=piano guitarist=guitar violinist=violin cellist=cello drummer=drum flautist=flute bassist=bass trumpeter=trumpet saxophonist=saxophone harpist=harp organist=organ clarinettist=clarinet'
    .split(' ')
    .map((pair) => pair.split('=') as [string, string]),
);

const ABSTINENT = /^(?:teetotal|teetotaler|teetotaller|non-drinker)$/;

/** "My car is a Skoda": what somebody drives. */
function vehicleDraft(atoms: readonly Atom[], subject: Frame['subject']): Draft | undefined {
  const head = subject.atoms.at(-1);
  const mark = subject.atoms.at(-2)?.normal === "'s";
  const isVehicle = /^(?:car|van|truck|motorcycle|motorbike|scooter)$/.test(head?.normal ?? '');
  const isOwn = subject.atoms.length === 1 && head!.article === 'own';
  if (!isVehicle || (!mark && !isOwn) || atoms[0]?.article !== 'a' || !atoms.at(-1)!.capital) return undefined;
  const owner = mark ? partyOf(subject.atoms.slice(0, -2)).normal : SELF.normal;
  return { slot: 'vehicle', atoms, subject: owner, value: splitValue([]) };
}

function headIndex(rest: readonly Atom[]): number {
  return rest.indexOf(headOf(rest));
}

/** "A cardiologist at Mercy Hospital": a title and an employer. */
export function titled(rest: readonly Atom[]): Draft[] {
  const value = splitValue(rest);
  const at = rest.findIndex(({ normal }) => normal === 'at' || normal === 'for');
  const title: Draft = { slot: 'job_title', atoms: value.atoms, value: { ...value, qualifiers: [] } };
  if (at < 0 || at === rest.length - 1) return [title];
  const place = splitValue(rest.slice(at + 1));
  return place.atoms.length === 0 ? [title] : [title, { slot: 'employer', atoms: place.atoms, value: place }];
}

/** "The capital is Canberra", "my editor is Vim", "my brother is Ravi". */
function identity(atoms: readonly Atom[], frame: Frame, isKind: boolean): Draft[] {
  const { subject } = frame;
  if (isKind) return [{ slot: 'kind', atoms, value: splitValue([]) }];
  const owner = subject.atoms;
  const mark = owner.findLastIndex(({ normal }) => normal === "'s");
  if (mark > 0)
    return [
      {
        slot: wordsOf(owner.slice(mark + 1)),
        atoms,
        subject: partyOf(owner.slice(0, mark)).normal,
        value: splitValue([]),
      },
    ];
  const isRole = owner.length > 0 && owner[0]!.article === 'own';
  if (isRole) return [{ slot: wordsOf(owner), atoms, subject: SELF.normal, value: splitValue([]) }];
  return [{ slot: 'identity', atoms, value: splitValue([]) }];
}
