import type { Cues } from '#libs/domain/belief/claim.js';
import type { Token } from '../tokens.js';

const CORRECTION =
  /\b(?:actually|correction|i meant|i mean|i misspoke|misspoke|i was wrong|was wrong|my mistake|i made a mistake|made an error|to correct|correcting|in fact|not \w+ as i said|contrary to|scratch that|wait, no|sorry,|turns out|rather than what|i got (?:that|it) wrong|was mistaken|i was mistaken|to be precise|mixed (?:it|that|them|this|things) up|i confused|misremembered|i misstated|misspelled|i said that wrong|should have said|typo|let me correct|no, |it is not true that|that is not right|that's not right|incorrect|as it happens|really is|not true|mistakenly|wrongly)\b|^(?:sorry|no|oops|edit|correction)\b/;
const CHANGE =
  /\b(?:now|no longer|anymore|any more|any longer|nowadays|these days|as of|from now on|since then|switched|moved|changed|became|become|becomes|migrated|upgraded|downgraded|replaced|stopped|quit|left|recently|started|again|instead|got promoted|promoted|resigned|sold|new|converted|transferred|updated|update|increased|decreased|raised|lowered|reduced|extended|shortened|renamed|rescheduled|postponed|relocated|reassigned|went|turned|used to|currently|lately|swapped|traded|dropped|gave up|has been|have been|just|already|finally|lapsed|cut|bumped|doubled|halved|grew|rose|fell|since|became|taken over|took over)\b/;
const ADDITION =
  /\b(?:also|another|as well|too|additionally|in addition|besides|plus|along with|on top of|a second|one more|apart from|further|other|extra|additional|moreover|furthermore|sometimes|occasionally)\b/;

/** What the words of a text say about its relation to what was said before. */
export function readCues(tokens: readonly Token[], lowered: string): Cues {
  const text = lowered.slice(0, 600);
  return {
    correction: CORRECTION.test(text) || isContrast(tokens),
    change: CHANGE.test(text),
    addition: ADDITION.test(text),
  };
}

/** "Tuesday, not Monday", "isn't Monday but Tuesday". */
function isContrast(tokens: readonly Token[]): boolean {
  return tokens.some(({ word, gap }, at) => word === 'not' && (gap === 'comma' || gap === 'break') && at > 1);
}

const LEADS: readonly (readonly string[])[] = [
  ['actually'],
  ['correction'],
  ['sorry'],
  ['update'],
  ['edit'],
  ['oops'],
  ['no'],
  ['wait'],
  ['in', 'fact'],
  ['turns', 'out'],
  ['it', 'turns', 'out'],
  ['i', 'meant'],
  ['i', 'meant', 'to', 'say'],
  ['i', 'meant', 'that'],
  ['please'],
  ['i', 'was', 'wrong', 'about', 'that'],
  ['i', 'made', 'a', 'mistake'],
  ['from', 'now', 'on'],
  ['i', 'misspoke', 'earlier'],
  ['small', 'correction'],
  ['quick', 'correction'],
  ['one', 'correction'],
  ['quick', 'update'],
  ['good', 'news'],
  ['bad', 'news'],
  ['i', 'mean'],
  ['i', 'misspoke'],
  ['my', 'mistake'],
  ['to', 'be', 'clear'],
  ['note'],
  ['fyi'],
  ['just', 'to', 'clarify'],
  ['to', 'clarify'],
  ['as', 'of', 'today'],
  ['as', 'of', 'now'],
  ['as', 'it', 'turns', 'out'],
  ['well'],
  ['remember'],
  ['that'],
  ['these', 'days'],
  ['nowadays'],
  ['currently'],
  ['now'],
  ['recently'],
  ['reminder'],
  ['heads', 'up'],
  ['by', 'the', 'way'],
  ['for', 'the', 'record'],
  ['scratch'],
  ['i', 'was', 'wrong'],
  ['to', 'correct', 'myself'],
  ['at', 'the', 'moment'],
  ['lately'],
  ['as', 'i', 'said'],
];

/** Without the words in front that only say how the statement relates to others. */
export function trimCues(tokens: readonly Token[]): Token[] {
  let from = 0;
  for (let round = 0; round < 4; round += 1) {
    const lead = LEADS.filter((words) => words.every((word, at) => tokens[from + at]?.word === word)).sort(
      (left, right) => right.length - left.length,
    )[0];
    if (lead === undefined || from + lead.length >= tokens.length - 1) break;
    if (lead[0] === 'that' && from === 0) break;
    const next = tokens[from + lead.length]!;
    const isFree =
      next.gap === 'comma' ||
      next.gap === 'break' ||
      lead.length > 1 ||
      /^(?:actually|please|nowadays|currently|now|recently|lately|well)$/.test(lead[0]!) ||
      from > 0;
    if (!isFree) break;
    from += lead.length;
  }
  const kept = withoutAppositive(tokens.slice(from));
  return kept.map((token, at) => (at === 0 ? { ...token, gap: 'none' } : token));
}

/** "Yara no longer lives": taken out, so that the verb stands behind its subject; where it stood is told apart. */
export function takeEndings(tokens: readonly Token[]): { tokens: Token[]; endings: number[] } {
  const kept: Token[] = [];
  const endings: number[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const isEnding = tokens[at]!.word === 'no' && tokens[at + 1]?.word === 'longer';
    if (isEnding) {
      endings.push(tokens[at]!.start);
      at += 1;
    } else kept.push(tokens[at]!);
  }
  return { tokens: kept, endings };
}

const APPOSITIVE_MAX_TOKENS = 5;

/** "Biscuit, my hamster, died": the name alone is the subject. */
function withoutAppositive(tokens: readonly Token[]): readonly Token[] {
  const [first, second] = tokens;
  if (
    first === undefined ||
    second?.gap !== 'comma' ||
    !first.capital ||
    !/^(?:my|our|his|her|their|the|a|an)$/.test(second.word)
  )
    return tokens;
  const end = tokens.findIndex(({ gap }, at) => at > 1 && at <= APPOSITIVE_MAX_TOKENS && gap === 'comma');
  return end < 0 ? tokens : [first, { ...tokens[end]!, gap: 'space' }, ...tokens.slice(end + 1)];
}
