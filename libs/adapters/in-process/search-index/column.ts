type NumberArray = Uint8Array | Int32Array | Uint32Array | Float32Array;

/** One number for each slot in a typed array that grows with the highest slot written; 0 where nothing was. */
export class Column<Numbers extends NumberArray = Int32Array> {
  constructor(
    private readonly create: (length: number) => Numbers,
    public values: Numbers = create(64),
  ) {}

  get(slot: number): number {
    return this.values[slot] ?? 0;
  }

  set(slot: number, value: number): void {
    this.reserve(slot + 1);
    this.values[slot] = value;
  }

  /** Makes room for slots below `slots`. */
  reserve(slots: number): void {
    if (slots <= this.values.length) return;
    const grown = this.create(Math.max(slots, Math.ceil(this.values.length * 1.5)));
    grown.set(this.values);
    this.values = grown;
  }
}

export const signedColumn = (): Column<Int32Array> => new Column((length) => new Int32Array(length));
export const unsignedColumn = (): Column<Uint32Array> => new Column((length) => new Uint32Array(length));
export const byteColumn = (): Column<Uint8Array> => new Column((length) => new Uint8Array(length));
export const singleColumn = (): Column<Float32Array> => new Column((length) => new Float32Array(length));
