import { Injectable } from '@nestjs/common';
import { BeliefNeighbours, believed, CANDIDATES_BY_WORDS } from '#libs/beliefs/neighbours.js';
import { Policies } from '#libs/beliefs/policies.js';
import { StatementCache } from '#libs/beliefs/statement-cache.js';
import { ServiceError } from '#libs/contracts/errors.js';
import { verdictOn } from '#libs/domain/belief/verdict.js';
import { isDerived } from '#libs/domain/memory/memory.evolve.js';
import { matches } from '#libs/domain/scope/filter.js';
import { type Caller, ofSameBeliever, type Ownership, placed, visibleTo } from '#libs/domain/scope/ownership.js';
import { MemoryReader, type MemoryRow } from '#libs/ports/memory-reader.js';
import type { RelationsAnswer, RelationsQuery } from '#libs/ports/memory-queries.js';
import { rowFilterable } from './row-filterable.js';

/** Says how a statement stands to what is believed, as ingestion would find it; changes nothing. */
@Injectable()
export class Relations {
  constructor(
    private readonly reader: MemoryReader,
    private readonly neighbours: BeliefNeighbours,
    private readonly statements: StatementCache,
    private readonly policies: Policies,
  ) {}

  async answer(caller: Caller, { content, confidence, placement, askedAt }: RelationsQuery): Promise<RelationsAnswer> {
    const ownership = placed(caller, placement);
    if ('lacks' in ownership) {
      throw new ServiceError('validation_failed', `This scope needs ${ownership.lacks}: send it.`);
    }
    const policies = await this.policies.of(caller.tenantId);
    const statement = this.statements.read(content, askedAt);
    const told = { statement, confidence, source: 'user', validFrom: null };
    const { near, isDegraded } = await this.neighbours.of(caller.tenantId, statement, ownership);
    const rows = await this.withNewest(
      caller.tenantId,
      ownership,
      near.map(({ id }) => id),
    );
    const visible = visibleTo(caller);
    const relations = rows
      .filter((row) => !isDerived(row) && matches(rowFilterable(row), visible))
      .map((memory) => {
        const { content: text, observedAt, modality, confidence: sure, validFrom } = memory;
        const held = { statement: this.statements.read(text, observedAt, modality), confidence: sure, validFrom };
        const isSameSession = ownership.sessionId !== null && memory.ownership.sessionId === ownership.sessionId;
        const verdict = verdictOn(told, { ...held, source: memory.source }, isSameSession, policies);
        return { memory, relation: verdict.relation, policy: verdict.policy, wouldSupersede: verdict.stays === 'told' };
      });
    return { relations, isDegraded };
  }

  /** Where little is near, the newest beliefs are compared too: a person wants to see what it was held against. */
  private async withNewest(tenantId: string, ownership: Ownership, near: readonly string[]): Promise<MemoryRow[]> {
    const found = new Map((await this.reader.memories(tenantId, near)).map((row) => [row.id, row]));
    const rows = near.flatMap((id) => found.get(id) ?? []);
    const missing = CANDIDATES_BY_WORDS - rows.length;
    if (missing <= 0) return rows;
    const filter = { and: [believed, ofSameBeliever(ownership)] };
    const newest = await this.reader.listMemories(tenantId, {
      ...{ filter, order: 'desc', after: null, limit: CANDIDATES_BY_WORDS },
    });
    return [...rows, ...newest.filter(({ id }) => !found.has(id)).slice(0, missing)];
  }
}
