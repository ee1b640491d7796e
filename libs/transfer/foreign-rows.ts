import { type FileRow, isObject, rowsOfJson } from './file-rows.js';

type Fields = Record<string, unknown>;

/** Other systems whose exports are read; how their fields become ours stands in docs/export-import.md. */
export const foreignSystems = ['mem0', 'zep', 'letta'] as const;
export type ForeignSystem = (typeof foreignSystems)[number];

/** The rows of another system's export in our fields; null where the document has no list of memories. */
export function foreignRows(system: ForeignSystem, document: unknown): FileRow[] | null {
  switch (system) {
    case 'mem0':
      return mapped(rowsOfJson(document), fromMem0);
    case 'zep':
      return mapped(
        isObject(document) ? rowsOfJson(document['edges'] ?? document['facts']) : rowsOfJson(document),
        fromZep,
      );
    case 'letta':
      return mapped(lettaRows(document), (fields) => fields);
  }
}

function mapped(rows: FileRow[] | null, map: (fields: Fields) => Fields): FileRow[] | null {
  return rows?.map((one) => ('fields' in one ? { row: one.row, fields: present(map(one.fields)) } : one)) ?? null;
}

function present(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}

function fromMem0(fields: Fields): Fields {
  const { id, memory, user_id, agent_id, run_id, metadata, categories, created_at, updated_at } = fields;
  const more = categories === undefined || categories === null ? {} : { categories };
  return {
    ...{ id, content: memory ?? fields['text'], user_id, agent_id, session_id: run_id, created_at, updated_at },
    metadata: { ...(isObject(metadata) ? metadata : {}), ...more },
  };
}

/** A fact is an edge of a graph; what expired was superseded by nothing that the file names. */
function fromZep(fields: Fields): Fields {
  const { uuid, fact, name, valid_at, invalid_at, expired_at, created_at, attributes } = fields;
  const relation = name === undefined || name === null ? {} : { relation: name };
  return {
    ...{
      id: uuid ?? fields['uuid_'],
      content: fact,
      created_at,
      valid_from: valid_at,
      valid_to: invalid_at ?? expired_at,
    },
    ...(expired_at !== undefined && expired_at !== null && { status: 'superseded' }),
    metadata: { ...(isObject(attributes) ? attributes : {}), ...relation },
  };
}

/** An agent file holds blocks, of the file or of each agent; passages of the archive come as a list. */
function lettaRows(document: unknown): FileRow[] | null {
  const passages = Array.isArray(document) ? document : isObject(document) ? document['passages'] : undefined;
  const owners = isObject(document) ? [document, ...listOf(document['agents'])] : [];
  const blocks = owners.flatMap((owner) =>
    isObject(owner) ? [...listOf(owner['blocks']), ...listOf(owner['core_memory'])] : [],
  );
  if (!Array.isArray(passages) && owners.length === 0) return null;
  const all = [...listOf(passages).map(fromPassage), ...blocks.map(fromBlock)];
  return all.map((fields, index) =>
    fields === null
      ? { row: index + 1, problem: 'It is no JSON object.' }
      : { row: index + 1, fields: present(fields) },
  );
}

function fromPassage(passage: unknown): Fields | null {
  if (!isObject(passage)) return null;
  const { id, text, created_at, updated_at, metadata, metadata_, tags } = passage;
  const known = isObject(metadata) ? metadata : isObject(metadata_) ? metadata_ : {};
  const more = listOf(tags).length > 0 ? { tags } : {};
  return { id, content: text, created_at, updated_at, metadata: { ...known, ...more } };
}

function fromBlock(block: unknown): Fields | null {
  if (!isObject(block)) return null;
  const { id, label, value, created_at, updated_at, description, metadata } = block;
  const named = present({ label, description });
  return {
    ...{ id, content: value, created_at, updated_at, memory_type: 'block' },
    metadata: { ...(isObject(metadata) ? metadata : {}), ...named },
  };
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
