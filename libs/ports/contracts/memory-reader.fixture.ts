import { contradictionRow, emptyChanges, episodeRow, projectedMemory, rowId, somewhere } from './read-model.fixture.js';

export const at = '2026-03-01T10:00:00.000Z';

/** Many rows at few positions, so that ids have to decide the order. */
export const memories = Array.from({ length: 60 }, (_, index) =>
  projectedMemory((index * 37) % 60, {
    createdPosition: 1 + (index % 7),
    memoryType: index % 3 === 0 ? 'plan' : 'fact',
    status: index % 10 === 0 ? 'forgotten' : 'active',
  }),
);
export const episodes = Array.from({ length: 25 }, (_, index) =>
  episodeRow((index * 7) % 25, { createdPosition: 1 + (index % 4) }),
);
/** Every other one is settled; the last two are of a team. Each is between a memory and the next. */
export const contradictions = Array.from({ length: 12 }, (_, index) =>
  contradictionRow((index * 5) % 12, {
    createdPosition: 1 + (index % 3),
    memoryId: rowId('memory', index),
    otherId: rowId('memory', index + 1),
    ownership: index < 10 ? somewhere : { ...somewhere, scope: 'team', ownerTeamId: 't' },
    ...(index % 2 === 0 && { settlement: 'superseded' as const, reason: 'newer', settledAt: at }),
  }),
);

/** All of it, as one batch of changes. */
export function directory() {
  const agent = { agentType: null, role: null, personality: null, createdAt: at };
  const agents = [1, 2, 3, 4].map((number) => ({
    ...{ ...agent, id: rowId('agent', number), name: `agent ${number}`, teamId: number === 3 ? 't' : null },
    ...{ projectId: number === 4 ? 'q' : 'p', createdPosition: number === 2 ? 9 : 1 },
  }));
  const handoff = { projectId: 'p', fromAgent: 'a', toAgent: 'b', recordedAt: at };
  const handoffs = [1, 2, 3].map((number) => ({
    ...{ ...handoff, id: rowId('handoff', number), sessionId: number === 2 ? 'other' : 's' },
    ...{ reason: `reason ${number}`, context: { n: number }, createdPosition: number },
  }));
  const projects = [{ id: 'p', name: 'default', projectId: 'p', createdPosition: 1 }];
  const teams = [{ id: 't', name: 'editorial', projectId: 'p', createdPosition: 1 }];
  const runs = [1, 2, 3].map((number) => ({
    ...{ id: rowId('run', number), kind: number === 2 ? ('reflect' as const) : ('consolidate' as const) },
    ...{ createdAt: at, createdPosition: number },
  }));
  return { ...emptyChanges(), memories, contradictions, episodes, agents, handoffs, projects, teams, runs };
}
