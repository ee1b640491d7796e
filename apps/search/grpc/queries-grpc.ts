import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { ServiceError } from '#libs/contracts/errors.js';
import { limits } from '#libs/domain/limits.js';
import type { MemoryQueries } from '#libs/ports/memory-queries.js';
import { loadProto, serviceIn } from '#libs/service-kit/grpc-package.js';
import { GrpcServer } from '#libs/service-kit/grpc-server.js';
import { toServiceError } from '#libs/service-kit/problem.js';
import { withTraceparent } from '#libs/service-kit/tracing.js';

const serviceName = 'memorystack.internal.v1.QueriesService';
/** A read waits 5 s for its position, and then reads. */
const stopLimitMs = 10_000;
const statusUnimplemented = 12;
const statusInternal = 13;

type Question = keyof MemoryQueries;
/** A record, so that a method which the port gets later is not forgotten here. */
const questions: Record<Question, true> = {
  moment: true,
  get: true,
  list: true,
  search: true,
  differences: true,
  exported: true,
  relations: true,
  beliefPolicies: true,
  history: true,
  lineage: true,
  contradictions: true,
  contradiction: true,
  agents: true,
  handoffs: true,
  memoryGraph: true,
  totals: true,
  searchState: true,
  unreadTexts: true,
  reached: true,
  maintenanceRuns: true,
  maintenanceRun: true,
  maintenanceSettings: true,
  changes: true,
  grown: true,
  headPosition: true,
  status: true,
};

interface AskRequest {
  question?: string;
  arguments_json?: Uint8Array;
}
type AskResponse = { answer_json: Buffer } | { refusal: { code: string; detail: string; facts_json: Buffer } };
type Call = ServerUnaryCall<AskRequest, AskResponse>;
type Reply = sendUnaryData<AskResponse>;

/**
 * Answers the gateway's questions over the network, by the `MemoryQueries` of this process. It knows no keys: who asks
 * is in the question, so only gateways may reach it.
 * @param failed hears of errors that are no refusals
 * @returns the port, and how to stop
 */
export async function startQueriesGrpc(
  queries: MemoryQueries,
  options: { host: string; port: number; isDraining: () => boolean; failed: (error: unknown) => void },
): Promise<{ port: number; stop(): Promise<void> }> {
  const { failed, isDraining, ...address } = options;
  const definitions = loadProto('memorystack/internal/v1/queries.proto');
  const isServing = async () => !isDraining() && (await queries.status()).ready;
  const maxRequestBytes = limits.requestBodyBytes;
  const server = new GrpcServer({ ...address, isServing, stopLimitMs, maxRequestBytes }, definitions);
  server.add(serviceName, serviceIn(definitions, serviceName), {
    Ask: (call: Call, reply: Reply) => void answer(queries, call, reply, failed),
  });
  return { port: await server.listen(), stop: () => server.stop() };
}

async function answer(
  queries: MemoryQueries,
  { request: { question = '', arguments_json: sent = Buffer.from('[]') }, metadata }: Call,
  reply: Reply,
  failed: (error: unknown) => void,
): Promise<void> {
  if (!Object.hasOwn(questions, question)) {
    return reply({ code: statusUnimplemented, details: 'There is no such question: is this gateway newer?' });
  }
  try {
    const words = JSON.parse(Buffer.from(sent).toString('utf8')) as never[];
    const ask = queries[question as Question] as (...words: never[]) => Promise<unknown>;
    const traceparent = metadata.get('traceparent')[0]?.toString();
    const asked = (): Promise<unknown> => ask.apply(queries, words);
    // Without a trace to continue, such as that of a probe, there is none to begin.
    const told =
      traceparent === undefined
        ? await asked()
        : await withTraceparent(traceparent, 'question', { 'memorystack.question': question }, asked);
    reply(null, { answer_json: json(told) });
  } catch (err) {
    if (!(err instanceof ServiceError)) failed(err);
    // Also a database that is away for a moment: the gateway has to know, so that the caller comes again.
    const { code, detail, facts } = toServiceError(err);
    if (code !== 'internal') return reply(null, { refusal: { code, detail, facts_json: json(facts) } });
    reply({ code: statusInternal, details: 'The question failed.' });
  }
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
