import type { Statement } from '#libs/domain/belief/claim.js';
import type { Token } from '../tokens.js';
import { measureAt } from './measures.js';
import { momentAt } from './moments.js';
import { lemmaOf } from './spelling.js';

const EMPTY = new Set(
  `a an the this that these those my our your his her their its i we you he she it they me us him them of in on at to for with
  by from as and or but so is are was were be been being am do does did have has had will would can could should must may
  might shall not n't never no 's 'm 're 've 'll 'd user also too really very now just still already actually again there who
  which what when where than then if about into over anymore longer any some quite please`.split(/\s+/),
);
const NEGATIONS = new Set([
  'not',
  "n't",
  'never',
  'no',
  'nobody',
  'nothing',
  'none',
  'without',
  'neither',
  'nor',
  'cannot',
]);
const WORDS_MAX = 120;

/** Content words in normal form, and the numbers and ids among them. */
export function contentOf(
  tokens: readonly Token[],
  text: string,
): Pick<Statement, 'words' | 'identifiers' | 'isNegated'> {
  const words: string[] = [];
  const identifiers: string[] = [];
  let isNegated = false;
  for (let at = 0; at < tokens.length && words.length + identifiers.length < WORDS_MAX; at += 1) {
    const { word } = tokens[at]!;
    if (NEGATIONS.has(word)) isNegated = true;
    const moment = momentAt(tokens, at);
    const measure = moment === undefined ? measureAt(tokens, at, text) : undefined;
    const taken = moment ?? measure;
    if (measure !== undefined && /^(?:per|a|an|each|every)$/.test(tokens[at + taken!.length]?.word ?? '')) {
      const period = /^(?:hour|day|night|week|month|quarter|year)$/.exec(tokens[at + taken!.length + 1]?.word ?? '');
      if (period !== null) {
        identifiers.push(measure.word, `f=1/${period[0]}`);
        at += taken!.length + 1;
        continue;
      }
    }
    if (taken !== undefined) {
      identifiers.push(...(moment?.parts ?? [measure!.word]));
      at += taken.length - 1;
    } else if (/\d/.test(word)) identifiers.push(word);
    else if (!EMPTY.has(word)) words.push(lemmaOf(word));
  }
  return { words, identifiers, isNegated };
}
