import { type Caller, type IdentityClaim, type KeyBinding, resolveClaim } from '#libs/domain/scope/ownership.js';
import type { AccessKey } from '#libs/ports/access-keys.js';
import type { Identities } from '#libs/ports/identities.js';

export type ResolvedCaller =
  { kind: 'resolved'; caller: Caller } | { kind: 'outside_binding'; field: keyof KeyBinding };

/** The fields of a request that claim it. */
export const bindingWords: Readonly<Record<keyof KeyBinding, string>> = {
  projectName: 'project_name',
  teamName: 'team_name',
  agentName: 'agent_name',
  userId: 'user_id',
};

export function outsideSentence(field: keyof KeyBinding): string {
  const word = bindingWords[field];
  return `This API key is bound to another ${word}: leave ${word} out.`;
}

/** Who asks: what is claimed, under what the key is bound to. */
export async function resolveCaller(
  identities: Identities,
  { id: keyId, tenantId, binding }: Pick<AccessKey, 'id' | 'tenantId' | 'binding'>,
  claimed: IdentityClaim,
): Promise<ResolvedCaller> {
  const resolved = resolveClaim(binding, claimed);
  if (resolved.kind === 'outside_binding') return resolved;
  const { projectName, teamName, agentName, agentType, sessionId } = resolved.claim;
  const projectId = await identities.id(tenantId, 'project', [projectName]);
  const named = async (kind: 'team' | 'agent', name: string) => ({
    id: await identities.id(tenantId, kind, [projectId, name]),
    name,
  });
  const caller: Caller = {
    tenantId,
    keyId,
    project: { id: projectId, name: projectName },
    team: teamName === null ? null : await named('team', teamName),
    agent: agentName === null ? null : { ...(await named('agent', agentName)), type: agentType },
    sessionId,
    boundUserId: binding.userId,
  };
  return { kind: 'resolved', caller };
}
