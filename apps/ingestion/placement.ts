import type { CommandRefused, Placement } from '#libs/contracts/commands.js';
import type { OwnershipNames } from '#libs/domain/memory/memory.events.js';
import { type Caller, defaultScope, type Ownership } from '#libs/domain/scope/ownership.js';

/** Where a new memory of `caller` belongs, or why it may not go there. */
export function ownershipOf(caller: Caller, placement: Placement): Ownership | CommandRefused {
  const scope = placement.scope ?? defaultScope(caller.sessionId);
  if (scope === 'team' && caller.team === null) return refused('scope=team needs a team: send team_name.');
  if (scope === 'session' && caller.sessionId === null)
    return refused('scope=session needs a session: send session_id.');
  return {
    scope,
    projectId: caller.project.id,
    ownerTeamId: caller.team?.id ?? null,
    ownerAgentId: caller.agent?.id ?? null,
    teamId: placement.teamId ?? caller.team?.id ?? null,
    agentId: placement.agentId ?? caller.agent?.id ?? null,
    userId: caller.boundUserId ?? placement.userId,
    sessionId: caller.sessionId,
  };
}

function refused(detail: string): CommandRefused {
  return { kind: 'refused', code: 'validation_failed', detail };
}

export function isRefused(value: Ownership | CommandRefused): value is CommandRefused {
  return 'kind' in value;
}

export function namesOf(caller: Caller): OwnershipNames {
  return { project: caller.project.name, team: caller.team?.name ?? null, agent: caller.agent?.name ?? null };
}
