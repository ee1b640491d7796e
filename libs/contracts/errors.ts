/**
 * Every error that leaves the service, in one table: HTTP status, gRPC code, the SDK's class and the public
 * sentence. Only the gateway turns a code into a status.
 */
export const errorTable = {
  validation_failed: row(400, 3, 'ValidationError', 'The request is not well-formed.'),
  cursor_invalid: row(400, 3, 'ValidationError', 'The cursor was not issued by this server for this query.'),
  position_in_future: row(400, 3, 'ValidationError', 'min_position lies beyond the end of the log.'),
  embedder_missing: row(400, 9, 'ValidationError', 'No embedder is configured: use mode=hybrid or mode=text.'),
  unauthenticated: row(401, 16, 'AuthenticationError', 'The API key is missing, unknown or revoked.'),
  outside_binding: row(403, 7, 'PermissionDeniedError', 'The API key is bound to another identity.'),
  not_found: row(404, 5, 'NotFoundError', 'There is no such thing, or this key may not see it.'),
  method_not_allowed: row(405, 12, 'MemoryStackError', 'This path does not take that method.'),
  version_conflict: row(409, 10, 'ConflictError', 'The memory changed since it was read.'),
  content_conflict: row(409, 6, 'ConflictError', 'Another memory in this scope already says this.'),
  superseded: row(409, 9, 'ConflictError', 'Another memory took its place.'),
  nothing_contradicted: row(409, 9, 'ConflictError', 'There is no belief that this could be about.'),
  nothing_to_undo: row(409, 9, 'ConflictError', 'There is nothing to undo or redo here.'),
  later_changes: row(409, 9, 'ConflictError', 'Later changes depend on this one.'),
  already_settled: row(409, 9, 'ConflictError', 'The contradiction is settled already.'),
  already_reverted: row(409, 9, 'ConflictError', 'The maintenance run was taken back already.'),
  job_over: row(409, 9, 'ConflictError', 'The job is over already.'),
  nothing_to_retry: row(409, 9, 'ConflictError', 'Nothing of the job is left to be done again.'),
  legal_hold: row(409, 9, 'ConflictError', 'A legal hold forbids erasing this.'),
  payload_too_large: row(413, 8, 'ValidationError', 'The request is larger than the limit.'),
  unsupported_media_type: row(415, 3, 'ValidationError', 'Send application/json.'),
  idempotency_mismatch: row(422, 6, 'ValidationError', 'This Idempotency-Key was used with another request.'),
  rate_limited: row(429, 8, 'RateLimitError', 'Too many requests.'),
  quota_exceeded: row(429, 8, 'RateLimitError', 'A quota of your plan is used up.'),
  internal: row(500, 13, 'MemoryStackError', 'The server failed; the request id finds it in the log.'),
  overloaded: row(503, 14, 'MemoryStackError', 'The server cannot take this now; try again soon.'),
  behind: row(503, 14, 'MemoryStackError', 'The read model has not yet caught up with your write.'),
} as const;

function row(status: number, grpcCode: number, sdkClass: string, title: string) {
  return { status, grpcCode, sdkClass, title };
}

export type ErrorCode = keyof typeof errorTable;

/** A refusal on its way to the gateway's filter. Thrown only outside the domain. */
export class ServiceError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly detail: string,
    readonly facts: Record<string, unknown> = {},
  ) {
    super(`${code}: ${detail}`);
    this.name = 'ServiceError';
  }
}
