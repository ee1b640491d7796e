import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ServiceError } from '#libs/contracts/errors.js';
import type { PageStart } from '#libs/ports/memory-reader.js';
import { keyOf } from '../access/callers.js';
import { canonicalJson } from '#libs/contracts/canonical-json.js';
import { GatewayOptions } from '../gateway-options.js';

const macBytes = 16;

type PagedRequest = Pick<FastifyRequest, 'accessKey' | 'query' | 'routeOptions'>;

/**
 * Cursors say where the next page starts, signed for the tenant, the route and the query that they were issued for:
 * base64url of the MAC and the place. The size of a page and `min_position` may change between pages.
 */
@Injectable()
export class Cursors {
  constructor(private readonly options: GatewayOptions) {}

  issue(request: PagedRequest, next: PageStart | null): string | undefined {
    if (next === null) return undefined;
    const place = Buffer.from(JSON.stringify([next.createdPosition, next.id]));
    return Buffer.concat([this.mac(request, place), place]).toString('base64url');
  }

  /** @throws ServiceError cursor_invalid */
  read(request: PagedRequest, cursor: string | undefined): PageStart | null {
    if (cursor === undefined) return null;
    const bytes = Buffer.from(cursor, 'base64url');
    const mac = bytes.subarray(0, macBytes);
    const place = bytes.subarray(macBytes);
    if (mac.length < macBytes || !timingSafeEqual(mac, this.mac(request, place))) {
      throw new ServiceError(
        'cursor_invalid',
        'Send next_cursor as it was answered, with the same query; or leave it out.',
      );
    }
    const [createdPosition, id] = JSON.parse(place.toString()) as [number, string];
    return { createdPosition, id };
  }

  private mac(request: PagedRequest, place: Buffer): Buffer {
    const {
      cursor: _cursor,
      limit: _limit,
      min_position: _position,
      ...query
    } = request.query as Record<string, unknown>;
    const issuedFor = canonicalJson([keyOf(request).tenantId, request.routeOptions.url, query]);
    return createHmac('sha256', this.options.cursorKey)
      .update(issuedFor)
      .update('\0')
      .update(place)
      .digest()
      .subarray(0, macBytes);
  }
}
