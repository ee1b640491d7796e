import type { Claim } from '#libs/domain/belief/claim.js';
import type { Atom } from './atoms.js';
import { readVerb } from '../verbs.js';
import type { Frame } from './frames.js';
import { STATUS_AFTER, STATUS_BY_VERB } from './verb-classes.js';
import { quantityOf, rawOf, readFront, splitValue, wordsOf } from './values.js';
import type { Value } from './values.js';
import { isCurrency } from './measures.js';

/** Turns a draft into claims of the clause at hand. */
export type Build = (draft: Draft) => Claim[];

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

/** "On Mondays", "in summer": a time that comes round again is a condition, not a date. */
function comesRound({ moment, recurring }: Value, frame: Frame): boolean {
  if (moment === null) return false;
  return recurring || (!frame.past && /^[sp]=/.test(moment));
}

/** An amount of money is a price, whatever verb tells it. */
const measureSlot = (unit: string): string => (isCurrency(unit) ? 'price' : `measure:${unit}`);

/** "Was refilled" is full: what was done to it, as the state that it left. */
function stateOf(atoms: readonly Atom[]): string {
  const [first] = atoms;
  const reading = first === undefined ? undefined : readVerb(first.raw.toLowerCase());
  const lemma =
    reading?.lemma ?? first?.raw.toLowerCase().replace(/(?:(i)ed|ed)$/, (_, y) => (y === 'i' ? 'y' : '')) ?? '';
  const isDone = atoms.length === 1 && (reading === undefined || reading.participle) && reading?.base !== true;
  const state = isDone ? (STATUS_AFTER.get(lemma) ?? STATUS_BY_VERB.get(lemma)) : undefined;
  return state ?? atoms.map(({ normal }) => normal).join(' ');
}

/** "My age is 18": in years. */
function yearsOld(slot: string, atoms: readonly Atom[]): string | undefined {
  const [age] = atoms;
  return slot === 'age' && atoms.length === 1 && age!.quantity?.unit === null ? `${age!.normal}year` : undefined;
}

export function claimOf(draft: Draft, frame: Frame, text: string): Claim {
  if (draft.slot === 'marital_status' && draft.normal === 'married' && frame.negated && !frame.ended)
    return claimOf({ ...draft, normal: 'single' }, { ...frame, negated: false, modality: 'asserted' }, text);
  if (draft.slot === 'birth_date' && /^(?:19|20)\d\d$/.test(wordsOf(draft.atoms)))
    return claimOf(
      { ...draft, slot: 'birth_date', normal: `y=${wordsOf(draft.atoms)}`, atoms: [], value: splitValue([]) },
      frame,
      text,
    );
  const atoms = draft.atoms.filter(({ normal }) => normal !== "'s");
  const isNone = atoms[0]?.article === 'no';
  const value = draft.value ?? splitValue(atoms);
  const ended = (draft.ended === true && !frame.negated) || frame.ended;
  const negative = ((draft.ended === true) !== (frame.negated !== (draft.denied === true))) !== isNone;
  const front = readFront(frame.front);
  const begun = draft.begun === true || frame.begun;
  const moments = [value, front].filter((one) => comesRound(one, frame)).flatMap(({ moment }) => moment!.split(' '));
  const plain = draft.slot === 'status' ? stateOf(atoms.filter(({ kind }) => kind !== 'moment')) : undefined;
  return {
    subject: draft.subject ?? frame.subject.normal,
    slot: draft.slot === 'measure' ? measureSlot(quantityOf(atoms)?.unit ?? '') : draft.slot,
    value: rawOf(atoms, text),
    normal:
      draft.normal ??
      yearsOld(draft.slot, atoms) ??
      plain ??
      wordsOf(value.atoms.length > 0 && draft.value === undefined ? value.atoms : atoms),
    polarity: negative ? 'negative' : 'positive',
    modality: frame.modality === 'asserted' && negative && frame.negated ? 'negated' : frame.modality,
    aspect: ended
      ? 'ended'
      : /^(?:birth|origin|name|age)/.test(draft.slot)
        ? 'current'
        : begun && frame.aspect === 'past'
          ? 'current'
          : frame.aspect,
    qualifiers: [...value.qualifiers, ...front.qualifiers, ...moments].sort(),
    quantity: yearsOld(draft.slot, atoms) === undefined ? quantityOf(atoms) : { ...atoms[0]!.quantity!, unit: 'year' },
    validFrom: moments.length > 0 ? null : frame.time.validFrom,
    validTo: moments.length > 0 ? null : frame.time.validTo,
  };
}
