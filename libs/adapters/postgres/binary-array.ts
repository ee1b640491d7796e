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
  /** As many bytes as the value can take. */
  room(value: T): number;
  /** @returns the number of bytes written */
  write(to: Buffer, at: number, value: T): number;
}

const headerBytes = 20;
const emptyHeaderBytes = 12;
const firstIndex = 1;
/** Of one UTF-16 code unit in UTF-8. */
const bytesPerUnit = 3;
const lengthBytes = 4;
const nullLength = -1;
const uuidBytes = 16;
const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const hyphen = '-'.charCodeAt(0);
const digitNine = '9'.charCodeAt(0);
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

/** Arrays are written here and copied out: nobody has to measure a value before it is written. */
let scratch = Buffer.allocUnsafe(1 << 16);

/**
 * The array of what `valueOf` tells of each row.
 * @throws ValueRefused
 */
export function binaryArray<Row, T>(
  type: ElementType<T>,
  rows: readonly Row[],
  valueOf: (row: Row) => T | null,
): Buffer {
  let end = rows.length === 0 ? emptyHeaderBytes : headerBytes;
  let hasNull = false;
  for (const row of rows) {
    const value = valueOf(row);
    makeRoom(end, lengthBytes + (value === null ? 0 : type.room(value)));
    const written = value === null ? nullLength : type.write(scratch, end + lengthBytes, value);
    scratch.writeInt32BE(written, end);
    if (value === null) hasNull = true;
    end += lengthBytes + Math.max(written, 0);
  }
  scratch.writeInt32BE(rows.length === 0 ? 0 : 1, 0);
  scratch.writeInt32BE(hasNull ? 1 : 0, 4);
  scratch.writeInt32BE(type.oid, 8);
  if (rows.length > 0) {
    scratch.writeInt32BE(rows.length, 12);
    scratch.writeInt32BE(firstIndex, 16);
  }
  return Buffer.from(scratch.subarray(0, end));
}

function makeRoom(from: number, bytes: number): void {
  if (from + bytes <= scratch.length) return;
  const larger = Buffer.allocUnsafe(2 * (from + bytes));
  scratch.copy(larger, 0, 0, from);
  scratch = larger;
}

export const text: ElementType<string> = {
  sql: 'text',
  oid: 25,
  room: (value) => bytesPerUnit * value.length,
  write: (to, at, value) => {
    // Encoding would put another character in its place and say nothing.
    if (!value.isWellFormed()) throw new ValueRefused('A text holds half a surrogate pair.');
    return to.write(value, at);
  },
};

/** A value is JSON text. */
export const jsonb: ElementType<string> = {
  sql: 'jsonb',
  oid: 3802,
  room: (value) => 1 + bytesPerUnit * value.length,
  write: (to, at, value) => {
    to[at] = 1;
    return 1 + to.write(value, at + 1);
  },
};

export const uuid: ElementType<string> = {
  sql: 'uuid',
  oid: 2950,
  room: () => uuidBytes,
  write: (to, at, value) => {
    if (!uuidPattern.test(value)) throw new ValueRefused('A UUID has 32 hexadecimal digits, in groups.');
    // By hand: taking the hyphens out and decoding what is left costs five times as much.
    let next = at;
    for (let digit = 0; digit < value.length; digit += 2) {
      if (value.charCodeAt(digit) === hyphen) digit += 1;
      to[next++] = (hexDigit(value.charCodeAt(digit)) << 4) | hexDigit(value.charCodeAt(digit + 1));
    }
    return uuidBytes;
  },
};

/** @param code of one of 0-9, a-f, A-F */
function hexDigit(code: number): number {
  return code <= digitNine ? code & 0xf : (code & 0xf) + 9;
}

export const integer: ElementType<number> = {
  sql: 'int',
  oid: 23,
  room: () => 4,
  write: (to, at, value) => to.writeInt32BE(value, at) - at,
};

/** A value is a safe integer. */
export const bigint: ElementType<number> = {
  sql: 'bigint',
  oid: 20,
  room: () => 8,
  write: (to, at, value) => {
    const high = Math.floor(value / uint32Range);
    to.writeInt32BE(high, at);
    return to.writeUInt32BE(value - high * uint32Range, at + 4) - at;
  },
};

export const float: ElementType<number> = {
  sql: 'float8',
  oid: 701,
  room: () => 8,
  write: (to, at, value) => to.writeDoubleBE(value, at) - at,
};

/** A value is ISO 8601 with a time zone. */
export const timestamp: ElementType<string> = {
  sql: 'timestamptz',
  oid: 1184,
  room: () => 8,
  write: (to, at, value) => {
    const ms = Date.parse(value);
    if (Number.isNaN(ms)) throw new ValueRefused('A timestamp is ISO 8601.');
    return to.writeBigInt64BE(BigInt(ms - timestampEpochMs) * 1000n, at) - at;
  },
};

export const smallint: ElementType<number> = {
  sql: 'smallint',
  oid: 21,
  room: () => 2,
  write: (to, at, value) => to.writeInt16BE(value, at) - at,
};

export const bytea: ElementType<Uint8Array> = {
  sql: 'bytea',
  oid: 17,
  room: (value) => value.length,
  write: (to, at, value) => {
    to.set(value, at);
    return value.length;
  },
};
