import { readFileSync } from 'node:fs';

/** Bytes that are multiplied by one instruction; rows are as long as a multiple of them. */
export const ROW_UNIT = 16;

const rowsBytes = 1 << 20;
const directionBytes = 1 << 14;
const pageBytes = 1 << 16;
/** Factors are whole numbers up to this: with it, 32 bits hold the sum of 4,000 products. */
const largestFactor = 8_191;

type Scan = (row: number, end: number, stride: number, direction: number, out: number) => void;

/** What is used of the global of this name; the library of types that has it is that of browsers. */
declare const WebAssembly: {
  Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: Record<string, unknown> };
};

interface Scanner {
  scan: Scan;
  memory: { readonly buffer: ArrayBuffer };
}

/** One for all tenants: rows pass through it a megabyte at a time. */
let scanner: Scanner | null = null;

/** The memory: a block of rows, the direction, the products. */
function scannerOf(): Scanner {
  const bytes = rowsBytes + directionBytes + (rowsBytes / ROW_UNIT) * Int32Array.BYTES_PER_ELEMENT;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
  const module = new WebAssembly.Module(readFileSync(new URL('scan.wasm', import.meta.url)));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { memory, scan: exports['scan'] as Scan };
}

/** A direction in small whole numbers: each is off by at most half a `step`. */
interface Factors {
  values: Int16Array;
  step: number;
}

function factorsOf(direction: Float64Array): Factors {
  const step = direction.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / largestFactor;
  return { step, values: Int16Array.from(direction, (value) => Math.round(value / step)) };
}

/**
 * Products of many rows with one direction, nearly: each is off by at most `error` times the length of its row.
 *
 * @param rows one after another, `stride` bytes each, the rest of each filled with zeros
 * @param products where they are written, one for each row
 */
export function scanRows(
  rows: Int8Array,
  stride: number,
  direction: Float64Array,
  products: Float32Array,
): { error: number } {
  const { scan, memory } = (scanner ??= scannerOf());
  const { values, step } = factorsOf(direction);
  if (stride > directionBytes / Int16Array.BYTES_PER_ELEMENT)
    throw new RangeError('vectors this long cannot be scanned');
  new Int16Array(memory.buffer, rowsBytes, stride).fill(0).set(values);
  const out = rowsBytes + directionBytes;
  const rowsAtOnce = Math.floor(rowsBytes / stride);
  const found = new Int32Array(memory.buffer, out, rowsAtOnce);
  const room = new Int8Array(memory.buffer, 0, rowsBytes);
  for (let first = 0; first < products.length; first += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, products.length - first);
    room.set(rows.subarray(first * stride, (first + count) * stride));
    scan(0, count * stride, stride, rowsBytes, out);
    for (let row = 0; row < count; row++) products[first + row] = found[row]! * step;
  }
  // The rounding of the factors, and that of the result to single precision.
  return { error: (step / 2) * Math.sqrt(stride) + 2 ** -22 };
}
