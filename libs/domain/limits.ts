/** Every limit of the product, in one place, with the relations between them asserted below. */
export const limits = {
  /** Bytes of one HTTP request body; larger ones answer 413. */
  requestBodyBytes: 1_048_576,
  /** Bytes of one encoded commit: one Kafka record of the log (topic limit 1 MiB). */
  commitBytes: 768 * 1024,
  eventsPerCommit: 256,
  messagesPerRequest: 100,
  /** UTF-16 code units of one message, or of a verbatim memory. */
  contentLength: 262_144,
  /** Bytes of the caller's metadata, as JSON. */
  metadataBytes: 32_768,
  nameLength: 200,
  idsPerDelete: 250,
  webhooksPerTenant: 50,
  webhookUrlLength: 2_000,
  pageSize: 100,
  /** Memories that an export reads at once, fewer with their versions, and about the bytes of their texts. */
  exportPageSize: 1_000,
  exportPageSizeWithVersions: 200,
  exportPageBytes: 4 * 1024 * 1024,
  /** Rows of an import that is answered at once; its file fits into one request. */
  importRows: 1_000,
  /** Rows and bytes of them that one command carries. */
  importRowsPerCommand: 200,
  importBytesPerCommand: 256 * 1024,
  /** Bytes of a file that is imported by a job, of one of its lines, and of the parts in which it waits. */
  importFileBytes: 256 * 1024 * 1024,
  importLineBytes: 1_048_576,
  importPartBytes: 256 * 1024,
  /** Rows of it, and about the bytes of them, that are held at once. */
  importRowsPerSlice: 500,
  importBytesPerSlice: 4 * 1024 * 1024,
  /** How long a file is kept that its job did not take in whole: so long it can be retried. */
  importFileHours: 24,
  searchResults: 50,
  /** Memories that one graph shows. */
  graphMemories: 2_000,
  queryLength: 10_000,
  /** Tokens that a context for a prompt may be asked to have. */
  contextTokens: 100_000,
  contextTokensLeast: 16,
  /** UTF-16 code units that a context shows of one memory, handoff or message. */
  contextTextLength: 4_000,
  filterDepth: 8,
  filterWidth: 64,
  /** A lineage shows the first version of a memory and the last ones, this many in all. */
  lineageVersions: 100,
  /** How far beliefs that replaced one another are followed in a lineage, and how many of them there are. */
  lineageSteps: 32,
  lineageBeliefs: 64,
  lineageContradictions: 50,
  /** Changes of the log that one page holds on its way from search. */
  changesPerPage: 200,
  /** Group commit: appends that share one transaction. */
  commandsPerTransaction: 128,
  /** Commits that a projector applies in one transaction. */
  commitsPerProjectionBatch: 500,
  /** Days for which calls are counted day by day. */
  usageDays: 400,
  commandOutcomeDays: 8,
  /** Memories that one request may create, change or delete as a job. */
  itemsPerBatch: 1_000,
  /** Texts of up to 8,000 characters, so that the file of a provider's batch stays below 200 MB. */
  textsPerEmbeddingBatch: 8_000,
  /** How long a job that is over is told, with its results. */
  jobDays: 30,
  /** Slices of a job that may fail one after the other. */
  jobAttempts: 10,
  idempotencyKeyHours: 24,
} as const;

/** Plain text of one ingest append: encryption, Base64 and headers must fit into `commitBytes` with it. */
export const plaintextBytesPerCommit = 384 * 1024;

if (plaintextBytesPerCommit * 1.4 > limits.commitBytes) throw new RangeError('an append could outgrow a commit');
if (limits.idsPerDelete > limits.eventsPerCommit) throw new RangeError('a batch delete must fit into one commit');
