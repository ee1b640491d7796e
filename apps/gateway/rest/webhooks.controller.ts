import { randomUUID } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { ServiceError } from '#libs/contracts/errors.js';
import { schemaVersions } from '#libs/contracts/events.js';
import type { WebhookOnTheWire } from '#libs/contracts/rest/account-answers.js';
import type { CreateWebhookBody, ReplayWebhookBody } from '#libs/contracts/rest/account-requests.js';
import { routes } from '#libs/contracts/rest/routes.js';
import { limits } from '#libs/domain/limits.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import { type LogPlace, MemoryQueries } from '#libs/ports/memory-queries.js';
import { type Webhook, Webhooks, WebhookSender } from '#libs/ports/webhooks.js';
import { invalid } from '#libs/service-kit/problem.js';
import { Callers } from '../access/callers.js';
import { apiPath } from '../gateway-options.js';

/** Webhooks belong to whom the request says to be: they see what their maker sees, so nobody else manages them. */
@Controller(`${apiPath}/webhooks`)
export class WebhooksController {
  constructor(
    private readonly callers: Callers,
    private readonly webhooks: Webhooks,
    private readonly sender: WebhookSender,
    private readonly queries: MemoryQueries,
  ) {}

  @Post()
  @HttpCode(200)
  @RouteSchema(routes.createWebhook)
  async create(@Req() request: FastifyRequest, @Body() body: CreateWebhookBody) {
    const caller = await this.callers.of(request);
    const { tenantId } = caller;
    const unknown = body.types?.find((type) => !Object.hasOwn(schemaVersions, type));
    if (unknown !== undefined) throw invalid('types', `has ${JSON.stringify(unknown)}, which is no type of event`);
    if ((await this.webhooks.list(tenantId)).length >= limits.webhooksPerTenant) {
      throw invalid('', `There are ${limits.webhooksPerTenant} webhooks, which is the most: delete one`);
    }
    const refusal = await this.sender.refusal(body.url);
    if (refusal !== null) throw invalid('url', refusal);
    const { webhook, secret } = await this.webhooks.create({
      ...{ tenantId, caller, url: body.url, types: body.types ?? null, includeContent: body.include_content ?? false },
      place: await this.placeOf(tenantId, body.from_offset),
    });
    return { success: true, webhook: presentWebhook(webhook), secret };
  }

  @Get()
  @RouteSchema(routes.listWebhooks)
  async list(@Req() request: FastifyRequest) {
    const caller = await this.callers.of(request);
    const own = (await this.webhooks.list(caller.tenantId)).filter((one) => isOwn(caller, one));
    return { success: true, count: own.length, webhooks: own.map(presentWebhook) };
  }

  @Delete(':id')
  @RouteSchema(routes.deleteWebhook)
  async remove(@Req() request: FastifyRequest, @Param('id') id: string) {
    const { tenantId } = await this.own(request, id);
    if (!(await this.webhooks.remove(tenantId, id))) throw notFound();
    return { success: true, id };
  }

  /** Sent from here and at once, so that a receiver can be set up; deliveries come from maintenance. */
  @Post(':id/test')
  @HttpCode(200)
  @RouteSchema(routes.testWebhook)
  async test(@Req() request: FastifyRequest, @Param('id') id: string) {
    const { tenantId, url } = await this.own(request, id);
    const secret = await this.webhooks.secret(tenantId, id);
    if (secret === null) throw notFound();
    const body = JSON.stringify({
      type: 'webhook.test',
      timestamp: new Date().toISOString(),
      data: { webhook_id: id },
    });
    const delivery = await this.sender.send({ url, secret, id: `msg_${randomUUID()}`, body });
    const error = delivery.kind === 'failed' ? delivery.reason : null;
    return { success: true, delivered: delivery.kind === 'delivered', status: delivery.status, error };
  }

  @Post(':id/replay')
  @HttpCode(200)
  @RouteSchema(routes.replayWebhook)
  async replay(@Req() request: FastifyRequest, @Param('id') id: string, @Body() body: ReplayWebhookBody) {
    const { tenantId } = await this.own(request, id);
    await this.webhooks.sendBack(tenantId, id, await this.placeOf(tenantId, body.from_offset));
    return { success: true, webhook: presentWebhook(await this.own(request, id)) };
  }

  @Post(':id/enable')
  @HttpCode(200)
  @RouteSchema(routes.enableWebhook)
  async enable(@Req() request: FastifyRequest, @Param('id') id: string) {
    const { tenantId } = await this.own(request, id);
    await this.webhooks.enable(tenantId, id);
    return { success: true, webhook: presentWebhook(await this.own(request, id)) };
  }

  /** @throws ServiceError not_found */
  private async own(request: FastifyRequest, id: string): Promise<Webhook> {
    const caller = await this.callers.of(request);
    const found = (await this.webhooks.list(caller.tenantId)).find((one) => one.id === id.toLowerCase());
    if (!found || !isOwn(caller, found)) throw notFound();
    return found;
  }

  /** @throws ServiceError position_in_future */
  private async placeOf(tenantId: string, offset: number | undefined): Promise<LogPlace> {
    const head = await this.queries.headPosition(tenantId);
    if (offset !== undefined && offset > head) {
      throw new ServiceError('position_in_future', `from_offset is ${offset}, but the log ends at ${head}.`, { head });
    }
    return { position: offset ?? head, index: limits.eventsPerCommit };
  }
}

function notFound(): ServiceError {
  return new ServiceError('not_found', 'There is no such webhook, or this key may not see it.');
}

/** Whether it was made by somebody who sees the same. */
function isOwn(caller: Caller, webhook: Webhook): boolean {
  const eyes = ({ project, team, agent, sessionId, boundUserId }: Caller): string =>
    JSON.stringify([project.id, team?.id ?? null, agent?.id ?? null, sessionId, boundUserId]);
  return eyes(caller) === eyes(webhook.caller);
}

function presentWebhook(webhook: Webhook): WebhookOnTheWire {
  const { id, url, types, includeContent, state, place, failures, lastError, lastDeliveredAt, createdAt } = webhook;
  return {
    ...{ id, url, types: types ?? [], include_content: includeContent, state, event_offset: place.position, failures },
    ...{ last_error: lastError, last_delivered_at: lastDeliveredAt, created_at: createdAt },
  };
}
