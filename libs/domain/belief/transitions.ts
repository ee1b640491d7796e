/** Words that tell the end of what was so, as data: for statements that share a thing but no slot. */
import type { Statement } from './claim.js';
import { oncePerStatement } from './once.js';
import type { Relation } from './relation.js';
import { subjectSureness } from './subjects.js';

/** Each entry is one word, or several that all have to stand there. */
type Telling = readonly string[];

const listOf = (words: string): Telling[] =>
  words
    .trim()
    .split(/\s+/)
    .map((one) => one.split('+'));

/** They end whatever they are said of; of several words joined by `+` all have to stand there. */
const ENDERS = listOf(
  `stop quit cease end lapse expire cancel scrap axe abandon ditch revoke withdraw terminate discontinue sell resell
  donate dispose discard bin trash over gone history finish halt suspend dissolve disband undo unsubscribe unenroll
  rehome exchange refund retract cease-fire wind+down call+off give+up give+away give+back hand+back hand+over hand+in
  kick+habit kick shut+down close+down sign+off opt+out rid let+go throw+out throw+away throw+off pass+on part+with
  swear+off lay+off run+out wear+off clear+up come+end fall+through back+out bow+out step+down stand+down phase+out
  write+off trade+in turn+in take+back take+down pull+out fizzle+out cut+out cut+back come+off be+off no-longer
  lose return bring+back send+back sell+off move+out drop+out part+way split+up break+up grow+out go+off drift+apart
  fall+out bail back+from recall relinquish surrender forfeit evict oust strip`,
);

/** States on the left, and what tells on the right that they are over. */
const CHANGES: readonly (readonly [ReadonlySet<string>, readonly Telling[]])[] = (
  [
    ['lost missing misplaced stolen lose misplace miss mislay gone', 'find locate recover retrieve turn+up show+up'],
    ['empty bare out low', 'refill fill restock replenish top+up load full stock'],
    ['full overflowing crowded packed', 'empty clear drain free space'],
    [
      'broken damaged faulty defective cracked leaking leak torn crash fail jam down stuck dead',
      'fix repair mend replace patch work restore resolved recover back rebuild',
    ],
    ['dirty messy filthy muddy stained dusty cluttered untidy', 'clean wash wipe scrub tidy rinse polish mop vacuum'],
    ['closed shut locked sealed', 'open reopen unlock unseal'],
    ['open unlocked ajar', 'close shut lock seal'],
    ['on running', 'switch+off turn+off unplug shut+off shut+down'],
    ['off', 'switch+on turn+on plug+in power+up'],
    [
      'sick hospital injured broken fracture sprain hurt sore ache pain fever headache cold flu cough bruise swollen infected wound burn rash',
      'heal recover well better healthy cure mend discharge home subside pass clear+up go+away back fit',
    ],
    ['rain snow hail storm pour drizzle foggy fog windy thunder', 'stop clear sunny dry ease settle calm lift'],
    ['hungry thirsty starving', 'eat full drink'],
    ['tired exhausted sleepy', 'rest sleep nap refreshed awake'],
    ['asleep sleep nap', 'wake awake'],
    ['awake', 'asleep sleep'],
    ['flat', 'charge pump inflate recharge'],
    ['pregnant expect', 'birth born deliver'],
    ['private secret confidential hidden', 'share publish public reveal announce'],
    ['public shared published visible', 'hide private restrict unpublish'],
    ['vacant unoccupied free available', 'rent let fill occupy take book reserve'],
    ['engaged married', 'divorce separate split'],
    ['stuck blocked jammed', 'free clear unblock'],
    ['wet damp', 'dry'],
    ['frozen', 'thaw defrost melt'],
    ['vacation away abroad holiday travel trip', 'back return home'],
    ['raw unfinished undone outstanding', 'finish complete done completed'],
    ['roommate flatmate housemate', 'move+out'],
    ['access admin permission licence license right role', 'downgrade demote remove revoke'],
  ] as const
).map(([states, tellings]) => [new Set(states.split(' ')), listOf(tellings)] as const);

/** They begin what was denied. */
const STARTERS = listOf(
  `start begin join adopt get buy receive obtain become go visit try take+up pick+up sign+up take launch now finally
  learn enroll plan decide first`,
);

const IRREGULAR: Readonly<Record<string, string>> = { photo: 'picture', photography: 'picture', rode: 'ride' };

/** Words of one family share it: "smoke", "smoker", "smoking". */
export function stemOf(word: string): string {
  const known = IRREGULAR[word];
  if (known !== undefined) return known;
  if (word.length < 5) return word.replace(/e$/, '');
  const bare = word.replace(/(?:ings?|ers?|ors?|ed|es|s|ions?|ments?|ist|e)$/, '');
  return bare.length < 3 ? word : bare.replace(/([bdgmnprt])\1$/, '$1');
}

/** Each word of a hyphenated one counts. */
const wordsOf = oncePerStatement(
  ({ words }): ReadonlySet<string> => new Set(words.flatMap((word) => [word, ...word.split('-')])),
);

const has = (words: ReadonlySet<string>, telling: Telling): boolean => telling.every((part) => words.has(part));

const tellingsIn = (tellings: readonly Telling[]) =>
  oncePerStatement((statement): Telling[] => tellings.filter((one) => has(wordsOf(statement), one)));

const endersIn = tellingsIn(ENDERS);
const startersIn = tellingsIn(STARTERS);

/** What ends the states that a statement tells. */
const turnsOf = oncePerStatement((statement): (readonly Telling[])[] => {
  const words = [...wordsOf(statement)];
  return CHANGES.flatMap(([states, tellings]) => (words.some((word) => states.has(word)) ? [tellings] : []));
});

/** Words of a topic: all but those that tell the state or its end. */
function sharedTopics(a: Statement, words: ReadonlySet<string>, telling: ReadonlySet<string>): string[] {
  const stems = new Set([...words].filter((word) => !telling.has(word)).map(stemOf));
  const subjects = new Set(a.claims.flatMap(({ subject }) => subject.split(' ')));
  return [...wordsOf(a)].filter((word) => !telling.has(word) && !subjects.has(word) && stems.has(stemOf(word)));
}

/** "Zoe has my drill", "Zoe gave back the drill": what the older statement holds has ended or turned, in other words. */
export function relateTransition(a: Statement, b: Statement): Relation | null {
  if (b.modality === 'hypothetical' || a.modality === 'hypothetical' || b.cues.addition) return null;
  if (!isAboutSame(a, b)) return null;
  const telling = a.isNegated ? begunBy(a, b) : (turnedBy(a, b) ?? endedBy(a, b));
  if (telling === null || (b.isNegated && !a.isNegated)) return null;
  return {
    ...{ relation: 'contradicts', kind: 'update', probability: 0.7, ruleId: 'relation.ended', grounds: [], slot: null },
    evidence: [`told=${telling.join(' ')}`],
  };
}

function endedBy(a: Statement, b: Statement): Telling | null {
  const [ender] = endersIn(b);
  if (ender === undefined || endersIn(a).length > 0) return null;
  return sharedTopics(a, wordsOf(b), new Set(ender)).length > 0 ? ender : null;
}

function turnedBy(a: Statement, b: Statement): Telling | null {
  const [older, newer] = [wordsOf(a), wordsOf(b)];
  for (const tellings of turnsOf(a)) {
    const turned = tellings.find((one) => has(newer, one) && !has(older, one));
    if (turned !== undefined) return turned;
  }
  return null;
}

function begunBy(a: Statement, b: Statement): Telling | null {
  const [starter] = startersIn(b);
  if (b.isNegated || starter === undefined) return null;
  return sharedTopics(a, wordsOf(b), new Set(starter)).length > 0 ? starter : null;
}

/** The same subject, or one of the two names the other's. */
function isAboutSame(a: Statement, b: Statement): boolean {
  const isBare = a.claims.every(({ subject }) => /^(?:it|there)$/.test(subject));
  if (isBare || b.claims.length === 0) return true;
  const names = (one: Statement, subject: string): boolean =>
    subject === 'self' || subject.split(/'s | /).every((word) => one.words.includes(word));
  return (
    a.claims.some((older) => b.claims.some((newer) => subjectSureness(older.subject, newer.subject) > 0)) ||
    a.claims.some(({ subject }) => subject !== 'self' && names(b, subject)) ||
    b.claims.some(({ subject }) => subject !== 'self' && names(a, subject))
  );
}
