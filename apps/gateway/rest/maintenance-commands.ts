import type { FastifyRequest } from 'fastify';
import type { ConsolidateBody, ExpireBody, ReflectBody } from '#libs/contracts/rest/maintenance-requests.js';
import type { RunRequest, RunSettings } from '#libs/domain/maintenance/run-request.js';
import type { MaintenanceKind } from '#libs/domain/maintenance/run.js';
import { standardSettings } from '#libs/domain/maintenance/settings.js';
import { type Filter } from '#libs/domain/scope/filter.js';
import { type Caller, type KeyBinding, visibleTo } from '#libs/domain/scope/ownership.js';
import { invalid } from '#libs/service-kit/problem.js';
import { keyOf } from '../access/callers.js';
import { canonicalJson } from '#libs/contracts/canonical-json.js';
import { ownerFilter } from './request-filters.js';

/** Only what is said in the same words is as alike as this. */
const sameWords = 1;

export function consolidateRequest(body: ConsolidateBody, request: FastifyRequest, caller: Caller): RunRequest {
  const threshold = either(body, 'similarity_threshold');
  const isInOtherWords = either(body, 'check_redundancy') ?? true;
  const similarity_threshold = isInOtherWords
    ? (threshold ?? standardSettings.consolidationSimilarityThreshold)
    : sameWords;
  return runRequest('consolidate', body, request, caller, { similarity_threshold });
}

export function reflectRequest(body: ReflectBody, request: FastifyRequest, caller: Caller): RunRequest {
  return runRequest('reflect', body, request, caller, {
    time_window_days: either(body, 'time_window_days') ?? standardSettings.reflectionTimeWindowDays,
    analysis_depth: (either(body, 'analysis_depth') as RunSettings['analysis_depth'] | undefined) ?? 'shallow',
    min_pattern_strength: either(body, 'min_pattern_strength') ?? standardSettings.reflectionMinPatternStrength,
  });
}

export function expireRequest(body: ExpireBody, request: FastifyRequest, caller: Caller): RunRequest {
  const archive_after_days = either(body, 'archive_after_days') ?? standardSettings.archiveAfterDays;
  return runRequest('expire', body, request, caller, { archive_after_days });
}

/** What a key is bound to, as one text; null: to nothing. */
export function boundTo(binding: KeyBinding): string | null {
  return Object.values(binding).some((bound) => bound !== null) ? canonicalJson(binding) : null;
}

type RunBody = Pick<ExpireBody, 'dry_run' | 'max_retired_share' | 'user_id' | 'scope' | 'agent_id' | 'team_id'>;

/** A key that is bound to nothing looks after all memories of its tenant; another one after those that it may see. */
function runRequest(
  kind: MaintenanceKind,
  body: RunBody,
  request: FastifyRequest,
  caller: Caller,
  settings: Partial<RunSettings>,
): RunRequest {
  const binding = boundTo(keyOf(request).binding);
  const within: Filter[] = [...ownerFilter(body), ...(binding === null ? [] : [visibleTo(caller)])];
  return {
    kind,
    isDryRun: either(body, 'dry_run') ?? false,
    settings: { ...standardRunSettings, ...settings },
    within: { and: within },
    maxRetiredShare: either(body, 'max_retired_share') ?? standardSettings.maxRetiredShare,
    boundTo: binding,
    askedAt: new Date().toISOString(),
  };
}

const standardRunSettings: RunSettings = {
  similarity_threshold: standardSettings.consolidationSimilarityThreshold,
  time_window_days: standardSettings.reflectionTimeWindowDays,
  analysis_depth: standardSettings.reflectionAnalysisDepth,
  min_pattern_strength: standardSettings.reflectionMinPatternStrength,
  archive_after_days: standardSettings.archiveAfterDays,
};

/**
 * A field under its name, or as JavaScript writes it.
 * @throws ServiceError validation_failed when both are there and say different things
 */
function either<Body extends object, Name extends keyof Body & string>(body: Body, name: Name): Body[Name] | undefined {
  const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const [snakeValue, camelValue] = [body[name], (body as Record<string, unknown>)[camel] as Body[Name] | undefined];
  if (snakeValue !== undefined && camelValue !== undefined && snakeValue !== camelValue) {
    throw invalid(camel, `says something else than ${name}: send one of them`);
  }
  return snakeValue ?? camelValue;
}
