/** "Raised the rent to £1,350", "the limit went up to 50": a property with its new amount. */
import type { Atom } from './atoms.js';
import type { Draft } from './drafts.js';
import { attributeOf } from './copula.js';
import { doseDraft } from './doses.js';
import type { Frame } from './frames.js';
import { partyOf } from './parties.js';
import type { Party } from './parties.js';
import { splitValue } from './values.js';

const CHANGING = new Set(
  'raise lower increase decrease reduce cut bump double halve extend shorten change set push drop rise fall grow climb adjust triple expand shrink update move go jump rename switch reset'.split(
    ' ',
  ),
);

/** Claims of a verb that changes an amount; empty for every other. */
export function readAmountChange(frame: Frame): Draft[] {
  const passive = frame.verb === 'be' && CHANGING.has(frame.rest[0]?.lemma ?? '');
  if (!passive && !CHANGING.has(frame.verb)) return [];
  const after = passive ? frame.rest.slice(1) : frame.rest;
  const rest = RISING.test(passive ? frame.rest[0]!.lemma : frame.verb) ? after.flatMap(reached) : after;
  const to = rest.findIndex(
    ({ normal }, at) => (normal === 'to' || normal === 'at') && rest[at + 1]?.kind === 'measure',
  );
  const by = rest.findIndex(({ normal }, at) => normal === 'by' && rest[at + 1]?.kind === 'measure');
  if (to < 0 && by < 0) return readRenaming(frame, rest, passive);
  const end = to >= 0 ? to : by;
  const object = rest.slice(
    0,
    rest.findIndex(
      ({ kind, normal }, at) =>
        at === end || (kind === 'word' && (normal === 'from' || normal === 'up' || normal === 'down')),
    ),
  );
  const changed = passive || object.length === 0 ? frame.subject : partyOf(object);
  const { owner, slot } = propertyOf(changed);
  const dose = to < 0 ? undefined : doseDraft(changed, rest.slice(to + 1));
  if (dose !== undefined) return [dose];
  if (to < 0)
    return [{ slot, atoms: rest.slice(by), normal: 'other', subject: owner, begun: true, value: splitValue([]) }];
  const value = splitValue(rest.slice(to + 1));
  return [{ slot, atoms: value.atoms, value, subject: owner, begun: true }];
}

/** What rises reaches no "at most". */
const RISING = /^(?:go|move|jump|climb|rise|grow|bump|push|raise|increase|creep)$/;

/** "Went up to 50" is no bound of what it was: the words are the way and the end of it. */
function reached(atom: Atom): Atom[] {
  if (atom.kind !== 'measure' || !atom.normal.startsWith('<')) return [atom];
  const to: Atom = { ...atom, kind: 'word', normal: 'to', lemma: 'to', raw: 'to', quantity: null };
  return [to, { ...atom, normal: atom.normal.slice(1) }];
}

const SETTING = /^(?:change|set|switch|update|rename|move|reset)$/;

/** "Changed her surname to Lindqvist", "the email has changed to": a property with its new value. */
function readRenaming(frame: Frame, rest: Frame['rest'], passive: boolean): Draft[] {
  if (!SETTING.test(passive ? frame.rest[0]!.lemma : frame.verb)) return [];
  const to = rest.findIndex(({ normal }) => normal === 'to');
  if (to < 0 || to === rest.length - 1) return [];
  const from = rest.findIndex(({ normal }) => normal === 'from');
  const object = rest.slice(0, from >= 0 && from < to ? from : to);
  const attribute = attributeOf(passive || object.length === 0 ? frame.subject : partyOf(object));
  if (attribute === undefined) return [];
  const value = splitValue(rest.slice(to + 1));
  const owner =
    /^(?:self|he|she|they)$/.test(attribute.owner.normal) && object.length > 0
      ? frame.subject.normal
      : attribute.owner.normal;
  if (value.moment !== null && value.atoms.length === 0)
    return [
      {
        slot: attribute.slot,
        atoms: rest.slice(to + 1),
        normal: value.moment,
        subject: owner,
        begun: true,
        value: splitValue([]),
      },
    ];
  return [{ slot: attribute.slot, atoms: value.atoms, value, subject: owner, begun: true }];
}

function propertyOf(changed: Party): { owner: string; slot: string } {
  const attribute = attributeOf(changed);
  if (attribute !== undefined) return { owner: attribute.owner.normal, slot: attribute.slot };
  return { owner: changed.normal, slot: 'measure' };
}
