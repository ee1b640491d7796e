import { AGREEING } from './agreeing-pairs.js';
import { BLIND_CONTRADICTING } from './blind-contradicting-pairs.js';
import { BLIND_OTHER } from './blind-other-pairs.js';
import { COMPATIBLE } from './compatible-pairs.js';
import { CONTAINED } from './contained-pairs.js';
import { CONTRADICTING } from './contradicting-pairs.js';
import { DAILY_AGREEING } from './daily-agreeing-pairs.js';
import { DAILY_CONTRADICTING } from './daily-contradicting-pairs.js';
import { DAILY_OTHER } from './daily-other-pairs.js';
import { EVERYDAY } from './everyday-pairs.js';
import { FURTHER } from './further-pairs.js';
import { HARD } from './hard-pairs.js';
import { KEPT_CONTRADICTING } from './kept-contradicting-pairs.js';
import { KEPT_FIRST_OTHER } from './kept-first-other-pairs.js';
import { KEPT_SECOND_OTHER } from './kept-second-other-pairs.js';
import { pairsOf } from './labelled-pair.js';
import type { LabelledPair } from './labelled-pair.js';
import { PLAN_CONTRADICTING } from './plan-contradicting-pairs.js';
import { PLAN_OTHER } from './plan-other-pairs.js';
import { PEOPLE_FIRST_CONTRADICTING } from './people-first-contradicting-pairs.js';
import { PEOPLE_SECOND_CONTRADICTING } from './people-second-contradicting-pairs.js';
import { PEOPLE_FIRST_OTHER } from './people-first-other-pairs.js';
import { PEOPLE_SECOND_OTHER } from './people-second-other-pairs.js';
import { PEOPLE_THIRD_OTHER } from './people-third-other-pairs.js';
import { PLAIN_FIRST_CONTRADICTING } from './plain-first-contradicting-pairs.js';
import { PLAIN_SECOND_CONTRADICTING } from './plain-second-contradicting-pairs.js';
import { PLAIN_FIRST_OTHER } from './plain-first-other-pairs.js';
import { PLAIN_SECOND_OTHER } from './plain-second-other-pairs.js';
import { LATER_FIRST_CONTRADICTING } from './later-first-contradicting-pairs.js';
import { LATER_SECOND_CONTRADICTING } from './later-second-contradicting-pairs.js';
import { LATER_FIRST_OTHER } from './later-first-other-pairs.js';
import { LATER_SECOND_OTHER } from './later-second-other-pairs.js';
import { UNSEEN_CONTRADICTING } from './unseen-contradicting-pairs.js';
import { UNSEEN_OTHER } from './unseen-other-pairs.js';
import { WORK_CONTRADICTING } from './work-contradicting-pairs.js';
import { WORK_OTHER } from './work-other-pairs.js';

/** Written beside the rules, by rule and slot. */
export const OWN_PAIRS: readonly LabelledPair[] = [
  ...pairsOf('contradicting', CONTRADICTING),
  ...pairsOf('agreeing', AGREEING),
  ...pairsOf('compatible', COMPATIBLE),
];

/** Written by the author of the rules, for other slots and in other words. */
export const FURTHER_PAIRS: readonly LabelledPair[] = [
  ...pairsOf('further', FURTHER),
  ...pairsOf('everyday', EVERYDAY),
  ...pairsOf('contained', CONTAINED),
];

/** Written by somebody who knew none of the rules. */
export const BLIND_PAIRS: readonly LabelledPair[] = [
  ...pairsOf('blind-contradicting', BLIND_CONTRADICTING),
  ...pairsOf('blind-other', BLIND_OTHER),
];

/** Written after the rules, by somebody who knew none of them, like the development set. */
export const UNSEEN_PAIRS: readonly LabelledPair[] = [
  ...pairsOf('unseen-contradicting', UNSEEN_CONTRADICTING),
  ...pairsOf('unseen-other', UNSEEN_OTHER),
];

/** Written after the rules and meant to be harder than what they were made for. */
export const HARD_PAIRS: readonly LabelledPair[] = pairsOf('hard', HARD);

/** Deadlines, owners, prices, states and whatever else work is told of, by somebody who knew none of the rules. */
export const WORK_PAIRS: readonly LabelledPair[] = [
  ...pairsOf('plan-contradicting', PLAN_CONTRADICTING),
  ...pairsOf('plan-other', PLAN_OTHER),
  ...pairsOf('work-contradicting', WORK_CONTRADICTING),
  ...pairsOf('work-other', WORK_OTHER),
];

/** Things and daily life; what the rules got wrong of them was mended, so that these bars are no measure of unseen pairs. */
export const DAILY_PAIRS: readonly LabelledPair[] = [
  ...pairsOf('daily-contradicting', DAILY_CONTRADICTING),
  ...pairsOf('daily-agreeing', DAILY_AGREEING),
  ...pairsOf('daily-other', DAILY_OTHER),
];

/** Of people; what the rules got wrong of them was mended, so that these bars are no measure of unseen pairs. */
export const PEOPLE_PAIRS: readonly LabelledPair[] = [
  ...pairsOf('people-first-contradicting', PEOPLE_FIRST_CONTRADICTING),
  ...pairsOf('people-second-contradicting', PEOPLE_SECOND_CONTRADICTING),
  ...pairsOf('people-first-other', PEOPLE_FIRST_OTHER),
  ...pairsOf('people-second-other', PEOPLE_SECOND_OTHER),
  ...pairsOf('people-third-other', PEOPLE_THIRD_OTHER),
];

/** Of all slots in plain sentences; what the rules got wrong of them was mended, so that these bars are no measure of unseen pairs. */
export const PLAIN_PAIRS: readonly LabelledPair[] = [
  ...pairsOf('plain-first-contradicting', PLAIN_FIRST_CONTRADICTING),
  ...pairsOf('plain-second-contradicting', PLAIN_SECOND_CONTRADICTING),
  ...pairsOf('plain-first-other', PLAIN_FIRST_OTHER),
  ...pairsOf('plain-second-other', PLAIN_SECOND_OTHER),
];

/** Of all slots, meant to be unlike what was there; what the rules got wrong of them was mended, so that these bars are no measure of unseen pairs. */
export const LATER_PAIRS: readonly LabelledPair[] = [
  ...pairsOf('later-first-contradicting', LATER_FIRST_CONTRADICTING),
  ...pairsOf('later-second-contradicting', LATER_SECOND_CONTRADICTING),
  ...pairsOf('later-first-other', LATER_FIRST_OTHER),
  ...pairsOf('later-second-other', LATER_SECOND_OTHER),
];

/** Held back until the rules had been measured on them; since then some of what was wrong was mended. */
export const KEPT_PAIRS: readonly LabelledPair[] = [
  ...pairsOf('kept-contradicting', KEPT_CONTRADICTING),
  ...pairsOf('kept-first-other', KEPT_FIRST_OTHER),
  ...pairsOf('kept-second-other', KEPT_SECOND_OTHER),
];
