import {
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type UntypedHandleCall,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';

const healthIntervalMs = 1000;
const keepaliveMs = 60_000;
/** A client that is connected for ever to the replicas of long ago would never find the new ones. */
const connectionAgeMs = 300_000;

export interface GrpcServerOptions {
  host: string;
  /** 0 lets the operating system choose. */
  port: number;
  maxRequestBytes: number;
  /** Whether this process wants requests; asked every second. A failure counts as no. */
  isServing: () => boolean | Promise<boolean>;
  /** How long calls that run when the server stops may take to end. */
  stopLimitMs: number;
}

type Stream = { end(): void; on(event: 'close' | 'cancelled', listener: () => void): unknown };

/** A gRPC server that says how it is (grpc.health.v1), what it can do (reflection), and stops without losing a call. */
export class GrpcServer {
  private readonly server: Server;
  private readonly health = new HealthImplementation();
  private readonly serviceNames = [''];
  /** Health and reflection streams stay open until their client goes, so the server has to end them itself. */
  private readonly streams = new Set<Stream>();
  private healthTimer: NodeJS.Timeout | null = null;

  constructor(
    private readonly options: GrpcServerOptions,
    private readonly definitions: PackageDefinition,
  ) {
    this.server = new Server({
      'grpc.max_receive_message_length': options.maxRequestBytes,
      'grpc.keepalive_time_ms': keepaliveMs,
      'grpc.max_connection_age_ms': connectionAgeMs,
      'grpc.max_connection_age_grace_ms': options.stopLimitMs,
    });
  }

  add(name: string, definition: ServiceDefinition, handlers: UntypedServiceImplementation): void {
    this.server.addService(definition, handlers);
    this.serviceNames.push(name);
  }

  /** @returns the port */
  async listen(): Promise<number> {
    const registry = {
      addService: (definition: ServiceDefinition, handlers: UntypedServiceImplementation) =>
        this.server.addService(definition, this.remembering(handlers, definition)),
    };
    this.health.addToServer(registry as Parameters<HealthImplementation['addToServer']>[0]);
    new ReflectionService(this.definitions, { services: this.serviceNames.slice(1) }).addToServer(registry);
    await this.tellHealth();
    this.healthTimer = setInterval(() => void this.tellHealth(), healthIntervalMs);
    const { host, port } = this.options;
    const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    return new Promise((resolve, reject) => {
      this.server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
  }

  /** Takes no new call, and ends when those that run have been answered. */
  async stop(): Promise<void> {
    if (this.healthTimer) clearInterval(this.healthTimer);
    this.setHealth(false);
    for (const stream of this.streams) stream.end();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, this.options.stopLimitMs)));
    const ended = new Promise<void>((resolve) => this.server.tryShutdown(() => resolve()));
    await Promise.race([ended, late]);
    clearTimeout(timer);
    this.server.forceShutdown();
  }

  private async tellHealth(): Promise<void> {
    const isServing = await Promise.resolve()
      .then(() => this.options.isServing())
      .catch(() => false);
    this.setHealth(isServing);
  }

  private setHealth(isServing: boolean): void {
    for (const name of this.serviceNames) this.health.setStatus(name, isServing ? 'SERVING' : 'NOT_SERVING');
  }

  private remembering(
    handlers: UntypedServiceImplementation,
    definition: ServiceDefinition,
  ): UntypedServiceImplementation {
    const isStreamed = (name: string) =>
      Object.entries(definition).some(
        ([rpc, method]) => (rpc === name || method.originalName === name) && method.responseStream,
      );
    const remember = (handler: UntypedHandleCall) => (stream: Stream) => {
      this.streams.add(stream);
      for (const event of ['close', 'cancelled'] as const) stream.on(event, () => this.streams.delete(stream));
      (handler as unknown as (stream: Stream) => void)(stream);
    };
    return Object.fromEntries(
      Object.entries(handlers).map(([name, handler]) => [
        name,
        isStreamed(name) ? (remember(handler as UntypedHandleCall) as UntypedHandleCall) : handler,
      ]),
    ) as UntypedServiceImplementation;
  }
}
