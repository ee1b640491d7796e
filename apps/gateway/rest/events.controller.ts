import { Readable } from 'node:stream';
import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { schemaVersions } from '#libs/contracts/events.js';
import { eventIdPattern, type EventsQuery } from '#libs/contracts/rest/account-requests.js';
import { routes } from '#libs/contracts/rest/routes.js';
import { limits } from '#libs/domain/limits.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import { type ChangesQuery, type LogPlace, MemoryQueries } from '#libs/ports/memory-queries.js';
import { invalid } from '#libs/service-kit/problem.js';
import { Callers, keyOf } from '../access/callers.js';
import { Positions } from '../access/positions.js';
import { apiPath } from '../gateway-options.js';
import { eventLines, ndjson, placeOf, serverSentEvents } from './event-lines.js';
import { LogTail } from './log-tail.js';
import { ownerFilter } from './request-filters.js';

const placePattern = new RegExp(eventIdPattern);

/** The change stream of the tenant, from any position. */
@Controller(`${apiPath}/events`)
export class EventsController {
  constructor(
    private readonly callers: Callers,
    private readonly queries: MemoryQueries,
    private readonly positions: Positions,
    private readonly tail: LogTail,
  ) {}

  @Get()
  @RouteSchema(routes.watchEvents)
  async watch(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query() query: EventsQuery,
    @Headers('last-event-id') lastEventId?: string,
  ): Promise<void> {
    const { tenantId } = keyOf(request);
    const after = startOf(query, lastEventId);
    const asked = { limit: limits.changesPerPage, types: typesOf(query.type), filter: eventFilter(query) };
    const caller = await this.callers.of(request);
    await this.positions.needed(keyOf(request), Math.max(after.position, query.min_position ?? 0));
    const read = (place: LogPlace) => this.queries.changes(caller, { ...asked, after: place } satisfies ChangesQuery);
    const first = await read(after);
    const isStream = request.headers.accept?.includes('text/event-stream') ?? false;
    const format = isStream ? serverSentEvents : ndjson;
    const lines = eventLines({
      ...{ tenantId, first, read, format, follow: query.follow ?? isStream },
      grown: (position) => this.tail.grown(tenantId, position),
      isEnding: () => this.tail.isEnding,
    });
    void reply
      .header('content-type', format.contentType)
      .header('cache-control', 'no-store')
      // Proxies must not wait for the end.
      .header('x-accel-buffering', 'no')
      .header('memorystack-position', String(first.head))
      .send(Readable.from(lines));
  }
}

/** @throws ServiceError validation_failed */
function startOf(query: EventsQuery, header: string | undefined): LogPlace {
  if (header !== undefined && !placePattern.test(header)) throw invalid('Last-Event-ID', 'is not the id of an event');
  const place = header ?? query.last_event_id ?? String(query.from_offset ?? 0);
  return placeOf(place);
}

/** @throws ServiceError validation_failed */
function typesOf(types: string | undefined): string[] | null {
  if (types === undefined) return null;
  const all = types.split(',').map((type) => type.trim());
  const unknown = all.find((type) => !Object.hasOwn(schemaVersions, type));
  if (unknown !== undefined) throw invalid('type', `has ${JSON.stringify(unknown)}, which is no type of event`);
  return all;
}

function eventFilter(query: EventsQuery): Filter | null {
  const conditions = ownerFilter(query);
  if (query.memory_type !== undefined) conditions.push({ field: 'memoryType', equals: query.memory_type });
  return conditions.length === 0 ? null : { and: conditions };
}
