import type { Moment, MemoryQueries } from '#libs/ports/memory-queries.js';
import { invalid } from '#libs/service-kit/problem.js';
import { instantOf } from '#libs/contracts/instant.js';

const digits = /^\d+$/;
/** Another zone would be another place in the log, so none is taken for granted. */
const withZone = /(?:Z|[+-]\d{2}:?\d{2})$/i;

/** @throws ServiceError validation_failed naming `field` */
export function momentOf(asked: string | number, field: string): Moment {
  const text = String(asked).trim();
  const position = digits.test(text) ? Number(text) : null;
  if (position !== null && Number.isSafeInteger(position)) return { position };
  const instant = withZone.test(text) ? instantOf(text) : null;
  if (instant !== null) return { instant };
  throw invalid(
    field,
    'must be a position of the log such as 42, or a time with its zone such as 2026-03-01T10:30:00Z',
  );
}

/**
 * The position of the log that a request names; null when it names none.
 * @throws ServiceError validation_failed when it is no moment, or one outside the log
 */
export async function positionAt(
  queries: MemoryQueries,
  tenantId: string,
  asked: string | number | undefined,
  field: string,
): Promise<number | null> {
  if (asked === undefined) return null;
  const answer = await queries.moment(tenantId, momentOf(asked, field));
  switch (answer.kind) {
    case 'found':
      return answer.position;
    case 'future':
      throw invalid(field, `lies in the future: the log ends at position ${answer.head}`);
    case 'before':
      throw invalid(
        field,
        answer.begins === null
          ? 'lies before the log begins: nothing was written yet'
          : `lies before the log begins, at position 1 on ${answer.begins}`,
      );
  }
}
