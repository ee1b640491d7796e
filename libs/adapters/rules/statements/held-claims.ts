import type { Claim } from '#libs/domain/belief/claim.js';
import type { Atom } from './atoms.js';
import { titled } from './copula-claims.js';
import { attributeOf, isCondition } from './copula.js';
import type { Build, Draft } from './drafts.js';
import type { Frame } from './frames.js';
import { isKin, isPet, kinSlot, partyOf } from './parties.js';
import { listOf, splitValue, wordsOf } from './values.js';
import type { Value } from './values.js';

/** Slots whose values are often listed: "speaks Italian and French". */
const LISTED =
  /^(?:language|preference|allergy|possession|vehicle|pet|skill|condition|hobby|tool|do:|sibling|child|friend|fear|medication)/;

export function listed(slot: string, value: Value, build: Build, effect: Partial<Draft>, frame: Frame): Claim[] {
  const told = LISTED.test(slot) ? listOf(value.atoms) : [value.atoms];
  // "No brothers or sisters": none of either.
  const isNone = value.atoms[0]?.article === 'no';
  const items = isNone ? told.map(([first, ...more]) => [{ ...first!, article: 'no' as const }, ...more]) : told;
  return items.flatMap((atoms) => {
    if (slot === 'possession') return possession(atoms, value, build, effect);
    if (slot === 'language') return languageClaims(atoms, value, build, effect);
    if (slot === 'vehicle' && frame.verb === 'ride' && atoms[0]!.article === null && !atoms[0]!.capital)
      return build({ slot: 'do:ride', atoms, value, ...effect });
    if (slot === 'job_title')
      return titled([...atoms, ...restAfter(atoms, frame.rest)]).flatMap((draft) => build({ ...draft, ...effect }));
    if (slot === 'age') return ageClaim(atoms, value, build);
    return build({ slot, atoms, value, ...effect });
  });
}

/** "30 years old" and "30". */
function ageClaim(atoms: readonly Atom[], value: Value, build: Build): Claim[] {
  const { amount, unit } = atoms[0]!.quantity!;
  if (unit !== null && unit !== 'month') return [];
  const years = unit === 'month' ? amount / 12 : amount;
  const mark = /^[~<>]/.exec(atoms[0]!.normal)?.[0] ?? '';
  return build({
    slot: 'age',
    atoms: [{ ...atoms[0]!, normal: `${mark}${years}year`, quantity: { amount: years, unit: 'year' } }],
    value,
  });
}

const restAfter = (atoms: readonly Atom[], rest: readonly Atom[]): readonly Atom[] =>
  rest.slice(rest.indexOf(atoms.at(-1)!) + 1);

const LEVELS =
  /^(?:fluent|basic|conversational|native|beginner|intermediate|advanced|fluently|well|little|bit|perfect|broken|rusty|good|some|excellent)$/;

/** "Speaks basic Spanish", "speaks Spanish fluently": the level is a circumstance of the language. */
function languageClaims(atoms: readonly Atom[], value: Value, build: Build, effect: Partial<Draft>): Claim[] {
  const levels = atoms
    .filter(({ normal }) => LEVELS.test(normal) && !/^(?:fluent|fluently|well)$/.test(normal))
    .map(({ normal }) => normal.replace(/ly$/, ''));
  const named = atoms.filter(({ normal }) => !LEVELS.test(normal) && normal !== 'language');
  if (named.length === 0) return build({ slot: 'language', atoms, value, ...effect });
  return build({
    slot: 'language',
    atoms: named,
    value: { ...value, qualifiers: [...value.qualifiers, ...levels] },
    ...effect,
  });
}

/** "Has a budget of $1,500": a property, not a thing. */
function ownedProperty(atoms: readonly Atom[], value: Value, build: Build): Claim[] | null {
  const at = value.qualifiers.length === 0 ? atoms.findIndex(({ normal }) => normal === 'of') : -1;
  const attribute =
    at > 0 && at < atoms.length - 1
      ? attributeOf(partyOf(atoms.slice(0, at).map((atom) => ({ ...atom, article: 'own' as const }))))
      : undefined;
  return attribute === undefined ? null : build({ slot: attribute.slot, atoms: atoms.slice(at + 1), value });
}

/** "Has long hair": how the hair is, not what is owned. */
function bodyPart(noun: readonly Atom[], build: Build): Claim[] | null {
  const [how, part] = noun;
  if (noun.length !== 2 || !/^(?:eye|hair|skin|beard|voice|handwriting)$/.test(part!.normal)) return null;
  return build({ slot: `${part!.normal} look`, atoms: [how!], value: splitValue([]) });
}

const AILMENT = /^(?:disease|syndrome|disorder|intolerance)$/;

/** Having a brother, a cat, two cars, diabetes: as many slots. */
function possession(atoms: readonly Atom[], value: Value, build: Build, effect: Partial<Draft>): Claim[] {
  const at = atoms.findIndex(
    ({ kind, normal }, index) => index > 0 && kind === 'word' && /^(?:named|called)$/.test(normal),
  );
  const noun = (at < 0 ? atoms : atoms.slice(0, at)).filter(({ kind }) => kind === 'word');
  const name = at < 0 ? [] : atoms.slice(at + 1);
  const head = noun.at(-1);
  if (head === undefined) return build({ slot: 'possession', atoms, value, ...effect });
  const property = ownedProperty(atoms, value, build);
  if (property !== null) return property;
  const worn = bodyPart(noun, build);
  if (worn !== null) return worn;
  const quantity = atoms.find(({ kind }) => kind === 'measure');
  if (quantity !== undefined && quantity.quantity!.unit === null)
    return build({ slot: `quantity:${head.normal}`, atoms, value, ...effect });
  if (/^twins$/.test(head.raw)) return build({ slot: 'quantity:child', atoms, normal: '2 child', value, ...effect });
  const kinAt = noun.findIndex(({ normal }) => isKin(normal));
  if (kinAt >= 0)
    return build({ slot: kinSlot(noun[kinAt]!.normal), atoms, normal: wordsOf([...noun, ...name]), value, ...effect });
  const ailment = noun.filter(({ normal }) => !AILMENT.test(normal));
  if (noun.length > 1 && AILMENT.test(head.normal))
    return build({ slot: 'condition', atoms, normal: wordsOf(ailment), value, ...effect });
  if (noun.some(({ normal }) => isCondition(normal))) return build({ slot: 'condition', atoms, value, ...effect });
  const slot = noun.some(({ raw }) => isPet(raw.toLowerCase()) || isPet(raw.toLowerCase().replace(/s$/, '')))
    ? 'pet'
    : 'possession';
  return build({ slot, atoms, normal: wordsOf([...noun, ...name]), value, ...effect });
}
