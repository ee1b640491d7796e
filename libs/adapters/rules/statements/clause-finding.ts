import { readClauses } from '../clauses.js';
import type { Clause } from '../clauses.js';
import { DETERMINERS, NEGATIONS, POSSESSIVES, PREPOSITIONS, SPEAKER_WORDS } from '../lexicon.js';
import type { Token } from '../tokens.js';
import { coordinated, postmodified, withoutFront } from './clause-shaping.js';
import { readVerb } from '../verbs.js';

/** How far a statement's subject may stand behind circumstances: "Since the reorg I report to Dmitri". */
const FRONT_MAX_TOKENS = 10;
const STARTS = new Set(['my', 'our', 'the', 'he', 'she', 'they', 'we']);

/** The clauses of a sentence; where the reader of messages finds none, with what it leaves out on purpose. */
export function findClauses(tokens: readonly Token[]): Clause[] {
  return findWhole(tokens).flatMap((clause) => coordinated(clause, tokens));
}

function findWhole(tokens: readonly Token[]): Clause[] {
  const order = deniedOrder(tokens);
  if (order !== null) return order;
  const clauses = readClauses(tokens);
  if (clauses.length > 0) return [withoutFront(clauses[0]!, tokens), ...clauses.slice(1)];
  const phrase = ofPostmodified(tokens);
  if (phrase.length > 0) return phrase;
  for (let at = 1; at < Math.min(FRONT_MAX_TOKENS, tokens.length - 1); at += 1) {
    const { word, capital } = tokens[at]!;
    if (!SPEAKER_WORDS.has(word) && !STARTS.has(word) && !capital) continue;
    const found = readClauses(tokens.slice(at)).map((clause) => moved(clause, at));
    const first = found[0];
    if (first !== undefined) return [withoutFront({ ...first, from: 0 }, tokens), ...found.slice(1)];
  }
  return unknownVerb(tokens);
}

/** "Someone from legal owns": read without the phrase behind the name, which then belongs to the subject. */
function ofPostmodified(tokens: readonly Token[]): Clause[] {
  const phrase = postmodified(tokens);
  if (phrase === undefined) return [];
  const { start, end } = phrase;
  const [first, ...others] = readClauses([...tokens.slice(0, start), ...tokens.slice(end)]);
  if (first === undefined || first.subject.to !== start) return [];
  const by = end - start;
  const whole = moved(first, by);
  return [
    { ...whole, from: first.from, subject: { ...first.subject, to: end } },
    ...others.map((clause) => moved(clause, by)),
  ];
}

const SUBJECT_MAX_TOKENS = 6;

/** "The meeting lasts an hour": a verb that no list has, by its ending. */
function unknownVerb(tokens: readonly Token[]): Clause[] {
  const first = tokens[0];
  if (first === undefined || (!first.capital && !DETERMINERS.has(first.word) && !POSSESSIVES.has(first.word)))
    return [];
  for (let at = 1; at < Math.min(tokens.length - 1, SUBJECT_MAX_TOKENS); at += 1) {
    const { word, capital, gap } = tokens[at]!;
    if (gap === 'break' || PREPOSITIONS.has(word)) return [];
    const bare = !DETERMINERS.has(first.word) && !POSSESSIVES.has(first.word);
    if (capital || !/^[a-z]{2,}(?:[^su]s|ed)$/.test(word) || (at === 1 && !bare)) continue;
    const past = word.endsWith('ed');
    const lemma = past ? word.replace(/ed$/, '') : word.replace(/s$/, '');
    const predicate = {
      ...{ lemma, tense: past ? ('past' as const) : ('present' as const), progressive: false, perfect: false },
      ...{ negated: false, modals: [], adverbs: [], at, rest: at + 1, base: false },
    };
    const kind = bare ? ('named' as const) : ('thing' as const);
    const subject = { kind, from: 0, to: at, plural: false, head: tokens[at - 1]!.word };
    return [
      {
        from: 0,
        to: tokens.length,
        subject,
        predicate,
        sharesSubject: false,
        sharedAuxiliary: '',
        opener: null,
        frame: null,
      },
    ];
  }
  return [];
}

/** Verbs with which orders begin. */
const ORDERS = new Set(
  'use give provide write keep reply respond answer call send ask avoid include put add make format prefer indent name follow ensure remember summarize translate address wrap sign mention cite refer'.split(
    ' ',
  ),
);

/** "Don't put", "never use", "do not deploy": an order to leave something out. */
function deniedOrder(tokens: readonly Token[]): Clause[] | null {
  const first = tokens[0]?.word;
  const isNever = first === 'never';
  const isDont = first === 'do' && NEGATIONS.has(tokens[1]?.word ?? '');
  const isOrder =
    (ORDERS.has(first ?? '') &&
      tokens.length > 2 &&
      !/^(?:is|are|was|were|and|of|has|have|should|must)$/.test(tokens[1]!.word)) ||
    (readVerb(first ?? '')?.base === true &&
      (DETERMINERS.has(tokens[1]?.word ?? '') || POSSESSIVES.has(tokens[1]?.word ?? '')));
  const start = isNever ? 1 : isDont ? 2 : 0;
  const verb = tokens[start];
  if (
    (start === 0 && !isOrder) ||
    verb === undefined ||
    (readVerb(verb.word)?.base !== true && tokens.length <= start + 1)
  )
    return null;
  if (SPEAKER_WORDS.has(verb.word) || STARTS.has(verb.word)) return null;
  const predicate = {
    ...{
      lemma: readVerb(verb.word)?.lemma ?? verb.word,
      tense: 'present' as const,
      progressive: false,
      perfect: false,
    },
    ...{ negated: start > 0, modals: [], adverbs: [], at: start, rest: start + 1, base: true },
  };
  const subject = { kind: 'imperative' as const, from: 0, to: 0, plural: false, head: '' };
  const end = tokens.findIndex(({ gap }, at) => at > start && gap === 'break');
  return [
    {
      from: 0,
      to: end < 0 ? tokens.length : end,
      subject,
      predicate,
      sharesSubject: false,
      sharedAuxiliary: '',
      opener: null,
      frame: null,
    },
  ];
}

function moved(clause: Clause, by: number): Clause {
  const { subject, predicate } = clause;
  return {
    ...clause,
    from: clause.from + by,
    to: clause.to + by,
    subject: { ...subject, from: subject.from + by, to: subject.to + by },
    predicate: { ...predicate, at: predicate.at + by, rest: predicate.rest + by },
  };
}
