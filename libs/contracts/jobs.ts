import type { Caller, IdentityClaim, KeyBinding } from '#libs/domain/scope/ownership.js';
import type { Command, ImportMode } from './commands.js';
import type { ErrorCode } from './errors.js';

/** One item of a batch: a command to carry out in somebody's name, or why it is none. */
export type BatchItem = { command: Command; /** Place in `callers`. */ caller: number } | BatchRefusal;

export interface BatchRefusal {
  code: ErrorCode;
  detail: string;
}

/** What a job of the kinds `batch_create`, `batch_update` and `batch_delete` is given. */
export interface BatchInput {
  callers: Caller[];
  items: BatchItem[];
}

/** What it says of itself. */
export type BatchSummary = {
  /** Where the last of its commits stands in the log. */
  position: number;
};

/** What became of one item, where it succeeded; otherwise it is a `BatchRefusal`. */
export type BatchSuccess = { memory_ids: string[]; deduplicated?: true };

/** What a job of the kind `batch_embeddings` says of itself. */
export type EmbeddingSummary = {
  pending_embeddings: number;
  /** Texts that were sent to the provider's batch endpoint, and the tokens that it billed for them. */
  batch_texts?: number;
  billed_tokens?: number;
};

/** What a job of the kind `import` is given; the file waits in `ImportFiles` under the id of the job. */
export interface ImportJobInput {
  fileBytes: number;
  isCsv: boolean;
  /** Whose export it is: `memorystack`, or another system that is read. */
  system: string;
  mode: ImportMode;
  dryRun: boolean;
  binding: KeyBinding;
  claim: IdentityClaim;
}

/** What it says of itself: how many rows came to what. */
export type ImportSummary = {
  import_id: string;
  mode: ImportMode;
  dry_run: boolean;
  created: number;
  skipped: number;
  merged: number;
  replaced: number;
  refused: number;
  ignored_fields: string[];
  /** Where the last of its commits stands in the log. */
  position: number;
};
