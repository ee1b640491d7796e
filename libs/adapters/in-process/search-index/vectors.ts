import { cosineOf, type TextVector } from '#libs/domain/ranking/text-vector.js';

/** The vectors of a tenant's documents, one after another in one array: a scan reads it from end to end. */
export class Vectors {
  /** Of every vector here; 0 until there is one. Those of another length belong to another model and are not kept. */
  private dimensions = 0;
  private values = new Int8Array(0);
  /** By slot: 0 where there is no vector. */
  private scales = new Float32Array(0);

  write(slot: number, vector: TextVector | null): void {
    if (vector !== null && this.dimensions === 0) this.dimensions = vector.values.length;
    if (slot >= this.scales.length && vector !== null) this.reserve(slot + 1);
    const isKept = vector !== null && vector.values.length === this.dimensions;
    if (slot < this.scales.length) this.scales[slot] = isKept ? vector.scale : 0;
    if (isKept) this.values.set(vector.values, slot * this.dimensions);
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

  private valuesAt(slot: number): Int8Array {
    return this.values.subarray(slot * this.dimensions, (slot + 1) * this.dimensions);
  }

  private reserve(slots: number): void {
    const size = Math.max(64, slots, Math.ceil(this.scales.length * 1.5));
    const [values, scales] = [new Int8Array(size * this.dimensions), new Float32Array(size)];
    values.set(this.values);
    scales.set(this.scales);
    [this.values, this.scales] = [values, scales];
  }
}
