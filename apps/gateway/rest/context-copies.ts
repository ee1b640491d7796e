import { isCopyOfItsMemory, isNearCopy, type ToldText, toldText } from '#libs/domain/context/near-copies.js';
import type { SearchAnswerHit } from '#libs/ports/memory-queries.js';
import type { MemoryRow } from '#libs/ports/memory-reader.js';
import { timesOf } from './context-lines.js';

/** A hit with the beginning of its text, as much of it as a context shows. */
interface Shown {
  hit: SearchAnswerHit;
  text: string;
  told: ToldText;
}

/**
 * The hits that tell something that no better one tells, in their order. Memories are looked at first, so that of a
 * memory and the turn that it was read out of the memory stays. Whatever is disputed stays: each side is needed.
 */
export function withoutNearCopies(hits: readonly SearchAnswerHit[], textLength: number): SearchAnswerHit[] {
  const kept: Shown[] = [];
  for (const hit of [...hits.filter(({ memory }) => memory), ...hits.filter(({ memory }) => !memory)]) {
    const text = (hit.memory?.content ?? hit.episode!.content).slice(0, textLength);
    const shown = { hit, text, told: toldText(text) };
    if (hit.memory?.status === 'disputed' || !kept.some((other) => isCopy(shown, other))) kept.push(shown);
  }
  const keptHits = new Set(kept.map(({ hit }) => hit));
  return hits.filter((hit) => keptHits.has(hit));
}

function isCopy(one: Shown, other: Shown): boolean {
  const { memory, episode } = one.hit;
  const better = other.hit;
  if (memory !== null) {
    return better.memory !== null && isOfSameTimes(memory, better.memory) && isNearCopy(one.told, other.told);
  }
  if (better.memory !== null) {
    const isItsTurn = better.memory.sources.some(({ messageId }) => messageId === episode!.id);
    return isItsTurn && isCopyOfItsMemory(one.text, other.text);
  }
  const { speaker, role, ownership } = better.episode!;
  const isSameVoice = episode!.speaker === speaker && episode!.role === role;
  return isSameVoice && episode!.ownership.userId === ownership.userId && isNearCopy(one.told, other.told);
}

/** What holds of two people, or at two times, is two things; one without times tells no more than one with them. */
function isOfSameTimes(one: MemoryRow, better: MemoryRow): boolean {
  const times = timesOf(one);
  const isOfSameUser = one.ownership.userId === better.ownership.userId;
  return isOfSameUser && one.modality === better.modality && (times === null || times === timesOf(better));
}
