import type { Caller, Ownership } from './ownership.js';

/** Who asks, in the words of the request. Names repeat across projects, as they do in life. */
export interface Asker {
  project: string;
  team: string | null;
  agent: string | null;
  session: string | null;
  boundUser: string | null;
}

/** What was remembered, by whom, and about whom. */
export interface Remembered {
  scope: Ownership['scope'];
  project: string;
  team: string | null;
  agent: string | null;
  session: string | null;
  user: string | null;
}

interface Rule {
  scope: string;
  when: string;
  visible: boolean;
  applies(memory: Remembered, asker: Asker): boolean;
}

/**
 * Who sees what, from above: the first rule that applies decides. Written from the promises of the API, not from the
 * code: the table of docs/scopes.md is printed from it, and the code is compared with it.
 */
export const visibilityRules: Rule[] = [
  {
    scope: 'any',
    when: 'the key is bound to a user, and the memory is about another user or about none',
    visible: false,
    applies: (memory, asker) => asker.boundUser !== null && memory.user !== asker.boundUser,
  },
  {
    scope: 'any',
    when: 'it was written in another project',
    visible: false,
    applies: (memory, asker) => memory.project !== asker.project,
  },
  {
    scope: 'project',
    when: 'it was written in the same project, by anyone',
    visible: true,
    applies: (memory) => memory.scope === 'project',
  },
  {
    scope: 'team',
    when: 'the request names the team of the writer',
    visible: true,
    applies: (memory, asker) => memory.scope === 'team' && memory.team === asker.team,
  },
  {
    scope: 'team',
    when: 'the request names another team, or none',
    visible: false,
    applies: (memory) => memory.scope === 'team',
  },
  {
    scope: 'personal',
    when: 'the request names the agent that wrote it; requests without an agent are one writer',
    visible: true,
    applies: (memory, asker) => memory.scope === 'personal' && memory.agent === asker.agent,
  },
  {
    scope: 'personal',
    when: 'the request names another agent, also of the same team or in the same session',
    visible: false,
    applies: (memory) => memory.scope === 'personal',
  },
  {
    scope: 'session',
    when: 'the request names the same session',
    visible: true,
    applies: (memory, asker) => memory.scope === 'session' && asker.session === memory.session,
  },
  {
    scope: 'session',
    when: 'the request names another session, also of the same agent',
    visible: false,
    applies: (memory, asker) => memory.scope === 'session' && asker.session !== null,
  },
  {
    scope: 'session',
    when: 'the request names no session, and the agent that wrote it',
    visible: true,
    applies: (memory, asker) => memory.scope === 'session' && asker.agent === memory.agent,
  },
  {
    scope: 'session',
    when: 'the request names no session, and another agent',
    visible: false,
    applies: (memory) => memory.scope === 'session',
  },
];

/** What a key's binding makes of a claim, for each of project, team, agent and user. */
export const bindingRules = [
  { bound: null, claimed: null, outcome: 'unnamed' },
  { bound: null, claimed: 'A', outcome: 'A' },
  { bound: 'A', claimed: null, outcome: 'A' },
  { bound: 'A', claimed: 'A', outcome: 'A' },
  { bound: 'A', claimed: 'B', outcome: 'refused' },
] as const;

const projects = ['default', 'content_team'];
const orNone = (...names: string[]): (string | null)[] => [null, ...names];

export function* everyAsker(): Generator<Asker> {
  for (const project of projects)
    for (const team of orNone('editorial'))
      for (const agent of orNone('support'))
        for (const session of orNone('monday', 'tuesday'))
          for (const boundUser of orNone('alice')) yield { project, team, agent, session, boundUser };
}

export function* everyMemory(): Generator<Remembered> {
  for (const scope of ['personal', 'team', 'project', 'session'] as const)
    for (const project of projects)
      for (const team of orNone('editorial', 'sales'))
        for (const agent of orNone('support', 'billing'))
          for (const session of orNone('monday', 'tuesday'))
            for (const user of orNone('alice', 'bob')) {
              const isPossible = (scope !== 'team' || team !== null) && (scope !== 'session' || session !== null);
              if (isPossible) yield { scope, project, team, agent, session, user };
            }
}

const idIn = (project: string, name: string | null): string | null => name && `${project}/${name}`;

export function callerOf({ project, team, agent, session, boundUser }: Asker): Caller {
  return {
    tenantId: 'tenant',
    keyId: 'key',
    project: { id: `project ${project}`, name: project },
    team: team === null ? null : { id: idIn(project, team)!, name: team },
    agent: agent === null ? null : { id: idIn(project, agent)!, name: agent, type: null },
    sessionId: session,
    boundUserId: boundUser,
  };
}

/** Its labels name whoever asks, because labels must never decide who may see it. */
export function ownershipOf({ scope, project, team, agent, session, user }: Remembered, asker: Asker): Ownership {
  return {
    scope,
    projectId: `project ${project}`,
    ownerTeamId: idIn(project, team),
    ownerAgentId: idIn(project, agent),
    teamId: idIn(asker.project, asker.team),
    agentId: idIn(asker.project, asker.agent),
    userId: user,
    sessionId: session,
  };
}

/** The page docs/scopes.md. */
export function scopesPage(): string {
  const rows = visibilityRules.map(({ scope, when, visible }) => [scope, when, visible ? 'yes' : 'no']);
  const outcomes = { unnamed: 'nobody named (project: `default`)', A: 'A', refused: '403 `outside_binding`' };
  const claims = bindingRules.map(({ bound, claimed, outcome }) => [
    bound ?? 'not bound',
    claimed ?? 'not sent',
    outcomes[outcome],
  ]);
  return `# Who may see a memory

A memory has a scope. \`scope\` in the request sets it; without it, a memory that is written with a \`session_id\` is
shared in that session (\`session\`), and any other is its writer's own (\`personal\`). \`scope=team\` needs a
\`team_name\`, \`scope=session\` a \`session_id\`.

The first row that applies decides. The same rules hold for lists, searches, single reads, changes and deletions; what
may not be seen answers 404, as if it did not exist. Another tenant's memories are never seen.

${table(['scope', 'when', 'visible'], rows)}

Teams and agents are known by project and name: the team \`editorial\` of one project is not that of another. The fields
\`team_id\` and \`agent_id\` of a memory are labels to filter by. They never decide who may see it.

## What a request claims, and what its key is bound to

\`project_name\`, \`team_name\`, \`agent_name\` and \`user_id\` are claims: as long as one key is shared, everybody who has it
can claim anything. A key can be bound to any of them (\`npm run keys -- create --project P --team T --agent A --user U\`).
For each of the four:

${table(['key', 'request', 'acts as'], claims)}
`;
}

function table(header: string[], rows: string[][]): string {
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]!.length)));
  const line = (cells: string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
