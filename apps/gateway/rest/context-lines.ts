import { writtenDay, writtenTime, writtenValidity } from '#libs/domain/context/written-dates.js';
import type { SearchAnswerHit } from '#libs/ports/memory-queries.js';
import type { Handoff, MemoryRow } from '#libs/ports/memory-reader.js';
import { labelText, lineText } from './prompt-text.js';

/** One line of a context, with the id that it is from at its end. */
export interface ContextLine {
  text: string;
  /** Less of the text than there is. */
  isCut: boolean;
}

/** @param length of its text at most, in UTF-16 code units */
export function handoffLine(handoff: Handoff, length: number): ContextLine {
  const { id, fromAgent, toAgent, reason, context, recordedAt } = handoff;
  const why = reason === null ? '' : `: ${reason}`;
  const rest = Object.keys(context).length === 0 ? '' : ` ${JSON.stringify(context)}`;
  const { text, isCut } = lineText(`${fromAgent} to ${toAgent}${why}${rest}`, length);
  return { text: `- [${writtenDay(recordedAt)}] ${text} (handoff ${id})`, isCut };
}

/**
 * @param disputedWith ids of the memories that it is to be compared with
 * @param length of its text at most, in UTF-16 code units
 */
export function hitLine(
  { memory, episode }: SearchAnswerHit,
  disputedWith: readonly string[],
  length: number,
): ContextLine {
  const { text, isCut } = lineText(memory?.content ?? episode!.content, length);
  if (memory === null) {
    const { speaker, role, saidAt, id } = episode!;
    return { text: `- [${writtenDay(saidAt)}] ${labelText(speaker ?? role)}: ${text} (message ${id})`, isCut };
  }
  const { memoryType, observedAt, status, id } = memory;
  const when = timesOf(memory) ?? `told ${writtenDay(observedAt)}`;
  const mark = status === 'disputed' ? disputeMark(disputedWith) : '';
  return { text: `- [${labelText(memoryType)}, ${when}${mark}] ${text} (memory ${id})`, isCut };
}

/** When it is or was so, as far as that was told; of an event, when it happened. */
export function timesOf({ validFrom, validTo, memoryType }: MemoryRow): string | null {
  const isMoment = memoryType === 'event' && validFrom !== null && validTo === null;
  return isMoment ? writtenTime(validFrom) : writtenValidity(validFrom, validTo);
}

function disputeMark(disputedWith: readonly string[]): string {
  return disputedWith.length === 0 ? ', disputed' : `, disputed with memory ${disputedWith.join(' and memory ')}`;
}
