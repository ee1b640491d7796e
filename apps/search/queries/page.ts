import type { Page } from '#libs/ports/memory-queries.js';
import type { PageStart } from '#libs/ports/memory-reader.js';

/** One row more than asked tells whether there is a next page. */
export async function page<T extends PageStart>(
  limit: number,
  read: (limit: number) => Promise<T[]>,
): Promise<Page<T>> {
  const rows = await read(limit + 1);
  if (rows.length <= limit) return { rows, next: null };
  const { createdPosition, id } = rows[limit - 1]!;
  return { rows: rows.slice(0, limit), next: { createdPosition, id } };
}
