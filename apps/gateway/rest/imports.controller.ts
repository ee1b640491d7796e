import { randomUUID } from 'node:crypto';
import { Body, Controller, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ImportedRow, ImportMode, ImportRow } from '#libs/contracts/commands.js';
import type { ImportJobInput } from '#libs/contracts/jobs.js';
import { ServiceError } from '#libs/contracts/errors.js';
import { routes } from '#libs/contracts/rest/routes.js';
import type { ImportMemoriesBody, ImportMemoriesQuery } from '#libs/contracts/rest/transfer-requests.js';
import { limits } from '#libs/domain/limits.js';
import { Identities } from '#libs/ports/identities.js';
import type { FileBody } from '#libs/service-kit/http-body.js';
import { invalid } from '#libs/service-kit/problem.js';
import { type FileRow, rowsOfFile, rowsOfJson, textOfFile, UnreadableFile } from '#libs/transfer/file-rows.js';
import { foreignRows, type ForeignSystem, foreignSystems } from '#libs/transfer/foreign-rows.js';
import { type CheckedFile, checkedRows } from '#libs/transfer/import-rows.js';
import { rowsByCommand, withOwners } from '#libs/transfer/row-owners.js';
import { Callers, claimOf, keyOf } from '../access/callers.js';
import { CommandSender, type StillRunning } from '../commands/command-sender.js';
import { ImportUploads } from '../commands/import-uploads.js';
import { JobSender } from '../commands/job-sender.js';
import { apiPath } from '../gateway-options.js';
import { presentJobDetails } from './job.presenter.js';

type Body = ImportMemoriesBody & { file?: FileBody };
/** A body whose file is all there. */
type WholeBody = ImportMemoriesBody & { file?: Buffer };
const ownSystem = 'memorystack';

interface Asked {
  mode: ImportMode;
  dryRun: boolean;
  importId: string;
}

/** `POST /memories/import`: rows of a list or of a file, each by itself. What takes long becomes a job. */
@Controller(`${apiPath}/memories`)
export class ImportsController {
  constructor(
    private readonly callers: Callers,
    private readonly commands: CommandSender,
    private readonly identities: Identities,
    private readonly uploads: ImportUploads,
    private readonly jobs: JobSender,
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
    const { file, ...fields } = body;
    if (file && (file.rest !== null || hasMoreLines(file.start, limits.importRows))) {
      return this.later(request, reply, { ...asked, format: told.format }, file);
    }
    const checked = checkedFile(request, { ...fields, ...(file && { file: file.start }) }, told.format);
    const importer = { key: keyOf(request), claim: claimOf(request) };
    const owned = await withOwners(this.identities, importer, checked.rows);
    const refused = checked.refused.map(({ row, id, problem }) => refusal(row, id, problem));
    const done = await this.carryOut(request, reply, asked, owned.rows);
    if (!Array.isArray(done.results)) return done.running;
    return present(asked, [...refused, ...owned.refused, ...done.results], checked.ignored, done.position);
  }

  /** A file that is too large to be taken in while its request waits. */
  private async later(
    request: FastifyRequest,
    reply: FastifyReply,
    { mode, dryRun, format }: Omit<Asked, 'importId'> & Pick<Body, 'format'>,
    file: FileBody,
  ) {
    const [caller, { binding }] = [await this.callers.of(request), keyOf(request)];
    const system = foreignSystems.find((name) => name === format) ?? ownSystem;
    const isCsv = contentTypeOf(request).startsWith('text/csv');
    const kept = await this.uploads.keep(caller.tenantId, file, Number(request.headers['content-length'] ?? 0));
    const told: ImportJobInput = {
      ...{ fileBytes: kept.bytes, isCsv, system, mode, dryRun },
      binding,
      claim: claimOf(request),
    };
    try {
      const work = { kind: 'import' as const, input: told, total: null };
      const of = { id: kept.jobId, body: kept.digest };
      const { job } = await this.jobs.send(request, reply, caller, work, of);
      if (job.id !== kept.jobId) await this.uploads.drop(caller.tenantId, kept.jobId);
      return { success: true, ...presentJobDetails(job, [], []) };
    } catch (error) {
      await this.uploads.drop(caller.tenantId, kept.jobId);
      throw error;
    }
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
    for (const [index, part] of rowsByCommand(rows).entries()) {
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
function checkedFile(request: FastifyRequest, body: WholeBody, format: ImportMemoriesBody['format']): CheckedFile {
  const system = foreignSystems.find((name) => name === format) ?? ownSystem;
  const rows = rowsOf(body, contentTypeOf(request), format, system);
  if (rows.length > limits.importRows) {
    const detail = `${rows.length} rows are more than the ${limits.importRows} that a list may have: send them as a file of NDJSON or CSV.`;
    throw new ServiceError('payload_too_large', detail, { limit: limits.importRows });
  }
  return checkedRows(rows, system);
}

function rowsOf(
  body: WholeBody,
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

function contentTypeOf({ headers }: FastifyRequest): string {
  return headers['content-type'] ?? '';
}

/** Whether the file has more lines; of rows it has no more than of lines. */
function hasMoreLines(file: Buffer, most: number): boolean {
  let [lines, from] = [0, 0];
  for (; from < file.length && lines <= most; lines += 1) {
    const end = file.indexOf('\n', from);
    from = end < 0 ? file.length : end + 1;
  }
  return lines > most;
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
