/** What one may do and may not: "is allowed to sign", "deploying on Fridays is fine". */
import type { Claim } from '#libs/domain/belief/claim.js';
import type { Build } from './drafts.js';
import type { Frame } from './frames.js';
import { SELF } from './parties.js';
import { readVerb } from './verb-claims.js';

/** "Is allowed to sign", "banned from driving", "may use": leave to do it, or none. */
export function asPermission(frame: Frame): Frame {
  const { verb, rest, subject, modals } = frame;
  const isOthers = subject.kind !== 'self' && subject.normal !== 'it' && subject.normal !== 'there';
  if (modals.includes('may') && isOthers && !SUPPOSING.test(verb))
    return { ...frame, modals: ['can', 'may'], modality: frame.negated ? 'negated' : 'asserted' };
  const isForbidden = FORBIDDEN.test(rest[0]?.normal ?? '') || /^(?:barred|excluded|blocked)$/.test(rest[0]?.raw ?? '');
  const isTold = verb === 'be' && (isForbidden || ALLOWED.test(rest[0]?.raw ?? ''));
  const link = rest[1]?.normal ?? '';
  const inner = rest[2];
  const isDeed = inner?.kind === 'word' && (link === 'to' || (link === 'from' && /ing$/.test(inner.raw)));
  if (!isTold || !isDeed) return frame;
  const negated = frame.negated !== isForbidden;
  const modality =
    frame.modality === 'asserted' || frame.modality === 'negated' ? (negated ? 'negated' : 'asserted') : frame.modality;
  return {
    ...frame,
    verb: inner.lemma,
    rest: rest.slice(3),
    negated,
    modality,
    modals: ['can', 'may'],
    past: false,
    aspect: frame.ended ? 'ended' : 'current',
  };
}

const ALLOWED = /^(?:allowed|permitted|authorized|authorised|entitled|cleared|licensed|free|welcome|empowered)$/i;
/** With these "may" tells what is possible, not what is allowed. */
const SUPPOSING =
  /^(?:be|have|need|want|become|come|know|get|seem|like|prefer|cause|happen|vary|change|move|affect|contain|depend|include|lead|require|rain|help|differ|result|last|cost|take|lose|leave|fail|break)$/;

const PERMITTED = /^(?:fine|ok|okay|allowed|permitted|acceptable|encouraged|welcome|recommended)$/;

const FORBIDDEN = /^(?:forbidden|prohibited|banned|discouraged|off-limits)$/;

/** "Deploying on Fridays is fine now": an order about what the gerund names. */
export function readPermission(frame: Frame, build: Build): Claim[] {
  const [gerund, ...object] = frame.subject.atoms;
  const answer = frame.rest[0]?.normal ?? '';
  const isForbidden = FORBIDDEN.test(answer);
  if (
    frame.verb !== 'be' ||
    gerund === undefined ||
    !/ing$/i.test(gerund.raw) ||
    (!PERMITTED.test(answer) && !isForbidden)
  )
    return [];
  const order: Frame = {
    ...frame,
    verb: gerund.lemma,
    rest: object,
    imperative: true,
    negated: frame.negated !== isForbidden,
    subject: SELF,
  };
  return readVerb(order, (draft) => build({ ...draft, subject: SELF.normal, denied: isForbidden }));
}
