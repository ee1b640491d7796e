import { setTimeout as sleep } from 'node:timers/promises';
import type { MemoryOnTheWire } from '#libs/contracts/rest/answers.js';
import { problemFault } from './server-problem.js';
import type { Answer, ServerClient } from './server-client.js';
import { Acknowledged, allMemories, RandomWrites, send, type Write } from './writes.js';

/** A server that has not taken a write by then, long after every fault of a test, never will. */
const patienceMs = 150_000;
const againMs = 50;
const pollMs = 25;

/**
 * Writers that go on through faults as a careful client does: a write that is not answered, or answered with 202 or 503,
 * is sent again until it is acknowledged; and each then looks at what it wrote.
 */
export class Load {
  readonly acknowledged = new Acknowledged();
  /** Answers that no fault excuses. */
  readonly surprises: string[] = [];
  /** How often something had to be sent again, by status; `0` where no answer came. */
  readonly repeated = new Map<number, number>();
  private readonly writes: RandomWrites;
  private running: Promise<void>[] = [];
  private isOver = false;
  private isAbandoned = false;

  constructor(
    private readonly client: ServerClient,
    seed: number,
    private readonly writers = 4,
  ) {
    this.writes = new RandomWrites(seed, this.acknowledged);
  }

  start(): void {
    this.isOver = this.isAbandoned = false;
    this.running = Array.from({ length: this.writers }, (_, writer) => this.goOn(writer));
  }

  /** Waits until `count` more writes are acknowledged. @throws Error when they are not */
  async progress(count: number): Promise<void> {
    const wanted = this.acknowledged.count + count;
    const endMs = Date.now() + patienceMs;
    while (this.acknowledged.count < wanted) {
      if (Date.now() > endMs) throw new Error(`No progress within ${patienceMs / 1000} s: ${this.summary()}`);
      await sleep(pollMs);
    }
  }

  /** Resolves when every write that was begun is acknowledged. */
  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.running);
  }

  /** Ends without waiting for the acknowledgement of what is under way. */
  async abandon(): Promise<void> {
    this.isAbandoned = true;
    await this.stop();
  }

  /** What is wrong with what the server shows now, and with what it has answered since the last time. */
  async faults(): Promise<string[]> {
    return [...this.surprises.splice(0), ...this.acknowledged.faults(await this.memories())];
  }

  summary(): string {
    const repeated = [...this.repeated].map(([status, count]) => `${count} times ${status || 'no answer'}`);
    return `${this.acknowledged.count} acknowledged writes; sent again after ${repeated.join(', ') || 'nothing'}`;
  }

  private async goOn(writer: number): Promise<void> {
    while (!this.isOver) {
      const write = this.writes.next(writer);
      const answer = await this.insist(() => send(this.client, write));
      if (answer === null) return;
      this.acknowledged.note(write, answer);
      await this.look(write, answer);
    }
  }

  /** Whoever wrote sees it, or is told to come again. */
  private async look({ method }: Write, answer: Answer): Promise<void> {
    if (method !== 'POST') return;
    const [id] = answer.json<{ memory_ids: string[] }>().memory_ids;
    const seen = await this.insist(() => this.client.get(`/memories/${id}`));
    if (seen === null) return;
    // Another writer may have deleted it meanwhile.
    if (seen.status === 200 || (seen.status === 404 && this.writes.isToBeDeleted(id!))) return;
    this.surprises.push(`${id} was acknowledged, and reading it answers ${seen.status} ${seen.text}`);
  }

  /** @returns null when the load was abandoned */
  private async insist(request: () => Promise<Answer>): Promise<Answer | null> {
    for (const endMs = Date.now() + patienceMs; ; await sleep(againMs)) {
      const answer = await request().catch(() => null);
      if (this.isAbandoned) return null;
      const status = answer?.status ?? 0;
      if (answer !== null && status !== 503 && status !== 202 && status < 500) return answer;
      this.repeated.set(status, (this.repeated.get(status) ?? 0) + 1);
      if (answer !== null && status !== 202) this.judge(answer);
      if (Date.now() > endMs) throw new Error(`Still not taken: ${status} ${answer?.text ?? ''}`);
    }
  }

  /** A server that is away is no failure of ours: the caller is told when to come again. */
  private judge(answer: Answer): void {
    const fault = answer.status === 503 ? problemFault(answer) : `${answer.status} ${answer.text}`;
    if (fault !== null && this.surprises.length < 20) this.surprises.push(fault);
    if (answer.headers['retry-after'] === undefined) this.surprises.push(`${answer.status} without Retry-After`);
  }

  /** Waits for a server that catches up. */
  private async memories(): Promise<MemoryOnTheWire[]> {
    for (const endMs = Date.now() + patienceMs; ; await sleep(againMs)) {
      try {
        return await allMemories(this.client);
      } catch (err) {
        if (Date.now() > endMs) throw err;
      }
    }
  }
}
