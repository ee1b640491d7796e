import { CronExpressionParser } from 'cron-parser';

/** Words for what most want. `H` is a minute that the seed chooses, so that not everybody's work begins at once. */
const words: Readonly<Record<string, string>> = {
  daily: 'H 3 * * *',
  weekly: 'H 3 * * 1',
  monthly: 'H 3 1 * *',
};
const fieldsOfCron = 5;

/** What is wrong with a frequency, in words for its author; null where nothing is. */
export function frequencyProblem(frequency: string): string | null {
  const hint = 'send daily, weekly, monthly, or a cron expression of five fields such as 30 4 * * 1-5';
  const cron = words[frequency] ?? frequency.trim();
  if (cron.split(/\s+/).length !== fieldsOfCron) return `is no frequency: ${hint}`;
  try {
    CronExpressionParser.parse(cron, { hashSeed: '' }).next();
    return null;
  } catch {
    return `is no cron expression that ever comes: ${hint}`;
  }
}

/** Whether the runtime knows the zone by that IANA name. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * When work of a frequency is due next after a time.
 * @param seed the same for the same work, so that its minute is always the same
 */
export function nextTime(frequency: string, after: Date, { timezone, seed }: { timezone: string; seed: string }): Date {
  const cron = words[frequency] ?? frequency;
  return CronExpressionParser.parse(cron, { currentDate: after, tz: timezone, hashSeed: seed }).next().toDate();
}
