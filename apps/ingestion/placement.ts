import type { CommandRefused } from '#libs/contracts/commands.js';
import type { OwnershipNames } from '#libs/domain/memory/memory.events.js';
import { type Caller, type Ownership, placed, type Placement } from '#libs/domain/scope/ownership.js';

/** Where a new memory of `caller` belongs, or why it may not go there. */
export function ownershipOf(caller: Caller, placement: Placement): Ownership | CommandRefused {
  const ownership = placed(caller, placement);
  if (!('lacks' in ownership)) return ownership;
  const [scope] = ownership.lacks.split('_');
  return {
    kind: 'refused',
    code: 'validation_failed',
    detail: `scope=${scope} needs a ${scope}: send ${ownership.lacks}.`,
  };
}

export function isRefused(value: Ownership | CommandRefused): value is CommandRefused {
  return 'kind' in value;
}

export function namesOf(caller: Caller): OwnershipNames {
  return { project: caller.project.name, team: caller.team?.name ?? null, agent: caller.agent?.name ?? null };
}
