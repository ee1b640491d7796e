const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;
const msPerMinute = 60_000;
const msPerDay = 86_400_000;

/**
 * Reads an ISO 8601 date or time as an instant in UTC with milliseconds; null when it is none. A date alone is its
 * midnight, or with `edge: 'end'` its last millisecond; a time without an offset is UTC.
 */
export function instantOf(text: string, edge: 'start' | 'end' = 'start'): string | null {
  const parts = iso.exec(text.trim());
  if (parts === null) return null;
  const [year, month, day, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  const ms = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3));
  const date = new Date(Date.UTC(year!, month! - 1, day, hour, minute, second, ms));
  // Date.UTC takes the years 0 to 99 for those of the twentieth century.
  date.setUTCFullYear(year!, month! - 1, day);
  // Date rolls impossible days over (30 February becomes 1 March), so the parts must come back as they went in.
  const cameBack = date.getUTCMonth() === month! - 1 && date.getUTCDate() === day && date.getUTCHours() === hour;
  if (!cameBack || hour > 23 || minute > 59 || second > 59) return null;
  const offsetMinutes = minutesOf(parts[8]);
  if (offsetMinutes === null) return null;
  const toEdgeMs = edge === 'end' && parts[4] === undefined ? msPerDay - 1 : 0;
  const instant = new Date(date.getTime() - offsetMinutes * msPerMinute + toEdgeMs);
  const isFourDigitYear = instant.getUTCFullYear() >= 1 && instant.getUTCFullYear() <= 9999;
  return isFourDigitYear ? instant.toISOString() : null;
}

function minutesOf(offset: string | undefined): number | null {
  if (offset === undefined || offset.toUpperCase() === 'Z') return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(-2));
  if (hours > 23 || minutes > 59) return null;
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
