// `typebox/compile` would do the same and load 150 files more.
import { Compile } from 'typebox/schema';
import type { ImportRow } from '#libs/contracts/commands.js';
import { instantOf } from '#libs/contracts/instant.js';
import { importRow, importRowFields, type ImportRowOnFile } from '#libs/contracts/rest/import-row.js';
import type { EvidenceOnFile, VersionOnFile } from '#libs/contracts/rest/memory-file.js';
import { limits } from '#libs/domain/limits.js';
import type { EarlierVersion, Evidence, WorldTime } from '#libs/domain/memory/memory.events.js';
import type { FileRow } from './file-rows.js';

/** A row that may go in, with the names of its owner as the file says them; undefined where it says nothing. */
export type CheckedRow = Omit<ImportRow, 'owner'> & {
  names: { project: string; team: string | null; agent: string | null; session: string | null } | null;
  session: string | null;
};

export interface RefusedRow {
  row: number;
  id: string | null;
  problem: string;
}

export interface CheckedFile {
  rows: CheckedRow[];
  refused: RefusedRow[];
  /** Names of fields that nothing is known of. */
  ignored: string[];
}

const validator = Compile(importRow);
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const unstorable = /\0|\p{Surrogate}/u;
const deepest = 48;

/** Checks every row by itself, and what they say of each other: ids that come twice, beliefs that replaced each other. */
export function checkedRows(rows: readonly FileRow[], system: string): CheckedFile {
  const checked: CheckedFile = { rows: [], refused: [], ignored: [] };
  const ignored = new Set<string>();
  const seen = new Set<string>();
  for (const one of rows) {
    try {
      if ('problem' in one) throw new Error(one.problem);
      const row = checkedRow(one.row, one.fields, system);
      if (row.id !== null && seen.has(row.id)) throw new Error('The id came before in this file.');
      if (row.id !== null) seen.add(row.id);
      for (const name of Object.keys(one.fields)) if (!importRowFields.includes(name)) ignored.add(name);
      checked.rows.push(row);
    } catch (error) {
      const id = 'fields' in one && typeof one.fields['id'] === 'string' ? one.fields['id'] : null;
      checked.refused.push({ row: one.row, id, problem: (error as Error).message });
    }
  }
  const cyclic = inCircles(checked.rows);
  const problem = 'superseded_by leads in a circle.';
  checked.refused.push(...[...cyclic].map(({ row, id }) => ({ row, id, problem })));
  const kept = checked.rows.filter((row) => !cyclic.has(row));
  return { ...checked, rows: kept, ignored: [...ignored].slice(0, limits.pageSize) };
}

/** @throws Error that says what is wrong */
function checkedRow(row: number, fields: Readonly<Record<string, unknown>>, system: string): CheckedRow {
  assertPlain(fields);
  if (!validator.Check(fields)) {
    const [, [first]] = validator.Errors(fields);
    const field = first?.instancePath.slice(1).replaceAll('/', '.') ?? '';
    const missing = first?.keyword === 'required' ? 'content is missing' : `${first?.message ?? 'is not well-formed'}`;
    throw new Error(first?.keyword === 'required' ? missing : `${field} ${missing}`);
  }
  const told = fields as ImportRowOnFile;
  const metadata = told.metadata ?? {};
  if (Buffer.byteLength(JSON.stringify(metadata)) > limits.metadataBytes) {
    throw new Error(`metadata is larger than ${limits.metadataBytes} bytes`);
  }
  const isUuid = typeof told.id === 'string' && uuid.test(told.id);
  const isOwn = isUuid && system === 'memorystack';
  const status = told.status ?? 'active';
  const createdAt = instant(told.created_at, 'created_at');
  return {
    row,
    id: isUuid ? told.id!.toLowerCase() : null,
    ...placeOf(told),
    ...{ content: told.content, memoryType: told.memory_type ?? 'fact', confidence: told.confidence ?? 0.8, metadata },
    ...{ modality: told.modality ?? null, status },
    supersededBy: status === 'superseded' ? (told.superseded_by ?? null) : null,
    observedAt: instant(told.observed_at, 'observed_at') ?? createdAt,
    ...{ createdAt, updatedAt: instant(told.updated_at, 'updated_at') },
    ...{ validFrom: worldTime(told.valid_from, 'valid_from'), validTo: worldTime(told.valid_to, 'valid_to') },
    evidence: (told.evidence ?? []).map(evidenceOf),
    earlier: told.history?.map(earlierOf) ?? null,
    ...{ system, rowId: isOwn ? null : (told.id ?? null) },
  };
}

/** A file that names a project says whose a memory is; any other leaves that to whoever imports it. */
function placeOf(told: ImportRowOnFile): Pick<CheckedRow, 'names' | 'session' | 'placement'> {
  const session = told.session_id ?? null;
  const { project_name: project, team_name: team = null, agent_name: agent = null } = told;
  const userId = told.user_id === undefined || told.user_id === 'self' ? null : told.user_id;
  const labels = { agentId: told.agent_id ?? null, teamId: told.team_id ?? null };
  return {
    names: project === undefined ? null : { project, team, agent, session },
    session,
    placement: { scope: told.scope ?? null, userId, ...labels, conversationId: null },
  };
}

function evidenceOf({ id, metadata, origin, sources, ...rest }: EvidenceOnFile): Evidence {
  return {
    ...{ id: id.toLowerCase(), metadata, sourceType: rest.source_type, ruleId: rest.rule_id },
    extractorVersion: rest.extractor_version,
    ...(origin && {
      origin: { session: origin.session === null ? null : String(origin.session), source: origin.source },
    }),
    sources: sources.map((span) => ({
      ...{ messageId: span.message_id.toLowerCase(), externalId: span.external_id, start: span.start, end: span.end },
    })),
    ...(rest.derived_from && {
      derivedFrom: rest.derived_from.map(({ memory_id, version }) => ({ memoryId: memory_id.toLowerCase(), version })),
    }),
  };
}

function earlierOf(version: VersionOnFile): EarlierVersion {
  const { content, confidence, metadata, status, reason, decision } = version;
  return {
    ...{ content, confidence, metadata, status, reason, decision },
    eventType: version.event,
    recordedAt: instant(version.recorded_at, 'history.recorded_at')!,
    memoryType: version.memory_type,
    validFrom: worldTime(version.valid_from, 'history.valid_from'),
    validTo: worldTime(version.valid_to, 'history.valid_to'),
    supersededBy: version.superseded_by,
  };
}

function instant(told: string | null | undefined, field: string): string | null {
  if (told === undefined || told === null) return null;
  const found = instantOf(told);
  if (found === null) throw new Error(`${field} must be an ISO 8601 date or time`);
  return found;
}

function worldTime(told: string | WorldTime | null | undefined, field: string): WorldTime | null {
  if (told === undefined || told === null) return null;
  if (typeof told === 'string') return { instant: instant(told, field)!, precision: 'instant' };
  return { instant: instant(told.instant, field)!, precision: told.precision };
}

/** What the log and the database can keep. */
function assertPlain(value: unknown, depth = 0): void {
  if (typeof value === 'string' && unstorable.test(value)) {
    throw new Error('It has a character that cannot be stored (NUL, or half of a pair).');
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth === deepest) throw new Error(`It is nested deeper than ${deepest} levels.`);
  for (const [key, below] of Object.entries(value)) {
    if (key === '__proto__') throw new Error('__proto__ is no name that a field may have.');
    assertPlain(key, depth);
    assertPlain(below, depth + 1);
  }
}

function inCircles(rows: readonly CheckedRow[]): Set<CheckedRow> {
  const byId = new Map(rows.flatMap((row) => (row.id === null ? [] : [[row.id, row] as const])));
  const next = (row: CheckedRow | undefined) => byId.get(row?.supersededBy?.toLowerCase() ?? '');
  const open = new Set<CheckedRow>(rows);
  const cyclic = new Set<CheckedRow>();
  for (const start of rows) {
    const path: CheckedRow[] = [];
    let at: CheckedRow | undefined = start;
    for (; at && open.has(at); at = next(at)) {
      open.delete(at);
      path.push(at);
    }
    const from = at ? path.indexOf(at) : -1;
    if (from >= 0) for (const row of path.slice(from)) cyclic.add(row);
  }
  return cyclic;
}
