import { Readable } from 'node:stream';
import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type FileFormat, type MemoryOnFile, mediaTypes } from '#libs/contracts/rest/memory-file.js';
import { routes } from '#libs/contracts/rest/routes.js';
import type { ExportMemoriesBody } from '#libs/contracts/rest/transfer-requests.js';
import { limits } from '#libs/domain/limits.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import { type ExportPage, MemoryQueries } from '#libs/ports/memory-queries.js';
import { invalid } from '#libs/service-kit/problem.js';
import { bareFile, envelope, ExportTally } from '#libs/transfer/export-file.js';
import { memoryOnFile } from '#libs/transfer/memory-on-file.js';
import { Callers, keyOf } from '../access/callers.js';
import { Positions } from '../access/positions.js';
import { apiPath } from '../gateway-options.js';
import { positionAt } from './moment.js';
import { listFilter } from './request-filters.js';

const digestHeader = 'memorystack-digest';

interface Export {
  caller: Caller;
  filter: Filter;
  tally: ExportTally;
}

/** `POST /memories/export`: everything that a caller may see, as it is at one position, written while it is read. */
@Controller(`${apiPath}/memories`)
export class ExportsController {
  constructor(
    private readonly queries: MemoryQueries,
    private readonly callers: Callers,
    private readonly positions: Positions,
  ) {}

  @Post('export')
  @RouteSchema(routes.exportMemories)
  export(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: ExportMemoriesBody) {
    return this.answer(request, reply, body);
  }

  @Post('batch/export')
  @RouteSchema(routes.exportMemoriesInBatch)
  exportInBatch(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: ExportMemoriesBody) {
    return this.answer(request, reply, body);
  }

  private async answer(request: FastifyRequest, reply: FastifyReply, body: ExportMemoriesBody): Promise<void> {
    const { format, isBare } = formOf(request, body.format);
    const accessKey = keyOf(request);
    const needed = await this.positions.needed(accessKey, body.min_position);
    const asOf = await positionAt(this.queries, accessKey.tenantId, body.as_of, 'as_of');
    const position = asOf ?? Math.max(needed, await this.queries.headPosition(accessKey.tenantId));
    const tally = new ExportTally(position, body.include_history ?? false);
    const exporting = { caller: await this.callers.of(request), filter: listFilter(body), tally };
    // Before the status is sent: what cannot be answered is refused as anything else is.
    const first = await this.page(exporting, null);
    const pages = this.pages(exporting, first);
    reply.status(200).header('content-type', `${mediaTypes[isBare ? format : 'json']}; charset=utf-8`);
    if (format === 'csv' && isBare) tellInTrailer(reply, tally);
    if (isBare) reply.header('content-disposition', `attachment; filename="memories.${format}"`);
    const pieces = isBare && format !== 'json' ? bareFile(format, pages, tally) : envelope(format, pages, tally);
    await reply.send(Readable.from(pieces, { objectMode: false }));
  }

  /** While a page is being written, the next one is read. */
  private async *pages(exporting: Export, first: ExportPage): AsyncGenerator<MemoryOnFile[]> {
    for (let page = first; ;) {
      const next = page.next === null ? null : this.page(exporting, page.next);
      // Whoever hangs up meanwhile does not want to know that it failed.
      next?.catch(() => undefined);
      yield page.memories.map((memory) => memoryOnFile(memory, exporting.tally.withHistory));
      if (next === null) return;
      page = await next;
    }
  }

  private page({ caller, filter, tally }: Export, after: ExportPage['next']): Promise<ExportPage> {
    const { position, withHistory: withVersions } = tally;
    const limit = withVersions ? limits.exportPageSizeWithVersions : limits.exportPageSize;
    return this.queries.exported(caller, { position, filter, after, limit, withVersions });
  }
}

/**
 * The envelope, unless the request accepts a media type that only a bare file has.
 * @throws ServiceError validation_failed when the two ask for different formats
 */
function formOf(
  { headers }: Pick<FastifyRequest, 'headers'>,
  asked: FileFormat | undefined,
): { format: FileFormat; isBare: boolean } {
  const accepted = (headers.accept ?? '').split(',').map((range) => range.split(';')[0]!.trim().toLowerCase());
  const bare = (['csv', 'ndjson'] as const).find((format) => accepted.includes(mediaTypes[format]));
  if (bare === undefined) return { format: asked ?? 'json', isBare: false };
  if (asked !== undefined && asked !== bare) {
    throw invalid('format', `is ${asked}, but the request accepts ${mediaTypes[bare]}: send one of the two`);
  }
  return { format: bare, isBare: true };
}

/** In a line of its own it would be a record for whoever reads the file. */
function tellInTrailer(reply: FastifyReply, tally: ExportTally): void {
  reply.trailer(digestHeader, async () => tally.trailer().digest);
}
