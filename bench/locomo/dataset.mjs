// Reads the two LoCoMo conversations for development. Their licence is CC BY-NC: they are measured with, never shipped.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Adversarial questions (category 5) have no answer in the conversation and are reported apart. */
export const ANSWERABLE = new Set([1, 2, 3, 4]);

const FOLDER = fileURLToPath(new URL('../../../shared/data/locomo-dev/', import.meta.url));

const lines = (name) =>
  readFileSync(FOLDER + name, 'utf8')
    .split('\n')
    .filter(Boolean);

/** The turns, and the questions with the set of their evidence; null when the data is not there. */
export function loadDataset() {
  if (!existsSync(`${FOLDER}corpus.jsonl`)) return null;
  const evidence = new Map();
  for (const line of lines('qrels.tsv').slice(1)) {
    const [question, turn, relevance] = line.split('\t');
    if (Number(relevance) > 0) evidence.set(question, (evidence.get(question) ?? new Set()).add(turn));
  }
  const turns = lines('corpus.jsonl').map((line) => JSON.parse(line));
  const questions = lines('queries.jsonl')
    .map((line) => JSON.parse(line))
    .map((question) => ({ ...question, evidence: evidence.get(question._id) ?? new Set() }));
  return { turns, questions };
}
