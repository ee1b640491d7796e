import { randomUUID } from 'node:crypto';
import { Body, Controller, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ImportedRow, ImportMode, ImportRow } from '#libs/contracts/commands.js';
import { ServiceError } from '#libs/contracts/errors.js';
import { routes } from '#libs/contracts/rest/routes.js';
import type { ImportMemoriesBody, ImportMemoriesQuery } from '#libs/contracts/rest/transfer-requests.js';
import { limits } from '#libs/domain/limits.js';
import { invalid } from '#libs/service-kit/problem.js';
import { type FileRow, rowsOfFile, rowsOfJson, textOfFile, UnreadableFile } from '#libs/transfer/file-rows.js';
import { foreignRows, type ForeignSystem, foreignSystems } from '#libs/transfer/foreign-rows.js';
import { type CheckedFile, checkedRows, type CheckedRow } from '#libs/transfer/import-rows.js';
import { Callers } from '../access/callers.js';
import { CommandSender, type StillRunning } from '../commands/command-sender.js';
import { apiPath } from '../gateway-options.js';

type Body = ImportMemoriesBody & { file?: Buffer };
const ownSystem = 'memorystack';

interface Asked {
  mode: ImportMode;
  dryRun: boolean;
  importId: string;
}

/** `POST /memories/import`: rows of a list or of a file, each by itself. */
@Controller(`${apiPath}/memories`)
export class ImportsController {
  constructor(
    private readonly callers: Callers,
    private readonly commands: CommandSender,
  ) {}

  @Post('import')
  @HttpCode(200)
  @RouteSchema(routes.importMemories)
  async import(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: Body,
    @Query() query: ImportMemoriesQuery,
  ) {
    const told = { ...query, ...body };
    const asked = { mode: told.mode ?? 'skip', dryRun: told.dry_run ?? false, importId: randomUUID() };
    const checked = checkedFile(request, body, told.format);
    const { rows, results } = await this.withOwners(request, checked);
    const done = await this.carryOut(request, reply, asked, rows);
    if (!Array.isArray(done.results)) return done.running;
    results.push(...done.results);
    return present(asked, results, checked.ignored, done.position);
  }

  /** Whose each row is, as if its owner had sent it: what the key is bound to counts here too. */
  private async withOwners(request: FastifyRequest, { rows, refused }: CheckedFile) {
    const results: ImportedRow[] = refused.map(({ row, id, problem }) => refusal(row, id, problem));
    const owned: ImportRow[] = [];
    for (const { names, session, ...row } of rows) {
      try {
        const owner = await this.callers.of(request, claimOf({ names, session }, row.placement.userId));
        const { project, team, agent, sessionId } = owner;
        owned.push({ ...row, owner: { project, team, agent, sessionId } });
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        results.push(refusal(row.row, row.id, error.detail));
      }
    }
    return { rows: owned, results };
  }

  private async carryOut(
    request: FastifyRequest,
    reply: FastifyReply,
    { mode, dryRun, importId }: Asked,
    rows: ImportRow[],
  ) {
    const caller = await this.callers.of(request);
    const results: ImportedRow[] = [];
    let position = 0;
    for (const [index, part] of parts(rows).entries()) {
      const command = { type: 'ImportMemories' as const, importId, mode, dryRun, rows: part };
      const carried = await this.commands.send(request, reply, caller, command, index === 0 ? '' : ` part ${index}`);
      if (carried.kind === 'running') return { running: (carried as StillRunning).answer, results: null, position };
      results.push(...(carried.body['results'] as ImportedRow[]));
      position = Math.max(position, carried.position);
    }
    return { running: null, results, position };
  }
}

/** @throws ServiceError validation_failed, payload_too_large */
function checkedFile({ headers }: FastifyRequest, body: Body, format: ImportMemoriesBody['format']): CheckedFile {
  const system = foreignSystems.find((name) => name === format) ?? ownSystem;
  const rows = rowsOf(body, headers['content-type'] ?? '', format, system);
  if (rows.length > limits.importRows) {
    const detail = `${rows.length} rows are more than the ${limits.importRows} that one request takes: send them in several.`;
    throw new ServiceError('payload_too_large', detail, { limit: limits.importRows });
  }
  return checkedRows(rows, system);
}

function rowsOf(
  body: Body,
  contentType: string,
  format: Body['format'],
  system: ForeignSystem | typeof ownSystem,
): FileRow[] {
  try {
    const isCsv = contentType.startsWith('text/csv');
    if (body.file && system === ownSystem) return rowsOfFile(isCsv ? 'csv' : 'ndjson', textOfFile(body.file));
    const document = body.file
      ? rowsOfFile('ndjson', textOfFile(body.file)).flatMap((row) => ('fields' in row ? [row.fields] : []))
      : body;
    const rows = system === ownSystem ? rowsOfJson(document) : foreignRows(system, listOrDocument(document));
    if (rows !== null) return rows;
    if (format === 'csv' || format === 'ndjson') {
      const data = (body as { data?: unknown }).data;
      if (typeof data === 'string') return rowsOfFile(format, textOfFile(Buffer.from(data)));
    }
  } catch (error) {
    if (error instanceof UnreadableFile) throw invalid('', error.message);
    throw error;
  }
  throw invalid('memories', 'is missing: send a list of memories, or a file with its content type');
}

/** A list that came in `memories` is the document of the other system, when it has nothing else. */
function listOrDocument(document: unknown): unknown {
  const { memories } = document as { memories?: unknown };
  return Array.isArray(memories) ? memories : document;
}

function claimOf({ names, session }: Pick<CheckedRow, 'names' | 'session'>, userId: string | null) {
  const user = userId === null ? {} : { userId };
  if (names === null) return { ...user, ...(session !== null && { sessionId: session }) };
  const { project, team, agent } = names;
  return { ...user, projectName: project, teamName: team, agentName: agent, agentType: null, sessionId: names.session };
}

/** As many rows as one command takes. */
function parts(rows: readonly ImportRow[]): ImportRow[][] {
  const all: ImportRow[][] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = Buffer.byteLength(JSON.stringify(row));
    const last = all.at(-1);
    if (last && last.length < limits.importRowsPerCommand && bytes + size <= limits.importBytesPerCommand) {
      last.push(row);
      bytes += size;
    } else {
      all.push([row]);
      bytes = size;
    }
  }
  return all;
}

function refusal(row: number, memoryId: string | null, detail: string): ImportedRow {
  return { row, outcome: 'refused', memoryId, detail };
}

function present({ mode, dryRun, importId }: Asked, results: ImportedRow[], ignored: string[], position: number) {
  const count = (outcome: ImportedRow['outcome']) => results.filter((one) => one.outcome === outcome).length;
  const errors = results
    .filter(({ outcome }) => outcome === 'refused')
    .sort((left, right) => left.row - right.row)
    .map(({ row, memoryId, detail }) => ({ row, memory_id: memoryId, message: detail ?? '' }));
  return {
    ...{ success: errors.length === 0, dry_run: dryRun, mode, import_id: importId, total: results.length },
    ...{ created: count('created'), skipped: count('skipped'), merged: count('merged'), replaced: count('replaced') },
    refused: errors.length,
    memory_ids: results.flatMap(({ outcome, memoryId }) => (outcome === 'created' && memoryId ? [memoryId] : [])),
    ...{ errors, ignored_fields: ignored, event_offset: position },
  };
}
