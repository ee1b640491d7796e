import type { PackageDefinition } from '@grpc/proto-loader';
import { invalid } from './problem.js';

const treeType = 'google.protobuf.Struct';

type Json = Record<string, unknown>;
interface Field {
  name: string;
  typeName: string;
}
/** google.protobuf.Value, as the loader reads and writes it. */
interface TreeValue {
  nullValue?: unknown;
  numberValue?: number;
  stringValue?: string;
  boolValue?: boolean;
  structValue?: Tree;
  listValue?: { values?: TreeValue[] };
}
interface Tree {
  fields?: Record<string, TreeValue>;
}

/**
 * Turns the JSON of the REST API into messages with fields of the same names, and back. Nothing is known here of any
 * message: only free-form objects (metadata, filters) have another form inside a message than in JSON.
 */
export class JsonMessages {
  constructor(private readonly definitions: PackageDefinition) {}

  /** @throws ServiceError validation_failed for a tree that is no JSON */
  toJson(type: string, message: object): Json {
    return this.walk(type, message as Json, (tree, path) => jsonOfTree(tree as Tree, path));
  }

  /** Fields that the message does not have are left out when it is written. */
  toMessage(type: string, json: object): Json {
    return this.walk(type, json as Json, (tree) => treeOfJson(tree as Json));
  }

  /** Names of the fields of a message. */
  fieldsOf(type: string): string[] {
    return this.descriptor(type).map(({ name }) => name);
  }

  private walk(type: string, source: Json, tree: (value: object, path: string) => unknown): Json {
    const target: Json = { ...source };
    const scope = type.slice(0, type.lastIndexOf('.'));
    for (const { name, typeName } of this.descriptor(type)) {
      const value = source[name];
      if (typeof value !== 'object' || value === null) continue;
      const inner = `${scope}.${typeName}`;
      if (typeName === treeType) target[name] = treesOf(value, name, tree);
      // What is no message of the same package is a list of plain values, or a map of them.
      else if (!(inner in this.definitions)) continue;
      else if (Array.isArray(value)) target[name] = value.map((one: Json) => this.walk(inner, one, tree));
      else target[name] = this.walk(inner, value as Json, tree);
    }
    return target;
  }

  private descriptor(type: string): readonly Field[] {
    const { field } = (this.definitions[type] as unknown as { type: { field: Field[] } }).type;
    return field;
  }
}

function treesOf(value: object, name: string, tree: (value: object, path: string) => unknown): unknown {
  if (!Array.isArray(value)) return tree(value, name);
  return value.map((one: object, index) => tree(one, `${name}.${index}`));
}

function jsonOfTree({ fields = {} }: Tree, path: string): Json {
  // Without a prototype, so that a key `__proto__` stays one, to be refused with its name.
  const json = Object.create(null) as Json;
  for (const [key, value] of Object.entries(fields)) json[key] = jsonOfValue(value, `${path}.${key}`);
  return json;
}

function jsonOfValue(value: TreeValue, path: string): unknown {
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.boolValue !== undefined) return value.boolValue;
  if (value.structValue !== undefined) return jsonOfTree(value.structValue, path);
  if (value.listValue !== undefined) {
    return (value.listValue.values ?? []).map((one, index) => jsonOfValue(one, `${path}.${index}`));
  }
  if (value.nullValue !== undefined) return null;
  // JSON.stringify would make null of the numbers that JSON does not have, and nobody would be told.
  if (Number.isFinite(value.numberValue)) return value.numberValue;
  throw invalid(path, value.numberValue === undefined ? 'has no value' : 'must be a finite number');
}

function treeOfJson(json: Json): Tree {
  const fields = Object.create(null) as Record<string, TreeValue>;
  for (const [key, value] of Object.entries(json)) fields[key] = valueOfJson(value);
  return { fields };
}

function valueOfJson(json: unknown): TreeValue {
  if (typeof json === 'string') return { stringValue: json };
  if (typeof json === 'number') return { numberValue: json };
  if (typeof json === 'boolean') return { boolValue: json };
  if (Array.isArray(json)) return { listValue: { values: json.map(valueOfJson) } };
  return json === null ? { nullValue: 'NULL_VALUE' } : { structValue: treeOfJson(json as Json) };
}
