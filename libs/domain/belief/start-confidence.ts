import type { Modality } from './claim.js';

const USER = 0.86;
const TOOL_OR_DOCUMENT = 0.82;
const ASSISTANT = 0.62;
const REPORTED = 0.62;
const INFERRED = 0.55;
const PRONOUN_GUESS_PENALTY = 0.2;

/** How sure a memory starts, 0 to 1: by who said it, lowered for hearsay, for reading between the lines, for a guessed "she". */
export function startConfidence(role: string, modality: Modality, inferred: boolean, pronounGuessed: boolean): number {
  let confidence = priorOf(role);
  if (modality === 'reported') confidence = Math.min(confidence, REPORTED);
  if (inferred || modality === 'hypothetical') confidence = Math.min(confidence, INFERRED);
  if (pronounGuessed) confidence -= PRONOUN_GUESS_PENALTY;
  return Math.round(confidence * 100) / 100;
}

function priorOf(role: string): number {
  if (role === 'assistant') return ASSISTANT;
  return role === 'tool' || role === 'system' ? TOOL_OR_DOCUMENT : USER;
}
