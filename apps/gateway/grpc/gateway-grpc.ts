import { randomUUID } from 'node:crypto';
import { Metadata, type sendUnaryData, type ServerUnaryCall, type ServiceDefinition } from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Problem } from '#libs/contracts/rest/answers.js';
import { limits } from '#libs/domain/limits.js';
import { JsonMessages } from '#libs/service-kit/grpc-json.js';
import { loadProto, serviceIn } from '#libs/service-kit/grpc-package.js';
import { GrpcServer } from '#libs/service-kit/grpc-server.js';
import { loggableError } from '#libs/service-kit/logging.js';
import { invalid, problemOf, toServiceError } from '#libs/service-kit/problem.js';
import { GatewayReadiness } from '../gateway-readiness.js';
import { requestOf } from './rpc-request.js';
import { apiFiles, apiPackage, type RpcRoute, rpcRoutes } from './rpc-routes.js';
import { statusOf } from './rpc-status.js';
import { chunksOf, linesOf, messagesOf, streamAnswer, type StreamCall } from './streamed-answer.js';

/** Headers of an answer that mean the same as metadata. */
const copied = [
  ...['memorystack-position', 'idempotent-replayed', 'retry-after', 'x-request-id'],
  ...['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'ratelimit', 'ratelimit-policy'],
];
const statusAccepted = 202;
/** What a call may take besides its command. */
const answeringMs = 10_000;
const undecodable = Symbol('undecodable');

type Fields = Record<string, unknown>;
type Method = MethodDefinition<object, object>;
type Call = ServerUnaryCall<Fields | typeof undecodable, Fields>;
type Reply = sendUnaryData<Fields>;

/**
 * The API by gRPC: every call is sent to its route inside this process, so there is one place for keys, quotas,
 * validation and meaning, and the two cannot drift apart. When a call's deadline passes, it has been answered already;
 * a write that it began goes on, as after a lost connection, and is found again by its idempotency key.
 * @returns the port, and how to stop: before the application closes
 */
export async function startGatewayGrpc(
  application: NestFastifyApplication,
  { commandTimeoutMs, ...address }: { host: string; port: number; commandTimeoutMs: number },
): Promise<{ port: number; stop(): Promise<void> }> {
  const definitions = loadProto(...apiFiles);
  const messages = new JsonMessages(definitions);
  const readiness = application.get(GatewayReadiness, { strict: false });
  const isServing = async () => (await readiness.state()).ready;
  const stopLimitMs = commandTimeoutMs + answeringMs;
  const maxRequestBytes = limits.requestBodyBytes;
  const server = new GrpcServer({ ...address, isServing, stopLimitMs, maxRequestBytes }, definitions);
  for (const [name, routes] of Object.entries(rpcRoutes)) {
    const service = serviceIn(definitions, `${apiPackage}.${name}`);
    const handlers = Object.entries(routes).map(([rpc, route]) => {
      const types = typesOf(service[rpc]!);
      const answered = { route, ...types };
      if (route.streams) return [rpc, (call: StreamCall) => void stream(application, messages, answered, call)];
      return [rpc, (call: Call, reply: Reply) => void carry(application, messages, answered, call, reply)];
    });
    server.add(`${apiPackage}.${name}`, readable(service), Object.fromEntries(handlers));
  }
  return { port: await server.listen(), stop: () => server.stop() };
}

interface Rpc {
  route: RpcRoute;
  request: string;
  response: string;
}

/** Never fails: whatever happens becomes the status of the call. */
async function carry(
  application: NestFastifyApplication,
  messages: JsonMessages,
  { route, request, response }: Rpc,
  call: Call,
  reply: Reply,
): Promise<void> {
  if (call.cancelled) return;
  const metadata = new Metadata();
  try {
    if (call.request === undecodable) throw unreadable();
    const answer = await application.inject(requestOf(route, messages.toJson(request, call.request), call.metadata));
    copyHeaders(answer.headers, metadata);
    const body = JSON.parse(answer.body) as Fields;
    if (answer.statusCode >= 400) {
      const retryAfter = answer.headers['retry-after'];
      return reply(
        statusOf(body as unknown as Problem, retryAfter === undefined ? null : Number(retryAfter), metadata),
      );
    }
    // Alone, so that nobody takes the empty fields of a result that is not there yet for the result.
    const stillRuns = answer.statusCode === statusAccepted && 'command_id' in body;
    const result = stillRuns ? { accepted: body } : body;
    const message = messages.toMessage(response, result);
    call.sendMetadata(metadata);
    reply(null, message);
  } catch (err) {
    reply(failureOf(err, application, route, metadata));
  }
}

/** As `carry`, for an answer in pieces. */
async function stream(
  application: NestFastifyApplication,
  messages: JsonMessages,
  { route, request, response }: Rpc,
  call: StreamCall,
): Promise<void> {
  const metadata = new Metadata();
  try {
    if (call.request === undecodable) throw unreadable();
    const asked = requestOf(route, messages.toJson(request, call.request as Fields), call.metadata);
    const copy = (headers: Readonly<Record<string, unknown>>): Metadata => copyHeaders(headers, metadata);
    const answer =
      route.streams === 'bytes'
        ? await streamAnswer(application, asked, call, { copy, pieces: chunksOf })
        : await streamAnswer(application, linesOf(asked), call, {
            copy,
            pieces: (body) => messagesOf(body, (line) => messages.toMessage(response, JSON.parse(line) as Fields)),
          });
    if (answer.kind === 'sent') return;
    call.emit('error', statusOf(answer.problem, answer.retryAfterSeconds, metadata));
  } catch (err) {
    call.emit('error', failureOf(err, application, route, metadata));
  }
}

function copyHeaders(headers: Readonly<Record<string, unknown>>, metadata: Metadata): Metadata {
  for (const name of copied) {
    const value = headers[name];
    if (value !== undefined) metadata.set(name, String(value));
  }
  return metadata;
}

/** Nothing of why an unexpected failure happened is told to the caller. */
function failureOf(thrown: unknown, application: NestFastifyApplication, route: RpcRoute, metadata: Metadata) {
  const error = toServiceError(thrown);
  const requestId = randomUUID();
  if (error.code === 'internal') {
    const { log } = application.getHttpAdapter().getInstance();
    log.error({ error: loggableError(thrown), requestId }, 'gRPC call failed');
  }
  return statusOf(problemOf(error, route.path, requestId), null, metadata);
}

function unreadable(): Error {
  return invalid('', 'The message is not one of this call, or nested too deeply');
}

function typesOf({ requestType, responseType }: Method): Omit<Rpc, 'route'> {
  const nameOf = ({ type }: { type: object }) => `${apiPackage}.${(type as { name: string }).name}`;
  return { request: nameOf(requestType), response: nameOf(responseType) };
}

/** A message that cannot be read is the caller's mistake; without this it would be told as the server's. */
function readable(service: Record<string, Method>): ServiceDefinition {
  const methods = Object.entries(service).map(([rpc, method]) => {
    const requestDeserialize = (bytes: Buffer): unknown => {
      try {
        return method.requestDeserialize(bytes);
      } catch {
        return undecodable;
      }
    };
    return [rpc, { ...method, requestDeserialize }];
  });
  return Object.fromEntries(methods) as ServiceDefinition;
}
