import { Injectable } from '@nestjs/common';
import { StatementCache } from '#libs/beliefs/statement-cache.js';
import type { Claim, Statement } from '#libs/domain/belief/claim.js';
import { slotKeyOf } from '#libs/domain/belief/slot-registry.js';
import type { ReadClaims } from '#libs/domain/memory/memory.events.js';
import { believerIdentity, type Ownership } from '#libs/domain/scope/ownership.js';
import { Identities } from '#libs/ports/identities.js';

/** Texts as statements, and what the log keeps of them. */
@Injectable()
export class Statements {
  constructor(
    private readonly cache: StatementCache,
    private readonly identities: Identities,
  ) {}

  read(text: string, observedAt: string, modality: string): Statement {
    return this.cache.read(text, observedAt, modality);
  }

  readSoon(text: string, observedAt: string, modality?: string): Promise<Statement> {
    return this.cache.readSoon(text, observedAt, modality);
  }

  /** What an event keeps of a statement. */
  recorded({ claims }: Statement): ReadClaims {
    return { claims, claimsVersion: this.cache.version };
  }

  /** The reservations of what the claims say one thing of. */
  async slotKeys(tenantId: string, ownership: Ownership, claims: readonly Claim[]): Promise<string[]> {
    const believer = believerIdentity(ownership);
    const keys = new Set(claims.flatMap((claim) => slotKeyOf(claim) ?? []));
    return Promise.all([...keys].map((key) => this.identities.slotKey(tenantId, [...believer, key])));
  }
}
