import { tokenize } from '../ranking/tokenizer.js';
import { byText } from './maintained-memory.js';
import { PATTERN_CONFIDENCE_MAX, type PatternProposal } from './pattern.js';

/** What was said in one conversation, in its order. */
export interface Conversation {
  id: string;
  episodes: readonly { id: string; text: string; /** ISO 8601 in UTC. */ saidAt: string }[];
}

interface Sentence {
  text: string;
  at: number;
  episodeId: string;
  words: readonly string[];
}

/** Shorter conversations are their own summary. */
const SENTENCES_MIN = 8;
const CHOSEN_MAX = 3;
const WORDS_MIN = 4;
const SENTENCE_MAX_CHARS = 300;
/** Of a longer conversation the first ones. */
const SENTENCES_MAX_READ = 2_000;
/** Nobody weighed them; a summary is as sure as a statement that an assistant makes. */
const SUMMARY_CONFIDENCE = 0.7;

/**
 * The sentences of each conversation that tell most of it, word for word and in their order, by SumBasic (A. Nenkova,
 * L. Vanderwende, "The impact of frequency on summarization", 2005): of the sentences with the most probable word the one
 * whose words are most probable in the mean; then the probabilities of its words are squared, so that the next one tells
 * something else.
 */
export function sessionSummaries(conversations: readonly Conversation[]): PatternProposal[] {
  return conversations.flatMap((conversation) => {
    const sentences = sentencesOf(conversation);
    return sentences.length < SENTENCES_MIN ? [] : [summaryOf(conversation, chosenFrom(sentences))];
  });
}

function summaryOf({ id, episodes }: Conversation, chosen: readonly Sentence[]): PatternProposal {
  return {
    key: `summary:${id}`,
    kind: 'session_summary',
    content: chosen.map(({ text }) => text).join('\n'),
    memoryType: 'summary',
    confidence: Math.min(PATTERN_CONFIDENCE_MAX, SUMMARY_CONFIDENCE),
    strength: 1,
    sourceIds: [...new Set(chosen.map(({ episodeId }) => episodeId))].sort(byText),
    validFrom: episodes.map(({ saidAt }) => saidAt).sort(byText)[0]!,
    head: id,
  };
}

/** Questions and greetings are no news. */
function sentencesOf({ episodes }: Conversation): Sentence[] {
  const found: Sentence[] = [];
  for (const { id, text } of episodes)
    for (const sentence of text.split(/(?<=[.!?])\s+|\n+/)) {
      if (found.length >= SENTENCES_MAX_READ) return found;
      const trimmed = sentence.trim();
      if (trimmed.endsWith('?') || trimmed.length > SENTENCE_MAX_CHARS) continue;
      const words = tokenize(trimmed);
      if (new Set(words).size >= WORDS_MIN) found.push({ text: trimmed, at: found.length, episodeId: id, words });
    }
  return found;
}

function chosenFrom(sentences: readonly Sentence[]): Sentence[] {
  const total = sentences.reduce((sum, { words }) => sum + words.length, 0);
  const probabilities = new Map<string, number>();
  for (const { words } of sentences)
    for (const word of words) probabilities.set(word, (probabilities.get(word) ?? 0) + 1 / total);
  const left = new Set(sentences);
  const chosen: Sentence[] = [];
  while (chosen.length < CHOSEN_MAX && left.size > 0) {
    const top = Math.max(...[...left].map((one) => mostProbable(one, probabilities)));
    const best = [...left]
      .filter((one) => mostProbable(one, probabilities) === top)
      .reduce((leading, one) => (scoreOf(one, probabilities) > scoreOf(leading, probabilities) ? one : leading));
    left.delete(best);
    chosen.push(best);
    for (const word of new Set(best.words)) probabilities.set(word, probabilities.get(word)! ** 2);
  }
  return chosen.sort((one, other) => one.at - other.at);
}

const scoreOf = ({ words }: Sentence, probabilities: ReadonlyMap<string, number>): number =>
  words.reduce((sum, word) => sum + probabilities.get(word)!, 0) / words.length;

const mostProbable = ({ words }: Sentence, probabilities: ReadonlyMap<string, number>): number =>
  Math.max(...words.map((word) => probabilities.get(word)!));
