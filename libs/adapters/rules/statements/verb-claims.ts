import type { Claim } from '#libs/domain/belief/claim.js';
import { isOwned } from './atoms.js';
import type { Atom } from './atoms.js';
import { attributeOf } from './copula.js';
import { closedSlot, ENDING_VERBS, REPLACING_VERBS, STATUS_AFTER, STATUS_BY_VERB } from './verb-classes.js';
import type { Build } from './drafts.js';
import type { Frame } from './frames.js';
import { listed } from './held-claims.js';
import { partyOf, SELF } from './parties.js';
import { GOAL_WORDS, quantityOf, splitValue, wordsOf } from './values.js';
import type { Value } from './values.js';

/** "Would like to run": a goal. */
export function readWish(frame: Frame, build: Build): Claim[] {
  const value = splitValue(frame.rest[0]!.normal === 'to' ? frame.rest.slice(1) : frame.rest, GOAL_WORDS);
  return build({ slot: 'goal', atoms: value.atoms, value });
}

/** Who cannot find a thing has lost it. */
const SEEKING = /^(?:find|locate)$/;

export function readAbility(frame: Frame, build: Build): Claim[] {
  const value = splitValue(frame.rest);
  if (frame.negated && SEEKING.test(frame.verb) && value.atoms.length > 0 && isOwned(value.atoms[0]!))
    return build({
      ...{ slot: 'status', atoms: value.atoms, normal: 'lost', subject: partyOf(value.atoms).normal, denied: true },
      value: { ...value, atoms: [] },
    });
  return build({
    slot: 'ability',
    atoms: value.atoms,
    value,
    normal: [frame.verb, wordsOf(value.atoms)].join(' ').trim(),
  });
}

/** "Switched from X to Y", "traded X for Y", "replaced X with Y". */
export function readReplacement(frame: Frame, build: Build): Claim[] {
  const role = readSuccession(frame, build);
  if (role.length > 0) return role;
  const passive = frame.verb === 'be' && REPLACING_VERBS.has(frame.rest[0]?.lemma ?? '');
  const verb = passive ? frame.rest[0]!.lemma : frame.verb;
  const rest = passive ? frame.rest.slice(1) : frame.rest;
  if (!REPLACING_VERBS.has(verb)) return [];
  const first = rest.findIndex(({ normal }) => normal === 'from');
  const link = rest.findIndex(
    ({ kind, normal }, at) => at > first && at > 0 && kind === 'word' && /^(?:to|for|with|by|into|onto)$/.test(normal),
  );
  if (rest.some(({ kind }, at) => kind === 'moment' && (at === first + 1 || at === link + 1) && at > 0)) return [];
  const isMove = verb === 'move' || verb === 'go';
  if (first >= 0 && link > first + 1) {
    const slot = isMove && frame.subject.kind !== 'thing' ? 'residence' : 'any';
    return pair(
      slot,
      slot === 'any' ? closedSlot(verb) : slot,
      rest.slice(first + 1, link),
      rest.slice(link + 1),
      build,
    );
  }
  if (/^(?:trade|swap|exchange|replace|drop|ditch|abandon|jump)$/.test(verb) && link > 0 && first < 0)
    return pair('any', closedSlot(verb), rest.slice(0, link), rest.slice(link + 1), build);
  const to = rest.findIndex(({ normal }) => normal === 'to');
  const isNew = /^(?:switch|migrate|change|convert|transition|upgrade|downgrade)$/.test(verb);
  if (isNew && to > 0 && verb !== 'change' && frame.subject.kind !== 'thing' && !passive && rest[0]!.normal !== 'over')
    return ofThing(frame, to, build);
  if (isNew && to >= 0 && to <= 2 && to < rest.length - 1 && frame.subject.kind !== 'thing') {
    const value = splitValue(rest.slice(to + 1));
    return build({ slot: 'any', atoms: value.atoms, value, begun: true });
  }
  return [];
}

/** "Wingspan has replaced Carcassonne as my favourite game", "Ana succeeded Bo as team lead". */
function readSuccession(frame: Frame, build: Build): Claim[] {
  const as = frame.rest.findIndex(({ normal }) => normal === 'as');
  if (!/^(?:replace|succeed|follow|overtake)$/.test(frame.verb) || as < 1 || as === frame.rest.length - 1) return [];
  const role = attributeOf(partyOf(frame.rest.slice(as + 1)));
  if (role === undefined) return [];
  const { subject } = frame;
  return build({
    slot: role.slot,
    atoms: subject.atoms,
    normal: wordsOf(subject.atoms),
    subject: role.owner.normal,
    value: splitValue([]),
    begun: true,
  });
}

/** "Upgraded production to Kubernetes 1.30": what the thing has had is replaced. */
function ofThing(frame: Frame, link: number, build: Build): Claim[] {
  const object = frame.rest.slice(0, link);
  const after = splitValue(frame.rest.slice(link + 1));
  if (after.atoms.length === 0 || object.length === 0 || object.length > 3) return [];
  return build({ slot: 'any', atoms: after.atoms, value: after, subject: partyOf(object).normal, begun: true });
}

function pair(slot: string, closed: string, before: Atom[], after: Atom[], build: Build): Claim[] {
  const from = splitValue(before);
  const to = splitValue(after);
  if (from.atoms.length === 0 || to.atoms.length === 0) return [];
  return [
    ...build({ slot, atoms: to.atoms, value: to, begun: true }),
    ...build({ slot: closed, atoms: from.atoms, value: from, ended: true }),
  ];
}

const SMALL_VERBS = new Set(['do', 'have', 'be', 'go', 'get']);

/** Orders that mean the same. */
const ORDERED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    put: 'include',
    add: 'include',
    insert: 'include',
    answer: 'reply',
    respond: 'reply',
    label: 'name',
  }),
);

/** What no pattern takes: the verb is the slot. */
export function readVerb(frame: Frame, build: Build): Claim[] {
  const { rest } = frame;
  const isParticle = rest[0]?.kind === 'word' && PARTICLES.test(rest[0].normal);
  const isTimed = isParticle && !frame.imperative && rest.length === 2 && rest[1]!.kind === 'moment';
  const preposition = isParticle ? rest[0]!.normal : '';
  const value = splitValue(preposition === '' ? rest : rest.slice(1));
  const phrase = preposition === '' || isTimed ? frame.verb : `${frame.verb} ${preposition}`;
  if (frame.imperative) return readOrder(frame, ORDERED.get(phrase) ?? phrase, value, build);
  return (
    readCaused(frame, preposition, value, build) ??
    readEnding(frame, value, build) ??
    readActivity(frame, phrase, value, build)
  );
}

/** "Give long answers" tells how answers are to be. */
const GIVING = /^(?:give|write|provide|use|keep|prefer|produce|send|make)$/;
const OUTPUTS = /^(?:answer|reply|response|explanation|summary|message|sentence|paragraph|title|subject|report|email)$/;

const PARTICLES = /^(?:in|on|at|to|with|for|from|up|out|off|down|into|by|about|through|over)$/;

/** "Reply to me in English", "use English in replies": the language or form of answers. */
function answerLanguage(frame: Frame, value: Value, build: Build): Claim[] | null {
  const { verb, rest } = frame;
  const slot = 'guideline:reply in';
  if (/^(?:reply|answer|respond|speak|talk|write)$/.test(verb)) {
    const at = rest.findIndex(({ normal }) => normal === 'in');
    const isMine = at >= 0 && rest.slice(0, at).every(({ normal }) => /^(?:to|me|us|back|with)$/.test(normal));
    const answer = splitValue(rest.slice(at + 1));
    return isMine && answer.atoms.length > 0 ? build({ slot, atoms: answer.atoms, value: answer }) : null;
  }
  const isForAnswers = value.qualifiers.some((one) => /^(?:in|for) (?:reply|answer|response|message)$/.test(one));
  if (verb !== 'use' || !isForAnswers) return null;
  return build({ slot, atoms: value.atoms, value: { ...value, qualifiers: [] } });
}

/** "Keep answers under 100 words": how long they may be. */
function readLimit(value: Value, build: Build): Claim[] {
  const [, amount] = value.atoms;
  if (amount?.kind !== 'measure' || amount.gap === 'comma') return [];
  const atoms = value.atoms.slice(1);
  return build({ slot: 'status', atoms, subject: partyOf(value.atoms.slice(0, 1)).normal, value: { ...value, atoms } });
}

/** "Use tabs", "keep replies short", "deploy on Fridays". */
function readOrder(frame: Frame, phrase: string, value: Value, build: Build): Claim[] {
  const { verb, rest } = frame;
  const slot = `guideline:${phrase}`;
  const head = value.atoms.at(-1);
  const limited = verb === 'keep' ? readLimit(value, build) : [];
  if (limited.length > 0) return limited;
  const inLanguage = answerLanguage(frame, value, build);
  if (inLanguage !== null) return inLanguage;
  if (GIVING.test(verb) && value.qualifiers.length === 0 && value.atoms.length > 1 && OUTPUTS.test(head!.normal)) {
    const how = value.atoms.slice(0, -1);
    return build({ slot: 'status', atoms: how, subject: head!.normal, value: { ...value, atoms: how } });
  }
  const end = value.atoms.findIndex(({ kind, gap }, at) => at > 1 && (kind === 'measure' || gap === 'comma'));
  const kept = end < 0 ? value.atoms : value.atoms.slice(0, end);
  if ((verb === 'keep' || verb === 'make') && kept.length > 1) {
    const state = kept.at(-1)!;
    const subject = partyOf(kept.slice(0, -1)).normal;
    const limits = end < 0 ? [] : [`at ${wordsOf(value.atoms.slice(end))}`];
    const qualifiers = [...value.qualifiers, ...limits].sort();
    return build({ slot: 'status', atoms: [state], subject, value: { ...value, qualifiers, atoms: [state] } });
  }
  if (value.moment !== null && value.atoms.length === 0)
    return build({ slot, atoms: rest, normal: value.moment, value: { ...value, moment: null } });
  if (value.atoms.length === 0) return SMALL_VERBS.has(verb) ? [] : build({ slot, atoms: rest, normal: '', value });
  return listed(slot, value, build, {}, frame);
}

/** "We closed bug 77", "order 12 has shipped": the state that the verb leaves. */
function readCaused(frame: Frame, preposition: string, value: Value, build: Build): Claim[] | null {
  const { verb, subject } = frame;
  const isSwitched = /^(?:turn|switch)$/.test(verb) && /^(?:on|off)$/.test(preposition);
  const isDone = frame.past || frame.perfect;
  const status = isSwitched ? preposition : (STATUS_BY_VERB.get(verb) ?? (isDone ? STATUS_AFTER.get(verb) : undefined));
  const isDown = preposition === 'down' && /^(?:close|shut)$/.test(verb);
  if (status === undefined || (preposition !== '' && !isDown && !isSwitched) || frame.modality !== 'asserted')
    return null;
  const [first] = value.atoms;
  if (first === undefined)
    return subject.kind === 'thing'
      ? build({ slot: 'status', atoms: subject.atoms, normal: status, value, begun: true })
      : null;
  if (value.atoms.some(({ kind }) => kind === 'measure')) return null;
  const isKnown = first.article === 'the' || isOwned(first) || /\d/.test(value.atoms.at(-1)!.normal);
  if (!isKnown) return null;
  const states = build({
    slot: 'status',
    atoms: value.atoms,
    normal: status,
    subject: partyOf(value.atoms).normal,
    value: splitValue([]),
    begun: true,
  });
  return ENDING_VERBS.has(verb)
    ? [...states, ...build({ slot: closedSlot(verb), atoms: value.atoms, value, ended: true })]
    : states;
}

/** "Left Figma", "cancelled the trip": an end, in whichever slot holds it. */
function readEnding({ verb }: Frame, value: Value, build: Build): Claim[] | null {
  if (!ENDING_VERBS.has(verb) || value.atoms.length === 0) return null;
  const isJob = (verb === 'leave' || verb === 'quit') && value.atoms.every(({ capital }) => capital);
  return build({ slot: isJob ? 'employer' : closedSlot(verb), atoms: value.atoms, value, ended: true });
}

function readActivity(frame: Frame, phrase: string, value: Value, build: Build): Claim[] {
  const { verb, rest } = frame;
  const special = readCommute(frame, value, build) ?? readResignation(frame, build);
  if (special !== null) return special;
  const amount = quantityOf(value.atoms);
  if (amount !== null)
    return [
      ...build({ slot: `quantity:${phrase} ${amount.unit ?? ''}`.trim(), atoms: value.atoms, value }),
      ...bareHabit(frame, phrase, value, build),
    ];
  const isScheduled =
    value.moment !== null && frame.modality !== 'plan' && !frame.past && /(?:^| )[tw]=/.test(value.moment);
  if (isScheduled) {
    const activity = [phrase, wordsOf(value.atoms)].join(' ').trim();
    const weekly =
      !value.moment!.includes('t=') && value.atoms.length > 0
        ? build({ slot: `do:${phrase}`, atoms: value.atoms, value: { ...value, recurring: true } })
        : value.atoms.length === 0
          ? bareHabit(frame, phrase, value, build)
          : [];
    return [
      ...weekly,
      ...build({
        slot: `schedule:${activity}`,
        atoms: rest,
        normal: value.moment!,
        value: { ...value, moment: null },
      }),
    ];
  }
  const isTool = phrase !== verb && / (?:with|in|on|using)$/.test(phrase) && value.atoms[0]?.capital === true;
  if (isTool && frame.subject.kind === 'self' && !frame.past)
    return build({
      slot: 'tool',
      atoms: value.atoms,
      value: { ...value, qualifiers: [...value.qualifiers, `for ${verb}`].sort() },
    });
  const slot = phrase === 'have' ? 'has' : `do:${phrase}`;
  if (value.atoms.length === 0) return SMALL_VERBS.has(verb) ? [] : build({ slot, atoms: rest, normal: '', value });
  return listed(slot, value, build, {}, frame);
}

/** Whoever runs five kilometres a day runs: met by "doesn't run", not by another amount. */
function bareHabit(frame: Frame, phrase: string, value: Value, build: Build): Claim[] {
  if (frame.past || frame.negated || phrase !== frame.verb || SMALL_VERBS.has(phrase) || frame.subject.kind === 'thing')
    return [];
  return build({
    slot: `do:${phrase}`,
    atoms: value.atoms,
    normal: '',
    value: { ...value, atoms: [], recurring: true },
  });
}

const MODES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    drive: 'car',
    cycle: 'bicycle',
    bike: 'bicycle',
    bicycle: 'bicycle',
    walk: 'foot',
    run: 'foot',
    fly: 'plane',
  }),
);

/** When somebody goes so, not where to or by what. */
const CIRCUMSTANCE = /^(?:when|whenever|if|unless|while|because|during|in|on) /;

/** "Drives to work", "takes the bus to work", "commutes by train". */
function readCommute(frame: Frame, value: Value, build: Build): Claim[] | null {
  const { verb, rest } = frame;
  const toWork = rest.some(
    ({ normal }, at) =>
      normal === 'to' && /^(?:work|office|school|campus|university)$/.test(rest[at + 1]?.normal ?? ''),
  );
  const by = rest.findIndex(({ normal }) => normal === 'by');
  const vehicle =
    /^(?:take|ride|catch|use|get)$/.test(verb) && toWork && rest[0]?.normal !== 'to'
      ? value.atoms[0]
      : (verb === 'commute' || (toWork && /^(?:go|travel|get|come)$/.test(verb))) && by >= 0
        ? rest[by + 1]
        : undefined;
  const mode = vehicle?.normal ?? (toWork ? MODES.get(verb) : undefined);
  if (mode === undefined) return null;
  const conditions = {
    ...splitValue([]),
    qualifiers: [
      ...value.qualifiers.filter((one) => CIRCUMSTANCE.test(one) || one.startsWith('from ')),
      ...(vehicle !== undefined && value.moment?.startsWith('t=') === true ? [`at ${value.moment}`] : []),
    ],
    moment: value.moment,
    recurring: value.recurring,
  };
  const line = vehicle !== undefined && vehicle === value.atoms[0] ? wordsOf(value.atoms) : mode;
  return build({ slot: 'commute', atoms: vehicle === undefined ? rest : [vehicle], normal: line, value: conditions });
}

/** "Stepped down as CTO": the end of a title, and of who fills the role. */
function readResignation(frame: Frame, build: Build): Claim[] | null {
  const as = frame.rest.findIndex(({ normal }) => normal === 'as');
  if (!/^(?:step|resign|stand)$/.test(frame.verb) || as < 0 || as === frame.rest.length - 1) return null;
  const title = splitValue(frame.rest.slice(as + 1));
  const held = build({ slot: 'job_title', atoms: title.atoms, value: title, ended: true });
  return [
    ...held,
    ...build({
      slot: wordsOf(title.atoms),
      atoms: frame.subject.atoms,
      normal: frame.subject.normal,
      subject: SELF.normal,
      value: splitValue([]),
      ended: true,
    }),
  ];
}
