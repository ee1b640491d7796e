/**
 * Port: files that wait to be imported by a job, in parts of `limits.importPartBytes` (the last may be shorter).
 *
 * Promises:
 * - A part is durable when `write` resolves, and is never stored readable. The same part again replaces it.
 * - A tenant never sees another tenant's file.
 * - `prune` forgets files of which nothing was written for `limits.importFileHours` hours, but none whose job is not over.
 */
export abstract class ImportFiles {
  /** @param part counted from 0 */
  abstract write(tenantId: string, jobId: string, part: number, bytes: Uint8Array): Promise<void>;
  /** Null when there is no such part. */
  abstract read(tenantId: string, jobId: string, part: number): Promise<Buffer | null>;
  abstract remove(tenantId: string, jobId: string): Promise<void>;
  /** @returns how many parts it forgot */
  abstract prune(): Promise<number>;
}
