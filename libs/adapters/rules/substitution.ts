import type { Clause } from './clauses.js';
import type { Parties } from './coreference.js';
import { capitalise, possessiveOf } from './coreference.js';
import { ADVERBS, MODALS, NEGATIONS } from './lexicon.js';
import type { Token } from './tokens.js';
import { isPastOnly, readVerb, thirdPerson } from './verbs.js';

/** What a memory's text is written from. */
export interface Wording {
  text: string;
  tokens: readonly Token[];
  clause: Clause;
  parties: Parties;
  /** What "he", "she" or "they" as the subject stands for. */
  pronoun: string | null;
  /** Dates to put in, at offsets of the message, in order. */
  notes: readonly { at: number; text: string }[];
  /** Verbs of joined clauses that agree with the subject too. */
  joinedVerbs: readonly number[];
}

type Agreement = 'third' | 'plural' | null;

const FIRST_PERSON = new Map([
  ['i', 'subject'],
  ['we', 'subject'],
  ['me', 'object'],
  ['us', 'object'],
  ['my', 'possessive'],
  ['our', 'possessive'],
  ['mine', 'possessive'],
  ['ours', 'possessive'],
  ['myself', 'reflexive'],
  ['ourselves', 'reflexive'],
] as const);
const SECOND_PERSON = new Map([
  ['you', 'subject'],
  ['your', 'possessive'],
  ['yours', 'possessive'],
  ['yourself', 'reflexive'],
  ['yourselves', 'reflexive'],
] as const);

const THIRD_AGREEMENT = new Map([
  ["'m", ' is'],
  ["'re", ' is'],
  ["'ve", ' has'],
  ['am', 'is'],
  ['are', 'is'],
  ['have', 'has'],
  ['were', 'was'],
  ['do', 'does'],
  ['wanna', 'wants to'],
  ['gotta', 'has to'],
  ['gonna', 'is gonna'],
]);
const PLURAL_AGREEMENT = new Map([
  ["'m", ' are'],
  ['am', 'are'],
  ['was', 'were'],
]);

/** The memory's sentence: verbatim, but with speaker and addressee named, verbs agreeing, and dates beside relative times. */
export function standAlone(wording: Wording): string {
  return new Writer(wording).write();
}

class Writer {
  private out = '';
  private agreement: Agreement = null;
  private named = { speaker: false, addressee: false };
  private copied: number;
  private note = 0;

  constructor(private readonly wording: Wording) {
    this.copied = this.wording.tokens[this.wording.clause.from]!.start;
  }

  write(): string {
    const { tokens, clause, text } = this.wording;
    if (clause.sharesSubject || clause.subject.kind === 'implied') this.writeMissingSubject();
    for (let at = clause.from; at < clause.to; at += 1) {
      const token = tokens[at]!;
      this.out += text.slice(this.copied, token.start);
      this.writeToken(token, at);
      this.copied = token.end;
      if (tokens[at + 1]?.word !== "'s" || at + 1 >= clause.to) this.writeNotes(token.end);
    }
    return capitalise(this.out.replace(/\s+/g, ' ').trim());
  }

  private writeMissingSubject(): void {
    const { clause, tokens, text } = this.wording;
    const { kind } = clause.subject;
    const speaks = kind === 'speaker' || kind === 'implied';
    if (speaks) this.name('speaker');
    else if (kind === 'addressee') this.name('addressee');
    else this.out += this.wording.pronoun ?? this.nounPhrase(clause, tokens, text);
    const verb = tokens[clause.predicate.at]!.word;
    if (clause.sharedAuxiliary !== '') this.out += ` ${clause.sharedAuxiliary}`;
    else if (kind === 'implied' && readVerb(verb)?.gerund) this.out += ' is';
    else if (kind === 'implied' && verb === 'been') this.out += ' has';
    else this.agreement = speaks || kind === 'addressee' ? 'third' : null;
    this.out += ' ';
  }

  private nounPhrase({ subject }: Clause, tokens: readonly Token[], text: string): string {
    let out = '';
    for (let at = subject.from; at < subject.to; at += 1) {
      const { word, start, end, gap } = tokens[at]!;
      const own = FIRST_PERSON.get(word as 'my') === 'possessive';
      out +=
        (at > subject.from && gap !== 'none' ? ' ' : '') +
        (own ? possessiveOf(this.wording.parties.speaker) : text.slice(start, end));
    }
    return out;
  }

  private writeToken(token: Token, at: number): void {
    const { text, parties, clause, tokens } = this.wording;
    const { word } = token;
    const written = text.slice(token.start, token.end);
    const first = FIRST_PERSON.get(word as 'i');
    const second = SECOND_PERSON.get(word as 'you');
    if (first !== undefined) {
      this.writePerson('speaker', first, at);
    } else if (second !== undefined && parties.addressee !== null) {
      const isObject = second === 'subject' && !this.isSubject(at);
      this.writePerson('addressee', isObject ? 'object' : second, at);
    } else if (this.wording.pronoun !== null && at === clause.subject.from && clause.subject.to > at) {
      this.out += this.wording.pronoun;
    } else if (this.agreement !== null) {
      const verb = this.startsImplied(at) ? word : written;
      this.out += this.agree(word, verb, tokens[at + 1]?.word ?? '');
    } else if (this.wording.joinedVerbs.includes(at)) {
      this.agreement = 'third';
      this.out += this.agree(word, written, '');
    } else {
      this.out += this.startsImplied(at) ? written.charAt(0).toLowerCase() + written.slice(1) : written;
    }
  }

  /** "Lost my job" gets a subject in front, so its capital goes. */
  private startsImplied(at: number): boolean {
    const { clause } = this.wording;
    return at === clause.from && clause.subject.kind === 'implied';
  }

  private writePerson(
    who: 'speaker' | 'addressee',
    form: 'subject' | 'object' | 'possessive' | 'reflexive',
    at: number,
  ): void {
    const { clause, tokens, parties } = this.wording;
    const name = who === 'speaker' ? parties.speaker : parties.addressee!;
    const kind = clause.subject.kind;
    const isTopic = who === 'speaker' ? kind === 'speaker' || kind === 'implied' : kind === 'addressee';
    const again = this.named[who] && isTopic;
    this.agreement = null;
    if (form === 'reflexive') this.out += 'themselves';
    else if (form === 'possessive') this.out += again ? this.their(tokens[at]!.word) : possessiveOf(name);
    else if (form === 'object') this.out += name;
    else {
      this.out += again ? 'they' : name;
      const before = at > clause.from ? tokens[at - 1]!.word : '';
      const joined = before === 'and' || before === 'than' || tokens[at + 1]?.word === 'and';
      this.agreement = joined ? null : again ? 'plural' : 'third';
    }
    this.named[who] ||= form === 'subject';
  }

  private their(word: string): string {
    return word === 'mine' || word === 'ours' || word === 'yours' ? 'theirs' : 'their';
  }

  private name(who: 'speaker' | 'addressee'): void {
    this.out += who === 'speaker' ? this.wording.parties.speaker : (this.wording.parties.addressee ?? 'you');
    this.named[who] = true;
  }

  /** "you" is a subject when a verb group follows: "you love", not "I love you". */
  private isSubject(at: number): boolean {
    const { tokens, clause } = this.wording;
    if (clause.subject.kind === 'addressee' && clause.subject.from === at) return true;
    const next = tokens[at + 1];
    if (next === undefined || at + 1 >= clause.to || next.gap === 'break' || next.gap === 'comma') return false;
    return next.gap === 'none' || MODALS.has(next.word) || isVerbForm(next.word) || /^(?:are|were)$/.test(next.word);
  }

  /** The next verb after a replaced subject takes the third person; adverbs pass, modals and pasts stay. */
  private agree(word: string, written: string, next: string): string {
    const table = this.agreement === 'third' ? THIRD_AGREEMENT : PLURAL_AGREEMENT;
    const fixed = table.get(word);
    if (
      (ADVERBS.has(word) && fixed === undefined) ||
      word === 'never' ||
      word === 'not' ||
      word === 'no' ||
      word === 'longer'
    )
      return written;
    const third = this.agreement === 'third';
    this.agreement = null;
    if (fixed !== undefined) return fixed;
    if (word === "'ll") return ' will';
    if (word === "'d")
      return next === 'better' || (readVerb(next)?.participle && !readVerb(next)?.base) || next === 'been'
        ? ' had'
        : ' would';
    if (word === "'ve") return ' have';
    if (word === "'re") return ' are';
    if (!third || MODALS.has(word) || NEGATIONS.has(word) || this.wording.clause.predicate.tense === 'past')
      return written;
    if (/^(?:was|is|has|had|did|does|used)$/.test(word) || isPastOnly(word) || !/^[a-z-]+$/.test(word)) return written;
    const reading = readVerb(word);
    return reading === undefined || reading.base ? thirdPerson(word) : written;
  }

  private writeNotes(end: number): void {
    const { notes } = this.wording;
    while (this.note < notes.length && notes[this.note]!.at <= end) {
      this.out += notes[this.note]!.text;
      this.note += 1;
    }
  }
}

function isVerbForm(word: string): boolean {
  const reading = readVerb(word);
  return reading !== undefined && (reading.base || reading.past);
}
