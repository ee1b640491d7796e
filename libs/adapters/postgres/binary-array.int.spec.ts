import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabase, type TestDatabase } from '#test/harness/database.js';
import { bigint, binaryArray, type ElementType, float, integer, jsonb, text, timestamp, uuid } from './binary-array.js';

const someUuid = '01A2b3c4-d5e6-7f80-9a0b-cdef01234567';

describe('an array in the binary format', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startTestDatabase();
    await database.tenants.ensure('acme', 'self-hosted');
  });
  afterAll(() => database.stop());

  /** What PostgreSQL, which takes the array apart, writes out as text. */
  async function asText<T>(type: ElementType<T>, values: readonly (T | null)[]): Promise<(string | null)[]> {
    return database.db.asTenant('acme', async (connection) => {
      await connection.query("SET LOCAL timezone TO 'UTC'");
      const { rows } = await connection.query<{ value: string | null }>(
        `SELECT value::text FROM unnest($1::${type.sql}[]) AS value`,
        [binaryArray(type, values, (value) => value)],
      );
      return rows.map(({ value }) => value);
    });
  }

  it('is read by PostgreSQL as the values that were written, nulls among them', async () => {
    const texts = ['', 'plain', null, '{"},\\', 'Zoë 緑茶 🙂', 'x'.repeat(200_000)];
    expect(await asText(text, texts)).toEqual(texts);
    expect(await asText(jsonb, ['{"a": [1, "ü"]}', null])).toEqual(['{"a": [1, "ü"]}', null]);
    expect(await asText(uuid, [someUuid, null])).toEqual([someUuid.toLowerCase(), null]);
    expect(await asText(integer, [0, -1, 2 ** 31 - 1, -(2 ** 31)])).toEqual(['0', '-1', '2147483647', '-2147483648']);
    const large = Number.MAX_SAFE_INTEGER;
    expect(await asText(bigint, [0, -1, 2 ** 32, large, -large])).toEqual(
      [0, -1, 2 ** 32, large, -large].map((value) => String(value)),
    );
    expect(await asText(float, [0.1 + 0.2, -0, 1e-300])).toEqual(['0.30000000000000004', '-0', '1e-300']);
    const times = ['1970-01-01T00:00:00.001Z', '2026-11-22T12:00:00+02:00', '9999-12-31T23:59:59.999Z'];
    expect(await asText(timestamp, times)).toEqual([
      '1970-01-01 00:00:00.001+00',
      '2026-11-22 10:00:00+00',
      '9999-12-31 23:59:59.999+00',
    ]);
  });

  it('may be empty', async () => {
    for (const type of [text, jsonb, uuid, integer, bigint, float, timestamp]) {
      expect(await asText<never>(type, [])).toEqual([]);
    }
  });

  it.each<[string, ElementType<string>, string]>([
    ['half a surrogate pair', text, 'a\ud800'],
    ['an id that is none', uuid, 'x'],
    ['an id with a digit too few', uuid, someUuid.slice(1)],
    ['a time that is none', timestamp, 'at some time'],
  ])('refuses %s', (_name, type, value) => {
    expect(() => binaryArray(type, [value], (one) => one)).toThrow(expect.objectContaining({ name: 'ValueRefused' }));
  });
});
