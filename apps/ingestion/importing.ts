import { Injectable } from '@nestjs/common';
import {
  byCommandId,
  type Command,
  type CommandEnvelope,
  type CommandOutcome,
  type CommandRefused,
  type ImportedRow,
  type ImportRow,
} from '#libs/contracts/commands.js';
import { limits, plaintextBytesPerCommit } from '#libs/domain/limits.js';
import { contentIdentity, decideRevision } from '#libs/domain/memory/memory.decide.js';
import type { Evidence, MemoryImported } from '#libs/domain/memory/memory.events.js';
import {
  absentMemory,
  isBelieved,
  isDerived,
  type Memory,
  type MemoryState,
} from '#libs/domain/memory/memory.evolve.js';
import { type Ownership, sees } from '#libs/domain/scope/ownership.js';
import { Identities } from '#libs/ports/identities.js';
import { CommitTooLarge, LogWriter } from '#libs/ports/log-writer.js';
import { LogReader } from '#libs/ports/log-reader.js';
import { accepted, appendBase, decisionAttempts, derivedId, finalRefusal, unlessRepeated } from './appending.js';
import { Believing, supportOf } from './beliefs/believing.js';
import { Draft, KnownOwners, type Why } from './beliefs/draft.js';
import { RecentClaims } from './beliefs/recent-claims.js';
import { Reserving } from './beliefs/reserving.js';
import { Statements } from './beliefs/statements.js';
import { KnownMemories } from './known-memories.js';
import { isRefused, namesOf, ownershipOf } from './placement.js';
import type { Candidate } from './understanding.js';

type Import = Extract<Command, { type: 'ImportMemories' }>;

/** A row that may go in, and what it would be. */
interface Ready {
  row: ImportRow;
  /** The request as the owner of the row would have made it. */
  envelope: CommandEnvelope;
  candidate: Candidate & { learned: MemoryImported };
}

/** What a row comes to: events to append, or none. */
interface Decided {
  outcome: ImportedRow['outcome'];
  memoryId: string | null;
  detail?: string;
  draft?: Draft;
}

const importRule = 'import';
/** Few enough that a conflict, which keeps all of them out, costs little. */
const rowsPerCommit = 50;
/** Plain bytes that headers and JSON add to each event. */
const eventOverheadBytes = 1_500;
const byImport: Why = { reason: 'import', decision: { rule: importRule } };
const firstTime: CommandRefused = { kind: 'refused', code: 'overloaded', detail: 'Not repeated.' };

/**
 * Carries out `ImportMemories`: each row by itself, so that one that cannot go in keeps no other out. What a file tells
 * of beliefs was compared where it came from, and stays as it is; only where a belief that is not of the same import
 * holds the slot of a claim, the row is compared with it like a statement that is told now.
 */
@Injectable()
export class Importing {
  constructor(
    private readonly log: LogWriter,
    private readonly logReader: LogReader,
    private readonly identities: Identities,
    private readonly known: KnownMemories,
    private readonly statements: Statements,
    private readonly believing: Believing,
    private readonly reserving: Reserving,
    private readonly recent: RecentClaims,
  ) {}

  async carryOut(envelope: CommandEnvelope, command: Import): Promise<CommandOutcome> {
    const base = await appendBase(envelope, this.identities);
    const repeated = await unlessRepeated(this.log, base, `import-${command.importId}`, firstTime);
    if (repeated !== firstTime) return repeated;
    const results = await this.importAll(envelope, command);
    const done = { ...base, events: [], expectedVersions: {}, destroyStreamKeys: [] };
    const reservations = { take: {}, expect: {}, release: [] };
    const result = await this.log.append({ ...done, reservations, outcome: { results } });
    if (result.kind === 'appended') return accepted(result);
    return finalRefusal(result) ?? firstTime;
  }

  private async importAll(envelope: CommandEnvelope, command: Import): Promise<ImportedRow[]> {
    const { tenantId } = envelope.caller;
    const prepared = await Promise.all(command.rows.map((row) => this.prepare(envelope, command, row)));
    const ready = prepared.filter((one) => 'candidate' in one);
    const states = await this.known.statesOfTenant(
      tenantId,
      ready.map(({ candidate }) => candidate.learned.data.memoryId),
    );
    const keys = ready.flatMap(({ candidate: { contentKey, slotKeys } }) => [contentKey, ...slotKeys]);
    const owners = new KnownOwners();
    if (keys.length > 0) owners.foresee(await this.logReader.holders(tenantId, keys));
    const ahead = inEachOthersWay(ready);
    const results = prepared.filter((one) => 'outcome' in one);
    const saidByNow = new Set<string>();
    const one = async (each: Ready): Promise<void> => {
      const isSaid = command.dryRun && saidByNow.has(each.candidate.contentKey);
      saidByNow.add(each.candidate.contentKey);
      results.push(isSaid ? wouldMeet(command, each) : await this.importRow(command, each, owners, states));
    };
    const isFresh = ({ candidate: { learned, contentKey, slotKeys } }: Ready): boolean =>
      states.get(learned.data.memoryId)?.kind === 'absent' &&
      [contentKey, ...slotKeys].every((key) => typeof owners.of(key) !== 'string');
    const first = ready.filter((each) => !ahead.has(each));
    const fresh = command.dryRun ? [] : first.filter(isFresh);
    const left = new Set(first.filter((each) => !fresh.includes(each)));
    const together = async (rows: Ready[]): Promise<void> => {
      const created = await this.importFresh(rows, owners);
      if (created) results.push(...created);
      else for (const each of rows) left.add(each);
    };
    await Promise.all(commitsOf(fresh).map(together));
    await Promise.all([...left].map(one));
    for (const each of ready.filter((later) => ahead.has(later))) await one(each);
    return results.sort((left, right) => left.row - right.row);
  }

  /** Memories that nothing is in the way of, in one commit. @returns null where something was, and none is in */
  private async importFresh(rows: readonly Ready[], owners: KnownOwners): Promise<ImportedRow[] | null> {
    const { envelope } = rows[0]!;
    const draft = new Draft(envelope, owners, limits.eventsPerCommit);
    for (const ready of rows) this.begin(draft, ready);
    const base = await appendBase(envelope, this.identities);
    const result = await this.log.append({ ...base, ...draft.request(), outcome: {}, destroyStreamKeys: [] });
    if (result.kind !== 'appended' || result.commitId === null) return null;
    this.recent.appended(base.tenantId, result.position, draft.events);
    return rows.map(({ row, candidate }) => ({
      ...{ row: row.row, outcome: 'created' as const, memoryId: candidate.learned.data.memoryId, detail: null },
    }));
  }

  private async prepare(envelope: CommandEnvelope, command: Import, row: ImportRow): Promise<Ready | ImportedRow> {
    const { tenantId } = envelope.caller;
    const own = {
      ...envelope,
      caller: { ...envelope.caller, ...row.owner },
      commandId: derivedId(envelope, 'row', row.row),
    };
    const ownership = ownershipOf(own.caller, row.placement);
    if (isRefused(ownership)) return { row: row.row, outcome: 'refused', memoryId: row.id, detail: ownership.detail };
    const observedAt = row.observedAt ?? envelope.receivedAt;
    const [statement, contentKey] = await Promise.all([
      this.statements.readSoon(row.content, observedAt, row.modality ?? undefined),
      this.identities.contentKey(tenantId, contentIdentity(ownership, row.memoryType, row.content)),
    ]);
    const memoryId =
      row.id ?? derivedId({ ...envelope, commandId: contentKey }, 'imported', row.system, row.rowId ?? '');
    const data = this.imported(own, command, row, { memoryId, ownership, observedAt, modality: statement.modality });
    const learned = { type: 'MemoryImported' as const, data: { ...data, read: this.statements.recorded(statement) } };
    const slotKeys = await this.statements.slotKeys(tenantId, ownership, statement.claims);
    return {
      row,
      envelope: { ...own, idempotency: byCommandId(own) },
      candidate: { contentKey, slotKeys, learned, statement, why: byImport },
    };
  }

  private imported(
    { caller, receivedAt }: CommandEnvelope,
    { importId }: Import,
    row: ImportRow,
    placed: { memoryId: string; ownership: Ownership; observedAt: string; modality: string },
  ): MemoryImported['data'] {
    const { content, memoryType, confidence, metadata, validFrom, validTo, status, earlier, system, rowId } = row;
    const [evidence = this.importAsEvidence(placed.memoryId, row), ...moreEvidence] = row.evidence;
    const createdAt = row.createdAt ?? receivedAt;
    return {
      ...placed,
      ...{ content, memoryType, confidence, metadata, validFrom, validTo, status, evidence, moreEvidence, earlier },
      names: namesOf(caller),
      ...(row.supersededBy !== null && { supersededBy: row.supersededBy }),
      ...{ createdAt, updatedAt: row.updatedAt ?? createdAt, origin: { importId, system, rowId } },
    };
  }

  /** The same for the same row of the same system, so that a file that comes twice adds nothing. */
  private importAsEvidence(memoryId: string, { system, rowId, metadata }: ImportRow): Evidence {
    const id = derivedId({ commandId: memoryId } as CommandEnvelope, 'evidence', system, rowId ?? '');
    const origin = { session: null, source: 'user' };
    return { id, sourceType: 'statement', sources: [], ruleId: importRule, extractorVersion: null, metadata, origin };
  }

  private async importRow(
    command: Import,
    ready: Ready,
    owners: KnownOwners,
    states: Map<string, MemoryState>,
  ): Promise<ImportedRow> {
    const { row, envelope, candidate } = ready;
    const { memoryId } = candidate.learned.data;
    const told = ({
      outcome,
      memoryId: id,
      detail = null,
    }: Omit<Decided, 'draft' | 'detail'> & { detail?: string | null }) => ({
      ...{ row: row.row, outcome, memoryId: id, detail },
    });
    for (let attempt = 0; attempt < decisionAttempts; attempt += 1) {
      const { draft, ...decided } = await this.decide(command, ready, owners, states.get(memoryId) ?? absentMemory);
      if (draft === undefined || command.dryRun) return told(decided);
      try {
        const base = await appendBase(envelope, this.identities);
        const request = { ...base, ...draft.request(), outcome: {}, destroyStreamKeys: [] };
        const result = await this.log.append(request);
        if (result.kind === 'appended') {
          if (result.commitId !== null) this.recent.appended(base.tenantId, result.position, draft.events);
          return told(decided);
        }
        const final = finalRefusal(result);
        if (final?.kind === 'refused') return told({ outcome: 'refused', memoryId, detail: final.detail });
        if (result.kind === 'reservation_held') owners.learn(result);
      } catch (error) {
        if (!(error instanceof CommitTooLarge)) throw error;
        return told({
          outcome: 'refused',
          memoryId,
          detail: `It takes more than ${error.limitBytes} bytes in the log.`,
        });
      }
      for (const [id, state] of await this.known.statesOfTenant(envelope.caller.tenantId, [memoryId]))
        states.set(id, state);
    }
    return told({ outcome: 'refused', memoryId, detail: 'Others keep changing the same memory: import it again.' });
  }

  private async decide(command: Import, ready: Ready, owners: KnownOwners, state: MemoryState): Promise<Decided> {
    const { envelope, candidate } = ready;
    const { data } = candidate.learned;
    const { memoryId } = data;
    if (state.kind === 'erased') return refused(memoryId, 'This memory was erased here and does not come back.');
    if (state.kind === 'known') {
      // That it is there is told to those alone who may see it; the id cannot be used all the same.
      if (!sees(envelope.caller, state.memory.ownership)) return refused(memoryId, 'The id is taken: leave it out.');
      return this.onto(command, ready, owners, state.memory);
    }
    const holder = owners.of(candidate.contentKey);
    if (holdsWords(data) && typeof holder === 'string') {
      const held = await this.known.ofTenant(envelope.caller.tenantId, holder);
      if (held) return this.onto(command, ready, owners, held);
    }
    return { outcome: 'created', memoryId, draft: await this.newMemory(command, ready, owners) };
  }

  private async newMemory(command: Import, { envelope, candidate }: Ready, owners: KnownOwners): Promise<Draft> {
    const { data } = candidate.learned;
    const draft = new Draft(envelope, owners, limits.eventsPerCommit);
    const heldBy = candidate.slotKeys.flatMap((key) => draft.holder(key) ?? []);
    if (data.status === 'active' && holdsWords(data) && heldBy.length > 0) {
      const holders = await this.known.allOfTenant(envelope.caller.tenantId, heldBy);
      if ([...holders.values()].some(({ importId }) => importId !== command.importId)) {
        await this.believing.tell(envelope, draft, candidate);
        return draft;
      }
    }
    this.begin(draft, { candidate });
    return draft;
  }

  /** It holds what nobody else holds. */
  private begin(draft: Draft, { candidate }: Pick<Ready, 'candidate'>): void {
    const { data } = candidate.learned;
    draft.append(candidate.learned, data.ownership.userId, byImport, data.observedAt);
    if (!holdsWords(data)) return;
    draft.reserve(candidate.contentKey, data.memoryId);
    for (const key of candidate.slotKeys) {
      const holder = draft.holder(key);
      if (typeof holder === 'string') draft.relyOn(key, holder);
      else draft.reserve(key, data.memoryId);
    }
  }

  /** A row whose memory, or one that says the same, is there already. */
  private async onto(command: Import, ready: Ready, owners: KnownOwners, memory: Memory): Promise<Decided> {
    const { id: memoryId } = memory;
    if (command.mode === 'skip' || !isBelieved(memory)) return { outcome: 'skipped', memoryId };
    const draft = new Draft(ready.envelope, owners, limits.eventsPerCommit);
    if (command.mode === 'merge') this.merge(ready, draft, memory);
    else await this.replace(ready, draft, memory);
    if (draft.events.length === 0) return { outcome: 'skipped', memoryId };
    return { outcome: command.mode === 'merge' ? 'merged' : 'replaced', memoryId, draft };
  }

  private merge({ candidate }: Ready, draft: Draft, memory: Memory): void {
    const { evidence, moreEvidence, observedAt } = candidate.learned.data;
    const added = [evidence, ...moreEvidence].filter(({ id }) => memory.evidence.every((held) => held.id !== id));
    if (added.length === 0) return;
    draft.know(memory);
    for (const piece of added) {
      const weight = supportOf(piece, draft.memory(memory.id)!.evidence);
      const data = { memoryId: memory.id, evidence: piece, weight };
      draft.append({ type: 'MemoryReinforced', data }, memory.ownership.userId, byImport, observedAt);
    }
  }

  private async replace({ candidate, envelope }: Ready, draft: Draft, memory: Memory): Promise<void> {
    const { content, memoryType, confidence, metadata, read } = candidate.learned.data;
    const wanted = { expectedVersion: null, content, memoryType, confidence, metadata };
    const decision = decideRevision({ kind: 'known', memory }, wanted);
    if (decision.kind !== 'events') return;
    draft.know(memory);
    for (const { type, data } of decision.events) {
      const event = { type, data: { ...data, ...(data.content !== undefined && { read }) } };
      draft.append(event, memory.ownership.userId, byImport);
      await this.reserving.move(envelope.caller.tenantId, draft, memory, draft.memory(memory.id)!);
    }
  }
}

function refused(memoryId: string, detail: string): Decided {
  return { outcome: 'refused', memoryId, detail };
}

/** As many rows as fit into one commit, with room for what is encrypted around them. */
function commitsOf(rows: readonly Ready[]): Ready[][] {
  const commits: Ready[][] = [];
  let bytes = 0;
  for (const ready of rows) {
    const size = Buffer.byteLength(JSON.stringify(ready.candidate.learned)) + eventOverheadBytes;
    const last = commits.at(-1);
    const fits = last && last.length < rowsPerCommit && bytes + size <= plaintextBytesPerCommit;
    if (fits) last.push(ready);
    else commits.push([ready]);
    bytes = fits ? bytes + size : size;
  }
  return commits;
}

/** A dry run wrote nothing that a later row could find. */
function wouldMeet({ mode }: Import, { row, candidate }: Ready): ImportedRow {
  const outcome = mode === 'merge' && row.evidence.length > 0 ? 'merged' : 'skipped';
  return { row: row.row, outcome, memoryId: candidate.learned.data.memoryId, detail: null };
}

/** Rows that want what an earlier row of the same command wants: they are decided one after another, when it is in. */
function inEachOthersWay(rows: readonly Ready[]): Set<Ready> {
  const wanted = new Set<string>();
  const later = new Set<Ready>();
  for (const ready of rows) {
    const { contentKey, slotKeys, learned } = ready.candidate;
    const keys = [learned.data.memoryId, contentKey, ...slotKeys];
    if (keys.some((key) => wanted.has(key))) later.add(ready);
    for (const key of keys) wanted.add(key);
  }
  return later;
}

/** Whether nobody else may say the same beside it: what is retired, or was only concluded, leaves room. */
function holdsWords(data: { status: string; modality: string }): boolean {
  return isBelieved(data) && !isDerived(data);
}
