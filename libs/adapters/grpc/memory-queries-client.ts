import {
  type ChannelOptions,
  Client,
  credentials,
  Metadata,
  type ServiceError as CallError,
  status,
} from '@grpc/grpc-js';
import { type ErrorCode, errorTable, ServiceError } from '#libs/contracts/errors.js';
import type { BeliefPolicies } from '#libs/domain/belief/policy.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import type { ExportQuery } from '#libs/ports/past-memories.js';
import type {
  AgentRow,
  ContradictionQuery,
  Handoff,
  MemoryRow,
  MemoryTotals,
  PageStart,
} from '#libs/ports/memory-reader.js';
import {
  type ChangePage,
  type ChangesQuery,
  type DifferencesQuery,
  type ExportPage,
  type MemoryDifference,
  type MemoryGraph,
  type MemoryListQuery,
  MemoryQueries,
  type Moment,
  type MomentAnswer,
  type Page,
  type ProjectionStatus,
  type RelationsAnswer,
  type RelationsQuery,
  type RunsQuery,
  type SearchAnswer,
  type SearchQuery,
  type SearchState,
  type ShownRun,
  type View,
  type ShownContradiction,
} from '#libs/ports/memory-queries.js';
import { loadProto, serviceIn } from '#libs/service-kit/grpc-package.js';

const serviceName = 'memorystack.internal.v1.QueriesService';
/** Above the 5 s that search waits for a position, so that its own `behind` comes back and not our impatience. */
const deadlineMs = 8_000;
const unlimited = -1;

/**
 * Every address that the name resolves to is used in turn. A read changes nothing, so it is repeated when the network
 * or a stopping search service lost it; gRPC does that only while no answer has begun.
 */
const channelOptions: ChannelOptions = {
  'grpc.service_config': JSON.stringify({
    loadBalancingConfig: [{ round_robin: {} }],
    methodConfig: [
      {
        name: [{ service: serviceName }],
        retryPolicy: {
          maxAttempts: 5,
          initialBackoff: '0.2s',
          maxBackoff: '1s',
          backoffMultiplier: 2,
          retryableStatusCodes: ['UNAVAILABLE'],
        },
      },
    ],
  }),
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 3_000,
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.initial_reconnect_backoff_ms': 100,
  // Shorter than the retries of one call together, so that a call outlives the wait for a service that is back.
  'grpc.max_reconnect_backoff_ms': 500,
  'grpc.max_receive_message_length': unlimited,
};

interface AskResponse {
  answer_json?: Uint8Array;
  refusal?: { code?: string; detail?: string; facts_json?: Uint8Array };
}

/** Asks the search service. A search that cannot be reached is `overloaded`: the caller is told to come again. */
export class MemoryQueriesClient extends MemoryQueries {
  private readonly client: Client;
  private readonly method = serviceIn(loadProto('memorystack/internal/v1/queries.proto'), serviceName)['Ask']!;

  /**
   * @param address `host:port`, where a name may stand for several addresses; or several IPv4 addresses, by commas
   * @param traceparent of what runs now, for search to continue its trace; null when there is none
   */
  constructor(
    address: string,
    private readonly traceparent: () => string | null = () => null,
  ) {
    super();
    const target = address.includes(',') ? `ipv4:${address}` : `dns:///${address}`;
    this.client = new Client(target, credentials.createInsecure(), channelOptions);
  }

  override moment(tenantId: string, moment: Moment): Promise<MomentAnswer> {
    return this.ask('moment', [tenantId, moment]);
  }

  override get(caller: Caller, id: string, minPosition: number, view?: View | null): Promise<MemoryRow | null> {
    return this.ask('get', [caller, id, minPosition, view]);
  }

  override list(caller: Caller, query: MemoryListQuery, minPosition: number): Promise<Page<MemoryRow>> {
    return this.ask('list', [caller, query, minPosition]);
  }

  override search(caller: Caller, query: SearchQuery, minPosition: number): Promise<SearchAnswer> {
    return this.ask('search', [caller, query, minPosition]);
  }

  override relations(caller: Caller, query: RelationsQuery, minPosition: number): Promise<RelationsAnswer> {
    return this.ask('relations', [caller, query, minPosition]);
  }

  override beliefPolicies(tenantId: string): Promise<BeliefPolicies> {
    return this.ask('beliefPolicies', [tenantId]);
  }

  override differences(caller: Caller, query: DifferencesQuery, minPosition: number): Promise<Page<MemoryDifference>> {
    return this.ask('differences', [caller, query, minPosition]);
  }

  override exported(caller: Caller, query: ExportQuery): Promise<ExportPage> {
    return this.ask('exported', [caller, query]);
  }

  override history(caller: Caller, id: string, minPosition: number): ReturnType<MemoryQueries['history']> {
    return this.ask('history', [caller, id, minPosition]);
  }

  override lineage(
    caller: Caller,
    id: string,
    query: { asOf: number | null },
    minPosition: number,
  ): ReturnType<MemoryQueries['lineage']> {
    return this.ask('lineage', [caller, id, query, minPosition]);
  }

  override contradictions(
    caller: Caller,
    query: ContradictionQuery,
    minPosition: number,
  ): Promise<Page<ShownContradiction>> {
    return this.ask('contradictions', [caller, query, minPosition]);
  }

  override contradiction(caller: Caller, id: string, minPosition: number): Promise<ShownContradiction | null> {
    return this.ask('contradiction', [caller, id, minPosition]);
  }

  override agents(
    caller: Caller,
    query: { after: PageStart | null; limit: number },
    minPosition: number,
  ): Promise<Page<AgentRow>> {
    return this.ask('agents', [caller, query, minPosition]);
  }

  override handoffs(caller: Caller, sessionId: string, limit: number, minPosition: number): Promise<Handoff[]> {
    return this.ask('handoffs', [caller, sessionId, limit, minPosition]);
  }

  override memoryGraph(
    caller: Caller,
    query: { filter: Filter; limit: number },
    minPosition: number,
  ): Promise<MemoryGraph> {
    return this.ask('memoryGraph', [caller, query, minPosition]);
  }

  override totals(tenantId: string, minPosition: number, view?: View | null): Promise<MemoryTotals> {
    return this.ask('totals', [tenantId, minPosition, view]);
  }

  override searchState(tenantId: string): Promise<SearchState> {
    return this.ask('searchState', [tenantId]);
  }

  override unreadTexts(tenantId: string, limit: number): ReturnType<MemoryQueries['unreadTexts']> {
    return this.ask('unreadTexts', [tenantId, limit]);
  }

  override reached(tenantId: string, position: number): Promise<{ position: number }> {
    return this.ask('reached', [tenantId, position]);
  }

  override maintenanceRuns(tenantId: string, query: RunsQuery, minPosition: number): Promise<Page<ShownRun>> {
    return this.ask('maintenanceRuns', [tenantId, query, minPosition]);
  }

  override maintenanceRun(tenantId: string, id: string, minPosition: number): Promise<ShownRun | null> {
    return this.ask('maintenanceRun', [tenantId, id, minPosition]);
  }

  override maintenanceSettings(tenantId: string): ReturnType<MemoryQueries['maintenanceSettings']> {
    return this.ask('maintenanceSettings', [tenantId]);
  }

  override changes(caller: Caller, query: ChangesQuery): Promise<ChangePage> {
    return this.ask('changes', [caller, query]);
  }

  override grown(tenantId: string, position: number, waitMs: number): Promise<number> {
    return this.ask('grown', [tenantId, position, waitMs]);
  }

  override headPosition(tenantId: string): Promise<number> {
    return this.ask('headPosition', [tenantId]);
  }

  override status(): Promise<ProjectionStatus> {
    return this.ask('status', []);
  }

  /** Calls that run fail. */
  close(): void {
    this.client.close();
  }

  private ask<Question extends keyof MemoryQueries>(
    question: Question,
    words: Parameters<MemoryQueries[Question]>,
  ): ReturnType<MemoryQueries[Question]> {
    const request = { question, arguments_json: Buffer.from(JSON.stringify(words)) };
    const { path, requestSerialize, responseDeserialize } = this.method;
    const deadline = Date.now() + deadlineMs;
    const traceparent = this.traceparent();
    const metadata = new Metadata();
    if (traceparent !== null) metadata.set('traceparent', traceparent);
    return new Promise<unknown>((resolve, reject) => {
      this.client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        metadata,
        { deadline },
        (error, answer) => {
          if (error) return reject(unreachable(error));
          const { answer_json: body, refusal } = answer as AskResponse;
          if (refusal) return reject(refused(refusal));
          resolve(read(body));
        },
      );
    }) as ReturnType<MemoryQueries[Question]>;
  }
}

function unreachable(error: CallError): Error {
  if (error.code !== status.UNAVAILABLE && error.code !== status.DEADLINE_EXCEEDED) return error;
  return new ServiceError('overloaded', 'The search service cannot be reached. Ask again in a second.');
}

function refused({ code = '', detail = '', facts_json: facts }: NonNullable<AskResponse['refusal']>): Error {
  // A newer search may know a word that we do not.
  if (!Object.hasOwn(errorTable, code)) return new Error(`search refused with ${code}`);
  return new ServiceError(code as ErrorCode, detail, (read(facts) ?? {}) as Record<string, unknown>);
}

function read(json: Uint8Array | undefined): unknown {
  return json === undefined ? undefined : (JSON.parse(Buffer.from(json).toString('utf8')) as unknown);
}
