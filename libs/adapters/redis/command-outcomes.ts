import { setImmediate } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { CommandOutcomes, type DeliveredOutcome, outcomeKeptMs } from '#libs/ports/command-outcomes.js';
import type { Sealer } from '#libs/ports/sealer.js';
import { Outage } from './outage.js';
import { OutcomePublisher } from './outcome-publisher.js';
import type { RedisClients } from './redis-client.js';

/** A message may be lost at any time (Redis promises nothing for them), so those who wait also look by themselves. */
const lookEveryMs = 1_000;
/** All of them, on any good day. When ingestion is away, hundreds of thousands may wait: then they take turns. */
const mostPerLook = 2_000;
const perPipeline = 500;
/**
 * Whoever was told hardly ever asks again. At a thousand commands a second, ten minutes of outcomes would fill
 * gigabytes; one minute after the first reading is still enough when that reader dies or loses its connection.
 */
const keptAfterReadingMs = 60_000;

interface Waiting {
  tell(outcome: DeliveredOutcome): void;
  fail(error: Error): void;
}

/**
 * Outcomes as encrypted values in Redis, one key a command, with a message to wake those who wait.
 *
 * All gateways of an installation hear one channel, whose messages hold ids and nothing else: an id that nobody waits
 * for here costs one look into a map, and ingestion, which publishes many at a time, sends one message for all of
 * them. A channel for each command would cost two subscriptions a command, and one for each gateway would have to
 * travel through Kafka. The values are read together too: one round trip for all that became due in one turn.
 *
 * Needs Redis 6.2 (GETEX).
 */
export class RedisCommandOutcomes extends CommandOutcomes {
  private readonly publisher: OutcomePublisher;
  private readonly reader: Redis;
  private readonly outage: Outage;
  private readonly waiting = new Map<string, Set<Waiting>>();
  private due = new Set<string>();
  private reading: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private subscriber: Redis | null = null;

  constructor(
    private readonly clients: RedisClients,
    private readonly sealer: Sealer,
    private readonly failed: (error: Error) => void,
  ) {
    super();
    this.reader = clients.open('outcomes');
    this.outage = new Outage('outcomes are late, and callers are answered 202', failed);
    const publishing = new Outage('outcomes are kept and published when it answers', failed);
    this.publisher = new OutcomePublisher(this.reader, this.channel(), publishing);
  }

  override async publish(commandId: string, outcome: DeliveredOutcome): Promise<void> {
    const key = this.keyOf(commandId);
    const sealed = this.sealer.seal(Buffer.from(JSON.stringify(outcome)), key);
    await this.publisher.publish({ commandId, key, sealed, keptUntilMs: performance.now() + outcomeKeptMs });
  }

  override waitFor(commandId: string, signal: AbortSignal): Promise<DeliveredOutcome> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    this.listen();
    const waiting = this.waiting.get(commandId) ?? new Set();
    this.waiting.set(commandId, waiting);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        waiting.delete(entry);
        signal.removeEventListener('abort', giveUp);
        if (waiting.size === 0 && this.waiting.get(commandId) === waiting) this.waiting.delete(commandId);
      };
      const entry: Waiting = {
        tell: (outcome) => (leave(), resolve(outcome)),
        fail: (error) => (leave(), reject(error)),
      };
      const giveUp = (): void => entry.fail(signal.reason as Error);
      waiting.add(entry);
      signal.addEventListener('abort', giveUp);
      this.look([commandId]);
    });
  }

  /** Tries once more to publish what is owed; whoever still waits is told that it is over. */
  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.publisher.close();
    for (const entry of [...this.waiting.values()].flatMap((entries) => [...entries])) {
      entry.fail(new Error('the service stops'));
    }
  }

  private keyOf(commandId: string): string {
    return this.clients.key('outcome', commandId);
  }

  private channel(): string {
    return this.clients.key('outcomes');
  }

  /** From the first waiting on; ingestion only publishes and needs none of this. */
  private listen(): void {
    if (this.subscriber) return;
    const subscriber = (this.subscriber = this.clients.open('outcome-messages'));
    const channel = this.channel();
    subscriber.on('message', (_channel: string, ids: string) => this.look(ids.split(' ')));
    // Messages of the time without a connection are lost, so everybody looks once it is back.
    subscriber.on('ready', () => {
      subscriber.subscribe(channel).then(
        () => this.look(this.waiting.keys()),
        (error: unknown) => this.outage.began(error),
      );
    });
    this.timer = setInterval(() => this.lookInTurn(), lookEveryMs);
    this.timer.unref();
  }

  private look(commandIds: Iterable<string>): void {
    for (const commandId of commandIds) {
      if (this.waiting.has(commandId)) this.due.add(commandId);
    }
    if (this.due.size > 0) this.reading ??= this.readDue();
  }

  private lookInTurn(): void {
    const ids: string[] = [];
    for (const commandId of this.waiting.keys()) {
      if (ids.push(commandId) === mostPerLook) break;
    }
    this.look(ids);
    if (this.waiting.size <= mostPerLook) return;
    for (const commandId of ids) {
      const waiting = this.waiting.get(commandId)!;
      this.waiting.delete(commandId);
      this.waiting.set(commandId, waiting);
    }
  }

  private async readDue(): Promise<void> {
    await setImmediate();
    const ids = [...this.due];
    this.due = new Set();
    this.reading = null;
    try {
      for (let start = 0; start < ids.length; start += perPipeline) {
        await this.read(ids.slice(start, start + perPipeline));
      }
      this.outage.ended();
    } catch (error) {
      this.outage.began(error);
    }
  }

  private async read(commandIds: readonly string[]): Promise<void> {
    const pipeline = this.reader.pipeline();
    for (const commandId of commandIds) pipeline.getexBuffer(this.keyOf(commandId), 'PX', keptAfterReadingMs);
    const answers = (await pipeline.exec()) ?? [];
    const failure = answers.find(([error]) => error !== null);
    if (failure) throw failure[0]!;
    answers.forEach(([, sealed], index) => {
      if (sealed !== null) this.deliver(commandIds[index]!, sealed as Buffer);
    });
  }

  private deliver(commandId: string, sealed: Buffer): void {
    const entries = this.waiting.get(commandId);
    if (!entries) return;
    try {
      const text = this.sealer.open(sealed, this.keyOf(commandId)).toString();
      for (const { tell } of [...entries]) tell(JSON.parse(text) as DeliveredOutcome);
    } catch (error) {
      // Somebody else's value, or another master key. Looking again would not help, and the command itself may have
      // succeeded: those who wait learn no more than that it takes long.
      this.waiting.delete(commandId);
      this.failed(new Error(`The outcome of command ${commandId} cannot be opened`, { cause: error }));
    }
  }
}
