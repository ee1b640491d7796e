import type { PlacedDocument, ReadDocument } from '#libs/ports/indexed-documents.js';
import type { IndexedDocument } from '#libs/ports/search-index.js';

/** Neighbours on each side that a document is told with. */
const reach = 2;

/** What a document's place in a conversation follows from. */
export type Placed = Pick<IndexedDocument, 'id' | 'kind' | 'conversationId' | 'ordinal'>;

/** Whether a document stands in a conversation; memories never do. */
export function isPlaced(document: Placed): document is Placed & { conversationId: string } {
  return document.kind === 'episode' && document.conversationId !== null;
}

/**
 * Who stands beside whom among some rows of one tenant. It tells the truth of a place if the rows hold all that is
 * within reach of it.
 */
export class Places<Row extends Placed> {
  private readonly members = new Map<string, Row[]>();

  constructor(rows: Iterable<Row>) {
    for (const row of rows) {
      if (!isPlaced(row)) continue;
      const members = this.members.get(row.conversationId);
      if (members) members.push(row);
      else this.members.set(row.conversationId, [row]);
    }
    for (const members of this.members.values()) members.sort(byPlace);
  }

  /** The nearest first. */
  before(place: Placed): Row[] {
    const [members, at] = this.find(place);
    return members.slice(Math.max(0, at - reach), at).reverse();
  }

  /** The nearest first. */
  after(place: Placed): Row[] {
    const [members, at] = this.find(place);
    const next = members[at]?.id === place.id ? at + 1 : at;
    return members.slice(next, next + reach);
  }

  /** The members of its conversation, and where it is, or would be, among them. */
  private find(place: Placed): [Row[], number] {
    const members = isPlaced(place) ? (this.members.get(place.conversationId) ?? []) : [];
    let [low, high] = [0, members.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (byPlace(members[middle]!, place) < 0) low = middle + 1;
      else high = middle;
    }
    return [members, low];
  }
}

/** The documents of `ids` among the rows, each with its neighbours. */
export function placedDocuments(rows: readonly ReadDocument[], ids: Iterable<string>): PlacedDocument[] {
  const byId = new Map(rows.map((row) => [row.document.id, row]));
  const places = new Places(rows.map(({ document }) => document));
  const readOf = ({ id }: IndexedDocument): ReadDocument => byId.get(id)!;
  const found: PlacedDocument[] = [];
  for (const id of ids) {
    const row = byId.get(id);
    if (!row) continue;
    const [before, after] = [places.before(row.document), places.after(row.document)];
    found.push({ ...row, before: before.map(readOf), after: after.map(readOf) });
  }
  return found;
}

function byPlace(left: Placed, right: Placed): number {
  return left.ordinal - right.ordinal || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0);
}
