import { Injectable } from '@nestjs/common';
import type { MaintainedMemory } from '#libs/domain/maintenance/maintained-memory.js';
import type { PatternProposal } from '#libs/domain/maintenance/pattern.js';
import { profileCard } from '#libs/domain/maintenance/profile-card.js';
import { citedBy, type DeriveChange, type PlannedChange } from '#libs/domain/maintenance/planned-change.js';
import type { RunRequest } from '#libs/domain/maintenance/run-request.js';
import type { Conversation } from '#libs/domain/maintenance/session-summaries.js';
import { isBelieved, isDerived } from '#libs/domain/memory/memory.evolve.js';
import { believerKey, type Ownership } from '#libs/domain/scope/ownership.js';
import { MemoryMining } from '#libs/ports/memory-mining.js';
import type { ProjectedMemory } from '#libs/ports/read-model-store.js';
import { derivedUuid } from './plan.js';

/** What is merged into one memory in one run; the rest is for the next. */
const sourcesPerMerge = 100;
/** Sources that a derived memory names: the last of them speak for it best. */
const sourcesNamed = 100;
const dayMs = 86_400_000;

/** The memories of one believer, and what else is known of them. */
export interface Believer {
  /** Believed now; for a reflection also what was, in the order of their ids. */
  memories: readonly ProjectedMemory[];
  /** The last day on which a memory was shown to somebody, by its id. */
  lastReadDays: ReadonlyMap<string, string>;
  /** What was said in the window of a reflection. */
  conversations: readonly Conversation[];
}

/** Turns what is found among the memories of a believer into planned changes. */
@Injectable()
export class Mining {
  constructor(private readonly finding: MemoryMining) {}

  changes(tenantId: string, request: RunRequest, believer: Believer): Promise<PlannedChange[]> {
    switch (request.kind) {
      case 'consolidate':
        return this.merges(request, believer);
      case 'reflect':
        return this.conclusions(tenantId, request, believer);
      case 'expire':
        return this.expiries(request, believer);
    }
  }

  private async merges({ settings }: RunRequest, believer: Believer): Promise<PlannedChange[]> {
    const { named, memories } = seen(believer);
    const similarityThreshold = settings.similarity_threshold;
    const found = await this.finding.mine({ find: 'merges', memories, similarityThreshold });
    return found.map(({ canonicalId, sourceIds, similarity, reasons }) => ({
      ...{ change: 'merge', ...named(canonicalId), similarity, reasons },
      sources: sourceIds.slice(0, sourcesPerMerge).map(named),
    }));
  }

  private async expiries({ settings, askedAt: now }: RunRequest, believer: Believer): Promise<PlannedChange[]> {
    const { named, memories } = seen(believer);
    const citedIds = citedBy(believer.memories);
    const found = await this.finding.mine({
      ...{ find: 'expiries', memories, now, citedIds, archiveAfterDays: settings.archive_after_days },
      ...{ slotHalfLives: {}, importantTypes: new Set<string>() },
    });
    return found.map(({ memoryId, kind, reason, since }) => ({
      ...{ change: 'expire', ...named(memoryId), to: kind === 'archive' ? 'archived' : 'stale' },
      because: { reason, since, last_read_day: believer.lastReadDays.get(memoryId) ?? null },
    }));
  }

  private async conclusions(tenantId: string, { settings, askedAt }: RunRequest, believer: Believer) {
    const { named, memories } = seen(believer);
    const windowFrom = new Date(Date.parse(askedAt) - settings.time_window_days * dayMs).toISOString();
    const isDeep = settings.analysis_depth === 'deep';
    const patterns = await this.finding.mine({
      ...{ find: 'patterns', memories, windowFrom, windowTo: askedAt, depth: settings.analysis_depth },
      minPatternStrength: settings.min_pattern_strength,
    });
    const summaries = isDeep
      ? await this.finding.mine({ find: 'summaries', conversations: believer.conversations })
      : [];
    const card = profileCard(memories.filter(isBelieved));
    const [first] = believer.memories;
    if (!first) return [];
    const derivedBefore = new Map(believer.memories.filter(isDerived).map((memory) => [memory.id, memory]));
    return [...patterns, ...(card ? [card] : []), ...summaries].flatMap((found) => {
      const change = conclusionOf(tenantId, first.ownership, found, named, believer);
      const before = derivedBefore.get(change.memoryId);
      if (before === undefined) return [change];
      return isSaid(before, change) ? [] : [{ ...change, version: before.version }];
    });
  }
}

/** The memories as the domain looks at them, and their names with the versions that they have. */
function seen({ memories, lastReadDays }: Believer) {
  const versions = new Map(memories.map(({ id, version }) => [id, version]));
  return {
    named: (memoryId: string) => ({ memoryId, version: versions.get(memoryId)! }),
    memories: memories.map((memory): MaintainedMemory => ({
      ...memory,
      // The last event is the latest evidence or came after it.
      ...(memory.evidence.length > 1 ? { lastToldAt: memory.updatedAt } : {}),
      lastReadDay: lastReadDays.get(memory.id) ?? null,
      derived: isDerived(memory),
    })),
  };
}

/** Its id is that of the same conclusion in every run, so that the next run says it anew instead of once more. */
function conclusionOf(
  tenantId: string,
  ownership: Ownership,
  { key, kind, content, memoryType, confidence, strength, sourceIds, validFrom, head }: PatternProposal,
  named: (id: string) => { memoryId: string; version: number },
  { conversations }: Believer,
): DeriveChange {
  const isSummary = kind === 'session_summary';
  const episodes = conversations.find(({ id }) => id === head)?.episodes ?? [];
  const spans = episodes.filter(({ id }) => sourceIds.includes(id));
  const memoryId = derivedUuid('derived', tenantId, believerKey(ownership), key);
  return {
    ...{ change: 'derive', memoryId, version: 0, key, rule: `reflect.${kind}`, content, memoryType, confidence },
    ...{ ownership: sharedBy(ownership), metadata: { kind, strength, head }, observedAt: validFrom },
    validFrom: { instant: validFrom, precision: 'day' },
    evidenceId: derivedUuid('evidence', memoryId, content, sourceIds),
    sources: isSummary ? [] : sourceIds.slice(-sourcesNamed).map(named),
    spans: spans.map(({ id, text }) => ({ messageId: id, externalId: null, start: 0, end: text.length })),
  };
}

/** What a believer concluded is no single agent's or session's, unless these are whose belief it is. */
function sharedBy(ownership: Ownership): Ownership {
  const { scope, projectId, userId, ownerTeamId, ownerAgentId, sessionId } = ownership;
  const nobody = { ownerTeamId: null, ownerAgentId: null, teamId: null, agentId: null, sessionId: null };
  const owner = {
    personal: { ownerAgentId, agentId: ownerAgentId },
    team: { ownerTeamId, teamId: ownerTeamId },
    project: {},
    session: { sessionId },
  }[scope];
  return { scope, projectId, userId, ...nobody, ...owner };
}

/** Whether the memory says it already, on the same sources. */
function isSaid(before: ProjectedMemory, { content, evidenceId }: DeriveChange): boolean {
  return before.content === content && before.evidence.some(({ id }) => id === evidenceId);
}
