import type { IncomingHttpHeaders } from 'node:http';
import { ServiceError } from '#libs/contracts/errors.js';

const bearer = /^Bearer +([\x21-\x7e]+) *$/i;

/**
 * The API key of a request, from `Authorization: Bearer K` or `X-API-Key: K`; published clients send both.
 * @throws ServiceError unauthenticated when there is none, or when the two differ
 */
export function apiKeyOf(headers: IncomingHttpHeaders): string {
  const { authorization, 'x-api-key': plain } = headers;
  const fromBearer = authorization === undefined ? undefined : bearer.exec(authorization)?.[1];
  if (authorization !== undefined && fromBearer === undefined) {
    throw new ServiceError('unauthenticated', 'The Authorization header must be: Bearer <API key>.');
  }
  const fromPlain = typeof plain === 'string' ? plain.trim() : undefined;
  if (fromBearer !== undefined && fromPlain !== undefined && fromBearer !== fromPlain) {
    throw new ServiceError('unauthenticated', 'Authorization and X-API-Key hold different keys: send one.');
  }
  const key = fromBearer ?? fromPlain;
  if (!key) {
    throw new ServiceError('unauthenticated', 'Send your API key: Authorization: Bearer <API key>, or X-API-Key.');
  }
  return key;
}
