import type { ExtractedMemory, WorldTime } from '#libs/ports/extractor.js';

/** One memory in a line of a table: `event (asserted) The user moved to Rome @ 2022-12-01 month`. */
export function formatMemory({ memoryType, modality, text, validFrom, validTo }: ExtractedMemory): string {
  const from = validFrom === null ? '' : ` @ ${formatTime(validFrom)}`;
  const to = validTo === null ? '' : ` until ${formatTime(validTo)}`;
  return `${memoryType} (${modality}) ${text}${from}${to}`;
}

function formatTime({ instant, precision }: WorldTime): string {
  return `${precision === 'instant' ? instant.slice(0, 16) : instant.slice(0, 10)} ${precision}`;
}
