import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ServiceError } from '#libs/contracts/errors.js';
import { loggableError } from './logging.js';
import { isPassing } from './passing.js';
import { problemMediaType, problemOf, toServiceError } from './problem.js';

/** Answers whatever was thrown, as problem+json with the headers that belong to it. */
export function sendProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const error = tellingOfFiles(toServiceError(thrown), request);
  if (error.code === 'internal') request.log.error({ error: loggableError(thrown) }, 'request failed');
  else if (isPassing(thrown)) request.log.warn({ error: loggableError(thrown) }, 'request failed for the moment');
  const problem = problemOf(error, request.url.replace(/\?.*/s, ''), request.id);
  // A text, not an object: Fastify must not look for a serializer of the route's answer.
  void reply
    .code(problem.status)
    .headers({ 'x-request-id': request.id, 'content-type': problemMediaType, ...headersOf(error) })
    .send(JSON.stringify(problem));
}

/** Where a larger body may come as a file, that is the way out. */
function tellingOfFiles(error: ServiceError, { routeOptions: { schema } }: FastifyRequest): ServiceError {
  if (error.code !== 'payload_too_large' || !schema || !('takesFiles' in schema) || 'limit' in error.facts)
    return error;
  const detail = 'JSON may have 1 MiB: send a larger file as NDJSON (application/x-ndjson) or as CSV (text/csv).';
  return new ServiceError('payload_too_large', detail);
}

function headersOf(error: ServiceError): Record<string, string> {
  switch (error.code) {
    case 'unauthenticated':
      return { 'www-authenticate': 'Bearer realm="memorystack"' };
    case 'method_not_allowed':
      return Array.isArray(error.facts['allowed']) ? { allow: error.facts['allowed'].join(', ') } : {};
    case 'rate_limited':
    case 'overloaded':
    case 'behind':
      return { 'retry-after': String(error.facts['retry_after_seconds'] ?? 1) };
    case 'quota_exceeded': {
      // Only the calls of a month come back by themselves.
      const seconds = error.facts['retry_after_seconds'];
      return seconds === undefined ? {} : { 'retry-after': String(seconds) };
    }
    default:
      return {};
  }
}

/** What is thrown inside Nest's part of a request. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendProblem(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}
