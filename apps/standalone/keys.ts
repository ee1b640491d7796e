import { parseArgs } from 'node:util';
import { openStandaloneDatabase, type StandaloneDatabase } from '#libs/profiles/standalone-database.js';
import { say, runCommand, UsageError } from './command-line.js';

const usage = `API keys of a Memorystack server. Works while the server runs, and without it.

  npm run keys -- create [--tenant NAME] [--name TEXT] [--project P] [--team T] [--agent A] [--user U]
  npm run keys -- list [--tenant NAME]
  npm run keys -- revoke KEY_ID

  --tenant   whose key it is (default); made when it does not exist
  --name     what the key is for, for the list
  --project --team --agent --user
             bind the key: a request that claims to be anyone else is refused
`;

await runCommand(usage, async (words, configuration) => {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      tenant: { type: 'string' },
      name: { type: 'string', default: 'made by npm run keys' },
      project: { type: 'string' },
      team: { type: 'string' },
      agent: { type: 'string' },
      user: { type: 'string' },
    },
  });
  const [action, keyId] = positionals;
  const database = await openStandaloneDatabase(configuration, {
    holdFolder: 'share',
    onProgress: () => undefined,
    onUnexpectedExit: say,
  });
  try {
    if (action === 'create') await create(database, values);
    else if (action === 'list') await list(database, values.tenant ?? null);
    else if (action === 'revoke' && keyId) await revoke(database, keyId);
    else throw new UsageError(`"${positionals.join(' ')}" is not something that keys can do.`);
  } finally {
    await database.close();
  }
});

interface CreateOptions {
  tenant?: string;
  name: string;
  project?: string;
  team?: string;
  agent?: string;
  user?: string;
}

async function create({ tenants }: StandaloneDatabase, options: CreateOptions): Promise<void> {
  const { tenant = 'default', name, project = null, team = null, agent = null, user = null } = options;
  if (team !== null && project === null)
    throw new UsageError('--team needs --project: team names repeat across projects.');
  await tenants.ensure(tenant, 'self-hosted');
  const binding = { projectName: project, teamName: team, agentName: agent, userId: user };
  const { keyId, secret } = await tenants.createKey(tenant, { name, binding });
  say(`Tenant  ${tenant}`);
  say(`Key id  ${keyId}`);
  say(`Key     ${secret}`);
  say('This is the only time the key is shown.');
}

async function list({ tenants }: StandaloneDatabase, tenant: string | null): Promise<void> {
  const keys = await tenants.listKeys(tenant);
  if (keys.length === 0) say('There are no keys.');
  for (const { keyId, tenantId, name, hint, binding, createdAt, revokedAt } of keys) {
    const bound = Object.entries(binding).flatMap(([field, value]) => (value === null ? [] : [`${field}=${value}`]));
    const state = revokedAt === null ? 'active' : `revoked ${revokedAt}`;
    say([keyId, tenantId, `…${hint}`, createdAt, state, bound.join(' ') || 'unbound', name].join('  '));
  }
}

async function revoke({ tenants }: StandaloneDatabase, keyId: string): Promise<void> {
  if (!(await tenants.revokeKey(keyId)))
    throw new UsageError(`There is no active key ${keyId}; npm run keys -- list shows them.`);
  say(`Key ${keyId} no longer works.`);
}
