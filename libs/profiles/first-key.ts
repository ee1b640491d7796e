import type { Tenants } from '#libs/adapters/postgres/tenants.js';
import { unboundKey } from '#libs/ports/access-keys.js';

/** The tenant of whoever starts a server for themselves. */
const firstTenant = 'default';

/** What became of the first API key: made now (to be shown once), taken from the configuration now, or made before. */
export type FirstKey = { kind: 'made'; secret: string } | { kind: 'chosen' } | { kind: 'exists' };

/** At the first start there is no key yet: the operator's becomes the first one, else one is made. */
export async function ensureFirstKey(tenants: Tenants, chosen: string | null): Promise<FirstKey> {
  if (await tenants.hasKeys()) return { kind: 'exists' };
  await tenants.ensure(firstTenant, 'self-hosted');
  const { secret } = await tenants.createKey(firstTenant, {
    name: 'first key',
    binding: unboundKey,
    secret: chosen ?? undefined,
  });
  return chosen === null ? { kind: 'made', secret } : { kind: 'chosen' };
}

/** For the person at the terminal; a key is shown this once. */
export function firstKeyLines(firstKey: FirstKey): string[] {
  switch (firstKey.kind) {
    case 'made':
      return [
        `API key: ${firstKey.secret}`,
        `It is shown only now. Keep it: export MEMORYSTACK_API_KEY=${firstKey.secret}`,
      ];
    case 'chosen':
      return ['API key: the one in MEMORYSTACK_API_KEY'];
    case 'exists':
      return ['API key: shown at the first start; `npm run keys -- create` makes another one'];
  }
}
