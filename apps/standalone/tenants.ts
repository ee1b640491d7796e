import { parseArgs } from 'node:util';
import { type Plan, planOf, plans, selfHosted } from '#libs/contracts/plans.js';
import { openStandaloneDatabase, type StandaloneDatabase } from '#libs/profiles/standalone-database.js';
import { runCommand, say, UsageError } from './command-line.js';

const usage = `Tenants of a Memorystack server, and their plans. Works while the server runs, and without it.

  npm run tenants -- list
  npm run tenants -- create TENANT [--plan PLAN]
  npm run tenants -- show TENANT
  npm run tenants -- set-plan TENANT PLAN

  PLAN       ${plans.map(({ name }) => name).join(', ')}

  A server that runs goes by a new plan within a second. npm run keys makes a tenant's API keys.
`;

await runCommand(usage, async (words, configuration) => {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { plan: { type: 'string' } },
  });
  const [action, tenantId, plan] = positionals;
  const work = workOf(action, tenantId, plan ?? values.plan);
  if (!work) throw new UsageError(`"${positionals.join(' ')}" is not something that tenants can do.`);
  const database = await openStandaloneDatabase(configuration, {
    holdFolder: 'share',
    onProgress: () => undefined,
    onUnexpectedExit: say,
  });
  try {
    await work(database);
  } finally {
    await database.close();
  }
});

function workOf(action: string | undefined, tenantId: string | undefined, plan: string | undefined) {
  if (action === 'list') return list;
  if (tenantId === undefined) return null;
  if (action === 'create') {
    const { name } = knownPlan(plan ?? selfHosted.name);
    return (database: StandaloneDatabase) => create(database, tenantId, name);
  }
  if (action === 'show') return (database: StandaloneDatabase) => show(database, tenantId);
  if (action !== 'set-plan' || plan === undefined) return null;
  const { name } = knownPlan(plan);
  return (database: StandaloneDatabase) => setPlan(database, tenantId, name);
}

function knownPlan(name: string): Plan {
  const plan = plans.find((one) => one.name === name);
  if (!plan) throw new UsageError(`There is no plan "${name}".`);
  return plan;
}

function unknownTenant(tenantId: string): UsageError {
  return new UsageError(`There is no tenant ${tenantId}; npm run tenants -- list shows them.`);
}

async function list({ tenants }: StandaloneDatabase): Promise<void> {
  const all = await tenants.list();
  if (all.length === 0) say('There are no tenants.');
  for (const { tenantId, planTier, createdAt } of all) say([tenantId, planTier, createdAt].join('  '));
}

async function create({ tenants }: StandaloneDatabase, tenantId: string, plan: string): Promise<void> {
  if (!(await tenants.ensure(tenantId, plan))) throw new UsageError(`There is a tenant ${tenantId} already.`);
  say(`Tenant ${tenantId} has the plan ${plan}. Make its first key: npm run keys -- create --tenant ${tenantId}`);
}

async function show({ tenants }: StandaloneDatabase, tenantId: string): Promise<void> {
  const found = (await tenants.list()).find((tenant) => tenant.tenantId === tenantId);
  if (!found) throw unknownTenant(tenantId);
  const { quotas, rate } = planOf(found.planTier);
  const use = await tenants.use(tenantId);
  const of = (limit: number | null): string => (limit === null ? '(no limit)' : `of ${limit}`);
  say(`Tenant                ${tenantId}`);
  say(`Plan                  ${found.planTier}`);
  say(`Made                  ${found.createdAt}`);
  say(`API calls this month  ${use.apiCallsPerMonth} ${of(quotas.apiCallsPerMonth)}`);
  say(`Memories              ${use.memories} ${of(quotas.memories)}`);
  say(`Storage               ${use.storageBytes} bytes ${of(quotas.storageBytes)}`);
  say(`Requests a second     ${rate ? `${rate.ratePerSecond}, ${rate.burst} at once` : 'as the server is set'}`);
}

async function setPlan({ tenants }: StandaloneDatabase, tenantId: string, plan: string): Promise<void> {
  if (!(await tenants.setPlan(tenantId, plan))) throw unknownTenant(tenantId);
  say(`Tenant ${tenantId} has the plan ${plan} now.`);
}
