// A tenant's log of a given size: half of its documents messages of conversations, half memories.
import { concurrently } from './measuring.mjs';
import { conversation, noPlace, statement } from './ledger-writing.mjs';
import { between, seededRandom, sentence } from './spoken-words.mjs';

const turnsPerConversation = 20;
const usersPerDocument = 1 / 250;
const atOnce = 60;
const firstDayMs = Date.parse('2025-01-06T09:00:00Z');
const dayMs = 86_400_000;
export const speakers = ['Amira', 'Bjarne', 'Chiara', 'Dmitri', 'Eleni', 'Farid', 'Greta', 'Hamza', 'Ines', 'Jaroslav'];

/** Appends `documents` documents of made-up speech through `send` (see withLedger). */
export async function appendCorpus(send, documents) {
  const random = seededRandom(documents);
  const users = Math.ceil(documents * usersPerDocument);
  const placeOf = (user, conversationId = null) => ({ ...noPlace, userId: `user-${user}`, conversationId });
  const talk = (number) => {
    const [one, other] = [speakers[number % speakers.length], speakers[(number + 1) % speakers.length]];
    const turns = Array.from({ length: turnsPerConversation }, (_, turn) => ({
      role: 'user',
      name: turn % 2 === 0 ? one : other,
      content: `${sentence(random, between(random, 6, 24))}${turn % 5 === 0 ? '?' : '.'}`,
      saidAt: new Date(firstDayMs + number * (dayMs / 4) + turn * 60_000).toISOString(),
    }));
    return conversation(turns, placeOf(number % users, `talk ${number}`));
  };
  const conversations = documents / 2 / turnsPerConversation;
  await concurrently(conversations, atOnce, (number) => send(talk(number)));
  const memory = (number) =>
    statement(`${sentence(random, between(random, 6, 18))} (${number})`, placeOf(number % users));
  await concurrently(documents / 2, atOnce, (number) => send(memory(number)));
}

/** Distinct questions of 3 to 12 words; one in four names a speaker. */
export function questionsOf(count, seed) {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, number) => {
    const rest = sentence(random, between(random, 2, 11));
    return number % 4 === 0 ? `${speakers[number % speakers.length]} ${rest}?` : `which ${rest}?`;
  });
}
