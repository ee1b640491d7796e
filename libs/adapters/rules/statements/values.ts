/** From the atoms behind a verb to the value of a claim and the circumstances under which it holds. */
import type { Quantity } from '#libs/domain/belief/claim.js';
import { readVerb } from '../verbs.js';
import type { Atom } from './atoms.js';

export interface Value {
  atoms: Atom[];
  qualifiers: string[];
  /** When it is or happens: parts of moments, in order of naming. */
  moment: string | null;
  recurring: boolean;
}

const OPENERS = new Set([
  'when',
  'whenever',
  'if',
  'unless',
  'while',
  'because',
  'since',
  'although',
  'until',
  'once',
  'so',
]);
/** They open a circumstance behind a value. */
const PREPOSITIONS = new Set(
  'at in on for with without during after before as by from via through under over near around outside inside per to into about against between within instead despite due'.split(
    ' ',
  ),
);
const LINKS = new Set(['and', 'or', ',', 'but', 'plus', '&', 'nor']);
const NEGATIVE = new Set(['not', "n't", 'never']);

/** The value ends at the first preposition behind it; each phrase from there on is a qualifier or a moment. */
export function splitValue(atoms: readonly Atom[], keep: ReadonlySet<string> = new Set()): Value {
  const value: Value = { atoms: [], qualifiers: [], moment: null, recurring: false };
  let open: Atom[] | null = null;
  const close = (): void => {
    if (open !== null) addPhrase(value, open);
    open = null;
  };
  for (const [at, atom] of atoms.entries()) {
    const isDuring = /^(?:over|during|throughout)$/.test(atom.normal) && atoms[at + 1]?.kind === 'moment';
    if (isDuring && open === null) continue;
    const inClause = open !== null && OPENERS.has((open as Atom[])[0]!.normal);
    const isAside = atom.kind === 'measure' && atom.gap === 'comma' && /^[<>~]/.test(atom.normal);
    if (inClause) (open as unknown as Atom[]).push(atom);
    else if ((OPENERS.has(atom.normal) || isAside) && (value.atoms.length > 0 || open !== null)) {
      close();
      open = [atom];
    } else if (
      PREPOSITIONS.has(atom.normal) &&
      atom.kind === 'word' &&
      value.atoms.length > 0 &&
      !keep.has(atom.normal)
    ) {
      close();
      open = [atom];
    } else if (atom.kind === 'moment' && open === null) addMoment(value, atom);
    else if (open !== null) (open as Atom[]).push(atom);
    else value.atoms.push(atom);
  }
  close();
  trimLinks(value.atoms);
  value.qualifiers.sort();
  return value;
}

function addPhrase(value: Value, phrase: Atom[]): void {
  trimLinks(phrase);
  const moment = phrase[1];
  if (phrase.length <= 3 && moment?.kind === 'moment' && phrase.at(-1)!.kind === 'moment') {
    addMoment(value, moment);
    return;
  }
  if (phrase.length > 2 && phrase.at(-1)!.kind === 'moment') addMoment(value, phrase.pop()!);
  if (IDLE.test(phrase.map(({ normal }) => normal).join(' '))) return;
  if (phrase.length > 1)
    value.qualifiers.push(
      `${phrase[0]!.normal} ${phrase[0]!.normal === 'for' ? activityOf(phrase.slice(1)) : wordsOf(phrase.slice(1))}`,
    );
}

/** Phrases that tell no circumstance. */
const IDLE =
  /^(?:in (?:full|total|fact|general|person|particular)|for (?:sure|good|now|everyone|ever)|at (?:last|present)|as (?:planned|expected|usual))$/;

/** "For deployments" is for deploying. */
function activityOf(phrase: readonly Atom[]): string {
  const words = wordsOf(phrase);
  const stem = words.replace(/ment$/, '');
  return stem !== words && readVerb(stem)?.base === true ? stem : phrase.length === 1 ? phrase[0]!.lemma : words;
}

function addMoment(value: Value, { normal, recurring }: Atom): void {
  value.moment = value.moment === null ? normal : `${value.moment} ${normal}`;
  value.recurring ||= recurring;
}

function trimLinks(atoms: Atom[]): void {
  while (atoms.length > 0 && LINKS.has(atoms.at(-1)!.normal)) atoms.pop();
  while (atoms.length > 0 && LINKS.has(atoms[0]!.normal)) atoms.shift();
}

/** Words of a phrase before the verb: "at work", "on weekdays", "when traveling". */
export function readFront(front: readonly Atom[]): Value {
  const value: Value = { atoms: [], qualifiers: [], moment: null, recurring: false };
  const [first] = front;
  if (first === undefined) return value;
  if (first.kind === 'moment') addMoment(value, first);
  else if (front.length > 1 && (PREPOSITIONS.has(first.normal) || OPENERS.has(first.normal)))
    addPhrase(value, [...front]);
  return value;
}

/** "Volleyball and basketball" are two values; "rock and roll" after no list is one too many, which does no harm. */
export function listOf(atoms: readonly Atom[]): Atom[][] {
  const items: Atom[][] = [[]];
  for (const atom of atoms) {
    if (LINKS.has(atom.normal)) items.push([]);
    else if (atom.gap === 'comma' && items.at(-1)!.length > 0) items.push([atom]);
    else items.at(-1)!.push(atom);
  }
  return items.filter((item) => item.length > 0);
}

/** Everything before "not Monday", "instead of Monday", "rather than Monday", and what stands after it. */
export function splitContrast(atoms: readonly Atom[]): { kept: Atom[]; denied: Atom[] } {
  for (let at = 1; at < atoms.length - 1; at += 1) {
    const { normal } = atoms[at]!;
    const two =
      normal === 'rather' ? atoms[at + 1]!.normal === 'than' : normal === 'of' && atoms[at - 1]!.normal === 'instead';
    if (NEGATIVE.has(normal)) return { kept: atoms.slice(0, at), denied: atoms.slice(at + 1) };
    if (two) return { kept: atoms.slice(0, at), denied: atoms.slice(at + (normal === 'rather' ? 2 : 1)) };
  }
  return { kept: [...atoms], denied: [] };
}

const DROPPED = new Set([
  'of',
  "'s",
  'a',
  'the',
  'that',
  'which',
  'who',
  'is',
  'named',
  'called',
  'to',
  'be',
  ',',
  'lot',
  'much',
  'as',
  'well',
  'own',
  'name',
]);

/** Normal form of a value: its words without the ones that carry nothing. */
export function wordsOf(atoms: readonly Atom[]): string {
  const words = atoms.flatMap((atom) =>
    atom.kind === 'word' && DROPPED.has(atom.normal)
      ? []
      : atom.kind === 'word' && isGerund(atom)
        ? [atom.lemma]
        : [atom.normal],
  );
  return (words.length > 0 ? words : atoms.map(({ normal }) => normal)).join(' ');
}

const isGerund = ({ raw, capital, article }: Atom): boolean =>
  !capital &&
  (article === null || article === 'no') &&
  /^[a-z]{3,}ing$/.test(raw) &&
  !raw.endsWith('thing') &&
  !/^(?:meeting|building|wedding|training|morning|evening|ceiling|painting|clothing|earring|spring|string)$/.test(raw);

export function rawOf(atoms: readonly Atom[], text: string): string {
  return atoms.length === 0 ? '' : text.slice(atoms[0]!.start, atoms.at(-1)!.end);
}

/** The amount of a value: the first number in it, and what it counts. */
export function quantityOf(atoms: readonly Atom[]): Quantity | null {
  const at = atoms.findIndex(({ kind }) => kind === 'measure');
  if (at < 0) return null;
  const { amount, unit } = atoms[at]!.quantity!;
  const counted = atoms.slice(at + 1).filter(({ kind }) => kind === 'word');
  return { amount, unit: unit ?? counted.at(-1)?.normal ?? null };
}

/** Words that belong to a goal and not to its circumstances: "move to Berlin". */
export const GOAL_WORDS: ReadonlySet<string> = new Set(['to', 'for', 'in', 'at', 'on', 'from', 'with', 'about']);
