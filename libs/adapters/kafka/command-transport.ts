import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import type { Kafka, KafkaMessage } from 'kafkajs';
import { lastValueFrom } from 'rxjs';
import { setTimeout as sleep } from 'node:timers/promises';
import { byCommandId, type CommandEnvelope, type CommandOutcome } from '#libs/contracts/commands.js';
import { namespaced, topics } from '#libs/contracts/topics.js';
import type { CommandOutcomes, DeliveredOutcome } from '#libs/ports/command-outcomes.js';
import { InTurn } from '#libs/ports/in-turn.js';
import type { ParkedNotices } from '#libs/ports/parked-notices.js';
import type { Sealer } from '#libs/ports/sealer.js';
import { GroupMember } from './group-member.js';

const group = 'memorystack-ingestion';
/** Commands of a process under way at once; more wait in Kafka. */
const mostUnderWay = 256;
const retryDelayMs = { first: 100, longest: 5_000 };

export interface CommandTransportOptions {
  kafka: Kafka;
  namespace: string;
  sealer: Sealer;
  outcomes: CommandOutcomes;
  parked: ParkedNotices;
  /** Whether what stopped a command will pass, so that it is tried until it does. */
  isPassing: (error: unknown) => boolean;
  /** Something went wrong and is tried again, or was given up and parked. */
  failed: (error: Error) => void;
  /** This process can take no more commands and must end. */
  lost: (error: Error) => void;
  /** Carries the trace of a command over: runs `work` as part of it. */
  traced?: <T>(traceparent: string | null, work: () => Promise<T>) => Promise<T>;
}

/**
 * Nest transport that takes commands from Kafka. Those with one key run one after another, others side by side. A
 * command may come twice: the ledger knows it by its id.
 */
export class KafkaCommandTransport extends Server implements CustomTransportStrategy {
  private readonly member: GroupMember;
  private readonly commands = new InTurn();
  private readonly stopping = new AbortController();
  /** A command was left undone at the end: none that waits may overtake it. */
  private hasLeftOne = false;

  constructor(private readonly options: CommandTransportOptions) {
    super();
    const { kafka, namespace, failed, lost } = options;
    this.member = new GroupMember(kafka, {
      topic: namespaced(namespace, topics.commands.name),
      groupId: namespaced(namespace, group),
      concurrency: topics.commands.partitions,
      failed,
      lost,
    });
  }

  get isJoined(): boolean {
    return this.member.isJoined;
  }

  override listen(callback: (error?: unknown) => void): void {
    this.member.runEach((message) => this.inOrder(message), mostUnderWay).then(() => callback(), callback);
  }

  /** Finishes the commands under way; one that waits for a server that is away is left to the next process. */
  override async close(): Promise<void> {
    this.stopping.abort();
    await this.member.stop(() => this.commands.idle());
  }

  override on(): never {
    throw new Error('This transport has no events.');
  }

  override unwrap<T>(): T {
    return this.member as T;
  }

  private inOrder(message: KafkaMessage): Promise<boolean> {
    return this.commands.run(message.key?.toString() ?? '', () => this.carryOut(message));
  }

  /** @returns false when it was left undone */
  private async carryOut(message: KafkaMessage): Promise<boolean> {
    if (this.hasLeftOne) return false;
    const commandId = message.headers?.['command']?.toString() ?? '';
    const outcome = await this.outcomeOf(commandId, message);
    if (outcome === null) return false;
    await this.options.outcomes.publish(commandId, outcome);
    return true;
  }

  /**
   * Never rejects: what will not pass becomes a failure that its caller is told, and an entry for people.
   * @returns null when it could not be carried out before the end
   */
  private async outcomeOf(commandId: string, message: KafkaMessage): Promise<DeliveredOutcome | null> {
    const { signal } = this.stopping;
    const { traced = (_traceparent, work) => work() } = this.options;
    const traceparent = message.headers?.['traceparent']?.toString() ?? null;
    for (let delayMs = retryDelayMs.first; ; delayMs = Math.min(delayMs * 2, retryDelayMs.longest)) {
      try {
        const opened = this.options.sealer.open(message.value!, commandId);
        const envelope = JSON.parse(opened.toString()) as CommandEnvelope;
        return await traced(traceparent, () => this.handle(envelope));
      } catch (error) {
        this.options.failed(error as Error);
        if (!this.options.isPassing(error)) return this.park(commandId, error as Error);
        if (!signal.aborted) await sleep(delayMs, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) {
          this.hasLeftOne = true;
          return null;
        }
      }
    }
  }

  private async handle(envelope: CommandEnvelope): Promise<CommandOutcome> {
    const handler = this.getHandlerByPattern(topics.commands.name);
    if (!handler) throw new Error(`Nothing handles ${topics.commands.name}.`);
    const idempotency = envelope.idempotency ?? byCommandId(envelope);
    const answer = await handler({ ...envelope, idempotency });
    return (await lastValueFrom(this.transformToObservable(answer))) as CommandOutcome;
  }

  private async park(commandId: string, error: Error): Promise<DeliveredOutcome> {
    await this.options.parked.tell({
      kind: 'command',
      id: commandId,
      tenantId: null,
      position: null,
      error: error.name,
    });
    return { kind: 'failed', message: error.message };
  }
}
