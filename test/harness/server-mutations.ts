/** The parts of JSON Schema that the API's own description uses. */
export interface Schema {
  type?: string;
  enum?: unknown[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: unknown;
  patternProperties?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
}

/** One way to break a valid value, and what is broken. */
export interface Mutation {
  name: string;
  /** As JSON text: some of it no JSON.stringify would write. */
  json: string;
}

const lone = '"half of a pair \\ud800"';
const longestTried = 20_000;

/** JSON texts of values that `schema` does not allow. `valid` is one that it does, for what lies below it. */
export function mutationsOf(schema: Schema, valid: unknown, name: string): Mutation[] {
  const named = (what: string, json: string): Mutation => ({ name: `${name} ${what}`, json });
  const wrongTypes = wrongTypesOf(schema).map((json) => named(`as ${json.slice(0, 20)}`, json));
  return [...wrongTypes, ...outOfBounds(schema, named), ...below(schema, valid, name)];
}

function wrongTypesOf({ type, anyOf }: Schema): string[] {
  const all: Record<string, string> = {
    null: 'null',
    boolean: 'true',
    number: '7.5',
    string: '"x"',
    array: '[1]',
    object: '{"x":1}',
  };
  const taken = new Set((anyOf ?? [{ type }]).map((one) => (one.type === 'integer' ? 'number' : one.type)));
  return Object.entries(all).flatMap(([kind, json]) => (taken.has(kind) ? [] : [json]));
}

function outOfBounds(schema: Schema, named: (what: string, json: string) => Mutation): Mutation[] {
  const { type, minimum, maximum, minLength, maxLength, pattern, minItems, maxItems } = schema;
  const mutations: Mutation[] = [];
  const add = (what: string, json: string): void => void mutations.push(named(what, json));
  if (schema.enum) add('outside its words', '"no such word"');
  if (type === 'string' || schema.anyOf?.some((one) => one.type === 'string')) {
    add('with NUL', '"a\\u0000b"');
    add('with half a pair', lone);
    if (minLength) add('empty', '""');
    if (pattern) add('blank', '"  \\n "');
    if (maxLength !== undefined && maxLength < longestTried) add('too long', JSON.stringify('x'.repeat(maxLength + 1)));
  }
  if (type === 'integer') add('as a fraction', '1.5');
  if (minimum !== undefined) add('too small', String(minimum - 1));
  if (maximum !== undefined) add('too large', String(maximum * 2 + 1));
  if (type === 'integer' || type === 'number') add('beyond all numbers', '1e999');
  if (minItems) add('without entries', '[]');
  if (maxItems !== undefined)
    add(
      'with too many entries',
      `[${Array(maxItems + 1)
        .fill('"x"')
        .join()}]`,
    );
  return mutations;
}

/** Breaks one field of an object, or one entry of a list, at a time; and adds fields that are none. */
function below({ properties, items, type, additionalProperties }: Schema, valid: unknown, name: string): Mutation[] {
  if (type === 'array' && items && Array.isArray(valid)) {
    return mutationsOf(items, valid[0], `${name}[0]`).map((one) => ({ ...one, json: `[${one.json}]` }));
  }
  if (type !== 'object') return [];
  const rest = { ...(valid as Record<string, unknown> | undefined) };
  const around = (field: string, json: string): string => {
    const others = Object.entries(rest).filter(([key]) => key !== field);
    return `{${[...others.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`), `"${field}":${json}`].join()}}`;
  };
  const fields = Object.entries(properties ?? {}).flatMap(([field, schema]) =>
    mutationsOf(schema, rest[field], `${name}.${field}`).map((one) => ({ ...one, json: around(field, one.json) })),
  );
  const keys = ['__proto__', 'with \\u0000', 'with \\udfff'].map((field) => ({
    name: `${name} key ${field}`,
    json: around(field, '{"x":1}'),
  }));
  if (additionalProperties === false) keys.push({ name: `${name} unknown key`, json: around('no_such_field', '1') });
  return [...fields, ...keys];
}

/** Values of a query that `schema` does not allow, percent-encoded. */
export function queryMutationsOf(schema: Schema, name: string): { name: string; value: string }[] {
  const { type, minimum, maximum, maxLength } = schema;
  const values = ['a%00b'];
  if (schema.enum) values.push('no-such-word');
  if (type === 'integer') values.push('1.5', '0x10', '1e3');
  if (type === 'integer' || type === 'number') values.push('many', 'NaN', '', '%20');
  if (type === 'boolean') values.push('maybe', '1', '');
  if (minimum !== undefined) values.push(String(minimum - 1));
  if (maximum !== undefined) values.push(String(maximum * 2 + 1));
  if (schema.minLength) values.push('');
  if (maxLength !== undefined && maxLength < 12_000) values.push('x'.repeat(maxLength + 1));
  return [...values, `a&${name}=b`].map((value) => ({ name: `?${name}=${value.slice(0, 20)}`, value }));
}
