import type { MemoryReader, NearMemory } from '#libs/ports/memory-reader.js';
import type { Database } from './database.js';
import { Gathering } from './gathering.js';
import { isStorable } from './prisma-filter.js';
import { projection, version } from './read-model-rows.js';
import { uuidPattern } from './shown-rows.js';

interface Question {
  believer: string;
  near: Parameters<MemoryReader['believedNear']>[2];
}

type Answer = Awaited<ReturnType<MemoryReader['believedNear']>>;

/** A memory under the number of the question that its slot answers; null for one that was asked for by its id. */
interface Row {
  question: number | null;
  position: number | null;
  id: string | null;
  content: string;
  observed_at: Date;
  modality: string;
}

/** `MemoryReader.believedNear`: every write asks it, so those that are asked at the same time share a statement. */
export class BelievedNear {
  private readonly questions: Gathering<Question, Answer>;

  constructor(private readonly db: Database) {
    this.questions = new Gathering((tenantId, questions) => this.answers(tenantId, questions));
  }

  of(tenantId: string, believer: string, near: Question['near']): Promise<Answer> {
    return this.questions.ask(tenantId, { believer, near });
  }

  private async answers(tenantId: string, questions: readonly Question[]): Promise<Answer[]> {
    const slots = questions.flatMap(({ believer, near }, number) =>
      near.slots.map(({ subject, slot }) => ({ number, believer, subject, slot, limit: near.limit })),
    );
    const wanted = slots.filter((one) => [one.believer, one.subject, one.slot].every(isStorable));
    const ids = questions.flatMap(({ near }) => near.ids.filter((id) => uuidPattern.test(id)));
    const values = [
      tenantId,
      wanted.map(({ number }) => number),
      wanted.map(({ believer }) => believer),
      wanted.map(({ subject }) => subject),
      wanted.map(({ slot }) => slot),
      wanted.map(({ limit }) => limit),
      [...new Set(ids)],
      projection,
      version,
    ];
    const rows = await this.db.readAsTenant<Row>(tenantId, { ...memoriesNear, values });
    const bySlot = questions.map(() => new Map<string, NearMemory>());
    const byId = new Map<string, NearMemory>();
    for (const row of rows) {
      const { question, id, content, observed_at: observedAt, modality } = row;
      if (id === null) continue;
      const found = question === null ? byId : bySlot[question]!;
      found.set(id, { id, content, observedAt: observedAt.toISOString(), modality });
    }
    const position = rows[0]?.position ?? 0;
    return questions.map(({ near }, number) => {
      const found = bySlot[number]!;
      const { size } = found;
      for (const id of near.ids) if (byId.has(id)) found.set(id, byId.get(id)!);
      return { near: [...found.values()], bySlot: size, position };
    });
  }
}

const columns = 'memory_id AS id, content, observed_at, modality';

/** It is believed, and somebody said it: what was concluded stands against nothing that is told. */
const isComparable = `status IN ('active', 'disputed', 'stale') AND modality <> 'derived'`;

/** The position that the rows hold comes with them, also when there are none. */
const memoriesNear = {
  name: 'memories near statements',
  text: `SELECT log.position, found.* FROM (SELECT
      (SELECT position FROM projection_checkpoints WHERE tenant_id = $1 AND projection = $8 AND version = $9) AS position
    ) log LEFT JOIN (
      SELECT asked.question, of_slot.* FROM (
        SELECT question, max(rows) AS rows FROM unnest($2::int[], $6::int[]) AS asked (question, rows) GROUP BY question
      ) asked CROSS JOIN LATERAL (
        SELECT ${columns} FROM memories
        WHERE tenant_id = $1 AND ${isComparable} AND memory_id IN (
          SELECT claim_slots.memory_id
          FROM unnest($2::int[], $3::text[], $4::text[], $5::text[]) AS wanted (question, believer, subject, slot)
          JOIN claim_slots ON claim_slots.tenant_id = $1 AND claim_slots.believer = wanted.believer
            AND claim_slots.subject = wanted.subject AND claim_slots.slot = wanted.slot
          WHERE wanted.question = asked.question)
        ORDER BY updated_position DESC, id LIMIT asked.rows
      ) of_slot
      UNION ALL
      SELECT NULL, ${columns} FROM memories
      WHERE tenant_id = $1 AND ${isComparable} AND memory_id = ANY($7::uuid[])
    ) found ON true`,
};
