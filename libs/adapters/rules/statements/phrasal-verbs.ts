import type { Atom } from './atoms.js';

/** Verbs of several words and the one that says the same, as data: `call off=cancel`. */
const PHRASAL = new Map(
  `call off=cancel;do away with=abolish;hand in=submit;turn in=submit;send in=submit;hand over=hand;wrap up=finish;
  finish off=finish;finish up=finish;see through=finish;get through=finish;be done with=finish;be through with=finish;
  back out of=leave;pull out of=leave;opt out of=leave;walk out of=leave;bow out of=leave;step away from=leave;
  part ways with=leave;say goodbye to=leave;wind down=close;shut down=close;close down=close;
  phase out=discontinue;cut off=discontinue;go off=quit;swear off=quit;lay off=quit;wean off=quit;come off=quit;
  kick habit of=quit;fall out of love with=hate;turn against=hate;go cold on=hate;
  put off=postpone;push back=postpone;set up=create;put together=create;fill in=complete;fill out=complete;
  go in for=like;be partial to=like;be smitten with=love;be hooked on=love;be addicted to=love;be wild about=love;
  swear by=love;go for=choose;opt for=choose;settle on=choose;plump for=choose;decide on=choose;land on=choose;
  look after=manage;be at helm of=manage;settle down in=live in;put down roots in=live in;make home in=live in;
  set up home in=live in;have home in=live in;have place in=live in;have flat in=live in;have house in=live in;
  stay put in=live in;be resident of=live in;be resident in=live in;tie knot=marry;get hitched=marry;walk down aisle=marry;
  say i do=marry;exchange vows=marry;get wed=marry;be wed=marry;pop question=engage;come into world=be born;
  see light of day=be born;go out with=date;be together with=date;be in relationship with=date;be involved with=date;
  be item with=date;go steady with=date;be going out with=date;have way with=excel at;be handy with=excel at;
  have knack for=excel at;have gift for=excel at;have talent for=excel at;have flair for=excel at;be whiz at=excel at;
  be ace at=excel at;have good grasp of=excel at;be dab hand at=excel at;be adept at=excel at;be clever at=excel at;
  be strong in=excel at;be well versed in=excel at;make living as=work as;earn living as=work as;earn money as=work as;
  make money as=work as;have job as=work as;hold position of=work as;hold post of=work as;hold position as=work as;
  hold role of=work as;have career as=work as;practice as=work as;moonlight as=work as;fill role of=work as;
  have desk job at=work at;draw salary from=work at;be on staff at=work at;be on books of=work at;have contract with=work at;
  be employee of=work at;be employee at=work at;take meal without=eat no;steer clear of=avoid;stay away from=avoid;
  keep away from=avoid;stay off=avoid;be off=avoid`
    .split(';')
    .map((line) => line.trim().split('=') as [string, string]),
);

/** By their first word, the longest first. */
const BY_VERB = new Map<string, { words: string[]; plain: string }[]>();
for (const [phrase, plain] of [...PHRASAL].sort(([left], [right]) => right.length - left.length)) {
  const [verb, ...words] = phrase.split(' ');
  BY_VERB.set(verb!, [...(BY_VERB.get(verb!) ?? []), { words, plain }]);
}

/** The plain verb for "call … off"; the particle may stand behind a short object ("called the trip off"). */
export function plainVerbOf(verb: string, rest: readonly Atom[]): { verb: string; rest: Atom[] } | undefined {
  for (const { words, plain } of BY_VERB.get(verb) ?? []) {
    const skipped = matched(words, rest);
    if (skipped === undefined) continue;
    const [lemma, ...more] = plain.split(' ');
    const lead = more.map((word): Atom => ({
      ...rest[0]!,
      normal: word,
      lemma: word,
      raw: word,
      kind: 'word',
      article: null,
    }));
    return { verb: lemma!, rest: [...lead, ...skipped] };
  }
  return undefined;
}

const OBJECT_MAX_ATOMS = 4;

/** What is left of `rest` without the words; undefined where they do not stand there. */
function matched(words: readonly string[], rest: readonly Atom[]): Atom[] | undefined {
  const isAt = (from: number): boolean =>
    words.every((word, at) => rest[from + at]?.kind === 'word' && isWord(rest[from + at]!, word));
  if (rest.length >= words.length && isAt(0)) return rest.slice(words.length);
  if (words.length > 1 || !/^(?:off|in|up|down|out|back|over)$/.test(words[0]!)) return undefined;
  const end = rest.findIndex((atom, at) => at > 0 && at <= OBJECT_MAX_ATOMS && isWord(atom, words[0]!));
  const isLast = end > 0 && (end === rest.length - 1 || rest[end + 1]!.kind === 'moment');
  return isLast ? [...rest.slice(0, end), ...rest.slice(end + 1)] : undefined;
}

const isWord = ({ normal, raw }: Atom, word: string): boolean => normal === word || raw.toLowerCase() === word;
