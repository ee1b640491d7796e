/**
 * One-dimensional arrays in PostgreSQL's binary format, as its `array_recv` reads them. The driver sends a `Buffer` as
 * it is; an array it would write out as quoted text, which the server has to take apart again, value by value.
 */

/** How the values of a PostgreSQL type are written. */
export interface ElementType<T> {
  /** Name of the type in SQL. */
  readonly sql: string;
  /** Number of the type in `pg_type`. */
  readonly oid: number;
  size(value: T): number;
  write(to: Buffer, at: number, value: T): void;
}

const headerBytes = 20;
const emptyHeaderBytes = 12;
const lengthBytes = 4;
const nullLength = -1;
const uuidBytes = 16;
const uint32Range = 2 ** 32;
/** Timestamps count microseconds from 2000-01-01. */
const timestampEpochMs = Date.UTC(2000, 0, 1);

/** A value that the type cannot hold; what was to be written is refused as a whole. */
export class ValueRefused extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'ValueRefused';
  }
}

/** @throws ValueRefused */
export function binaryArray<T>(type: ElementType<T>, values: readonly (T | null)[]): Buffer {
  if (values.length === 0) return header(Buffer.alloc(emptyHeaderBytes), 0, false, type.oid);
  const sizes = values.map((value) => (value === null ? nullLength : type.size(value)));
  const bytes = sizes.reduce((sum, size) => sum + lengthBytes + Math.max(size, 0), headerBytes);
  const hasNull = sizes.includes(nullLength);
  const array = header(Buffer.allocUnsafe(bytes), 1, hasNull, type.oid);
  array.writeInt32BE(values.length, 12);
  // The index of the first element.
  array.writeInt32BE(1, 16);
  let at = headerBytes;
  values.forEach((value, index) => {
    const size = sizes[index]!;
    at = array.writeInt32BE(size, at);
    if (value === null) return;
    type.write(array, at, value);
    at += size;
  });
  return array;
}

function header(array: Buffer, dimensions: number, hasNull: boolean, oid: number): Buffer {
  array.writeInt32BE(dimensions, 0);
  array.writeInt32BE(hasNull ? 1 : 0, 4);
  array.writeInt32BE(oid, 8);
  return array;
}

export const text: ElementType<string> = {
  sql: 'text',
  oid: 25,
  size: (value) => {
    // Encoding would put another character in its place and say nothing.
    if (!value.isWellFormed()) throw new ValueRefused('A text holds half a surrogate pair.');
    return Buffer.byteLength(value);
  },
  write: (to, at, value) => void to.write(value, at),
};

/** A value is JSON text. */
export const jsonb: ElementType<string> = {
  sql: 'jsonb',
  oid: 3802,
  size: (value) => 1 + Buffer.byteLength(value),
  write: (to, at, value) => {
    to[at] = 1;
    to.write(value, at + 1);
  },
};

export const uuid: ElementType<string> = {
  sql: 'uuid',
  oid: 2950,
  size: () => uuidBytes,
  write: (to, at, value) => {
    const written = to.write(value.replaceAll('-', ''), at, uuidBytes, 'hex');
    if (written !== uuidBytes) throw new ValueRefused('A UUID has 32 hexadecimal digits.');
  },
};

export const integer: ElementType<number> = {
  sql: 'int',
  oid: 23,
  size: () => 4,
  write: (to, at, value) => void to.writeInt32BE(value, at),
};

/** A value is a safe integer. */
export const bigint: ElementType<number> = {
  sql: 'bigint',
  oid: 20,
  size: () => 8,
  write: (to, at, value) => {
    const high = Math.floor(value / uint32Range);
    to.writeInt32BE(high, at);
    to.writeUInt32BE(value - high * uint32Range, at + 4);
  },
};

export const float: ElementType<number> = {
  sql: 'float8',
  oid: 701,
  size: () => 8,
  write: (to, at, value) => void to.writeDoubleBE(value, at),
};

/** A value is ISO 8601 with a time zone. */
export const timestamp: ElementType<string> = {
  sql: 'timestamptz',
  oid: 1184,
  size: () => 8,
  write: (to, at, value) => {
    const ms = Date.parse(value);
    if (Number.isNaN(ms)) throw new ValueRefused('A timestamp is ISO 8601.');
    to.writeBigInt64BE(BigInt(ms - timestampEpochMs) * 1000n, at);
  },
};

export const bytea: ElementType<Uint8Array> = {
  sql: 'bytea',
  oid: 17,
  size: (value) => value.length,
  write: (to, at, value) => to.set(value, at),
};
