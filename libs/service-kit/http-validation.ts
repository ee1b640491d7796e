import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
// `typebox/compile` would do the same and load 150 files more at every start.
import { Compile } from 'typebox/schema';
import { assertStorable } from './http-text.js';
import { type FieldProblem, invalidFields } from './problem.js';

/** More would be noise, and a hostile body must not buy a long answer. */
const mostProblemsTold = 20;

/**
 * Compiles a route's schemas for Fastify. Bodies are taken as they are; values of a query are text, so numbers and
 * booleans are read from it. An absent body counts as `{}`.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  const read = httpPart === 'querystring' ? queryReader(schema) : (value: unknown) => value ?? {};
  return (received: unknown) => {
    const value = read(received);
    try {
      if (httpPart !== 'body') assertStorable(value);
    } catch (err) {
      return { error: err as Error };
    }
    if (validator.Check(value)) return { value };
    const [, errors] = validator.Errors(value);
    return { error: invalidFields(fieldProblems(errors)) };
  };
};

/** Reads the text values of a query as the types that the schema asks for; what cannot be read stays text. */
function queryReader(schema: TSchema): (query: unknown) => unknown {
  const { properties } = schema as { properties?: Record<string, { type?: string }> };
  return (query) => {
    // Without a prototype, so that `__proto__` is a name like any other, and told as an unknown one.
    const values = Object.create(null) as Record<string, unknown>;
    for (const [name, value] of Object.entries((query ?? {}) as Record<string, unknown>)) {
      values[name] = typeof value === 'string' ? readText(value, properties?.[name]?.type) : value;
    }
    return values;
  };
}

function readText(text: string, type: string | undefined): unknown {
  if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (type === 'boolean' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return text;
}

function fieldProblems(errors: readonly TLocalizedValidationError[]): FieldProblem[] {
  const problems = new Map<string, string>();
  const told = errors.filter(({ keyword }) => keyword !== 'boolean');
  const unions = new Set(told.filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath));
  for (const error of told) {
    // A union complains once for each of its alternatives; only its own complaint is worth telling.
    if (unions.has(error.instancePath) && error.keyword !== 'anyOf') continue;
    for (const [field, message] of sentences(error)) if (!problems.has(field)) problems.set(field, message);
  }
  return [...problems].slice(0, mostProblemsTold).map(([field, message]) => ({ field, message }));
}

function sentences(error: TLocalizedValidationError): [field: string, message: string][] {
  const field = error.instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');
  const below = (name: string): string => (field === '' ? name : `${field}.${name}`);
  switch (error.keyword) {
    case 'additionalProperties':
      return error.params.additionalProperties.map((name) => [below(name), 'is not a field here: remove it']);
    case 'required':
      return error.params.requiredProperties.map((name) => [below(name), 'is missing']);
    case 'type':
      return [[field, field === '' ? `The request must be ${error.params.type}` : typeSentence(error.params.type)]];
    case 'enum':
      return [[field, `must be one of ${error.params.allowedValues.join(', ')}`]];
    case 'anyOf':
      return [[field, 'has none of the forms it may have: see /docs']];
    case 'pattern':
      return [[field, error.schemaPath.includes('memory_id') ? 'must be a UUID' : 'must not be blank']];
    case 'minimum':
      return [[field, `must be at least ${error.params.limit}`]];
    case 'maximum':
      return [[field, `must be at most ${error.params.limit}`]];
    case 'minLength':
      return [[field, 'must not be empty']];
    case 'maxLength':
      return [[field, `must not be longer than ${error.params.limit} characters`]];
    case 'minItems':
      return [[field, `must have at least ${error.params.limit} entries`]];
    case 'maxItems':
      return [[field, `must not have more than ${error.params.limit} entries`]];
    default:
      return [[field, error.message]];
  }
}

function typeSentence(type: unknown): string {
  const names = String(type);
  return `must be ${/^[aeio]/.test(names) ? 'an' : 'a'} ${names}`;
}
