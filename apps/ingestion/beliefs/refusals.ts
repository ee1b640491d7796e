import type { CommandRefused } from '#libs/contracts/commands.js';
import type { AppendResult } from '#libs/ports/log-writer.js';
import type { Draft } from './draft.js';

export const notFound: CommandRefused = {
  kind: 'refused',
  code: 'not_found',
  detail: 'There is no such memory, or this key may not see it.',
};

export function superseded(by: string | null): CommandRefused {
  return {
    kind: 'refused',
    code: 'superseded',
    detail: 'Another memory took its place: change that one, or undo what replaced it.',
    facts: { superseded_by: by },
  };
}

/** When what a draft wants to say in the words of one memory is said by another already. */
export function contentConflict(
  { held }: Extract<AppendResult, { kind: 'reservation_held' }>,
  draft: Draft,
): CommandRefused | null {
  const taken = held.find(({ key, owner }) => key.startsWith('content:') && owner !== null && draft.takes(key));
  if (!taken) return null;
  return {
    kind: 'refused',
    code: 'content_conflict',
    detail: 'Another memory in this scope already says this; update or delete that one.',
    facts: { memory_id: taken.owner },
  };
}
