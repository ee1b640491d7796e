/** What stands around a statement and hides its subject from the reader of clauses: taken away or put in its place. */
import type { Clause } from '../clauses.js';
import { DETERMINERS, POSSESSIVES, PREPOSITIONS, SPEAKER_WORDS } from '../lexicon.js';
import type { Token } from '../tokens.js';
import { isAttributeWord } from './copula.js';
import { readVerb } from '../verbs.js';

const FRONTING = new Set(
  'since after with as following during due because until before in on at by for from under over thanks given despite'.split(
    ' ',
  ),
);

/** "Since the reorg Oksana reports": the subject is what stands behind the circumstance. */
export function withoutFront(clause: Clause, tokens: readonly Token[]): Clause {
  const { subject } = clause;
  const before = tokens[subject.from - 1]?.word ?? '';
  const before2 = tokens[subject.from - 2]?.word ?? '';
  const isFronted = FRONTING.has(before) || (DETERMINERS.has(before) && FRONTING.has(before2));
  if (!isFronted || subject.from > 4 || subject.to - subject.from < 2) return clause;
  for (let at = subject.from + 1; at < subject.to; at += 1) {
    const { word, capital } = tokens[at]!;
    const last = tokens[at - 1]!;
    const isStart =
      DETERMINERS.has(word) || POSSESSIVES.has(word) || SPEAKER_WORDS.has(word) || (capital && !last.capital);
    if (
      !isStart ||
      last.word === 'of' ||
      PREPOSITIONS.has(last.word) ||
      DETERMINERS.has(last.word) ||
      POSSESSIVES.has(last.word)
    )
      continue;
    const isSpeaker = SPEAKER_WORDS.has(word) && at === subject.to - 1;
    return { ...clause, subject: { ...subject, kind: isSpeaker ? 'speaker' : subject.kind, from: at } };
  }
  return clause;
}

/** Tokens without the words in front of a statement that say where it is from: "tests showed that". */
const SHOWING = /^(?:show|reveal|indicate|suggest|confirm|prove|establish|demonstrate)$/;
const REPORT_MAX_TOKENS = 6;

export function withoutReport(tokens: readonly Token[]): readonly Token[] {
  for (let at = 1; at < Math.min(REPORT_MAX_TOKENS, tokens.length - 3); at += 1) {
    const { word, gap } = tokens[at]!;
    if (gap === 'comma' || gap === 'break' || PREPOSITIONS.has(word)) return tokens;
    const reading = readVerb(word);
    if (reading === undefined || reading.base || !SHOWING.test(reading.lemma)) continue;
    const next = tokens[at + 1]!;
    const rest = tokens.slice(next.word === 'that' ? at + 2 : at + 1);
    const first = rest[0];
    const mayStart =
      first !== undefined &&
      (next.word === 'that' ||
        DETERMINERS.has(first.word) ||
        first.capital ||
        POSSESSIVES.has(first.word) ||
        SPEAKER_WORDS.has(first.word));
    return mayStart && hasVerb(rest)
      ? rest.map((token, index) => (index === 0 ? { ...token, gap: 'none' } : token))
      : tokens;
  }
  return tokens;
}

const hasVerb = (tokens: readonly Token[]): boolean =>
  tokens.some(({ word }, at) => at > 0 && /^(?:is|are|was|were|has|have|had|can|does|do|did|will)$/.test(word));

const LABEL_MAX_TOKENS = 5;

/** "Gallery hours: 10:00-18:00", "Deadline: Friday": a property and its value, whose verb goes without saying. */
export function withLabel(tokens: readonly Token[], text: string): readonly Token[] {
  const colon = tokens.findIndex(
    ({ start }, at) => at > 0 && at <= LABEL_MAX_TOKENS && text.slice(tokens[at - 1]!.end, start).startsWith(':'),
  );
  const head = tokens[colon - 1];
  const label = tokens.slice(0, Math.max(0, colon));
  const isLabel =
    head !== undefined && (isAttributeWord(head.word) || label.some(({ word }) => /^favou?rite$/.test(word)));
  if (!isLabel || hasVerb(label)) return tokens;
  const be: Token = { word: 'is', start: head.end, end: head.end, capital: false, gap: 'space' };
  return [...label, be, { ...tokens[colon]!, gap: 'space' }, ...tokens.slice(colon + 1)];
}

const ANSWERS =
  /^(?:answers?|replies|reply|responses?|explanations?|summaries|summary|messages?|sentences|paragraphs)$/;
const GIVEN: Token = { word: 'give', start: 0, end: 0, capital: false, gap: 'none' };

/** "Short answers, please": an order whose verb goes without saying. */
export function withOrder(tokens: readonly Token[], polite: boolean): readonly Token[] {
  if (polite && tokens.at(-1)?.word === 'please') tokens = tokens.slice(0, -1);
  const isPhrase = tokens.length >= 2 && tokens.length <= 5 && ANSWERS.test(tokens.at(-1)!.word);
  const isStill = tokens.every(({ word }, at) => at === tokens.length - 1 || readVerb(word)?.base !== true);
  if (!polite || !isPhrase || !isStill) return tokens;
  const start = tokens[0]!.start;
  return [{ ...GIVEN, start, end: start }, { ...tokens[0]!, gap: 'space' }, ...tokens.slice(1)];
}

const POSTMODIFIER_MAX_TOKENS = 5;

/** "Carlos from sales is leaving": where the phrase behind the name ends; 0 when there is none. */
export function postmodified(tokens: readonly Token[]): { start: number; end: number } | undefined {
  const start = tokens.findIndex(({ word }, at) => at > 0 && at <= 3 && /^(?:from|in|at|on|of)$/.test(word));
  if (start < 1 || /^(?:since|after|with|as)$/.test(tokens[0]!.word)) return undefined;
  for (let at = 0; at < start; at += 1)
    if (readVerb(tokens[at]!.word)?.third || tokens[at]!.gap === 'comma') return undefined;
  for (let end = start + 2; end <= Math.min(start + POSTMODIFIER_MAX_TOKENS, tokens.length - 2); end += 1) {
    const { word, capital, gap } = tokens[end]!;
    if (gap === 'comma' || gap === 'break') return undefined;
    const reading = readVerb(word);
    const isVerb =
      /^(?:is|are|was|were|has|have|had|will|can|does|do|did)$/.test(word) ||
      (!capital && (reading?.third === true || (reading?.past === true && !reading.base)));
    if (isVerb) return { start, end };
  }
  return undefined;
}

/** "We've dropped Trello and track tasks": what was done, and what is done since, of the same subject. */
export function coordinated(clause: Clause, tokens: readonly Token[]): Clause[] {
  const { subject, predicate } = clause;
  if (subject.kind === 'imperative' || (predicate.tense !== 'past' && !predicate.perfect)) return [clause];
  for (let at = predicate.rest + 1; at < clause.to - 2; at += 1) {
    if (tokens[at]!.word !== 'and') continue;
    if (/^(?:now|then|instead|currently)$/.test(tokens[at + 1]!.word)) at += 1;
    const verb = tokens[at + 1]!;
    const next = tokens[at + 2];
    const reading = readVerb(verb.word);
    if (
      reading === undefined ||
      verb.capital ||
      next === undefined ||
      next.gap !== 'space' ||
      PREPOSITIONS.has(next.word)
    )
      continue;
    const isPlural = subject.kind === 'speaker' || subject.plural || subject.kind === 'they';
    if (!(isPlural ? reading.base && !reading.past : reading.third)) continue;
    const group = {
      ...{ lemma: reading.lemma, tense: 'present' as const, progressive: false, perfect: false, negated: false },
      ...{ modals: [], adverbs: [], at: at + 1, rest: at + 2, base: reading.base },
    };
    return [
      { ...clause, to: at },
      { ...clause, from: at + 1, subject, predicate: group, sharesSubject: true, opener: null },
    ];
  }
  return [clause];
}
