import type { LoggerService } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type DestinationStream, type Logger, pino } from 'pino';

/**
 * The log of the service, one JSON object a line. It says who asked for which route and how that went; it never holds
 * content, values of a query or secrets, so those are kept out where lines are made, not filtered afterwards.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime };
  return destination ? pino(options, destination) : pino(options);
}

/**
 * Logs one answered request. Only the pattern of the route: its path and query belong to the caller.
 * @param asker public ids of who asked; null when that is not known
 */
export function logRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  asker: { tenantId: string; keyId: string } | null,
): void {
  request.log.info(
    {
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 100) / 100,
      tenantId: asker?.tenantId ?? null,
      keyId: asker?.keyId ?? null,
    },
    'request',
  );
}

const engineErrors = new Set(['TypeError', 'RangeError', 'ReferenceError']);

/**
 * An error as it may be logged: its class, code and stack. Messages of libraries quote what they choked on, so only
 * those of the engine's own classes are kept.
 */
export function loggableError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    name: error.name,
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...(engineErrors.has(error.name) && { message: error.message }),
    stack: frames.map((line) => line.trim()),
  };
}

/** Nest's own lines, in the same log. */
export class NestLog implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: unknown): void {
    // Nest announces every module and route at start: useful to Nest's developers, so only in `debug`.
    this.logger.debug({ context }, String(message));
  }

  warn(message: unknown, context?: unknown): void {
    this.logger.warn({ context }, String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error(
      message instanceof Error ? { error: loggableError(message) } : { context: rest.at(-1) },
      message instanceof Error ? 'error' : String(message),
    );
  }
}
