import { existsSync } from 'node:fs';
import { setImmediate as turnEnds } from 'node:timers/promises';
import type { Piscina } from 'piscina';
import type { Statement } from '#libs/domain/belief/claim.js';
import type { StatementContext } from '#libs/ports/statement-reader.js';
import type { Said } from './reading-thread.js';
import { RulesStatementReader } from './rules-statement-reader.js';

/** So much may wait for the thread; what comes beyond it is read here. */
const TURNS_MAX_WAITING = 64;

type Thread = Piscina<readonly Said[], Statement[]>;

/**
 * Reads by the same rules; what can wait is read in a thread of its own, so that the one that serves requests is free for
 * them meanwhile. What is asked in one turn of the event loop goes there together. The thread is started by the first who
 * asks, so that a start waits for nothing and an idle process has no second heap; until it runs, and where it fails, texts
 * are read here.
 */
export class ThreadedStatementReader extends RulesStatementReader {
  private thread: Thread | null = null;
  private starting: Promise<void> | null = null;
  private asked: Said[] = [];
  private answers: Promise<Statement[]> | null = null;

  /** @param file the compiled module of the thread; there is none where sources are run as they are */
  constructor(private readonly file = new URL('./reading-thread.js', import.meta.url)) {
    super();
  }

  get isThreaded(): boolean {
    return this.thread !== null;
  }

  override async readSoon(text: string, context: StatementContext): Promise<Statement> {
    this.starting ??= this.start().catch(() => undefined);
    if (this.thread === null) return this.read(text, context);
    const at = this.asked.push([text, context]) - 1;
    this.answers ??= this.readTurn(this.thread);
    return (await this.answers)[at]!;
  }

  async close(): Promise<void> {
    await this.starting;
    await this.thread?.destroy();
  }

  private async start(): Promise<void> {
    if (!existsSync(this.file)) return;
    const { Piscina } = await import('piscina');
    const thread: Thread = new Piscina({
      filename: this.file.href,
      ...{ minThreads: 1, maxThreads: 1, concurrentTasksPerWorker: 2, maxQueue: TURNS_MAX_WAITING },
      ...{ recordTiming: false, atomics: 'disabled' },
    });
    await thread.run([]);
    this.thread = thread;
  }

  private async readTurn(thread: Thread): Promise<Statement[]> {
    await turnEnds();
    const { asked } = this;
    this.asked = [];
    this.answers = null;
    return thread.run(asked).catch(() => asked.map(([text, context]) => this.read(text, context)));
  }
}
