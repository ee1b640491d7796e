import type { KeyBinding } from '#libs/domain/scope/ownership.js';

/** What the service knows of an API key. The secret itself is shown once and stored nowhere. */
export interface AccessKey {
  /** Public id. */
  id: string;
  tenantId: string;
  planTier: string;
  binding: KeyBinding;
}

/** A key that may claim to be anyone in its tenant. */
export const unboundKey: KeyBinding = { projectName: null, teamName: null, agentName: null, userId: null };

/**
 * Port: who is this API key?
 *
 * Promises:
 * - An unknown, malformed or revoked key is null; the answer does not depend on how much of it was right.
 * - A key answers its own tenant, and only that.
 * - A revoked key stops working within a second, in every process.
 */
export abstract class AccessKeys {
  abstract find(secret: string): Promise<AccessKey | null>;
}
