/** On whose account a model may be asked. Nothing of it is ever shown to the model. */
export interface ModelUse {
  tenantId: string;
  /** Somebody waits for an `interactive` answer; a `batch` may take its time, and may use the last of the budget. */
  urgency: 'interactive' | 'batch';
}

/** A model as events tell it. */
export interface ModelIdentity {
  /** As its server calls it. */
  name: string;
  /** SHA-256 (hex) over its fixed prompt and schema, without what was shown. */
  promptHash: string;
}
