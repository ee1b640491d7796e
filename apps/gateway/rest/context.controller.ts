import { Controller, Get, Query, Req } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { ContextQuery } from '#libs/contracts/rest/memory-requests.js';
import { routes } from '#libs/contracts/rest/routes.js';
import { limits } from '#libs/domain/limits.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import { MemoryQueries, type SearchAnswerHit, type SearchQuery } from '#libs/ports/memory-queries.js';
import { ReadDays } from '#libs/ports/read-days.js';
import { UsageCounters } from '#libs/ports/usage-counters.js';
import { Callers, keyOf } from '../access/callers.js';
import { Positions } from '../access/positions.js';
import { apiPath } from '../gateway-options.js';
import { packContext } from './context-packing.js';
import { positionAt } from './moment.js';
import { retired, userFilter, validFilter } from './request-filters.js';
import { memoriesIn, presentHits } from './search.presenter.js';
import { tokenEncoding, TokenCounter } from './token-counter.js';

const standardTokens = 1000;
/** Older handoffs are history; the next agent needs the latest. */
const handoffsShown = 3;
const disputesShown = 100;

@Controller(`${apiPath}/context`)
export class ContextController {
  constructor(
    private readonly callers: Callers,
    private readonly queries: MemoryQueries,
    private readonly positions: Positions,
    private readonly usage: UsageCounters,
    private readonly readDays: ReadDays,
    private readonly tokens: TokenCounter,
  ) {}

  @Get()
  @RouteSchema(routes.context)
  async context(@Req() request: FastifyRequest, @Query() query: ContextQuery) {
    const accessKey = keyOf(request);
    const search = searchOf(query);
    const caller = await this.callers.of(request);
    const position = await this.positions.needed(accessKey, query.min_position);
    const asOf = await positionAt(this.queries, accessKey.tenantId, query.as_of, 'as_of');
    this.usage.count(accessKey.tenantId, 'search');
    const { sessionId } = caller;
    const [handoffs, { hits }] = await Promise.all([
      // A handoff has no earlier state: an earlier moment is asked for what was believed then.
      sessionId === null || asOf !== null ? [] : this.queries.handoffs(caller, sessionId, handoffsShown, position),
      this.queries.search(caller, { ...search, asOf }, position),
    ]);
    const disputes = await this.disputes(caller, hits, asOf, position);
    const packed = await packContext(
      { handoffs, hits, disputes, isPast: asOf !== null || query.valid_at !== undefined },
      query.max_tokens ?? standardTokens,
      (texts) => this.tokens.count(texts),
    );
    if (asOf === null) this.readDays.noteRead(accessKey.tenantId, memoriesIn(packed.hits));
    return {
      success: true,
      ...(asOf !== null && { as_of: asOf }),
      context: packed.text,
      token_count: packed.tokenCount,
      encoding: tokenEncoding,
      omitted: packed.omitted,
      near_copies: packed.nearCopies,
      truncated: packed.truncated,
      sources: presentHits(packed.hits, accessKey.tenantId),
    };
  }

  /** Which of the hits dispute each other. */
  private async disputes(
    caller: Caller,
    hits: readonly SearchAnswerHit[],
    asOf: number | null,
    position: number,
  ): Promise<[string, string][]> {
    const memoryIds = hits.flatMap(({ memory }) => (memory?.status === 'disputed' ? memory.id : []));
    if (memoryIds.length < 2) return [];
    const { rows } = await this.queries.contradictions(
      caller,
      // Both sides were disputed at an earlier moment: what was settled since is theirs as well.
      { filter: { and: [] }, isResolved: asOf === null ? false : null, memoryIds, after: null, limit: disputesShown },
      position,
    );
    return rows
      .filter(({ contradiction }) => asOf === null || contradiction.createdPosition <= asOf)
      .map(({ contradiction: { memoryId, otherId } }) => [memoryId, otherId]);
  }
}

function searchOf(query: ContextQuery): SearchQuery {
  const valid = validFilter(query.valid_at);
  const believed: Filter[] = valid.length === 0 ? [{ not: retired }] : valid;
  return {
    text: query.query ?? '',
    filter: { and: [...userFilter(query.user_id), ...believed] },
    limit: limits.searchResults,
    mode: 'hybrid',
    explain: false,
    includeEpisodes: null,
    keepSuperseded: query.valid_at !== undefined,
  };
}
