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
  return { values: new Int8Array(bytes.buffer, bytes.byteOffset + 4, bytes.byteLength - 4).slice(), scale };
}

/** Of unit length; null where the vector is zero, or of another length than `dimensions`. */
export function unitVector(vector: TextVector, dimensions = vector.values.length): Float64Array | null {
  if (vector.scale === 0 || vector.values.length !== dimensions) return null;
  const length = Math.sqrt(squareOf(vector.values));
  return Float64Array.from(vector.values, (value) => value / length);
}

/**
 * Cosines between a direction of unit length and sums of vectors. Neighbours overlap, so what a vector has by itself is
 * worked out once.
 */
export class Cosines {
  private readonly parts = new Map<TextVector, { along: number; squared: number }>();

  constructor(private readonly direction: Float64Array) {}

  /** −1 to 1; 0 where the sum is zero. Vectors of another length are passed over. */
  of(...vectors: readonly (TextVector | null | undefined)[]): number {
    const { direction } = this;
    let along = 0;
    let squared = 0;
    for (const [at, vector] of vectors.entries()) {
      if (vector?.values.length !== direction.length) continue;
      const own = this.partsOf(vector);
      along += vector.scale * own.along;
      squared += vector.scale * vector.scale * own.squared;
      for (let before = 0; before < at; before++) {
        const other = vectors[before];
        if (other?.values.length !== direction.length) continue;
        squared += 2 * vector.scale * other.scale * dot(vector.values, other.values);
      }
    }
    return squared > 0 ? along / Math.sqrt(squared) : 0;
  }

  private partsOf(vector: TextVector): { along: number; squared: number } {
    let parts = this.parts.get(vector);
    if (!parts) {
      parts = { along: dot(this.direction, vector.values), squared: squareOf(vector.values) };
      this.parts.set(vector, parts);
    }
    return parts;
  }
}

/** Cosine between a direction of unit length and a vector, whatever its scale. */
export function cosineOf(direction: Float64Array, values: ArrayLike<number>): number {
  const squared = squareOf(values);
  return squared > 0 ? dot(direction, values) / Math.sqrt(squared) : 0;
}

/** Of the length. */
export function squareOf(values: ArrayLike<number>): number {
  return dot(values, values);
}

function dot(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < right.length; at++) sum += left[at]! * right[at]!;
  return sum;
}
