/** Facts of a person that are told by their form rather than by a verb: an age, a blood type, a name, pronouns, a mother tongue. */
import type { Claim } from '#libs/domain/belief/claim.js';
import type { Atom } from './atoms.js';
import type { Build } from './drafts.js';
import type { Frame } from './frames.js';
import { partyOf } from './parties.js';
import { splitValue, wordsOf } from './values.js';

/** Claims of a clause that tells such a fact; empty where it does not. */
export function readPersonFact(frame: Frame, build: Build): Claim[] {
  for (const read of [readDecade, readYearsOld, readBloodType, readCalled, readReferred, readMotherTongue]) {
    const claims = read(frame, build);
    if (claims.length > 0) return claims;
  }
  return [];
}

const DECADES = new Map(
  'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ').map((word, at) => [word, (at + 2) * 10] as const),
);
/** Which years of a decade of life are early, in the middle, late. */
const PARTS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['early', [0, 3]],
  ['mid', [4, 6]],
  ['late', [6, 9]],
]);

const ageClaim = (build: Build, atoms: readonly Atom[], from: number, to: number): Claim[] =>
  build({
    slot: 'age',
    atoms: [{ ...atoms[0]!, kind: 'measure', normal: '', quantity: { amount: to, unit: 'year' } }],
    normal: from === to ? `${from}year` : `${from}..${to}year`,
    value: splitValue([]),
  });

/** "In her early thirties", "a teenager", "still a minor". */
function readDecade({ verb, rest, subject, negated }: Frame, build: Build): Claim[] {
  if (verb !== 'be' || subject.kind === 'thing' || negated || rest.length === 0) return [];
  const last = rest.at(-1)!;
  if (rest.length === 1 && /^(?:teenager|teen|adolescent)$/.test(last.normal)) return ageClaim(build, rest, 13, 19);
  if (rest.length === 1 && /^(?:minor|underage)$/.test(last.normal)) return ageClaim(build, rest, 0, 17);
  if (rest[0]!.normal !== 'in' || rest.length > 3) return [];
  if (/^teens?$/.test(last.normal)) return ageClaim(build, rest, 13, 19);
  const decade = decadeOf(last);
  if (decade === undefined) return [];
  const [from, to] = PARTS.get(rest.length === 3 ? rest[1]!.normal : '') ?? [0, 9];
  return ageClaim(build, rest, decade + from, decade + to);
}

function decadeOf({ raw, normal }: Atom): number | undefined {
  const digits = /^([2-9]0)s$/.exec(raw)?.[1];
  return digits === undefined ? (/s$/.test(raw) ? DECADES.get(normal) : undefined) : Number(digits);
}

/** "An eighteen-year-old", "my age is 18". */
function readYearsOld({ verb, rest, subject }: Frame, build: Build): Claim[] {
  const written = /^([a-z]+(?:-[a-z]+)?|\d+)-years?-old$/.exec(rest[0]?.raw.toLowerCase() ?? '')?.[1];
  if (verb !== 'be' || subject.kind === 'thing' || written === undefined) return [];
  const years = yearsOf(written);
  return years === undefined ? [] : ageClaim(build, rest, years, years);
}

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );

function yearsOf(written: string): number | undefined {
  if (/^\d+$/.test(written)) return Number(written);
  const [tens, ones] = written.split('-');
  const small = SMALL.indexOf(tens!);
  if (small >= 0) return small;
  const decade = DECADES.get(tens!);
  return decade === undefined ? undefined : decade + (ones === undefined ? 0 : Math.max(0, SMALL.indexOf(ones)));
}

const SIGNS: ReadonlyMap<string, string> = new Map([
  ['positive', 'positive'],
  ['pos', 'positive'],
  ['+', 'positive'],
  ['negative', 'negative'],
  ['neg', 'negative'],
  ['-', 'negative'],
]);
const BLOOD = /^(?:type |group |rh )*(ab|a|b|o)?(?: |)(positive|negative|pos|neg|\+|-)?(?: (?:type|blood|group))*$/;

/** "Has type O negative blood", "is AB positive", "her blood type is A". */
function readBloodType({ verb, rest, subject }: Frame, build: Build): Claim[] {
  const said = rest.map(({ raw, article }) => `${article === 'a' && raw !== '' ? '' : ''}${raw.toLowerCase()}`);
  const isNamed = said.includes('blood') || subject.atoms.some(({ normal }) => normal === 'blood');
  if (!/^(?:be|have|get)$/.test(verb) || rest.length === 0 || rest.length > 5) return [];
  if (!isNamed && !rest.some(({ capital }) => capital)) return [];
  const plain = said.filter((word) => !/^(?:blood|type|group|factor|rh|rhesus)$/.test(word)).join(' ');
  const [, group, sign] = BLOOD.exec(plain) ?? [];
  const isRhesus = said.some((word) => /^(?:rh|rhesus)$/.test(word));
  if (group === undefined && !isRhesus) return [];
  if (!isNamed && (sign === undefined || subject.kind === 'thing')) return [];
  const owner = bloodOwner(subject.atoms) ?? subject.normal;
  const normal = [group, SIGNS.get(sign ?? '')].filter((part) => part !== undefined).join(' ');
  return normal === '' ? [] : build({ slot: 'blood_type', atoms: rest, normal, subject: owner, value: splitValue([]) });
}

/** Whose blood it is in "Kim's blood type", "my blood group"; undefined where somebody has it. */
function bloodOwner(atoms: readonly Atom[]): string | undefined {
  const at = atoms.findIndex(({ normal }) => normal === 'blood');
  if (at < 0) return undefined;
  const owned = atoms.slice(0, Math.max(0, at - 1));
  if (atoms[at - 1]?.normal === "'s") return partyOf(owned).normal;
  const article = atoms[at]!.article;
  return { own: 'self', his: 'he', her: 'she', their: 'they' }[article as 'own'] ?? 'self';
}

/** "Everyone calls me Bobby", "people call Marta Tilly", "she likes to be called Bee", "is known as Lex". */
function readCalled({ verb, rest, subject, imperative }: Frame, build: Build): Claim[] {
  const at = rest.findIndex(({ lemma, normal }) => /^(?:call|address|know)$/.test(lemma) || normal === 'called');
  const isWished = /^(?:like|prefer|want|ask|be)$/.test(verb) && at >= 0 && at <= 2 && subject.kind !== 'thing';
  if (isWished && (verb !== 'be' || (at === 0 && rest[1]?.normal === 'as'))) {
    const name = rest.slice(at + 1).filter(({ normal }) => normal !== 'as');
    return name[0]?.capital === true ? named(subject.normal, name, build) : [];
  }
  if (verb !== 'call' || imperative || rest.length < 2 || !rest.at(-1)!.capital) return [];
  const whom = /^(?:me|him|her|us|them)$/.test(rest[0]!.raw.toLowerCase()) || rest[0]!.normal === 'user' ? 1 : 0;
  if (whom === 0 && (rest.length !== 2 || !rest[0]!.capital)) return [];
  const isAnyone = /^(?:everyone|everybody|people|they|friend|most|we|family|colleague|all)/.test(subject.normal);
  return isAnyone ? named(partyOf(rest.slice(0, 1)).normal, rest.slice(1), build) : [];
}

const named = (subject: string, name: readonly Atom[], build: Build): Claim[] => {
  const value = splitValue(name);
  return build({ slot: 'name', atoms: value.atoms, subject, value: { ...value, qualifiers: [] } });
};

const PRONOUNS: ReadonlyMap<string, string> = new Map([
  ['she', 'she/her'],
  ['her', 'she/her'],
  ['he', 'he/him'],
  ['him', 'he/him'],
  ['they', 'they/them'],
  ['them', 'they/them'],
]);

/** "Refer to Quinn as they", "asked to be referred to as she". */
function readReferred({ verb, rest, subject }: Frame, build: Build): Claim[] {
  const as = rest.findIndex(({ normal }) => normal === 'as');
  const pronouns = PRONOUNS.get(rest[as + 1]?.raw.toLowerCase() ?? '');
  const at = rest.findIndex(({ lemma }) => lemma === 'refer');
  if (as < 1 || pronouns === undefined || (verb !== 'refer' && at < 0)) return [];
  const whom = verb === 'refer' ? partyOf(rest.slice(1, as)).normal : subject.normal;
  return build({ slot: 'pronouns', atoms: [rest[as + 1]!], normal: pronouns, subject: whom, value: splitValue([]) });
}

/** "A native Tagalog speaker". */
function readMotherTongue({ verb, rest }: Frame, build: Build): Claim[] {
  const [native, ...more] = rest;
  if (verb !== 'be' || native?.normal !== 'native' || more.at(-1)?.normal !== 'speaker') return [];
  const tongue = more.slice(0, -1).filter(({ capital }) => capital);
  return tongue.length === 0
    ? []
    : build({ slot: 'native language', atoms: tongue, normal: wordsOf(tongue), value: splitValue([]) });
}
