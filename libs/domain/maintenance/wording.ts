import type { Claim } from '../belief/claim.js';
import { isAlike } from '../belief/overlap.js';
import { toldText, type ToldText } from '../context/near-copies.js';
import type { MaintainedMemory } from './maintained-memory.js';

/** A text as far as a few letters of it turn it around. */
export interface Wording {
  told: ToldText;
  /** Words that deny, date or condition, without those that only tell how often. */
  turns: readonly string[];
  stances: readonly string[];
  directions: readonly string[];
  /** "Is moving", "is being repaired": not there yet. */
  underway: boolean;
  /** "Is healing", "has healed": what goes on is not done. */
  phase: 'going on' | 'done' | null;
  /** Whose it is: the speaker's, or that of the one who is spoken of. */
  owners: readonly ('own' | 'other')[];
  /** Men and women who are spoken of by a pronoun. */
  persons: string;
  /** "More boys than girls": which is which lies in the order. */
  isCompared: boolean;
  /** "Near the school" is not at it: such words say more than where something is. */
  nearness: string;
  isPassive: boolean;
  speaker: 'acts' | 'undergoes' | 'either';
  /** Names in their order, without the speaker and the calendar. */
  names: readonly string[];
}

const OFTEN = /\b(?:each|every) (mornings?|days?|nights?|evenings?|afternoons?|weeks?|months?|years?|weekdays?)\b/gi;
const EVERY_WEEKDAY = /\b(?:every|each) ((?:mon|tues|wednes|thurs|fri|satur|sun)day)\b/gi;
/** Ways to say a wish, what has to be and what will be, each one way. */
const WISHED = /(?:\bwould|['’]d) (?:like|love) (?=to\b)/gi;
const OWED = /\b(?:have|has) to\b/gi;
const ABOUT_TO = /\b(?:is|are|am)? ?going to (?!(?:the|a|an|my|our|his|her|their|see you)\b)(?=\p{Ll}+)/giu;

/** "The University of Leiden" is "Leiden University". */
const NAMED_OF = /\b(\p{Lu}[\p{L}]+) of (\p{Lu}[\p{L}]+)/gu;

/** They tell a tense, which claims hold already. */
const AUXILIARY = /^(?:was|were|had|been|did|will|may)$/;
/** They deny, which the polarity of claims holds already. */
const DENIAL = /^(?:not|no|never|any|left|cannot|hates?|dislikes?|stop|stopped|quits?)$|n['’]t$/;
/** Who says so, and whether it is so or has to be: read past by claims, and yet another statement. */
const STANCE =
  /\b(?:(?:have|has|had|try|tries|trying|going|supposed|about|ought|pretend(?:s|ed)?|hopes?|plans?|dreams?|refuses?|refused|forgot|forgets?|remember(?:s|ed)?|manage[sd]?|able|unable) to|(?:need|want)(?:s|ed)?|must|should|might|may|could|nearly|think|thinks|thought|believes?|guess(?:es)?|suppose|told|said|says?|claims?|heard|according|apparently|allegedly|reportedly|officially|(?:in|on) (?:principle|theory|paper|part)|partly|mostly|mainly|half|probably|maybe|perhaps|hopefully|used to|start(?:s|ed|ing)?|beg[aiu]ns?|beginning)\b/gi;
/** One of these in place of another turns a statement around: from here, to here. */
const DIRECTION =
  /\b(?:to|from|for|with|without|against|before|after|under|over|above|below|behind|beside|near|into|onto|off|until|since|inside|outside|upper|lower|left|right)\b/gi;
const NEARNESS = /\b(?:near|beside|behind|opposite|towards?|around|outside|under|above|below|over|between)\b/gi;
const PERSONS = /\b(?:(he|him|his)|(she|her|hers))\b/gi;
/** The progressive of an achievement tells that it is not achieved yet (Z. Vendler, "Verbs and Times", 1957). */
const UNDERWAY =
  /(?:\b(?:am|is|are|was|were)|['’](?:m|s|re)) (?:being|becoming|moving|leaving|joining|quitting|retiring|switching|changing|turning|opening|closing|arriving|buying|selling|marrying|dying|winning|losing)\b/i;
const BEGUN = /^(?:start|beg[aiu]n).*/;
/** "She needs to", "I need to". */
const PERSON = /^(need|want|think|believe|suppose|say|claim|hope|plan|dream|manage|refuse|forget|remember)s\b/;
const GOING_ON = /(?:\b(?:am|is|are)|['’](?:m|re)) \p{Ll}+ing\b/u;
const DONE = /(?:\b(?:has|have)|['’]ve) (?!been\b)(?:just |already |now )?\p{Ll}+(?:ed|en|ne|wn)\b/u;
const OWNER = /\b(?:(my|our|mine|ours|user['’]s)|(his|her|its|their|theirs|hers))\b/gi;
const CALENDAR =
  /^(?:i|user|on|in|at|january|february|march|april|may|june|july|august|september|october|november|december|(?:mon|tues|wednes|thurs|fri|satur|sun)day)$/;

/** Who does it is left open: "logs are kept", "we keep logs". */
const PASSIVE = /\b(?:is|are|was|were|be|been|gets?|got) (?:\p{Ll}+ly )?\p{Ll}+(?:ed|en|pt|nt|lt|ld|de|ne|un|wn)\b/u;

/** Do they speak of us all on the one hand, and of what is done by nobody who is named on the other? */
export const isDoneByAll = (acting: string, told: string): boolean =>
  /\bwe\b/i.test(acting) && !/\b(?:I|me|us)\b/.test(acting) && PASSIVE.test(told);

export function wordingOf({ content }: MaintainedMemory): Wording {
  const plain = content
    .replace(EVERY_WEEKDAY, 'on $1s')
    .replace(OFTEN, 'a $1')
    .replace(WISHED, ' want ')
    .replace(OWED, 'must')
    .replace(ABOUT_TO, 'will ')
    .replace(NAMED_OF, '$2 $1');
  const told = toldText(plain);
  const words = (pattern: RegExp): string[] => [...plain.matchAll(pattern)].map(([word]) => word.toLowerCase());
  const [isActing, isUndergoing] = [/\b(?:I|we)\b/i.test(content), /\b(?:me|us)\b/i.test(content)];
  const isUser = /\buser\b/i.test(content);
  const owners = [...plain.matchAll(OWNER)].map(([, own]) => (own !== undefined || isUser ? 'own' : 'other'));
  return {
    told,
    turns: told.turns === '' ? [] : told.turns.split(' '),
    stances: words(STANCE).map((one) => one.replace(BEGUN, 'start').replace(PERSON, '$1')),
    directions: words(DIRECTION),
    underway: UNDERWAY.test(content),
    phase: GOING_ON.test(content) ? 'going on' : DONE.test(content) ? 'done' : null,
    owners: [...new Set(owners)].sort(),
    persons: [...new Set([...content.matchAll(PERSONS)].map(([, he]) => (he === undefined ? 'she' : 'he')))]
      .sort()
      .join(' '),
    isCompared: /\bthan\b/i.test(content),
    nearness: words(NEARNESS).join(' '),
    isPassive: PASSIVE.test(content),
    speaker: isActing === isUndergoing ? 'either' : isActing ? 'acts' : 'undergoes',
    names: told.names.filter((name) => !CALENDAR.test(name)),
  };
}

/**
 * The same negations, tenses, stances, directions and owners, and names in the same order. What equal claims hold (a
 * tense, a denial) need not be told in the same words.
 */
export function haveSameTurns(one: Wording, other: Wording, claimed: readonly Claim[] | null): boolean {
  const isDenied = claimed !== null && claimed.length > 0 && claimed.every(({ polarity }) => polarity === 'negative');
  const isHeld = (word: string): boolean =>
    claimed !== null && (AUXILIARY.test(word) || (isDenied && DENIAL.test(word)));
  const kept = ({ turns }: Wording): string => turns.filter((word) => !isHeld(word)).join(' ');
  if (kept(one) !== kept(other) || one.stances.join(' ') !== other.stances.join(' ')) return false;
  if (one.underway !== other.underway || one.nearness !== other.nearness) return false;
  if (one.phase !== null && other.phase !== null && one.phase !== other.phase) return false;
  if (one.persons !== '' && other.persons !== '' && one.persons !== other.persons) return false;
  const isOneOwner = one.owners.length === 0 || other.owners.length === 0 || `${one.owners}` === `${other.owners}`;
  if (!isOneOwner || areOpposed(one.directions, other.directions)) return false;
  const areRead = claimed !== null && areNamesRead(one, claimed);
  return areRead || (areNamesInOrder(one, other) && (claimed !== null || !areSpeakersSwapped(one, other)));
}

const areOpposed = (mine: readonly string[], theirs: readonly string[]): boolean =>
  mine.some((word) => !theirs.includes(word)) && theirs.some((word) => !mine.includes(word));

/** "I lent Tom money" is not "Tom lent me money": does the speaker only act, or is it only done to them? */
const areSpeakersSwapped = ({ speaker: mine }: Wording, { speaker: theirs }: Wording): boolean =>
  mine !== theirs && mine !== 'either' && theirs !== 'either';

/** Are all names but one told by the claims? Then their order tells nothing more. */
const areNamesRead = ({ names }: Wording, claims: readonly Claim[]): boolean =>
  names.filter((name) => !claims.some(({ subject, normal }) => `${subject} ${normal}`.includes(name))).length <= 1;

/** "Anna helps Ben" is not "Ben helps Anna". */
function areNamesInOrder({ names: mine }: Wording, { names: theirs }: Wording): boolean {
  return areInOneOrder(mine, theirs, (one, other) => one === other);
}

/** Do the words that both have stand in one order? "My brother has twins" is not "I have a twin brother". */
export function areWordsInOrder(mine: readonly string[], theirs: readonly string[]): boolean {
  return areInOneOrder(mine, theirs, isAlike);
}

function areInOneOrder(
  mine: readonly string[],
  theirs: readonly string[],
  isSame: (one: string, other: string) => boolean,
): boolean {
  const known = new Set(mine.filter((word) => theirs.some((other) => isSame(word, other))));
  const met = theirs.flatMap((word) => [...known].find((own) => isSame(own, word)) ?? []);
  return [...known].join(' ') === [...new Set(met)].join(' ');
}
