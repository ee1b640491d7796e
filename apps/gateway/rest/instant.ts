import { instantOf } from '#libs/contracts/instant.js';
import { invalid } from '#libs/service-kit/problem.js';

/** @throws ServiceError validation_failed naming `field` */
export function requireInstant(text: string, field: string, edge: 'start' | 'end' = 'start'): string {
  const instant = instantOf(text, edge);
  if (instant === null) throw invalid(field, 'must be an ISO 8601 date or time such as 2024-05-01T10:30:00Z');
  return instant;
}
