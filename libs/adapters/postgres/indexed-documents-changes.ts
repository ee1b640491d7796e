import { adjacentPairs } from '#libs/domain/ranking/tokenizer.js';
import type { ReadDocument } from '#libs/ports/indexed-documents.js';
import { isPlaced } from './document-places.js';
import { belongingOf, type ConversationRow, type WordChange } from './indexed-documents-rows.js';

/** What a change does to the counts beside the documents, worked out from the documents before it and after it. */

/** By how many more original texts each word is held; in the order of the words, without those that stay as they are. */
export function frequencyChanges(before: readonly ReadDocument[], after: readonly ReadDocument[]): WordChange[] {
  const changes = new Map<string, number>();
  const count = (documents: readonly ReadDocument[], by: 1 | -1): void => {
    for (const { reading } of documents.filter(isOriginal)) {
      for (const word of [...new Set(reading.tokens), ...adjacentPairs(reading.tokens)]) add(changes, word, by);
    }
  };
  count(before, -1);
  count(after, 1);
  return [...changes].sort(([left], [right]) => (left < right ? -1 : 1));
}

export function totalChanges(
  before: readonly ReadDocument[],
  after: readonly ReadDocument[],
): { documents: number; originals: number } {
  const originals = after.filter(isOriginal).length - before.filter(isOriginal).length;
  return { documents: after.length - before.length, originals };
}

/** Counts episodes out of (-1) or into (1) the rows of their conversations. */
export function countEpisodes(
  conversations: ReadonlyMap<string, ConversationRow>,
  documents: readonly ReadDocument[],
  by: 1 | -1,
): void {
  for (const { document, reading } of documents) {
    if (!isPlaced(document)) continue;
    const conversation = conversations.get(document.conversationId)!;
    conversation.episodes += by;
    conversation.length += by * reading.tokens.length;
    for (const token of reading.tokens) add(conversation.counts, token, by);
    add(conversation.belongings, JSON.stringify(belongingOf(document)), by);
  }
}

/** The conversations that some documents stand in. */
export function conversationsOf(documents: readonly ReadDocument[]): Set<string> {
  return new Set(documents.flatMap(({ document }) => (isPlaced(document) ? [document.conversationId] : [])));
}

function isOriginal({ document }: ReadDocument): boolean {
  return document.sourceEpisodeIds.length === 0;
}

function add(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
