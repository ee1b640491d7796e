import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BatchInput } from '#libs/contracts/jobs.js';
import {
  type BatchCreateBody,
  type BatchDeleteBody,
  type BatchUpdateBody,
  type BatchUpdateItem,
  batchUpdateItem,
} from '#libs/contracts/rest/job-requests.js';
import { idField } from '#libs/contracts/rest/fields.js';
import { type CreateMemoryBody, createMemoryBody } from '#libs/contracts/rest/memory-requests.js';
import { routes } from '#libs/contracts/rest/routes.js';
import type { JobKind } from '#libs/ports/job-queue.js';
import { MemoryQueries } from '#libs/ports/memory-queries.js';
import { Callers, keyOf } from '../access/callers.js';
import { JobSender } from '../commands/job-sender.js';
import { apiPath } from '../gateway-options.js';
import { batchInput, itemReader } from './batch-items.js';
import { presentJobDetails } from './job.presenter.js';
import { createCommand, liftedText, reviseCommand } from './memory-commands.js';

const readCreation = itemReader<CreateMemoryBody>(createMemoryBody);
const readUpdate = itemReader<BatchUpdateItem>(batchUpdateItem);
const readId = itemReader<string>(idField);

/** `/memories/batch`: each request becomes one job, whose items are what the routes of one memory take. */
@Controller(`${apiPath}/memories/batch`)
export class BatchController {
  constructor(
    private readonly callers: Callers,
    private readonly jobs: JobSender,
    private readonly queries: MemoryQueries,
  ) {}

  @Post('create')
  @RouteSchema(routes.batchCreate)
  async create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() { memories, ...batch }: BatchCreateBody,
  ) {
    const { accessKey } = request;
    // What an item does not say of who asks, the batch says.
    const query = { ...(request.query as Record<string, unknown>), ...batch };
    const input = await batchInput(memories, async (item) => {
      const body = readCreation(item);
      const command = createCommand(body, keyOf(request).binding);
      const sessionId = liftedText(body, 'session_id');
      const caller = await this.callers.of({ accessKey, query, body }, sessionId === null ? {} : { sessionId });
      return { command, caller };
    });
    return this.submit(request, reply, 'batch_create', input);
  }

  @Post('update')
  @RouteSchema(routes.batchUpdate)
  async update(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() { updates }: BatchUpdateBody,
  ) {
    const caller = await this.callers.of(request);
    const input = await batchInput(updates, async (item) => {
      const { id, expected_version: version, ...body } = readUpdate(item);
      const command = reviseCommand(id.toLowerCase(), body, version === undefined ? undefined : `"${version}"`);
      return { command, caller };
    });
    return this.submit(request, reply, 'batch_update', input);
  }

  @Post('delete')
  @RouteSchema(routes.batchDelete)
  async remove(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() { memory_ids: ids, hard = false }: BatchDeleteBody,
  ) {
    const caller = await this.callers.of(request);
    const input = await batchInput(ids, async (item) => {
      const memoryIds = [readId(item).toLowerCase()];
      return { command: { type: 'ForgetMemories', memoryIds, hard, single: true }, caller };
    });
    return this.submit(request, reply, 'batch_delete', input);
  }

  @Post('embeddings')
  @RouteSchema(routes.embed)
  async embed(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const caller = await this.callers.of(request);
    const { pendingEmbeddings: total } = await this.queries.searchState(caller.tenantId);
    return this.answer(await this.jobs.send(request, reply, caller, { kind: 'batch_embeddings', input: {}, total }));
  }

  @Get('embeddings')
  @RouteSchema(routes.embeddings)
  async embeddings(@Req() request: FastifyRequest) {
    const { embedder, documents, pendingEmbeddings } = await this.queries.searchState(keyOf(request).tenantId);
    return { success: true, embedder, documents, pending_embeddings: pendingEmbeddings };
  }

  private async submit(request: FastifyRequest, reply: FastifyReply, kind: JobKind, input: BatchInput) {
    const caller = await this.callers.of(request);
    return this.answer(await this.jobs.send(request, reply, caller, { kind, input, total: input.items.length }));
  }

  /** Its results are asked of the job. */
  private answer({ job, isRetryInWindow }: Awaited<ReturnType<JobSender['send']>>) {
    return { success: true, ...presentJobDetails(job, [], []), ...(isRetryInWindow && { deduplicated: true }) };
  }
}
