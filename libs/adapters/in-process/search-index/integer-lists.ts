const NO_ROOM = 255;
const GROWTH = 1.5;
/** Base 2 logarithm of the numbers of a page; there may be 4,096 pages. */
const PAGE_BITS = 20;
const PAGE = 1 << PAGE_BITS;
const FIRST_PAGE = 1024;
/** Base 2 logarithm of the room from which on a list has a page of its own, as long as it needs. */
const LONG = 15;
const EMPTY = new Uint32Array(0);

/**
 * Many growable lists of whole numbers (0 to 2^32 - 1) in pages: a list costs its numbers, rounded up to a power of
 * two, and no object. Room that a list leaves behind when it grows is used by the next one of that size. A write copies
 * a page at most, or the one list that it makes longer.
 */
export class IntegerLists {
  private readonly pages: Uint32Array[] = [new Uint32Array(FIRST_PAGE)];
  private readonly freePages: number[] = [];
  /** The page that short lists are added to, and how many of its numbers are in use. */
  private shared = 0;
  private end = 0;
  /** By list: the number of its page, above its place there. */
  private starts = new Uint32Array(64);
  private lengths = new Uint32Array(64);
  /** Base 2 logarithm of the room of a list; NO_ROOM where it has none. */
  private rooms = new Uint8Array(64).fill(NO_ROOM);
  private readonly freeStarts: number[][] = [];

  /** Number of values in a list; 0 for a list never written. */
  lengthOf(list: number): number {
    return list < this.lengths.length ? this.lengths[list]! : 0;
  }

  /** The values of a list, as a view that the next write may move. */
  valuesOf(list: number): Uint32Array {
    const length = this.lengthOf(list);
    if (length === 0) return EMPTY;
    const place = this.placeOf(list);
    return this.pageOf(list).subarray(place, place + length);
  }

  /** The numbers among which those of a list stand, from `placeOf` on: for who reads many lists and wants no views. */
  pageOf(list: number): Uint32Array {
    return this.pages[this.starts[list]! >>> PAGE_BITS]!;
  }

  placeOf(list: number): number {
    return this.starts[list]! & (PAGE - 1);
  }

  push(list: number, value: number): void {
    this.reserve(list + 1);
    const length = this.lengths[list]!;
    if (this.rooms[list] === NO_ROOM || length === 1 << this.rooms[list]!) this.grow(list, length + 1);
    this.pageOf(list)[this.placeOf(list) + length] = value;
    this.lengths[list] = length + 1;
  }

  /** Replaces the values of a list. */
  write(list: number, values: readonly number[]): void {
    this.remove(list);
    if (values.length === 0) return;
    this.reserve(list + 1);
    this.grow(list, values.length);
    this.pageOf(list).set(values, this.placeOf(list));
    this.lengths[list] = values.length;
  }

  /** Takes every occurrence of a value out of a list, keeping the order of the others; linear in the list. */
  removeValue(list: number, value: number): void {
    const values = this.valuesOf(list);
    let kept = 0;
    for (let index = 0; index < values.length; index++) {
      if (values[index] !== value) values[kept++] = values[index]!;
    }
    if (kept === 0) this.remove(list);
    else this.lengths[list] = kept;
  }

  /** Empties a list and gives its room back. */
  remove(list: number): void {
    if (list >= this.lengths.length || this.rooms[list] === NO_ROOM) return;
    this.release(this.starts[list]!, this.rooms[list]!);
    this.rooms[list] = NO_ROOM;
    this.lengths[list] = 0;
  }

  /** Makes room for lists with numbers below `lists`. */
  reserve(lists: number): void {
    if (lists <= this.lengths.length) return;
    const size = Math.max(lists, Math.ceil(this.lengths.length * GROWTH));
    const [starts, lengths] = [new Uint32Array(size), new Uint32Array(size)];
    const rooms = new Uint8Array(size).fill(NO_ROOM);
    starts.set(this.starts);
    lengths.set(this.lengths);
    rooms.set(this.rooms);
    this.starts = starts;
    this.lengths = lengths;
    this.rooms = rooms;
  }

  private grow(list: number, length: number): void {
    const room = Math.ceil(Math.log2(length));
    const values = this.valuesOf(list);
    const [oldStart, oldRoom] = [this.starts[list]!, this.rooms[list]!];
    this.starts[list] = room >= LONG ? this.ownPage(room) : (this.freeStarts[room]?.pop() ?? this.append(1 << room));
    this.rooms[list] = room;
    if (oldRoom === NO_ROOM) return;
    this.pageOf(list).set(values, this.placeOf(list));
    this.release(oldStart, oldRoom);
  }

  private release(start: number, room: number): void {
    if (room < LONG) {
      (this.freeStarts[room] ??= []).push(start);
      return;
    }
    const page = start >>> PAGE_BITS;
    this.pages[page] = EMPTY;
    this.freePages.push(page);
  }

  private append(room: number): number {
    if (this.end + room > PAGE) {
      this.shared = this.newPage(PAGE);
      this.end = 0;
    }
    const page = this.pages[this.shared]!;
    if (this.end + room > page.length) {
      const grown = new Uint32Array(Math.min(PAGE, Math.max(this.end + room, Math.ceil(page.length * GROWTH))));
      grown.set(page);
      this.pages[this.shared] = grown;
    }
    const start = this.shared * PAGE + this.end;
    this.end += room;
    return start;
  }

  private ownPage(room: number): number {
    return this.newPage(2 ** room) * PAGE;
  }

  private newPage(length: number): number {
    const page = this.freePages.pop() ?? this.pages.length;
    this.pages[page] = new Uint32Array(length);
    return page;
  }
}
