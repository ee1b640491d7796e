import { cosineOf, squareOf, type TextVector } from '#libs/domain/ranking/text-vector.js';
import { type Column, singleColumn } from './column.js';
import { ROW_UNIT, scanRows } from './vector-scan.js';

/** Vectors of a block; a block is what is scanned at once, and the most that is copied where vectors come in. */
const BLOCK_BITS = 13;
const BLOCK = 1 << BLOCK_BITS;

/** Cosines of the slots of a block with a direction, nearly. */
export interface NearCosines {
  /** From the first slot of the block on; 0 where there is no vector. Good until the next call. */
  values: Float32Array;
  /** How far each may be off. */
  error: number;
}

/** The vectors of a tenant's documents, one after another in blocks: a scan reads them from end to end. */
export class Vectors {
  /** Of every vector here; 0 until there is one. Those of another length belong to another model and are not kept. */
  private dimensions = 0;
  /** Bytes from one vector to the next. */
  private stride = 0;
  private readonly rows: Int8Array[] = [];
  /** By slot: 0 where there is no vector. */
  private readonly scales = singleColumn();
  /** By slot: one by the length of the whole numbers; 0 where there is no vector. */
  private readonly inverseLengths = singleColumn();

  write(slot: number, vector: TextVector | null): void {
    if (vector !== null && this.dimensions === 0) {
      this.dimensions = vector.values.length;
      this.stride = Math.ceil(this.dimensions / ROW_UNIT) * ROW_UNIT;
    }
    const isKept = vector !== null && vector.scale > 0 && vector.values.length === this.dimensions;
    if (isKept) {
      this.reserveRow(slot);
      this.rows[slot >> BLOCK_BITS]!.set(vector.values, (slot & (BLOCK - 1)) * this.stride);
    } else if (!this.has(slot)) {
      return;
    }
    this.scales.set(slot, isKept ? vector.scale : 0);
    this.inverseLengths.set(slot, isKept ? 1 / Math.sqrt(squareOf(vector.values)) : 0);
  }

  /** Columns that grow with the slots. */
  growing(): readonly Column<Float32Array>[] {
    return this.dimensions === 0 ? [] : [this.scales, this.inverseLengths];
  }

  /** Null where there is none, or where the text means nothing. */
  at(slot: number): TextVector | null {
    return this.has(slot) ? { values: this.valuesAt(slot), scale: this.scales.get(slot) } : null;
  }

  has(slot: number): boolean {
    return this.scales.get(slot) > 0;
  }

  /** Whether directions of this length can be compared with what is here. */
  isOf(dimensions: number): boolean {
    return dimensions === this.dimensions;
  }

  /** Cosine between a direction and the vector of a slot that has one. */
  cosine(slot: number, direction: Float64Array): number {
    return cosineOf(direction, this.valuesAt(slot));
  }

  /** The first slot of each block that holds vectors. */
  blocks(): number[] {
    return Array.from(this.rows.keys(), (block) => block * BLOCK).filter((first) => this.rows[first >> BLOCK_BITS]);
  }

  /** @param first the first slot of a block */
  nearCosines(direction: Float64Array, first: number): NearCosines {
    const rows = this.rows[first >> BLOCK_BITS]!;
    const values = scratch.subarray(0, rows.length / this.stride);
    const { error } = scanRows(rows, this.stride, direction, values);
    for (let at = 0; at < values.length; at++) values[at]! *= this.inverseLengths.get(first + at);
    return { values, error };
  }

  private valuesAt(slot: number): Int8Array {
    const place = (slot & (BLOCK - 1)) * this.stride;
    return this.rows[slot >> BLOCK_BITS]!.subarray(place, place + this.dimensions);
  }

  private reserveRow(slot: number): void {
    const block = slot >> BLOCK_BITS;
    const old = this.rows[block];
    const count = (slot & (BLOCK - 1)) + 1;
    const has = old ? old.length / this.stride : 0;
    if (count <= has) return;
    // Who fills one block fills the next.
    const size = block > 0 ? BLOCK : Math.min(BLOCK, Math.max(64, count, Math.ceil(has * 1.5)));
    const rows = new Int8Array(size * this.stride);
    if (old) rows.set(old);
    this.rows[block] = rows;
  }
}

/** Of all tenants: nobody pauses while it is used. */
const scratch = new Float32Array(BLOCK);
