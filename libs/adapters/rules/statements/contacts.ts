/** How somebody is reached and spoken of: values that tell their slot by their form, whatever words stand around them. */
import type { Claim } from '#libs/domain/belief/claim.js';
import type { Atom } from './atoms.js';
import type { Build } from './drafts.js';
import type { Frame } from './frames.js';
import { partyOf, SELF } from './parties.js';
import type { Party } from './parties.js';
import { splitValue } from './values.js';

const PHONE_MIN_DIGITS = 7;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@.]+$/;
const PHONE = new RegExp(`^\\d{${PHONE_MIN_DIGITS},}$`);
const PRONOUNS = /(?:^| )((?:she|he|they|it|xe|ze)\/(?:her|hers|him|his|them|theirs|its|xem|zir)(?:\/[a-z]+)?)(?: |$)/;
const REACHING = new Set('reach contact email call text phone message ring dial write'.split(' '));
const REACHED = /^(?:reached|contacted|emailed|called|reachable|available|texted)$/;
/** Which of several addresses it is. */
const SORTS = /^(?:work|private|personal|business|home|office|emergency|school|university|backup|secondary|billing)$/;

/** "Email me at", "the best number to reach Tobias is": the address is a property of the person. */
export function readContact(frame: Frame, build: Build): Claim[] {
  const at = frame.rest.findIndex(isAddress);
  if (at < 0) return [];
  const person = reachedPerson(frame, at);
  if (person === undefined) return [];
  const atoms = [frame.rest[at]!];
  return build({ slot: 'contact', atoms, subject: person.normal, value: splitValue(atoms) });
}

const isAddress = ({ kind, normal }: Atom): boolean => kind === 'word' && (EMAIL.test(normal) || PHONE.test(normal));

function reachedPerson(frame: Frame, address: number): Party | undefined {
  const { verb, rest, subject } = frame;
  const isMail = /^(?:mail|email|message|letter|post)$/.test(rest[0]?.normal ?? '') && rest[0]!.article === 'own';
  if (/^(?:send|forward|address)$/.test(verb) && isMail && address >= 2) return SELF;
  if (verb === 'write' && rest[0]?.normal === 'to' && address >= 3) return partyOf(rest.slice(1, address - 1));
  if (REACHING.has(verb) && address >= 2) return partyOf(rest.slice(0, address - 1));
  if (verb !== 'be') return undefined;
  if (REACHED.test(rest[0]?.normal ?? '') || REACHED.test(rest[0]?.raw ?? '')) return subject;
  const reach = subject.atoms.findIndex(
    ({ lemma }, index) => REACHING.has(lemma) && subject.atoms[index - 1]?.normal === 'to',
  );
  return reach > 0 && reach < subject.atoms.length - 1 ? partyOf(subject.atoms.slice(reach + 1)) : undefined;
}

/** An address or pronouns fill their own slot: "my work address is", "uses they/them". */
export function byForm(claim: Claim): Claim {
  const pronouns = PRONOUNS.exec(claim.normal);
  if (pronouns !== null) return { ...claim, slot: 'pronouns', normal: pronouns[1]! };
  const form = EMAIL.test(claim.normal) ? 'email' : PHONE.test(claim.normal) ? 'phone' : undefined;
  if (
    form === undefined ||
    !/^(?:contact|address|email|phone|number|identity|status|measure)|(?:address|email|phone|number)$/.test(claim.slot)
  )
    return claim;
  const sort = claim.slot.split(' ').find((word) => SORTS.test(word));
  return { ...claim, slot: sort === undefined ? form : `${sort} ${form}` };
}
