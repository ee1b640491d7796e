// Made-up conversations for a search index, as JSON would bring them, and questions and filters to search them with.
// The words are English ones that the embedder `static` knows: texts of invented words would have no vectors.
import { readFileSync } from 'node:fs';
import { between, seededRandom, sentence, vocabulary, word } from '../spoken-words.mjs';

const { tokenize } = await import('../../dist/libs/domain/ranking/tokenizer.js');
const { visibleTo } = await import('../../dist/libs/domain/scope/ownership.js');

const wordsFile = new URL('../../libs/adapters/static-embedder/data/words.txt', import.meta.url);
const turnsPerConversation = 25;
const conversationsPerUser = 20;
const firstSaidMs = Date.parse('2024-01-01T09:00:00Z');
const minuteMs = 60_000;
const assistant = 'Helper';
/** Who has one conversation in ten, and who has one document in a thousand. */
const [userOfTenth, userOfThousandth] = ['user-tenth', 'user-thousandth'];

/** The most frequent words that the table of vectors has and a search looks for, the most frequent first. */
const englishWords = readFileSync(wordsFile, 'utf8')
  .split('\n')
  .filter((candidate) => /^[a-z]{2,}$/.test(candidate) && tokenize(candidate).length === 1)
  .slice(0, vocabulary);
if (englishWords.length < vocabulary) throw new Error(`Only ${englishWords.length} words to make texts of.`);

export const english = (random, length) => sentence(random, length, (rank) => englishWords[rank]);

const nameOf = (user) => {
  const name = word(user);
  return name[0].toUpperCase() + name.slice(1);
};
const uuid = (group, number) => `01930000-0000-7000-${group}-${String(number).padStart(12, '0')}`;

function userOf(number, conversation, documents) {
  if (number < documents / 1_000) return userOfThousandth;
  return conversation % 10 === 3 ? userOfTenth : `user-${Math.floor(conversation / conversationsPerUser)}`;
}

/** The same share of the documents by something that only the document itself tells. */
function metadataOf(number) {
  if (number % 10 === 3) return { label: 'tenth' };
  return number % 1_000 === 500 ? { label: 'thousandth' } : {};
}

/** @returns a function that makes the documents number `first` to `first + count - 1` of a tenant of `documents` */
export function documentsOf(documents, seed) {
  const random = seededRandom(seed);
  const episode = (number) => {
    const conversation = Math.floor(number / turnsPerConversation);
    const isUser = number % 2 === 0;
    const saidAt = new Date(firstSaidMs + number * minuteMs).toISOString();
    return {
      id: uuid('8000', number),
      ...{ kind: 'episode', text: english(random, between(random, 6, 24)), caption: null },
      speaker: isUser ? nameOf(Math.floor(conversation / conversationsPerUser)) : assistant,
      role: isUser ? 'user' : 'assistant',
      ...{ conversationId: uuid('9000', conversation), ordinal: number % turnsPerConversation },
      ...{ saidAt, createdAt: saidAt, validFrom: saidAt, validTo: null, sourceEpisodeIds: [] },
      ...{ scope: 'personal', projectId: 'project', teamId: null, agentId: null, ownerTeamId: null },
      ...{ ownerAgentId: null, userId: userOf(number, conversation, documents), sessionId: `session-${conversation}` },
      ...{ memoryType: 'episode', status: 'active', confidence: 1, metadata: metadataOf(number) },
    };
  };
  // As from a store: no two documents share a string.
  return (first, count) => JSON.parse(JSON.stringify(Array.from({ length: count }, (_, at) => episode(first + at))));
}

/** Distinct questions of 6 to 16 words; one in four names somebody who speaks in a tenant of `documents`. */
export function questionsOf(count, documents, seed) {
  const random = seededRandom(seed);
  const users = Math.ceil(documents / turnsPerConversation / conversationsPerUser);
  return Array.from({ length: count }, (_, number) => {
    const asked = english(random, between(random, 6, 16));
    return number % 4 === 0 ? `what did ${nameOf(between(random, 0, users - 1))} say of ${asked}?` : `${asked}?`;
  });
}

const caller = { project: { id: 'project' }, team: null, agent: null, sessionId: null, boundUserId: null };
const asking = (...conditions) => ({
  and: [visibleTo(caller), { and: [...conditions, { not: { field: 'status', equals: 'superseded' } }] }],
});

/** What a caller may see with what a request asks for, as `GET /memories/search` lays them together. */
export const filters = {
  all: asking(),
  userTenth: asking({ field: 'userId', equals: userOfTenth }),
  userThousandth: asking({ field: 'userId', equals: userOfThousandth }),
  labelTenth: asking({ field: 'metadata.label', equals: 'tenth' }),
  labelThousandth: asking({ field: 'metadata.label', equals: 'thousandth' }),
};
