/**
 * The meaning of a text as a direction, small enough to keep one for each: whole numbers from −127 to 127, times `scale`.
 * Its length is what the text weighs beside its neighbours where they are taken as one.
 */
export interface TextVector {
  values: Int8Array;
  /** At least 0; 0 with nothing but zeros, for a text that tells nothing to the model. */
  scale: number;
}

const LARGEST = 127;

/** Rounds each number to the nearest of 255 steps: cosines stay within about 0.01. */
export function textVector(numbers: Float32Array): TextVector {
  let largest = 0;
  for (const number of numbers) largest = Math.max(largest, Math.abs(number));
  const values = new Int8Array(numbers.length);
  if (largest === 0) return { values, scale: 0 };
  // Single precision, as it is stored.
  const scale = Math.fround(largest / LARGEST);
  for (let at = 0; at < values.length; at++) values[at] = Math.round(numbers[at]! / scale);
  return { values, scale };
}

/** The vector as bytes: the scale as a little-endian float, then the numbers. */
export function vectorBytes({ values, scale }: TextVector): Uint8Array {
  const bytes = new Uint8Array(4 + values.length);
  new DataView(bytes.buffer).setFloat32(0, scale, true);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.length), 4);
  return bytes;
}

/** Undoes `vectorBytes`. */
export function vectorOfBytes(bytes: Uint8Array): TextVector {
  const scale = new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true);
  return { values: Int8Array.from(bytes.subarray(4), (byte) => (byte << 24) >> 24), scale };
}

/** Of unit length; null where the vector is zero, or of another length than `dimensions`. */
export function unitVector(vector: TextVector, dimensions = vector.values.length): Float64Array | null {
  if (vector.scale === 0 || vector.values.length !== dimensions) return null;
  const length = Math.sqrt(dot(vector.values, vector.values));
  return Float64Array.from(vector.values, (value) => value / length);
}

/** Cosine between a direction of unit length and the sum of some vectors, −1 to 1; 0 where the sum is zero. */
export function cosine(direction: Float64Array, vectors: readonly (TextVector | null | undefined)[]): number {
  const parts = vectors.filter((vector) => vector && vector.scale > 0 && vector.values.length === direction.length);
  if (parts.length === 1) return cosineOf(direction, parts[0]!.values);
  let along = 0;
  let squared = 0;
  for (const [at, part] of parts.entries()) {
    const { values, scale } = part!;
    along += scale * dot(direction, values);
    squared += scale * scale * dot(values, values);
    for (const other of parts.slice(at + 1)) squared += 2 * scale * other!.scale * dot(values, other!.values);
  }
  return squared > 0 ? along / Math.sqrt(squared) : 0;
}

/** As `cosine`, of one vector, whatever its scale. */
export function cosineOf(direction: Float64Array, values: Int8Array): number {
  let along = 0;
  let squared = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    along += direction[at]! * value;
    squared += value * value;
  }
  return squared > 0 ? along / Math.sqrt(squared) : 0;
}

function dot(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < left.length; at++) sum += left[at]! * right[at]!;
  return sum;
}
