import { Injectable } from '@nestjs/common';
import { contentIdentity } from '#libs/domain/memory/memory.decide.js';
import { isBelieved, type Memory } from '#libs/domain/memory/memory.evolve.js';
import { Identities } from '#libs/ports/identities.js';
import type { Draft } from './draft.js';
import { Statements } from './statements.js';

/** What a memory holds while it is believed: its content, and the slots of its claims that nobody else holds. */
@Injectable()
export class Reserving {
  constructor(
    private readonly identities: Identities,
    private readonly statements: Statements,
  ) {}

  async contentKey(tenantId: string, { ownership, memoryType, content }: Memory): Promise<string> {
    return this.identities.contentKey(tenantId, contentIdentity(ownership, memoryType, content));
  }

  async free(tenantId: string, draft: Draft, memory: Memory): Promise<void> {
    const { content, slots } = await this.keys(tenantId, memory);
    draft.free([content, ...slots], memory.id);
  }

  /**
   * Gives back what `before` held and `after` does not say any more, and takes what it says now. A slot that another
   * belief holds stays that one's.
   */
  async move(tenantId: string, draft: Draft, before: Memory, after: Memory): Promise<void> {
    const held = isBelieved(before) ? await this.keys(tenantId, before) : null;
    const wanted = isBelieved(after) ? await this.keys(tenantId, after) : null;
    const old = held ? [held.content, ...held.slots] : [];
    const next = wanted ? [wanted.content, ...wanted.slots] : [];
    draft.free(
      old.filter((key) => !next.includes(key)),
      before.id,
    );
    if (wanted && !old.includes(wanted.content)) draft.reserve(wanted.content, after.id);
    takeFree(
      draft,
      (wanted?.slots ?? []).filter((key) => !old.includes(key)),
      after.id,
    );
  }

  /** A belief that may have had to leave slots to another one takes those that the other gives back in this draft. */
  async claimSlots(tenantId: string, draft: Draft, memory: Memory): Promise<void> {
    const { slots } = await this.keys(tenantId, memory);
    for (const key of slots) if (draft.holder(key) === null) draft.reserve(key, memory.id);
  }

  private async keys(tenantId: string, memory: Memory): Promise<{ content: string; slots: string[] }> {
    const { ownership, claims } = memory;
    return {
      content: await this.contentKey(tenantId, memory),
      slots: await this.statements.slotKeys(tenantId, ownership, claims),
    };
  }
}

function takeFree(draft: Draft, keys: readonly string[], owner: string): void {
  for (const key of keys) if (typeof draft.holder(key) !== 'string') draft.reserve(key, owner);
}
