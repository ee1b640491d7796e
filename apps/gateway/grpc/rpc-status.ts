import type { Metadata, StatusObject } from '@grpc/grpc-js';
import { type ErrorCode, errorTable } from '#libs/contracts/errors.js';
import type { Problem } from '#libs/contracts/rest/answers.js';
import { loadProto, messageIn } from '#libs/service-kit/grpc-package.js';
import type { FieldProblem } from '#libs/service-kit/problem.js';

const domain = 'memorystack';
const typeUrl = 'type.googleapis.com';
const definitions = loadProto('google/rpc/errors.proto');

/**
 * A problem of the REST API as the status of a call. Its details say the same to programs: the cause in a word
 * (ErrorInfo), which field (BadRequest), when to try again (RetryInfo), and which request (RequestInfo).
 * @param metadata sent with it; gets the details
 */
export function statusOf(problem: Problem, retryAfterSeconds: number | null, metadata: Metadata): StatusObject {
  const code = errorTable[problem.code as ErrorCode].grpcCode;
  const { details: facts } = problem;
  const details = [
    packed('ErrorInfo', { reason: problem.code, domain, metadata: Array.isArray(facts) ? {} : texts(facts as object) }),
    ...(Array.isArray(facts) ? [packed('BadRequest', { field_violations: facts.map(violation) })] : []),
    ...(retryAfterSeconds === null ? [] : [packed('RetryInfo', { retry_delay: { seconds: retryAfterSeconds } })]),
    packed('RequestInfo', { request_id: problem.request_id }),
  ];
  const status = { code, message: problem.detail, details };
  metadata.set('grpc-status-details-bin', messageIn(definitions, 'google.rpc.Status').serialize(status));
  return { code, details: problem.detail, metadata };
}

function packed(name: string, message: object): object {
  const type = `google.rpc.${name}`;
  return { type_url: `${typeUrl}/${type}`, value: messageIn(definitions, type).serialize(message) };
}

function violation({ field, message }: FieldProblem): object {
  return { field, description: message };
}

function texts(facts: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [name, typeof fact === 'string' ? fact : JSON.stringify(fact)]),
  );
}
