import type { Kafka, Message } from 'kafkajs';
import { type CommandEnvelope, type CommandOutcome, orderingKey } from '#libs/contracts/commands.js';
import { topics } from '#libs/contracts/topics.js';
import { CommandBus } from '#libs/ports/command-bus.js';
import { type CommandOutcomes, outcomeKeptMs } from '#libs/ports/command-outcomes.js';
import type { Sealer } from '#libs/ports/sealer.js';
import { TopicProducer } from './topic-producer.js';

/** Of one produce; a topic takes 1 MiB a partition unless it is told otherwise, and all may go to one. */
const bytesPerProduce = 900_000;

interface Waiting {
  message: Message;
  bytes: number;
  taken: () => void;
  failed: (error: unknown) => void;
}

/**
 * Commands through a Kafka topic, keyed so that those with one ordering key stay in order; outcomes come back on their
 * own way. One produce is in flight, and what arrives meanwhile goes together with the next: so no retry can put a
 * command before an earlier one.
 */
export class KafkaCommandBus extends CommandBus {
  private readonly producer: TopicProducer;
  private waiting: Waiting[] = [];
  private producing: Promise<void> | null = null;

  constructor(
    kafka: Kafka,
    namespace: string,
    private readonly outcomes: CommandOutcomes,
    private readonly sealer: Sealer,
    private readonly traceparent: () => string | null = () => null,
  ) {
    super();
    this.producer = new TopicProducer(kafka, namespace, topics.commands);
  }

  async start(): Promise<void> {
    await this.producer.start();
  }

  /** Sends what was given, then stops. Outcomes that nobody waits for any more are not lost: ingestion has them. */
  async stop(): Promise<void> {
    await this.producing;
    await this.producer.stop();
  }

  override async execute(envelope: CommandEnvelope, taken: () => void = () => undefined): Promise<CommandOutcome> {
    const { commandId } = envelope;
    const giveUp = new AbortController();
    // Waits before anything is sent, so that no outcome can come too early.
    const delivered = this.outcomes.waitFor(
      commandId,
      AbortSignal.any([giveUp.signal, AbortSignal.timeout(outcomeKeptMs)]),
    );
    delivered.catch(() => undefined);
    try {
      await this.produce(envelope);
    } catch (error) {
      giveUp.abort();
      throw error;
    }
    taken();
    const outcome = await delivered;
    if (outcome.kind === 'failed') throw new Error(outcome.message);
    return outcome;
  }

  private produce(envelope: CommandEnvelope): Promise<void> {
    const { commandId } = envelope;
    const value = this.sealer.seal(Buffer.from(JSON.stringify(envelope)), commandId);
    const traceparent = this.traceparent();
    const headers = { command: commandId, ...(traceparent === null ? {} : { traceparent }) };
    const key = `${envelope.caller.tenantId}/${this.sealer.mark(orderingKey(envelope))}`;
    const message = { key, value, headers };
    return new Promise((resolve, reject) => {
      this.waiting.push({ message, bytes: value.length, taken: resolve, failed: reject });
      this.producing ??= this.produceAll();
    });
  }

  private async produceAll(): Promise<void> {
    // Lets the commands of this tick go together.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.nextBatch();
      const messages = batch.map(({ message }) => message);
      try {
        await this.producer.send(messages);
        for (const { taken } of batch) taken();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    this.producing = null;
  }

  private nextBatch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    while (count < this.waiting.length && (count === 0 || bytes + this.waiting[count]!.bytes <= bytesPerProduce)) {
      bytes += this.waiting[count]!.bytes;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }
}
