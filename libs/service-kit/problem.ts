import type { Problem } from '#libs/contracts/rest/answers.js';
import { type ErrorCode, errorTable, ServiceError } from '#libs/contracts/errors.js';
import { HttpException } from '@nestjs/common';
import { isPassing } from './passing.js';

export const problemMediaType = 'application/problem+json';

/** What is wrong with one field of a request. */
export interface FieldProblem {
  /** Path such as `messages.0.role`; empty for the request as a whole. */
  field: string;
  message: string;
}

/** A request that is not well-formed. */
export function invalid(field: string, message: string): ServiceError {
  return invalidFields([{ field, message }]);
}

export function invalidFields(problems: readonly FieldProblem[]): ServiceError {
  const sentences = problems.map(({ field, message }) => (field === '' ? message : `${field} ${message}`));
  return new ServiceError('validation_failed', `${sentences.join('; ')}.`, { fields: problems });
}

/** The body of an error answer (RFC 9457). @param path of the request, without its query */
export function problemOf(error: ServiceError, path: string, requestId: string): Problem {
  const { status, title } = errorTable[error.code];
  const { fields, ...facts } = error.facts;
  return {
    type: `urn:memorystack:problem:${error.code}`,
    title,
    status,
    detail: error.detail,
    instance: path,
    error: error.detail,
    details: fields ?? facts,
    code: error.code,
    request_id: requestId,
  };
}

/** Fastify's own errors, by code; any other is told by its status. */
const fastifyErrors: Readonly<Record<string, { code: ErrorCode; detail: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'payload_too_large',
    detail: 'The body is larger than 1 MiB: send less at once.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported_media_type',
    detail: 'Send the body as JSON, with Content-Type: application/json.',
  },
  FST_ERR_BAD_URL: { code: 'validation_failed', detail: 'The path of the URL is not valid percent-encoding.' },
  FST_ERR_MAX_PARAM_LENGTH: { code: 'not_found', detail: 'No id is that long.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'validation_failed',
    detail: 'The body is not as long as Content-Length says.',
  },
};

const codesByStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthenticated',
  403: 'outside_binding',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  503: 'overloaded',
};

/** Any thrown thing as one of the errors of the table; what nobody expected becomes `internal`, without its message. */
export function toServiceError(thrown: unknown): ServiceError {
  if (thrown instanceof ServiceError) return thrown;
  const { code, statusCode } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as {
    code?: unknown;
    statusCode?: unknown;
  };
  const known = typeof code === 'string' ? fastifyErrors[code] : undefined;
  if (known) return new ServiceError(known.code, known.detail);
  const status = thrown instanceof HttpException ? thrown.getStatus() : statusCode;
  if (typeof status === 'number' && (status < 500 || status === 503) && status >= 400) {
    const byStatus = codesByStatus[status] ?? 'validation_failed';
    return new ServiceError(byStatus, errorTable[byStatus].title);
  }
  if (isPassing(thrown))
    return new ServiceError('overloaded', 'What the server needs is away for a moment. Try again.');
  return new ServiceError('internal', 'The server failed. If it happens again, report the request_id.');
}
