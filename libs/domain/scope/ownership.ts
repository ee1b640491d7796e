import { type Filter, matches } from './filter.js';

/** Who may see a memory: its writer alone, the team, the project, or everyone in the session. */
export const scopes = ['personal', 'team', 'project', 'session'] as const;
export type Scope = (typeof scopes)[number];

/** Where a memory or an episode belongs. Ids, not names: names are the caller's text and are encrypted. */
export interface Ownership {
  scope: Scope;
  projectId: string;
  /** The writer's team and agent: they decide visibility. Null when the writer named none. */
  ownerTeamId: string | null;
  ownerAgentId: string | null;
  /** What the caller labelled the memory with; the writer's own where it gave no label. Filters only. */
  teamId: string | null;
  agentId: string | null;
  /** The end user whom the memory is about; null is the tenant itself (`self`). */
  userId: string | null;
  sessionId: string | null;
}

export interface NamedIdentity {
  id: string;
  name: string;
}

/** Who asks, after the key's binding was laid over what the request claims. */
export interface Caller {
  tenantId: string;
  /** Public id of the API key (never the secret). */
  keyId: string;
  project: NamedIdentity;
  team: NamedIdentity | null;
  agent: (NamedIdentity & { type: string | null }) | null;
  sessionId: string | null;
  /** The only user whose memories the key may touch; null when the key is not bound to a user. */
  boundUserId: string | null;
}

/** What an API key is tied to; null means that the request may claim anything. */
export interface KeyBinding {
  projectName: string | null;
  teamName: string | null;
  agentName: string | null;
  userId: string | null;
}

/** What a request says of itself. A claim is no boundary while one key is shared; a binding is. */
export interface IdentityClaim {
  projectName: string | null;
  teamName: string | null;
  agentName: string | null;
  agentType: string | null;
  sessionId: string | null;
  userId: string | null;
}

export const defaultProjectName = 'default';

export type ResolvedClaim =
  | { kind: 'resolved'; claim: IdentityClaim & { projectName: string } }
  | { kind: 'outside_binding'; field: keyof KeyBinding };

/** Lays the binding over the claim: an absent claim takes the bound value, a different one is refused. */
export function resolveClaim(binding: KeyBinding, claim: IdentityClaim): ResolvedClaim {
  for (const field of ['projectName', 'teamName', 'agentName', 'userId'] as const) {
    const bound = binding[field];
    const claimed = claim[field];
    if (bound !== null && claimed !== null && claimed !== bound) return { kind: 'outside_binding', field };
  }
  return {
    kind: 'resolved',
    claim: {
      ...claim,
      projectName: binding.projectName ?? claim.projectName ?? defaultProjectName,
      teamName: binding.teamName ?? claim.teamName,
      agentName: binding.agentName ?? claim.agentName,
      userId: binding.userId ?? claim.userId,
    },
  };
}

/** A scope that was not asked for: shared inside the session when there is one, else private to the writer. */
export function defaultScope(sessionId: string | null): Scope {
  return sessionId === null ? 'personal' : 'session';
}

/**
 * What `caller` may see, as a filter: own personal, own team, the project and the same session, never another
 * project. A caller that names no session also sees what it wrote in sessions itself.
 */
export function visibleTo(caller: Caller): Filter {
  const ownerAgentId = caller.agent?.id ?? null;
  const ways: Filter[] = [
    {
      and: [
        { field: 'scope', equals: 'personal' },
        { field: 'ownerAgentId', equals: ownerAgentId },
      ],
    },
    { field: 'scope', equals: 'project' },
  ];
  if (caller.team) {
    ways.push({
      and: [
        { field: 'scope', equals: 'team' },
        { field: 'ownerTeamId', equals: caller.team.id },
      ],
    });
  }
  ways.push({
    and: [
      { field: 'scope', equals: 'session' },
      caller.sessionId === null
        ? { field: 'ownerAgentId', equals: ownerAgentId }
        : { field: 'sessionId', equals: caller.sessionId },
    ],
  });
  const visible: Filter[] = [{ field: 'projectId', equals: caller.project.id }, { or: ways }];
  if (caller.boundUserId !== null) visible.push({ field: 'userId', equals: caller.boundUserId });
  return { and: visible };
}

/** What a caller says of the place of a memory, before defaults. Null means: not given. */
export interface Placement {
  scope: Scope | null;
  userId: string | null;
  /** Labels; they filter and never decide who may see. */
  agentId: string | null;
  teamId: string | null;
  conversationId: string | null;
}

/** Where a new memory of `caller` belongs, or the identity that its scope needs and the caller lacks. */
export function placed(caller: Caller, placement: Placement): Ownership | { lacks: 'team_name' | 'session_id' } {
  const scope = placement.scope ?? defaultScope(caller.sessionId);
  if (scope === 'team' && caller.team === null) return { lacks: 'team_name' };
  if (scope === 'session' && caller.sessionId === null) return { lacks: 'session_id' };
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

/** Whether `caller` may see what belongs there: no other field decides. */
export function sees(caller: Caller, ownership: Ownership): boolean {
  const unasked = { memoryType: '', status: '', confidence: 0, metadata: {}, saidAt: '', validFrom: '', validTo: null };
  const rest = { kind: 'memory', ...unasked } as const;
  return matches({ ...ownership, ...rest }, visibleTo(caller));
}

/** The part of a `content:` reservation that says whose copy it is: two owners may hold the same sentence. */
export function ownerOf(ownership: Ownership): string {
  switch (ownership.scope) {
    case 'personal':
      return `agent:${ownership.ownerAgentId ?? ''}`;
    case 'team':
      return `team:${ownership.ownerTeamId ?? ''}`;
    case 'project':
      return 'project';
    case 'session':
      return `session:${ownership.sessionId ?? ''}`;
  }
}

/** Whose belief it is, and about which end user: only beliefs with the same identity are ever compared. */
export function believerIdentity(ownership: Ownership): string[] {
  const { scope, projectId, userId } = ownership;
  return [scope, projectId, ownerOf(ownership), userId === null ? 'self' : `user:${userId}`];
}

/** The beliefs of the same believer, as a filter. */
export function ofSameBeliever(ownership: Ownership): Filter {
  const { scope, projectId, userId } = ownership;
  const same: Filter[] = [
    { field: 'scope', equals: scope },
    { field: 'projectId', equals: projectId },
    { field: 'userId', equals: userId },
  ];
  if (scope === 'personal') same.push({ field: 'ownerAgentId', equals: ownership.ownerAgentId });
  if (scope === 'team') same.push({ field: 'ownerTeamId', equals: ownership.ownerTeamId });
  if (scope === 'session') same.push({ field: 'sessionId', equals: ownership.sessionId });
  return { and: same };
}

/** The same as one text. */
export function believerKey(ownership: Ownership): string {
  return believerIdentity(ownership).join('|');
}
