import type { FastifyInstance, FastifyRequest } from 'fastify';
import { metrics, secondsSince } from './metrics.js';
import { type ServerSpan, startServerSpan } from './tracing.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null before it began and after it was told. */
    observation: { route: string; startedMs: number; span: ServerSpan | null } | null;
  }
}

/** What a path that matches no route is called: its own name is the caller's. */
const noRoute = 'none';

/**
 * Measures every request by the pattern of its route, and traces those to routes that `isTraced`. To be called before
 * any hook that may refuse a request.
 */
export function observeRequests(fastify: FastifyInstance, isTraced: (route: string) => boolean): void {
  fastify.decorateRequest('observation', null);
  fastify.addHook('onRequest', (request, _reply, done) => {
    // Asked once: Fastify makes an object with everything about the route for each question.
    const route = request.routeOptions.url ?? noRoute;
    const span = isTraced(route) ? spanOf(request, route) : null;
    request.observation = { route, startedMs: performance.now(), span };
    inside(request, done);
  });
  // Once more: what comes after the body was read runs where the socket was, not where the request began.
  fastify.addHook('preValidation', (request, _reply, done) => inside(request, done));
  fastify.addHook('onResponse', (request, reply, done) => {
    observe(request, reply.statusCode);
    done();
  });
  // Nobody is left to answer: without this, what was too slow for its caller would be in no figure.
  fastify.addHook('onRequestAbort', (request, done) => {
    observe(request, null);
    done();
  });
}

function spanOf({ method, headers }: FastifyRequest, route: string): ServerSpan | null {
  const attributes = { 'http.request.method': method, 'http.route': route };
  return startServerSpan(headers['traceparent'], `${method} ${route}`, attributes);
}

function inside({ observation }: FastifyRequest, done: () => void): void {
  if (observation?.span) observation.span.within(done);
  else done();
}

/** @param statusCode null when the caller hung up first */
function observe(request: FastifyRequest, statusCode: number | null): void {
  const { observation, method } = request;
  if (observation === null) return;
  request.observation = null;
  const status = statusCode === null ? 'aborted' : `${Math.floor(statusCode / 100)}xx`;
  const { route, startedMs, span } = observation;
  metrics.httpRequestSeconds.observe({ method, route, status }, secondsSince(startedMs));
  span?.end(
    statusCode === null ? {} : { 'http.response.status_code': statusCode },
    statusCode === null || statusCode >= 500,
  );
}
