import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type FastifyHttpOptions, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import type { Logger } from 'pino';
import { ServiceError } from '#libs/contracts/errors.js';
import { limits } from '#libs/domain/limits.js';
import { acceptJsonBodies } from './http-body.js';
import { collapsePath, MethodTable } from './http-paths.js';
import { compileValidator } from './http-validation.js';
import { invalid, problemMediaType, problemOf } from './problem.js';
import { sendProblem } from './problem-filter.js';

const requestIdPattern = /^[A-Za-z0-9._-]{1,64}$/;
/** A request must have arrived whole by then; slower senders only hold connections. */
const requestTimeoutMs = 60_000;
const idleSweepMs = 50;

/** Fastify under Nest, so set up that whatever fails is answered as problem+json, also below the routes. */
export class HttpAdapter extends FastifyAdapter {
  private readonly methodTable = new MethodTable();

  constructor(logger: Logger) {
    super({ ...serverOptions(logger), skipMiddie: true });
    const fastify = this.getInstance();
    fastify.server.on('checkExpectation', (request, response) => {
      response.writeHead(400, { 'content-type': problemMediaType, connection: 'close' });
      response.end(bareProblem('The Expect header must be 100-continue', requestIdOf(request)));
    });
    acceptJsonBodies(fastify);
    fastify.setValidatorCompiler(compileValidator);
    // Answers have schemas for the documentation; JSON.stringify is faster than checking them.
    fastify.setSerializerCompiler(() => JSON.stringify);
    fastify.addHook('onRoute', ({ url, method }) => this.methodTable.add(url, [method].flat()));
    fastify.addHook('onRequest', (request, reply, done) => {
      reply.header('x-request-id', request.id);
      const isHostMissing = request.headers.host === undefined && request.raw.httpVersion === '1.1';
      done(isHostMissing ? invalid('', 'HTTP/1.1 needs a Host header') : undefined);
    });
  }

  /** Nest offers its own handlers here, with bodies of their own form; ours take their place. */
  override setErrorHandler(): ReturnType<FastifyAdapter['setErrorHandler']> {
    return this.getInstance().setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  }

  override setNotFoundHandler(): ReturnType<FastifyAdapter['setNotFoundHandler']> {
    return this.getInstance().setNotFoundHandler((request, reply) =>
      sendProblem(this.missing(request), request, reply),
    );
  }

  /**
   * Fastify hangs up on the connections that are idle when it closes. One that still answers a request would stay open
   * after it until the keep-alive time ends, longer than whoever stops us waits.
   */
  override async close(): Promise<void> {
    const { server } = this.getInstance();
    const sweep = setInterval(() => server.closeIdleConnections(), idleSweepMs);
    try {
      await super.close();
    } finally {
      clearInterval(sweep);
    }
  }

  private missing(request: FastifyRequest): ServiceError {
    const path = request.url.replace(/\?.*/s, '');
    const allowed = this.methodTable.methodsOf(path);
    if (allowed.length === 0 || allowed.includes(request.method)) {
      return new ServiceError('not_found', 'There is no such path: see /docs.');
    }
    const detail = `${request.method} is not a method of this path: use ${allowed.join(', ')}.`;
    return new ServiceError('method_not_allowed', detail, { allowed });
  }
}

function serverOptions(logger: Logger): FastifyHttpOptions<Server> {
  return {
    loggerInstance: logger,
    // Fastify's own request lines hold the whole URL; logRequest writes ours.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: requestIdOf,
    bodyLimit: limits.requestBodyBytes,
    requestTimeout: requestTimeoutMs,
    rewriteUrl: (request) => collapsePath(request.url ?? '/'),
    frameworkErrors: (error, request, reply) => sendProblem(error, request as FastifyRequest, reply as FastifyReply),
    clientErrorHandler: (error, socket) => answerNonsense(error, socket),
    // Without these two, Node and Fastify answer a missing Host and a closing server in forms of their own.
    http: { requireHostHeader: false },
    return503OnClosing: false,
  };
}

function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && requestIdPattern.test(given) ? given : randomUUID();
}

function bareProblem(sentence: string, requestId: string): string {
  return JSON.stringify(problemOf(invalid('', sentence), '/', requestId));
}

/** What came over the connection is not HTTP: say so and hang up. */
function answerNonsense(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const sentence =
    error.code === 'HPE_HEADER_OVERFLOW' ? 'The headers are larger than 16 KiB' : 'This is not an HTTP request';
  const body = bareProblem(sentence, randomUUID());
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: ${problemMediaType}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
