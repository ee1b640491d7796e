import type { QuestionOnTheWire, SearchResultOnTheWire } from '#libs/contracts/rest/search-answers.js';
import type { QuestionReading, ScoreExplanation } from '#libs/domain/ranking/explanation.js';
import type { SearchAnswerHit } from '#libs/ports/memory-queries.js';
import type { EpisodeRow } from '#libs/ports/memory-reader.js';
import { presentMemory, standardImportance } from './memory.presenter.js';

/** The results of a search, best first. */
export function presentHits(hits: readonly SearchAnswerHit[], tenantId: string): SearchResultOnTheWire[] {
  const best = hits[0]?.score ?? 0;
  return hits.map((hit) => presentHit(hit, best, tenantId));
}

/** One result: a memory, or a message in the form of one. */
function presentHit(hit: SearchAnswerHit, best: number, tenantId: string): SearchResultOnTheWire {
  const item = hit.memory !== null ? presentMemory(hit.memory, tenantId) : presentEpisode(hit.episode!, tenantId);
  return {
    ...item,
    score: hit.score,
    similarity: best > 0 ? Math.max(0, hit.score / best) : 0,
    rrf_score: hit.score,
    ...(hit.explanation && presentExplanation(hit.explanation)),
    sources: hit.sources.map(({ messageId, externalId, start, end }) => ({
      message_id: messageId,
      external_id: externalId,
      start,
      end,
    })),
  };
}

/** Ids of the memories among the hits. */
export function memoriesIn(hits: readonly SearchAnswerHit[]): string[] {
  return hits.flatMap(({ memory }) => memory?.id ?? []);
}

function presentExplanation({ scoredId, features, adjustments }: ScoreExplanation) {
  return {
    scores: Object.fromEntries(features.map(({ name, value }) => [name, value])),
    explanation: { scored_id: scoredId, features: [...features], adjustments: [...adjustments] },
  };
}

/** How a question was understood. */
export function presentQuestion(question: QuestionReading): QuestionOnTheWire {
  const { text, terms, speakers, addressedRole, asks, isHistorical, days } = question;
  return {
    ...{ text, terms: [...terms], speakers: [...speakers], addressed_role: addressedRole, asks: [...asks] },
    ...{ historical: isHistorical, days },
  };
}

function presentEpisode(row: EpisodeRow, tenantId: string) {
  const { ownership } = row;
  return {
    id: row.id,
    owner_id: tenantId,
    owner_clerk_id: tenantId,
    user_id: ownership.userId,
    end_user_id: ownership.userId,
    content: row.content,
    memory_type: 'episode',
    // That it was said is certain; whether it is so is not what an episode says.
    confidence: 1,
    importance_score: standardImportance,
    metadata: row.metadata,
    source_type: 'episode',
    agent_id: ownership.agentId,
    team_id: ownership.teamId,
    project_id: ownership.projectId,
    session_id: ownership.sessionId,
    scope: ownership.scope,
    status: 'active',
    valid_from: null,
    valid_to: null,
    superseded_by: null,
    version: 1,
    created_at: row.createdAt,
    updated_at: row.createdAt,
    external_id: row.externalId,
    conversation_id: row.conversationId,
    role: row.role,
    name: row.speaker,
    said_at: row.saidAt,
  };
}
