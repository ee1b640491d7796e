import type { SearchAnswerHit } from '#libs/ports/memory-queries.js';
import type { Handoff } from '#libs/ports/memory-reader.js';

/** English text has about four characters a token, so this is an estimate and errs to the high side for most text. */
const charactersPerToken = 4;

export interface PackedContext {
  text: string;
  tokenCount: number;
  /** The hits that found a place, best first. */
  hits: SearchAnswerHit[];
}

/**
 * Packs handoffs, then hits from the best one down, into at most `maxTokens` estimated tokens. What does not fit is
 * left out whole; a shorter one after it may still fit.
 */
export function packContext(
  handoffs: readonly Handoff[],
  hits: readonly SearchAnswerHit[],
  maxTokens: number,
): PackedContext {
  const lines: string[] = [];
  let length = 0;
  const fits = (line: string): boolean => {
    const grown = length + (lines.length > 0 ? 1 : 0) + line.length;
    if (tokensOf(grown) > maxTokens) return false;
    lines.push(line);
    length = grown;
    return true;
  };
  for (const handoff of handoffs) fits(handoffLine(handoff));
  const packed = hits.filter((hit) => fits(hitLine(hit)));
  return { text: lines.join('\n'), tokenCount: tokensOf(length), hits: packed };
}

function tokensOf(characters: number): number {
  return Math.ceil(characters / charactersPerToken);
}

function handoffLine({ fromAgent, toAgent, reason, context, recordedAt }: Handoff): string {
  const why = reason === null ? '' : `: ${oneLine(reason)}`;
  const rest = Object.keys(context).length === 0 ? '' : ` ${JSON.stringify(context)}`;
  return `- [handoff, ${dateOf(recordedAt)}] ${oneLine(fromAgent)} to ${oneLine(toAgent)}${why}${rest}`;
}

function hitLine({ memory, episode }: SearchAnswerHit): string {
  if (memory !== null) {
    const date = dateOf(memory.validFrom?.instant ?? memory.createdAt);
    return `- [${oneLine(memory.memoryType)}, ${date}] ${oneLine(memory.content)} (memory ${memory.id})`;
  }
  const { speaker, role, content, saidAt, id } = episode!;
  return `- [message, ${dateOf(saidAt)}] ${oneLine(speaker ?? role)}: ${oneLine(content)} (message ${id})`;
}

/** A line break inside a memory must not look like the start of another one. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function dateOf(instant: string): string {
  return instant.slice(0, 'YYYY-MM-DD'.length);
}
