import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ServiceError } from '#libs/contracts/errors.js';
import { bindingWords, outsideSentence, resolveCaller } from '#libs/access/resolve-caller.js';
import type { Caller, IdentityClaim, KeyBinding } from '#libs/domain/scope/ownership.js';
import type { AccessKey } from '#libs/ports/access-keys.js';
import { Identities } from '#libs/ports/identities.js';

/** The part of a request that says who asks. */
export type IdentifiedRequest = Pick<FastifyRequest, 'accessKey' | 'body' | 'query'>;

/** Turns what a request claims to be, under what its key is bound to, into the caller that everything else sees. */
@Injectable()
export class Callers {
  constructor(private readonly identities: Identities) {}

  /**
   * @param more claims that this route finds elsewhere; they come before the fields of the request
   * @throws ServiceError outside_binding, unauthenticated
   */
  async of(request: IdentifiedRequest, more: Partial<IdentityClaim> = {}): Promise<Caller> {
    const accessKey = keyOf(request);
    const resolved = await resolveCaller(this.identities, accessKey, { ...claimOf(request), ...more });
    if (resolved.kind === 'outside_binding') throw outsideBinding(resolved.field);
    return resolved.caller;
  }
}

/** The key that authentication found; a route that it did not guard fails here. */
export function keyOf(request: Pick<FastifyRequest, 'accessKey'>): AccessKey {
  if (request.accessKey === null) throw new ServiceError('unauthenticated', 'This path needs an API key.');
  return request.accessKey;
}

export function outsideBinding(field: keyof KeyBinding): ServiceError {
  return new ServiceError('outside_binding', outsideSentence(field), { field: bindingWords[field] });
}

/** Who the request says it is: the field of the body, else of the query. `user_id` is a filter on reads, so not here. */
export function claimOf({ body, query }: Pick<FastifyRequest, 'body' | 'query'>): IdentityClaim {
  const sources = [body, query] as (Record<string, unknown> | null | undefined)[];
  const claimed = (field: string): string | null => {
    const found = sources.find((source) => typeof source?.[field] === 'string')?.[field];
    return typeof found === 'string' ? found : null;
  };
  return {
    projectName: claimed('project_name'),
    teamName: claimed('team_name'),
    agentName: claimed('agent_name'),
    agentType: claimed('agent_type'),
    sessionId: claimed('session_id'),
    userId: null,
  };
}
