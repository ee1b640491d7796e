import type { ConversationWords, Turn, TurnInContext } from '#libs/domain/ranking/judged-turn.js';
import { type Filter, matches } from '#libs/domain/scope/filter.js';
import type { IndexedDocuments, PlacedDocument, ReadDocument } from '#libs/ports/indexed-documents.js';
import type { Contexts, ContextQuery } from '#libs/ports/search-index.js';

/** What the ranker must know of the documents of a query: all from the rows, none from Qdrant. */
export async function readContexts(documents: IndexedDocuments, query: ContextQuery): Promise<Contexts> {
  const { tenantId, ids, filter, terms } = query;
  const rows = new Map((await documents.related(tenantId, ids)).map((row) => [row.document.id, row]));
  const wanted = wantedOf(rows, ids, filter);
  const places = wanted.map((row) => placeOf(row, rows));
  const conversationIds = [...new Set(places.flatMap((place) => conversationOf(place) ?? []))];
  const words = [...new Set(wanted.flatMap(({ reading }) => reading.tokens))];
  const [statistics, conversations] = await Promise.all([
    documents.statistics(tenantId, words),
    documents.conversations(tenantId, conversationIds, terms),
  ]);
  const contextOf = (row: PlacedDocument, place: PlacedDocument): TurnInContext => ({
    turn: row === place ? turnOf(row) : inPlaceOf(turnOf(row), turnOf(place)),
    before: place.before.map(turnOf),
    after: place.after.map(turnOf),
    conversation: conversations.get(conversationOf(place) ?? '') ?? wordsOf(place, terms),
    isOriginal: row.document.sourceEpisodeIds.length === 0,
  });
  return {
    documents: wanted.map((row, at) => ({ document: row.document, context: contextOf(row, places[at]!) })),
    words: statistics,
  };
}

/** The documents of `ids` and those related to them, as far as they pass; by id. */
function wantedOf(rows: ReadonlyMap<string, PlacedDocument>, ids: readonly string[], filter: Filter): PlacedDocument[] {
  const passing = new Map([...rows].filter(([, { document }]) => matches(document, filter)));
  const asked = new Set(ids.filter((id) => passing.has(id)));
  const wanted = new Set(asked);
  for (const [id, { document }] of passing) {
    const isLearnedFromAsked = document.sourceEpisodeIds.some((source) => asked.has(source));
    if (isLearnedFromAsked) wanted.add(id);
    if (asked.has(id)) for (const source of document.sourceEpisodeIds) if (passing.has(source)) wanted.add(source);
  }
  return [...wanted].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0)).map((id) => passing.get(id)!);
}

/** Where a document stands: an episode at its own place, a memory at that of its first source that is there. */
function placeOf(row: PlacedDocument, rows: ReadonlyMap<string, PlacedDocument>): PlacedDocument {
  if (conversationOf(row) !== null) return row;
  const source = row.document.sourceEpisodeIds.find((id) => rows.has(id));
  return source === undefined ? row : rows.get(source)!;
}

function conversationOf({ document }: ReadDocument): string | null {
  return document.kind === 'episode' ? document.conversationId : null;
}

/** What stands in no conversation is one of its own. */
function wordsOf({ reading: { tokens } }: ReadDocument, terms: readonly string[]): ConversationWords {
  return {
    id: null,
    length: tokens.length,
    termCounts: terms.map((term) => tokens.filter((token) => token === term).length),
  };
}

/** One `Turn` for each reading: the ranker counts the words of a turn once. */
function turnOf({ document: { text, speaker, role, ordinal }, vector, reading }: ReadDocument): Turn {
  return { text, speaker, role, ordinal, reading, vector };
}

/** A memory speaks with the voice of its source. */
function inPlaceOf(memory: Turn, { speaker, role, ordinal }: Turn): Turn {
  return { ...memory, speaker: memory.speaker ?? speaker, role: memory.role ?? role, ordinal };
}
