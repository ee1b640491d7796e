/** States in which things are, and the words that tell them, as data. */
const STATES: Readonly<Record<string, string>> = {
  approved: 'approve approval approved accept accepted authorize authorized greenlight greenlit ratify endorse',
  rejected: 'reject rejected rejection deny denied denial decline declined refuse refused refusal veto vetoed',
  pending: 'pending pend await awaiting undecided outstanding',
  paid: 'paid settle settled pay',
  unpaid: 'unpaid overdue owing',
  refunded: 'refund refunded reimburse reimbursed',
  open: 'open reopen reopened unresolved unsolved',
  closed: 'close closed shut',
  resolved: 'resolve resolved fix fixed solve solved repair repaired mend mended patch patched',
  broken: 'broken break broke broke fail failed failing failure crash crashed buggy faulty malfunction red',
  working: 'working pass passing passed succeed succeeded success successful recover recovered green',
  canceled:
    'cancel canceled cancelled cancellation scrap scrapped abandon abandoned shelve shelved axe axed drop dropped abolish abolished terminate terminated revoke revoked repeal repealed rescind rescinded lift lifted waive waived remove removed removal eliminate eliminated discontinue discontinued lapse lapsed kill killed withdraw withdrawn',
  active:
    'active activate activated ongoing underway renew renewed reinstate reinstated resume resumed restart restarted',
  paused: 'pause paused suspend suspended freeze frozen halt halted stall stalled hold',
  draft: 'draft unfinished wip unpublished',
  published: 'publish published release released launch launched',
  shipped: 'ship shipped dispatch dispatched',
  delivered: 'deliver delivered delivery arrive arrived arrival',
  done: 'complete completed completion finish finished done',
  delayed: 'delay delayed postpone postponed',
  enabled: 'enable enabled',
  disabled: 'disable disabled',
  full: 'full sell-out sold-out',
  allowed: 'allow allowed permit permitted welcome fine okay ok',
  forbidden: 'forbid forbidden ban banned prohibit prohibited illegal',
  hired: 'hire hired fill filled',
  vacant: 'vacant vacancy unfilled',
  merged: 'merge merged',
  lost: 'lose lost missing stolen steal',
  found: 'find found recovered',
};

/** Phrases that tell a state; the first that occurs counts. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [
    /\b(?:signed off|signed (?:\S+ ){1,4}off|green light|go-ahead|thumbs up|given the nod|got the nod|gave the nod)\b/i,
    'approved',
  ],
  [/\b(?:back on|up and running again|back in force|in force|in effect|in progress|under way)\b/i, 'active'],
  [/\b(?:out for delivery|on its way|on the way|in transit|in the post|in the mail)\b/i, 'shipped'],
  [
    /\b(?:call(?:ed|s)? (?:\S+ ){0,4}off|done away with|got rid of|run out|ran out|no longer exists?|went back on|gone back on)\b/i,
    'canceled',
  ],
  [/\b(?:on hold|on ice|put (?:\S+ ){0,4}off|in limbo)\b/i, 'paused'],
  [
    /\b(?:thumbs down|turn(?:ed|s)? (?:\S+ ){0,4}down|shot (?:\S+ ){0,4}down|knocked (?:\S+ ){0,4}back|said no to)\b/i,
    'rejected',
  ],
  [/\b(?:no decision|not decided|up in the air|not been decided|under review|in review)\b/i, 'pending'],
  [/\b(?:went live|gone live|is live|are live|it's live|goes live|rolled out|came out)\b/i, 'published'],
  [/\b(?:sold out|booked up|fully booked)\b/i, 'full'],
  [/\b(?:out of order|out of service|not working)\b/i, 'broken'],
];

const GROUPS: readonly string[] = [
  'approved rejected pending',
  'paid unpaid refunded',
  'open closed',
  'open resolved',
  'open canceled',
  'broken working',
  'broken resolved',
  'canceled active paused done',
  'canceled published',
  'active closed',
  'active broken',
  'draft published',
  'draft approved',
  'pending resolved',
  'pending paid',
  'pending delivered shipped',
  'shipped lost',
  'delivered lost',
  'enabled disabled',
  'active disabled',
  'allowed forbidden',
  'hired vacant',
  'open hired',
  'lost found',
  'paused done',
  'paused published',
  'delayed canceled',
  'shipped delivered',
];

/** Of two that are all there is: not to be one is to be the other. */
const COMPLEMENTS: ReadonlySet<string> = new Set(
  'open/closed paid/unpaid allowed/forbidden enabled/disabled broken/working lost/found draft/published hired/vacant'.split(
    ' ',
  ),
);

const STATE_OF = new Map<string, string>();
for (const [state, words] of Object.entries(STATES))
  for (const word of words.split(' ')) STATE_OF.set(word, STATE_OF.get(word) ?? state);
const EXCLUDING = new Map<string, Set<string>>();
for (const group of GROUPS)
  for (const one of group.split(' '))
    EXCLUDING.set(one, new Set([...(EXCLUDING.get(one) ?? []), ...group.split(' ').filter((other) => other !== one)]));

export const stateOfWord = (word: string): string | undefined => STATE_OF.get(word);

/** The state, and the words that tell it. */
export function stateOfPhrase(text: string): { state: string | undefined; told: string } {
  for (const [phrase, state] of PHRASES) {
    const told = phrase.exec(text)?.[0];
    if (told !== undefined) return { state, told };
  }
  return { state: undefined, told: '' };
}

/** Can a thing not be in both states at once? */
export const areExcludingStates = (left: string, right: string): boolean => EXCLUDING.get(left)?.has(right) ?? false;

export const areComplements = (left: string, right: string): boolean =>
  COMPLEMENTS.has(`${left}/${right}`) || COMPLEMENTS.has(`${right}/${left}`);

/** States in which nothing is left of what was said: a value that it had is gone with it. */
export const isGone = (state: string): boolean => state === 'canceled';
