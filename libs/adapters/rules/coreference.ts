import type { ExtractorMessage } from '#libs/ports/extractor.js';
import { DAYS, FEMALE_KIN, MALE_KIN, MONTHS, NOT_NAMES, PLURAL_PEOPLE } from './lexicon.js';
import { isPersonNoun } from './subject.js';
import type { Token } from './tokens.js';
import { readVerb } from './verbs.js';

/** Who speaks, and to whom. */
export interface Parties {
  /** As it stands inside a sentence: `Gina`, `the user`. */
  speaker: string;
  /** The other party where exactly one is known. */
  addressee: string | null;
}

const NAME_MAX_CHARS = 80;
/** A person is remembered over this many messages. */
const WINDOW_MESSAGES = 2;
const PLACES_OF_NAMES = new Set(
  'with met meet saw and by named called from visited married dating told asked'.split(' '),
);
const CALENDAR = new Set([...DAYS.split('|'), ...MONTHS.split('|')]);

export function speakerOf({ name, role }: ExtractorMessage): string {
  const clean = name === null ? '' : name.replace(/\s+/g, ' ').trim().slice(0, NAME_MAX_CHARS);
  if (clean !== '') return clean;
  if (role === 'assistant' || role === 'tool' || role === 'system') return `the ${role}`;
  return 'the user';
}

/** For every message its speaker and addressee. Two parties address each other; an assistant faces the user. */
export function partiesOf(messages: readonly ExtractorMessage[]): Parties[] {
  const speakers = messages.map(speakerOf);
  const talking = new Set(speakers.filter((_, at) => messages[at]!.role !== 'tool' && messages[at]!.role !== 'system'));
  return messages.map((message, at) => {
    const others = [...talking].filter((one) => one !== speakers[at]);
    if (others.length === 1) return { speaker: speakers[at]!, addressee: others[0]! };
    if (others.length > 1) return { speaker: speakers[at]!, addressee: null };
    if (message.role === 'assistant') return { speaker: speakers[at]!, addressee: 'the user' };
    return { speaker: speakers[at]!, addressee: message.name === null ? 'the assistant' : null };
  });
}

interface Mention {
  text: string;
  gender: 'he' | 'she' | null;
  plural: boolean;
  messageIndex: number;
  at: number;
}

/** The persons lately named, for "he", "she" and "they". */
export class PersonWindow {
  private mentions: Mention[] = [];

  /** Notes names and kin ("my sister Anna") of one sentence; `possessive` is what "my" stands for. */
  note(tokens: readonly Token[], messageIndex: number, possessive: string, participants: ReadonlySet<string>): void {
    this.mentions = this.mentions.filter((one) => one.messageIndex >= messageIndex - WINDOW_MESSAGES);
    for (let at = 0; at < tokens.length; at += 1) {
      const { word, capital, start } = tokens[at]!;
      const before = tokens[at - 1];
      if (isPersonNoun(word) && before !== undefined && tokens[at + 1]?.word !== "'s") {
        const own = before.word === 'my' || before.word === 'our';
        if (!own && tokens[at - 2]?.word !== 'my') continue;
        const gender = MALE_KIN.has(word) ? 'he' : FEMALE_KIN.has(word) ? 'she' : null;
        const phrase = own ? word : `${before.word} ${word}`;
        const name = nameAt(tokens, at + 1);
        this.add(
          { text: `${possessive} ${phrase}${name}`, gender, plural: PLURAL_PEOPLE.has(word), messageIndex, at: start },
          participants,
        );
        continue;
      }
      if (capital && isName(tokens, at)) {
        this.add({ text: capitalise(word), gender: null, plural: false, messageIndex, at: start }, participants);
      }
    }
  }

  /** The one person that the pronoun can mean; null when there is none or more than one. */
  resolve(pronoun: 'he' | 'she' | 'they', messageIndex: number, at: number): string | null {
    const plural = pronoun === 'they';
    const candidates = new Set<string>();
    for (const one of this.mentions) {
      const earlier = one.messageIndex < messageIndex || one.at < at;
      const agrees = one.plural === plural && (plural || one.gender === null || one.gender === pronoun);
      if (earlier && agrees) candidates.add(one.text);
    }
    return candidates.size === 1 ? [...candidates][0]! : null;
  }

  private add(mention: Mention, participants: ReadonlySet<string>): void {
    if (participants.has(mention.text.toLowerCase())) return;
    const known = this.mentions.some((one) => one.text === mention.text && one.messageIndex === mention.messageIndex);
    if (!known) this.mentions.push(mention);
  }
}

/** A capital word where persons stand: before a verb at the start, or after "with", "met", "named". */
function isName(tokens: readonly Token[], at: number): boolean {
  const { word, gap } = tokens[at]!;
  if (NOT_NAMES.has(word) || CALENDAR.has(word) || /\d/.test(word)) return false;
  const before = tokens[at - 1];
  if (before === undefined || gap === 'break') {
    const next = tokens[at + 1];
    return (
      next !== undefined &&
      next.gap === 'space' &&
      !next.capital &&
      (readVerb(next.word)?.base === false || next.word === 'is' || next.word === 'was')
    );
  }
  return PLACES_OF_NAMES.has(before.word) || (isPersonNoun(before.word) && tokens[at - 2]?.word !== 'my');
}

function nameAt(tokens: readonly Token[], at: number): string {
  const token = tokens[at];
  return token !== undefined && token.capital && token.gap === 'space' && !CALENDAR.has(token.word)
    ? ` ${capitalise(token.word)}`
    : '';
}

export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function possessiveOf(name: string): string {
  return `${name}'s`;
}
