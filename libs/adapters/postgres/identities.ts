import { Identities } from '#libs/ports/identities.js';
import { LRUCache } from 'lru-cache';
import type { KeyRing } from './key-ring.js';

/** Ids from the tenant's own hash key: UUIDs of version 8 (RFC 9562, custom) whose bits are an HMAC-SHA-256. */
export class KeyedIdentities extends Identities {
  private readonly known = new LRUCache<string, string>({ max: 20_000 });

  constructor(private readonly keyRing: KeyRing) {
    super();
  }

  override async id(
    tenantId: string,
    kind: 'project' | 'team' | 'agent' | 'conversation',
    parts: readonly string[],
  ): Promise<string> {
    const cacheKey = JSON.stringify([tenantId, kind, ...parts]);
    const known = this.known.get(cacheKey);
    if (known) return known;
    const id = uuidOf(await this.keyRing.hash(tenantId, kind, parts));
    this.known.set(cacheKey, id);
    return id;
  }

  override async contentKey(tenantId: string, identity: readonly string[]): Promise<string> {
    return `content:${await this.keyRing.hash(tenantId, 'content', identity)}`;
  }

  override async slotKey(tenantId: string, identity: readonly string[]): Promise<string> {
    return `slot:${await this.keyRing.hash(tenantId, 'slot', identity)}`;
  }
}

function uuidOf(hex: string): string {
  const variant = ((parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
