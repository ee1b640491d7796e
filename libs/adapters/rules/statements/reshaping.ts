/** Clauses that say a thing in a roundabout way, as the plain clause that says the same. */
import { readVerb } from '../verbs.js';
import type { Atom } from './atoms.js';
import type { Frame } from './frames.js';
import { partyOf, SELF } from './parties.js';

export function reshaped(frame: Frame): Frame {
  return (
    noNeed(frame) ??
    movedFrom(frame) ??
    byTransport(frame) ??
    inReplies(frame) ??
    feelFree(frame) ??
    notUntil(frame) ??
    toldToUser(frame) ??
    ofOwnership(frame) ??
    fencedIn(frame) ??
    goneMissing(frame) ??
    frame
  );
}

const isVerb = (atom: Atom | undefined): boolean =>
  atom?.kind === 'word' && readVerb(atom.raw.toLowerCase())?.base === true;

/** "There is no need to ask": an order taken back. */
function noNeed(frame: Frame): Frame | undefined {
  const [need, to, verb] = frame.rest;
  const isNone = need?.article === 'no' || frame.negated;
  if (frame.subject.normal !== 'there' || need?.normal !== 'need' || !isNone || to?.normal !== 'to' || !isVerb(verb))
    return undefined;
  return asOrder({ ...frame, negated: true }, verb!, frame.rest.slice(3));
}

const asOrder = (frame: Frame, verb: Atom, rest: Atom[]): Frame => ({
  ...frame,
  subject: SELF,
  verb: verb.lemma,
  rest,
  imperative: true,
  modality: frame.negated ? 'negated' : 'asserted',
});

/** "Catch the 8:05 train" is to take it. */
function byTransport(frame: Frame): Frame | undefined {
  const isRide = frame.rest.some(({ normal }) => /^(?:train|bus|tram|metro|subway|ferry|flight)$/.test(normal));
  return isRide && /^(?:catch|ride|board)$/.test(frame.verb) ? { ...frame, verb: 'take' } : undefined;
}

/** "Use British English in replies" is to reply in British English. */
function inReplies(frame: Frame): Frame | undefined {
  const { verb, rest, imperative } = frame;
  const at = rest.findIndex(({ normal }, index) => index > 0 && /^(?:in|for)$/.test(normal));
  const isForReplies = /^(?:reply|answer|response)$/.test(rest[at + 1]?.normal ?? '') && at === rest.length - 2;
  if (!imperative || verb !== 'use' || at < 1 || !isForReplies) return undefined;
  return { ...frame, verb: 'reply', rest: [{ ...rest[at]!, normal: 'in' }, ...rest.slice(0, at)] };
}

const MOVING = /^(?:move|push|shift|postpone|reschedule|change|delay|bring|defer|extend|shorten)$/;

/** "Moved from Monday to Wednesday": where it stood before is no part of where it stands. */
function movedFrom(frame: Frame): Frame | undefined {
  const { verb, rest } = frame;
  const isMove = MOVING.test(verb) || (verb === 'be' && MOVING.test(rest[0]?.lemma ?? ''));
  const from = rest.findIndex(({ normal }, at) => normal === 'from' && rest[at + 1]?.kind === 'moment');
  const isTo = from >= 0 && rest[from + 2]?.normal === 'to' && rest[from + 3]?.kind === 'moment';
  return isMove && isTo ? { ...frame, rest: [...rest.slice(0, from), ...rest.slice(from + 2)] } : undefined;
}

/** "Feel free to use emojis": an order that allows. */
function feelFree(frame: Frame): Frame | undefined {
  const [free, to, verb] = frame.rest;
  if (frame.verb !== 'feel' || free?.normal !== 'free' || to?.normal !== 'to' || !isVerb(verb)) return undefined;
  return asOrder(frame, verb!, frame.rest.slice(3));
}

/** "Doesn't open until seven" opens at seven. */
function notUntil(frame: Frame): Frame | undefined {
  const at = frame.rest.findIndex(({ normal }) => /^(?:until|till|before)$/.test(normal));
  const isMoment = frame.rest.slice(at + 1).some(({ kind }) => kind === 'moment');
  if (!frame.negated || frame.ended || at < 0 || at > 1 || !isMoment || frame.subject.kind !== 'thing')
    return undefined;
  const rest = frame.rest.map((atom, index) => (index === at ? { ...atom, normal: 'at' } : atom));
  return { ...frame, negated: false, modality: 'asserted', rest };
}

/** "You should reply in French", "you don't need to ask": an order. */
function toldToUser(frame: Frame): Frame | undefined {
  const { subject, modals, verb } = frame;
  const isTold =
    subject.normal === 'you' && verb !== 'be' && modals.every((modal) => /^(?:should|must|have to|need)/.test(modal));
  return isTold && frame.modality !== 'hypothetical' ? { ...frame, subject: SELF, imperative: true } : undefined;
}

/** "Ownership of the service was handed to Chidi": told of the service. */
function ofOwnership(frame: Frame): Frame | undefined {
  const [head, of, ...owned] = frame.subject.atoms;
  const isOwnership = /^(?:ownership|responsibility|leadership|maintenance|control|charge)$/.test(head?.normal ?? '');
  if (!isOwnership || !/^(?:of|for)$/.test(of?.normal ?? '') || owned.length === 0) return undefined;
  return { ...frame, subject: partyOf(owned) };
}

/** "My passport is missing", "went missing": it is lost. */
function goneMissing(frame: Frame): Frame | undefined {
  const [first] = frame.rest;
  const isMissing = frame.verb === 'miss' && frame.progressive && (first === undefined || first.normal === 'from');
  const isGone = /^(?:go|be)$/.test(frame.verb) && /^(?:missing|astray)$/.test(first?.raw ?? '');
  if (!isMissing && !isGone) return undefined;
  const state = first ?? frame.subject.atoms.at(-1);
  if (state === undefined) return undefined;
  const lost: Atom = { ...state, normal: 'lost', lemma: 'lose', raw: 'missing', capital: false, article: null };
  return { ...frame, verb: 'be', rest: [lost, ...frame.rest.slice(isGone ? 1 : 0)] };
}

/** "At all", "after all": force without content. */
function fencedIn(frame: Frame): Frame | undefined {
  const at = frame.rest.findIndex(
    ({ normal }, index) => /^(?:at|after)$/.test(normal) && frame.rest[index + 1]?.normal === 'all',
  );
  const isIdle =
    at >= 0 && (at + 2 === frame.rest.length || frame.rest[at + 2]!.gap !== 'space' || isLink(frame.rest[at + 2]!));
  return isIdle ? { ...frame, rest: [...frame.rest.slice(0, at), ...frame.rest.slice(at + 2)] } : undefined;
}

const isLink = ({ normal }: Atom): boolean => /^(?:to|in|on|for|with|since|because|when|and)$/.test(normal);
