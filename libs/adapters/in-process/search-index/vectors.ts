import { cosineOf, squareOf, type TextVector } from '#libs/domain/ranking/text-vector.js';
import { ROW_UNIT, scanRows } from './vector-scan.js';

/** Cosines of every slot with a direction, nearly. */
export interface NearCosines {
  /** By slot; 0 where there is no vector. Good until the next call. */
  values: Float32Array;
  /** How far each may be off. */
  error: number;
}

/** The vectors of a tenant's documents, one after another in one array: a scan reads it from end to end. */
export class Vectors {
  /** Of every vector here; 0 until there is one. Those of another length belong to another model and are not kept. */
  private dimensions = 0;
  /** Bytes from one vector to the next. */
  private stride = 0;
  private values = new Int8Array(0);
  /** By slot: 0 where there is no vector. */
  private scales = new Float32Array(0);
  /** By slot: one by the length of the whole numbers; 0 where there is no vector. */
  private inverseLengths = new Float32Array(0);

  write(slot: number, vector: TextVector | null): void {
    if (vector !== null && this.dimensions === 0) {
      this.dimensions = vector.values.length;
      this.stride = Math.ceil(this.dimensions / ROW_UNIT) * ROW_UNIT;
    }
    const isKept = vector !== null && vector.scale > 0 && vector.values.length === this.dimensions;
    if (isKept) {
      if (slot >= this.scales.length) this.reserve(slot + 1);
      this.values.set(vector.values, slot * this.stride);
    }
    if (slot >= this.scales.length) return;
    this.scales[slot] = isKept ? vector.scale : 0;
    this.inverseLengths[slot] = isKept ? 1 / Math.sqrt(squareOf(vector.values)) : 0;
  }

  /** Null where there is none, or where the text means nothing. */
  at(slot: number): TextVector | null {
    const scale = this.scales[slot] ?? 0;
    return scale === 0 ? null : { values: this.valuesAt(slot), scale };
  }

  has(slot: number): boolean {
    return (this.scales[slot] ?? 0) > 0;
  }

  /** Whether directions of this length can be compared with what is here. */
  isOf(dimensions: number): boolean {
    return dimensions === this.dimensions;
  }

  /** Cosine between a direction and the vector of a slot that has one. */
  cosine(slot: number, direction: Float64Array): number {
    return cosineOf(direction, this.valuesAt(slot));
  }

  nearCosines(direction: Float64Array, slots: number): NearCosines {
    const count = Math.min(slots, this.scales.length);
    if (scratch.length < count) scratch = new Float32Array(Math.ceil(count * 1.5));
    const values = scratch.subarray(0, count);
    const { error } = scanRows(this.values, this.stride, direction, values);
    for (let slot = 0; slot < count; slot++) values[slot]! *= this.inverseLengths[slot]!;
    return { values, error };
  }

  private valuesAt(slot: number): Int8Array {
    return this.values.subarray(slot * this.stride, slot * this.stride + this.dimensions);
  }

  private reserve(slots: number): void {
    const size = Math.max(64, slots, Math.ceil(this.scales.length * 1.5));
    const values = new Int8Array(size * this.stride);
    values.set(this.values);
    this.values = values;
    this.scales = grown(this.scales, size);
    this.inverseLengths = grown(this.inverseLengths, size);
  }
}

/** Of all tenants: a search never pauses while it uses it. */
let scratch = new Float32Array(0);

function grown(numbers: Float32Array, size: number): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(size);
  larger.set(numbers);
  return larger;
}
