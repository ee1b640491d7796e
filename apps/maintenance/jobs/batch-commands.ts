import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Command, CommandEnvelope, CommandOutcome } from '#libs/contracts/commands.js';
import type { BatchInput, BatchItem, BatchSuccess, BatchSummary } from '#libs/contracts/jobs.js';
import { limits } from '#libs/domain/limits.js';
import { CommandBus } from '#libs/ports/command-bus.js';
import type { JobHandler, JobResult, JobSlice } from '#libs/ports/job-queue.js';
import { isPassing } from '#libs/service-kit/passing.js';

/** Commands on their way at the same time: appends that arrive together share a transaction. */
const commandsAtOnce = 64;
/** Then other tenants have their turn. */
const sliceMs = 1_000;

/**
 * Carries out the commands of a batch, many at a time. Each is known to the log by the job and its place in it, so one
 * that is sent again after a crash, by whomever, is answered with what it did the first time.
 */
@Injectable()
export class BatchCommands {
  constructor(private readonly bus: CommandBus) {}

  readonly slice: JobHandler = async (slice) => {
    const { items } = slice.input as BatchInput;
    const begin = (slice.checkpoint as number | null) ?? 0;
    const done = await slice.succeeded(begin, items.length);
    const results = new Map<number, JobResult>();
    let { position } = (slice.job.summary as BatchSummary | null) ?? { position: 0 };
    let failure: Error | null = null;
    let next = begin;
    const endMs = performance.now() + sliceMs;
    const goesOn = (): boolean =>
      next < items.length && failure === null && !slice.signal.aborted && performance.now() < endMs;
    const work = async (): Promise<void> => {
      while (goesOn()) {
        const index = next++;
        if (done.has(index)) continue;
        try {
          const told = await this.carryOut(slice, items[index]!, index);
          position = Math.max(position, told.position);
          results.set(index, told.result);
        } catch (error) {
          failure ??= error as Error;
        }
      }
    };
    await Promise.all(Array.from({ length: commandsAtOnce }, work));
    const checkpoint = firstUndone(begin, next, (index) => results.has(index) || done.has(index));
    const summary: BatchSummary = { position };
    await slice.save({ results: [...results.values()], checkpoint, ...(position > 0 && { summary }) });
    if (failure !== null) throw failure as Error;
    return checkpoint < items.length ? 'more' : 'done';
  };

  /** @throws what will pass by itself, so that the slice is tried again */
  private async carryOut(
    { job, input, correlationId }: JobSlice,
    item: BatchItem,
    index: number,
  ): Promise<{ result: JobResult; position: number }> {
    if (!('command' in item)) return { result: { index, ok: false, body: { ...item } }, position: 0 };
    const envelope: CommandEnvelope = {
      // A command that was refused is another one when it is tried again; what was accepted is found by the key.
      commandId: uuidv7(),
      correlationId,
      caller: (input as BatchInput).callers[item.caller]!,
      idempotency: {
        kind: 'key',
        key: `job ${job.id} ${index}`,
        requestHash: `job ${job.id} ${index}`,
        ttlSeconds: limits.commandOutcomeDays * 86_400,
      },
      receivedAt: job.createdAt,
      command: item.command,
    };
    const outcome = await this.bus.execute(envelope).catch((error: Error): CommandOutcome => {
      if (isPassing(error)) throw error;
      // One command that nobody can carry out must not keep the others from being done.
      return { kind: 'refused', code: 'internal', detail: 'The server failed at this item; it may be tried again.' };
    });
    if (outcome.kind === 'accepted') {
      return { result: { index, ok: true, body: successOf(item.command, outcome.body) }, position: outcome.position };
    }
    if (outcome.code === 'overloaded') throw new Error('Ingestion takes no commands now.');
    return { result: { index, ok: false, body: { code: outcome.code, detail: outcome.detail } }, position: 0 };
  }
}

function successOf(command: Command, body: Record<string, unknown>): BatchSuccess {
  const forgotten = command.type === 'ForgetMemories' ? command.memoryIds : null;
  const ids = forgotten ?? body['memoryIds'] ?? [body['memoryId']];
  return { memory_ids: ids as string[], ...(body['deduplicated'] === true && { deduplicated: true }) };
}

function firstUndone(begin: number, end: number, isDone: (index: number) => boolean): number {
  for (let index = begin; index < end; index += 1) if (!isDone(index)) return index;
  return end;
}
