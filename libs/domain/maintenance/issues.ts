import { isAlike } from '../belief/overlap.js';
import { STOP_WORDS, tokenize } from '../ranking/tokenizer.js';
import { byText, type MaintainedMemory } from './maintained-memory.js';
import { daysOf, distinctDays, isSupposed, type Sighting, type Window } from './observation.js';
import { PATTERN_DAYS_MIN, type PatternProposal, patternOf, regularity } from './pattern.js';

const ISSUE_TYPES: ReadonlySet<string> = new Set([
  'issue',
  'problem',
  'support',
  'bug',
  'incident',
  'error',
  'complaint',
]);
const TROUBLED =
  /\b(?:fail|fails|failed|failing|failure|crash(?:es|ed|ing)?|broken|breaks|broke|error|errors|timeout|times? out|timed out|timing out|hangs?|hung|freez(?:es|ing)|froze|not work(?:ing)?|n['’]t work(?:ing)?|unavailable|stuck|jammed|leak(?:s|ing|ed)?|outage|stop(?:s|ped)? working|out of order|went down|is down|not load(?:ing)?|n['’]t load)\b/i;
/** "The valve does not leak", "no longer crashes": told as well, and it speaks against the issue. */
const UNTROUBLED =
  /(?:\b(?:not|never|no longer|nothing|without)|n['’]t|\b(?:stop(?:s|ped)?|quit)) (?:\w+ly |be |been |have )?(?:fail|crash|break|broken|error|hang|freez|stuck|jam|leak|unavailable|tim(?:e|ing) out)\w*/i;
/** They tell that something is wrong, and not what. */
const COMMON = new Set(
  tokenize(
    `fail failed failing failure crash crashed crashing broken break broke error issue problem bug incident again still keep
    keeps kept customer user report reported say said complain complained ticket today yesterday morning afternoon evening
    monday tuesday wednesday thursday friday saturday sunday night week work working time page app happened another once
    more came back down went stuck unavailable`,
  ),
);
/** Share of the telling words that two reports of one issue have in common (the smaller one decides). */
const SHARED_MIN = 0.6;
const QUOTED_MAX_CHARS = 200;

interface Report extends Sighting {
  words: readonly string[];
  isDenied: boolean;
}

/**
 * The same trouble reported on three days or more: reports that share most of the words that tell what is wrong, by
 * leader clustering in the order of time. The text quotes the first report; nothing is written about it that nobody said.
 */
export function issuesIn(memories: readonly MaintainedMemory[], window: Window): PatternProposal[] {
  const dayOf = daysOf(window);
  const [first, last] = [dayOf(window.windowFrom), dayOf(window.windowTo)];
  const reports = memories
    .filter((memory) => !memory.derived && memory.status !== 'forgotten' && isReport(memory))
    .map((memory) => ({
      memory,
      day: dayOf(memory.observedAt),
      words: tellingWords(memory.content),
      isDenied: UNTROUBLED.test(memory.content),
    }))
    .filter(({ day, words }) => day >= first && day <= last && words.length > 0)
    .sort((one, other) => byText(one.day, other.day) || byText(one.memory.id, other.memory.id));
  const clusters: Report[][] = [];
  for (const report of reports) {
    const cluster = clusters.find(([leader]) => areOfOneIssue(leader!, report));
    if (cluster === undefined) clusters.push([report]);
    else cluster.push(report);
  }
  return clusters.flatMap((cluster) => issueOf(cluster));
}

/** Filed as an issue, or told as one: something is failing now. */
function isReport({ memoryType, content, modality }: MaintainedMemory): boolean {
  if ((modality !== 'asserted' && modality !== 'negated') || isSupposed(content)) return false;
  return ISSUE_TYPES.has(memoryType) || TROUBLED.test(content);
}

const tellingWords = (content: string): string[] => [
  ...new Set(tokenize(content).filter((word) => !COMMON.has(word) && !STOP_WORDS.has(word))),
];

/** Other numbers and ids ("printer 4", "ERR-17") are another issue. */
function areOfOneIssue(one: Report, other: Report): boolean {
  const numbered = (words: readonly string[]): string =>
    words
      .filter((word) => /\d/.test(word))
      .sort()
      .join(' ');
  if (numbered(one.words) !== numbered(other.words)) return false;
  const shared = one.words.filter((word) => other.words.some((known) => isAlike(word, known))).length;
  return shared > 0 && shared >= SHARED_MIN * Math.min(one.words.length, other.words.length);
}

function issueOf(cluster: readonly Report[]): PatternProposal[] {
  const reports = cluster.filter(({ isDenied }) => !isDenied);
  const days = distinctDays(reports);
  if (days < PATTERN_DAYS_MIN) return [];
  const opposing = distinctDays(cluster.filter(({ isDenied }) => isDenied));
  const leader = reports[0]!;
  const shared = leader.words.filter((word) =>
    reports.every(({ words }) => words.some((known) => isAlike(word, known))),
  );
  const head = [...(shared.length > 0 ? shared : leader.words)].sort(byText).join(' ');
  const content = `The same issue was reported on ${days} days: "${leader.memory.content.trim().slice(0, QUOTED_MAX_CHARS)}".`;
  return [patternOf('issue', { head, content, strength: regularity(days, opposing), key: head }, reports)];
}
