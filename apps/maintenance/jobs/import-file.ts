import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { CommandEnvelope, ImportedRow, ImportRow } from '#libs/contracts/commands.js';
import type { ImportJobInput, ImportSummary } from '#libs/contracts/jobs.js';
import { limits } from '#libs/domain/limits.js';
import { CommandBus } from '#libs/ports/command-bus.js';
import { Identities } from '#libs/ports/identities.js';
import { ImportFiles } from '#libs/ports/import-files.js';
import { type JobHandler, type JobResult, type JobSlice } from '#libs/ports/job-queue.js';
import { isPassing } from '#libs/service-kit/passing.js';
import { checkedRows } from '#libs/transfer/import-rows.js';
import { rowsByCommand, withOwners } from '#libs/transfer/row-owners.js';
import { type FilePlace, ImportReading, type ReadRows, theBeginning } from './import-reading.js';

/** Where the next slice goes on. */
interface Checkpoint extends FilePlace {
  /** Of this try of the job: a command that refused rows is another one when they are tried again. */
  tryId: string;
}

/**
 * Takes in a file that was too large for its request, some hundred rows a slice. A command is known to the log by the
 * job and the row it begins with, so that a slice that is done again after a crash is told what it did the first time.
 */
@Injectable()
export class ImportFile {
  private readonly reading: ImportReading;

  constructor(
    private readonly bus: CommandBus,
    private readonly identities: Identities,
    private readonly files: ImportFiles,
  ) {
    this.reading = new ImportReading(files);
  }

  readonly slice: JobHandler = async (slice) => {
    const { tenantId, id } = slice.job;
    const input = slice.input as ImportJobInput;
    const summary = (slice.job.summary as ImportSummary | null) ?? emptySummary(id, input);
    let at = slice.checkpoint as Checkpoint | null;
    if (at === null) await slice.save({ checkpoint: (at = { ...theBeginning, tryId: uuidv7() }), summary });
    const read = await this.reading.rows(tenantId, id, input, at);
    const { results, ignored, position } = await this.takeIn(slice, input, read, at.tryId);
    const told = added(summary, results, ignored, position);
    await slice.save({
      results: results.map((one) => resultOf(one, read.itemOf.get(one.row)!)),
      checkpoint: { ...read.next, tryId: at.tryId } satisfies Checkpoint,
      ...{ summary: told, ...(read.isEnd && { total: read.next.item }) },
    });
    if (!read.isEnd) return 'more';
    // With rows that were refused it is kept for a while, so that the job can be tried again.
    if (told.refused === 0) await this.files.remove(tenantId, id);
    return 'done';
  };

  private async takeIn(slice: JobSlice, input: ImportJobInput, { rows, itemOf, next, first }: ReadRows, tryId: string) {
    const done = await slice.succeeded(first, next.item);
    const left = rows.filter(({ row }) => !done.has(itemOf.get(row)!));
    const checked = checkedRows(left, input.system);
    const { tenantId, keyId } = slice.caller;
    const key = { id: keyId, tenantId, binding: input.binding };
    const owned = await withOwners(this.identities, { key, claim: input.claim }, checked.rows);
    const results: ImportedRow[] = [...owned.refused, ...checked.refused.map(refusal)];
    let position = 0;
    const one = async (part: ImportRow[]): Promise<void> => {
      const done = await this.carryOut(slice, input, part, tryId);
      results.push(...done.results);
      position = Math.max(position, done.position);
    };
    await Promise.all(rowsByCommand(owned.rows).map(one));
    return { results, ignored: checked.ignored, position };
  }

  /** @throws what will pass by itself, so that the slice is tried again */
  private async carryOut(
    { job, caller, correlationId }: JobSlice,
    { mode, dryRun }: ImportJobInput,
    rows: ImportRow[],
    tryId: string,
  ): Promise<{ results: ImportedRow[]; position: number }> {
    const key = `job ${job.id} ${tryId} ${rows[0]!.row}`;
    const envelope: CommandEnvelope = {
      // A command that ingestion had no time for is another one when it is tried again.
      ...{ commandId: uuidv7(), correlationId, caller, receivedAt: job.createdAt },
      idempotency: { kind: 'key', key, requestHash: key, ttlSeconds: limits.commandOutcomeDays * 86_400 },
      command: { type: 'ImportMemories', importId: job.id, mode, dryRun, rows },
    };
    const refused = (detail: string) => ({
      results: rows.map(({ row, id }) => refusal({ row, id, problem: detail })),
      position: 0,
    });
    try {
      const outcome = await this.bus.execute(envelope);
      if (outcome.kind === 'accepted') {
        return { results: outcome.body['results'] as ImportedRow[], position: outcome.position };
      }
      if (outcome.code !== 'overloaded') return refused(outcome.detail);
    } catch (error) {
      if (isPassing(error as Error)) throw error;
      // Rows that nobody can take in must not keep the others out.
      return refused('The server failed at this row, or at one near it; it may be tried again.');
    }
    throw new Error('Ingestion takes no commands now.');
  }
}

function refusal({ row, id, problem }: { row: number; id: string | null; problem: string }): ImportedRow {
  return { row, outcome: 'refused', memoryId: id, detail: problem };
}

function resultOf({ row, outcome, memoryId, detail }: ImportedRow, index: number): JobResult {
  if (outcome === 'refused') {
    return { index, ok: false, body: { code: 'validation_failed', detail: `Line ${row}: ${detail ?? ''}`, line: row } };
  }
  return { index, ok: true, body: { memory_ids: memoryId === null ? [] : [memoryId], outcome, line: row } };
}

function emptySummary(jobId: string, { mode, dryRun }: ImportJobInput): ImportSummary {
  const counts = { created: 0, skipped: 0, merged: 0, replaced: 0, refused: 0 };
  return { import_id: jobId, mode, dry_run: dryRun, ...counts, ignored_fields: [], position: 0 };
}

function added(
  summary: ImportSummary,
  results: readonly ImportedRow[],
  ignored: readonly string[],
  position: number,
): ImportSummary {
  const ignoredFields = [...new Set([...summary.ignored_fields, ...ignored])].slice(0, limits.pageSize);
  const sum = { ...summary, ignored_fields: ignoredFields, position: Math.max(summary.position, position) };
  for (const { outcome } of results) sum[outcome] += 1;
  return sum;
}
