const NO_ROOM = 255;
const GROWTH = 1.5;
const EMPTY = new Uint32Array(0);

/**
 * Many growable lists of whole numbers (0 to 2^32 - 1) in one typed array: a list costs its numbers, rounded up to a
 * power of two, and no object. Room that a list leaves behind when it grows is used by the next one of that size.
 */
export class IntegerLists {
  private values = new Uint32Array(1024);
  private end = 0;
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
    return length === 0 ? EMPTY : this.values.subarray(this.starts[list]!, this.starts[list]! + length);
  }

  push(list: number, value: number): void {
    this.reserveList(list);
    const length = this.lengths[list]!;
    if (this.rooms[list] === NO_ROOM || length === 1 << this.rooms[list]!) this.grow(list, length + 1);
    this.values[this.starts[list]! + length] = value;
    this.lengths[list] = length + 1;
  }

  /** Replaces the values of a list. */
  write(list: number, values: readonly number[]): void {
    this.remove(list);
    if (values.length === 0) return;
    this.reserveList(list);
    this.grow(list, values.length);
    this.values.set(values, this.starts[list]!);
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
    this.release(list);
    this.rooms[list] = NO_ROOM;
    this.lengths[list] = 0;
  }

  private grow(list: number, length: number): void {
    const room = Math.ceil(Math.log2(length));
    const start = this.freeStarts[room]?.pop() ?? this.append(1 << room);
    if (this.rooms[list] !== NO_ROOM) {
      const old = this.starts[list]!;
      this.values.copyWithin(start, old, old + this.lengths[list]!);
      this.release(list);
    }
    this.starts[list] = start;
    this.rooms[list] = room;
  }

  private release(list: number): void {
    (this.freeStarts[this.rooms[list]!] ??= []).push(this.starts[list]!);
  }

  private append(room: number): number {
    const start = this.end;
    this.end += room;
    if (this.end > this.values.length) {
      const grown = new Uint32Array(Math.max(this.end, Math.ceil(this.values.length * GROWTH)));
      grown.set(this.values);
      this.values = grown;
    }
    return start;
  }

  private reserveList(list: number): void {
    if (list < this.lengths.length) return;
    const size = Math.max(list + 1, Math.ceil(this.lengths.length * GROWTH));
    const [starts, lengths] = [new Uint32Array(size), new Uint32Array(size)];
    const rooms = new Uint8Array(size).fill(NO_ROOM);
    starts.set(this.starts);
    lengths.set(this.lengths);
    rooms.set(this.rooms);
    this.starts = starts;
    this.lengths = lengths;
    this.rooms = rooms;
  }
}
