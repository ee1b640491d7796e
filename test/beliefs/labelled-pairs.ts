import { AGREEING } from './agreeing-pairs.js';
import { BLIND_CONTRADICTING } from './blind-contradicting-pairs.js';
import { BLIND_OTHER } from './blind-other-pairs.js';
import { COMPATIBLE } from './compatible-pairs.js';
import { CONTRADICTING } from './contradicting-pairs.js';
import { EVERYDAY } from './everyday-pairs.js';
import { FURTHER } from './further-pairs.js';
import { pairsOf } from './labelled-pair.js';
import type { LabelledPair } from './labelled-pair.js';

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
];

/** Written by somebody who knew none of the rules. */
export const BLIND_PAIRS: readonly LabelledPair[] = [
  ...pairsOf('blind-contradicting', BLIND_CONTRADICTING),
  ...pairsOf('blind-other', BLIND_OTHER),
];
