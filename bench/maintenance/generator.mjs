// Makes people and what they said over some weeks out of topics, the same for the same seed.
import { between, seededRandom } from '../spoken-words.mjs';

const dayMs = 86_400_000;
const beginsMs = Date.UTC(2026, 2, 2, 7);

/** Statements of `believers` people: `{ believer, topic, group, text, observedAt }`; of one `group` all tell the same. */
export function toldTwice(topics, seed, believers) {
  const random = seededRandom(seed);
  const pick = (list) => list[between(random, 0, list.length - 1)];
  return Array.from({ length: believers }, () =>
    shuffled(
      random,
      topics.flatMap((topic, at) => {
        const values = topic.fill(pick);
        const said = shuffled(random, topic.same(values)).slice(0, between(random, 2, 4));
        const told = (text, group) => ({ text, group, observedAt: momentOf(random, between(random, 0, 60)) });
        return [
          ...said.map((text) => told(text, `${at}`)),
          ...topic.near(values).map((text, index) => told(text, `${at}:other ${index}`)),
        ];
      }),
    ),
  );
}

/** Of each person some patterns and some that are none: `{ planted, statements: [{ text, observedAt, topic }] }`. */
export function toldOverWeeks({ patternTopics, patternless }, seed, believers) {
  const random = seededRandom(seed);
  return Array.from({ length: believers }, () => {
    const planted = shuffled(random, patternTopics).slice(0, 6);
    const none = shuffled(random, patternless).slice(0, 5);
    const statements = [...planted, ...none].flatMap((topic) => tellings(random, topic));
    return { planted, statements: shuffled(random, statements) };
  });
}

function tellings(random, topic) {
  const count = topic.tellings ?? between(random, 3, 5);
  const days = shuffled(
    random,
    Array.from({ length: 28 }, (_, day) => day),
  )
    .slice(0, count)
    .sort((left, right) => left - right);
  const start = between(random, 0, 3);
  return days.map((day, at) => {
    const isCounted = topic.tellings !== undefined;
    return {
      text: topic.says(isCounted ? at : at + start),
      observedAt: momentOf(random, topic.isOneDay ? 5 : day),
      topic,
    };
  });
}

const momentOf = (random, day) => new Date(beginsMs + day * dayMs + between(random, 0, 14 * 60) * 60_000).toISOString();

function shuffled(random, list) {
  const left = [...list];
  for (let at = left.length - 1; at > 0; at -= 1) {
    const other = between(random, 0, at);
    [left[at], left[other]] = [left[other], left[at]];
  }
  return left;
}
