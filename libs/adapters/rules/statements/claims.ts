import type { Claim } from '#libs/domain/belief/claim.js';
import { readVerb as readWord } from '../verbs.js';
import { readAmountChange } from './amount-changes.js';
import type { Atom } from './atoms.js';
import { byForm, readContact } from './contacts.js';
import { readCopula } from './copula-claims.js';
import { attributeOf } from './copula.js';
import { claimOf } from './drafts.js';
import type { Build } from './drafts.js';
import type { Frame } from './frames.js';
import { hoursOf } from './hours.js';
import { positionOf } from './positions.js';
import { asPermission, readPermission } from './permissions.js';
import { readMatch } from './pattern-claims.js';
import { readPersonFact } from './person-facts.js';
import { matchesOf } from './pattern-matching.js';
import { reshaped } from './reshaping.js';
import { beatenBy, likedBest } from './tastes.js';
import { splitContrast } from './values.js';
import { readAbility, readReplacement, readVerb, readWish } from './verb-claims.js';

/** Every claim of one clause, in the order of its values. */
export function claimsOf(frame: Frame, text: string): Claim[] {
  const { kept, denied } = splitContrast(frame.rest);
  const main = { ...frame, rest: kept };
  const claims = readFrame(main, text).flatMap(forEach);
  if (denied.length === 0 || claims.length === 0) return claims;
  const other = readFrame({ ...main, rest: withLead(kept, denied), negated: !frame.negated }, text);
  return [
    ...claims,
    ...other.filter(({ normal, slot }) => claims.some((one) => one.slot === slot && one.normal !== normal)),
  ];
}

/** "Freya and Magnus broke up": a claim for each of them, the other being the partner. */
function forEach(claim: Claim): Claim[] {
  const names = claim.subject.split(' and ');
  if (names.length !== 2 || names.some((name) => name === '')) return [claim];
  return names.map((subject, at) => ({
    ...claim,
    subject: /^(?:i|me|we)$/.test(subject) ? 'self' : subject,
    normal: claim.slot === 'partner' && /^(?:any|)$/.test(claim.normal) ? names[1 - at]! : claim.normal,
  }));
}

/** "on Tuesday, not Monday": the denied part borrows its preposition. */
function withLead(kept: readonly Atom[], denied: readonly Atom[]): Atom[] {
  const last = kept.findLastIndex(
    ({ kind, normal }, at) =>
      at < kept.length - 1 && kind === 'word' && /^(?:in|on|at|to|for|with|by|from|up|of|as|under)$/.test(normal),
  );
  const lead = kept.slice(0, last + 1);
  return denied[0]!.normal === lead.at(-1)?.normal ? [...lead.slice(0, -1), ...denied] : [...lead, ...denied];
}

function readFrame(frame: Frame, text: string): Claim[] {
  const build: Build = (draft) => [byForm(claimOf(draft, frame, text))];
  const contact = readContact(frame, build);
  if (contact.length > 0) return contact;
  frame = asPermission(reshaped(frame));
  const personal = readPersonFact(frame, build);
  if (personal.length > 0) return personal;
  const taste = [likedBest(frame) ?? [], beatenBy(frame)].flat().flatMap(build);
  if (taste.length > 0) return taste;
  const hours = frame.negated ? undefined : hoursOf(frame, text);
  if (hours !== undefined) return build(hours);
  const position = positionOf(frame);
  if (position?.isAll === true) return build(position.draft);
  if (position !== undefined) return [...readSlots(frame, build), ...build(position.draft)];
  return readSlots(frame, build);
}

/** What the verb and its object claim. */
function readSlots(frame: Frame, build: Build): Claim[] {
  const changed = readAmountChange(frame).flatMap(build);
  if (changed.length > 0) return changed;
  const replaced = readReplacement(frame, build);
  if (replaced.length > 0) return replaced;
  if (frame.modality === 'wish' && frame.verb !== 'want' && frame.rest.length > 0) return readWish(frame, build);
  const permitted = readPermission(frame, build);
  if (permitted.length > 0) return permitted;
  if (frame.modals.includes('may') && frame.modals.includes('can')) return readAbility(frame, build);
  if (frame.modals.includes('can') && !isLiking(frame) && !/^(?:speak|eat|drink|be|use|have)$/.test(frame.verb))
    return readAbility(frame, build);
  if (frame.verb === 'be' && attributeOf(frame.subject) !== undefined && !isParticiple(frame.rest[0])) {
    const claims = readCopula(frame).flatMap(build);
    if (claims.length > 0) return claims;
  }
  if (frame.verb === 'want' && frame.rest[0]?.normal !== 'to' && frame.rest.length > 0)
    frame = { ...frame, verb: 'prefer', modality: frame.negated ? 'negated' : 'asserted' };
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

const isParticiple = (atom: Atom | undefined): boolean =>
  atom !== undefined &&
  atom.article === null &&
  !atom.capital &&
  (/^[a-z-]{3,}ed$/.test(atom.raw) || readWord(atom.raw)?.participle === true);

/** "Can't stand", "could not bear": a preference, no ability. */
const isLiking = ({ verb }: Frame): boolean => /^(?:stand|bear|tolerate|stomach|abide)$/.test(verb);
