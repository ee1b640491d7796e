// The history that a golden log tells: every type of event, every optional field with a value and without one.
const memory = (number) => `a0000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const other = (kind, number) => `${kind}0000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const stream = (number) => `memory-${memory(number)}`;

/** Its key is not written down: nothing of it can be read. */
export const ERASED_STREAM = stream(3);

const alone = {
  ...{ scope: 'personal', projectId: other('9', 1), ownerTeamId: null, ownerAgentId: null },
  ...{ teamId: null, agentId: null, userId: null, sessionId: null },
};
const inSession = {
  ...{ scope: 'session', projectId: other('9', 1), ownerTeamId: other('9', 2), ownerAgentId: other('9', 3) },
  ...{ teamId: 'label of a team', agentId: 'label of an agent', userId: 'alice', sessionId: 'monday' },
};
const names = { project: 'default', team: 'editorial', agent: 'support' };
const nameless = { project: 'default', team: null, agent: null };
const nothing = { take: {}, expect: {}, release: [] };
const day = (date) => ({ instant: `${date}T00:00:00.000Z`, precision: 'day' });

const messages = [
  {
    ...{ id: other('b', 1), role: 'user', speaker: 'Ana', externalId: 'm-1' },
    content: 'I moved to Porto — «último maio» 🙂. I like green tea.',
    saidAt: '2026-02-28T23:30:00.000Z',
  },
  {
    ...{ id: other('b', 2), role: 'assistant', speaker: null, externalId: null },
    content: 'Noted: 緑茶!',
    saidAt: '2026-02-28T23:30:05.000Z',
  },
];

const quoted = (evidence, number, quote) => ({
  id: other('f', evidence),
  sourceType: 'message',
  sources: [
    {
      ...{ messageId: messages[number].id, externalId: messages[number].externalId },
      start: messages[number].content.indexOf(quote),
      end: messages[number].content.indexOf(quote) + quote.length,
    },
  ],
  ...{ ruleId: 'preference.like', extractorVersion: 'rules-1', metadata: { channel: 'chat' } },
});
const stated = (evidence, metadata = {}) => ({
  ...{ id: other('f', evidence), sourceType: 'statement', sources: [] },
  ...{ ruleId: 'statement', extractorVersion: null, metadata },
});

function learned(number, more) {
  const defaults = {
    ...{ memoryId: memory(number), ownership: alone, names: nameless, content: `Memory ${number}` },
    ...{ memoryType: 'fact', confidence: 0.8, metadata: {}, modality: 'asserted' },
    ...{ observedAt: '2026-03-01T09:59:00.000Z', validFrom: null, validTo: null, evidence: stated(number) },
  };
  return [stream(number), { type: 'MemoryLearned', data: { ...defaults, ...more } }];
}
const about = (number, type, data = {}) => [stream(number), { type, data: { memoryId: memory(number), ...data } }];

const agent = {
  ...{ agentId: other('9', 3), name: 'support', agentType: 'bot', role: null, personality: null },
  project: { id: other('9', 1), name: 'default' },
  team: { id: other('9', 2), name: 'editorial' },
};
const registered = (data) => [`agent-${data.agentId}`, { type: 'AgentRegistered', data }];
const handedOver = (number, data) => [
  `handoff-${other('8', number)}`,
  { type: 'AgentHandoffRecorded', data: { handoffId: other('8', number), projectId: other('9', 1), ...data } },
];

const conversation = {
  ...{
    conversationId: other('7', 1),
    ownership: inSession,
    names,
    metadata: { channel: 'chat', tags: ['a', 1, null] },
  },
  ...{ extractorVersion: 'rules-1', messages },
};

const claim = {
  ...{ subject: 'self', slot: 'residence', value: 'Porto', normal: 'porto', polarity: 'positive' },
  ...{ modality: 'asserted', aspect: 'current', qualifiers: ['in summer'], quantity: { amount: 2, unit: 'year' } },
  ...{ validFrom: day('2025-05-01'), validTo: null },
};
const read = (claims) => ({ claims, claimsVersion: 'statements-1' });
const origin = { session: other('6', 1), source: 'user' };
const contradiction = (number) => other('5', number);
const ofContradiction = (number, type, data) => [
  `contradiction-${contradiction(number)}`,
  { type, data: { contradictionId: contradiction(number), ...data } },
];
const detected = (number, told, held, settlement) =>
  ofContradiction(number, 'ContradictionDetected', {
    ...{ ownership: alone, memoryId: memory(told), otherId: memory(held), kind: 'update', probability: 0.93 },
    ...{ ruleId: 'relation.single_slot', rulesVersion: 'relations-1', evidence: ['slot=residence'] },
    ...{ slot: 'residence', settlement, weights: { told: -1.2, held: -2 } },
  });

/** Claims, contradictions, and what became of the beliefs in them. */
const beliefCommits = [
  {
    reservations: { take: { 'content:6': memory(6), 'slot:6': memory(6) }, expect: {}, release: [] },
    events: [
      learned(6, {
        content: 'I live in Porto in summer',
        read: read([claim]),
        evidence: { ...stated(6), origin },
      }),
    ],
  },
  {
    reservations: {
      take: { 'content:7': memory(7), 'slot:6': memory(7) },
      expect: {},
      release: ['content:6', 'slot:6'],
    },
    reason: 'rule',
    decision: { rule: 'relation.single_slot', version: 'relations-1', confidence: 0.93 },
    events: [
      learned(7, { content: 'I moved to Braga', read: read([]), contradictionIds: [contradiction(1)] }),
      about(6, 'MemorySuperseded', {
        ...{ supersededBy: memory(7), contradictionId: contradiction(1) },
        validTo: { instant: '2026-03-01T09:59:00.000Z', precision: 'instant' },
      }),
      detected(1, 7, 6, 'superseded'),
    ],
  },
  {
    reservations: nothing,
    events: [
      learned(8, { content: 'I live in Faro', contradictionIds: [contradiction(2)] }),
      ...[7, 8].map((number) =>
        about(number, 'BeliefAdjusted', {
          ...{ evidenceId: `${contradiction(2)}:open`, weight: -1.2, contradictionId: contradiction(2) },
          dispute: 'open',
        }),
      ),
      detected(2, 8, 7, null),
    ],
  },
  {
    reservations: nothing,
    events: [
      about(8, 'MemorySuperseded', { supersededBy: memory(7), contradictionId: contradiction(2), validTo: null }),
      about(7, 'BeliefAdjusted', {
        ...{ evidenceId: other('4', 1), weight: 3.2, contradictionId: contradiction(2), dispute: 'settled' },
      }),
      ofContradiction(2, 'ContradictionResolved', {
        ...{ memoryId: memory(8), otherId: memory(7) },
        settlement: 'rejected',
        reason: 'her own word',
      }),
    ],
  },
  {
    reservations: nothing,
    events: [
      about(7, 'MemoryRefined', {
        ...{ content: 'I moved to Braga in February', metadata: { checked: 1 }, evidence: stated(7), weight: 0.8 },
        read: read([{ ...claim, value: 'Braga', normal: 'braga', qualifiers: [], quantity: null }]),
      }),
      about(7, 'MemoryReinforced', { evidence: stated(8), weight: 0.2 }),
      about(7, 'BeliefAdjusted', { evidenceId: other('4', 2), weight: -0.6, contradictionId: null, dispute: null }),
      about(7, 'MemoryRevised', { content: 'I live in Braga', read: read([]) }),
    ],
  },
  {
    reservations: nothing,
    events: [
      about(6, 'MemoryRestored', {
        ...{ kind: 'undo', undoes: [other('3', 1)] },
        restored: {
          ...{ content: 'I live in Porto in summer', memoryType: 'fact', confidence: 0.8, metadata: {} },
          ...{ status: 'active', validFrom: null, validTo: null, supersededBy: null, contradictions: [] },
          ...{ disputes: [], evidence: [{ ...stated(6), origin }], adjustments: [], claims: [claim] },
        },
      }),
      ofContradiction(1, 'ContradictionResolved', {
        ...{ memoryId: memory(7), otherId: memory(6) },
        settlement: 'undone',
        reason: null,
      }),
    ],
  },
  {
    reservations: nothing,
    events: [learned(9, { content: 'I lived in Lagos', supersededBy: memory(6), validTo: day('2019-01-01') })],
  },
  { reservations: nothing, events: [ofContradiction(1, 'ContradictionErased', {})] },
  { reservations: nothing, events: [['policy-belief', { type: 'PolicySet', data: { policies: { state: 'ask' } } }]] },
];

const importedBefore = { importId: other('7', 1), system: 'memorystack', rowId: null };
const cameFrom = { createdAt: '2025-05-01T10:00:00.000Z', updatedAt: '2025-06-01T10:00:00.000Z' };
const imported = (number, data) => {
  const [subject, { data: told }] = learned(number, data);
  return [subject, { type: 'MemoryImported', data: told }];
};
const importCommits = [
  {
    reason: 'import',
    decision: { rule: 'import' },
    reservations: { take: { 'content:20': memory(20) }, expect: {}, release: [] },
    events: [
      imported(20, {
        ...{ content: 'Ana sails', status: 'disputed', origin: importedBefore, ...cameFrom },
        moreEvidence: [stated(21, { said: 'elsewhere' })],
        earlier: [
          {
            ...{ eventType: 'MemoryLearned', recordedAt: cameFrom.createdAt, reason: 'user', decision: null },
            ...{ content: 'Ana rows', memoryType: 'fact', confidence: 0.5, metadata: { n: 1 }, status: 'active' },
            ...{ validFrom: day('2025-05-01'), validTo: null, supersededBy: null },
          },
        ],
      }),
    ],
  },
  {
    reason: 'import',
    decision: { rule: 'import' },
    reservations: nothing,
    events: [
      imported(21, {
        ...{ content: 'Ana swims', status: 'superseded', supersededBy: memory(20), ...cameFrom },
        ...{ moreEvidence: [], earlier: null, origin: { importId: other('7', 2), system: 'mem0', rowId: 'm-1' } },
      }),
    ],
  },
];

const runId = other('6', 1);
const derivedFrom = [{ memoryId: memory(30), version: 2 }];
const because = { reason: 'deadline: told 40 days ago', since: '2026-04-01T00:00:00.000Z', last_read_day: null };
const planned = {
  ...{ runId, kind: 'consolidate', settings: { similarity_threshold: 0.9 }, position: 40, retired: 1 },
  ...{ changes: { merge: 1 }, guarded: [], maxRetiredShare: 0.1, boundTo: null },
};
const run = (type, data) => [`run-${runId}`, { type, data: { runId, ...data } }];
const reflected = {
  ...{ runId, key: 'pattern:habit:swim', ownership: alone, memoryType: 'pattern', confidence: 0.8 },
  ...{ metadata: { kind: 'habit' }, observedAt: '2026-03-01T09:00:00.000Z', validFrom: day('2026-02-01') },
};
const conclusion = (evidence) => ({
  ...{ id: other('f', evidence), sourceType: 'reflection', sources: [], ruleId: 'reflect.habit' },
  ...{ extractorVersion: 'reflection-1', metadata: {}, origin: { session: null, source: 'inferred' }, derivedFrom },
});

const maintenanceCommits = [
  {
    reservations: { take: { 'content:30': memory(30), 'content:31': memory(31) }, expect: {}, release: [] },
    events: [learned(30, { content: 'Ana swims at noon' }), learned(31, { content: 'At noon Ana swims' })],
  },
  {
    reason: 'maintenance',
    decision: { rule: 'maintenance.consolidate' },
    reservations: { take: {}, expect: { 'content:31': memory(31) }, release: ['content:31'] },
    events: [
      run('MaintenancePlanned', planned),
      about(30, 'MemoriesConsolidated', {
        ...{ runId, sources: [{ memoryId: memory(31), version: 1 }], evidence: [stated(31)] },
        ...{ confidence: 0.8, similarity: 0.95, reasons: ['relation.same_form'] },
      }),
      about(31, 'MemorySuperseded', { supersededBy: memory(30), contradictionId: null, validTo: null, runId }),
      run('MaintenanceApplied', { step: 1, isLast: true, applied: 1, stale: [] }),
    ],
  },
  {
    reason: 'maintenance',
    decision: { rule: 'maintenance.reflect' },
    reservations: nothing,
    events: [about(32, 'MemoryReflected', { ...reflected, content: 'Ana often swims', evidence: conclusion(40) })],
  },
  {
    reason: 'maintenance',
    decision: { rule: 'maintenance.reflect' },
    reservations: nothing,
    events: [
      about(32, 'MemoryReflected', { ...reflected, content: 'Ana often swims at noon', evidence: conclusion(41) }),
      about(32, 'MemoryExpired', { runId, to: 'stale', because }),
      about(30, 'MemoryExpired', { runId, to: 'archived', because: {} }),
    ],
  },
  {
    reason: 'maintenance',
    decision: { rule: 'maintenance.consolidate' },
    reservations: nothing,
    events: [run('MaintenanceReverted', { step: 1, isLast: true, left: [memory(30)] })],
  },
  {
    reservations: nothing,
    events: [
      ['policy-maintenance', { type: 'PolicySet', data: { policies: {}, maintenance: { timezone: 'Asia/Tokyo' } } }],
    ],
  },
  {
    reservations: nothing,
    events: [['policy-maintenance', { type: 'PolicySet', data: { policies: {}, maintenance: null } }]],
  },
];

export const goldenCommits = [
  {
    reservations: { take: { 'content:1': memory(1), 'content:2': memory(2) }, expect: {}, release: [] },
    reason: 'rule',
    decision: { rule: 'preference.like', version: 'rules-1', confidence: 0.9 },
    events: [
      registered(agent),
      [`session-${other('7', 1)}`, { type: 'ConversationIngested', data: conversation }],
      learned(1, {
        ...{ ownership: inSession, names, content: 'Ana likes green tea', memoryType: 'preference', confidence: 0.9 },
        ...{ metadata: { channel: 'chat' }, evidence: quoted(1, 0, 'I like green tea'), validFrom: day('2025-05-01') },
        validTo: { instant: '2026-06-01T00:00:00.000Z', precision: 'month' },
      }),
      learned(2, {
        ownership: inSession,
        names,
        content: 'Ana moved to Porto',
        evidence: quoted(2, 0, 'I moved to Porto'),
      }),
    ],
  },
  {
    reservations: { take: { 'content:3': memory(3) }, expect: {}, release: [] },
    events: [learned(3, { content: 'To be erased' })],
  },
  {
    reservations: { take: {}, expect: { 'content:1': memory(1) }, release: [] },
    events: [about(1, 'MemoryReinforced', { evidence: stated(4, { said: 'again' }) })],
  },
  {
    reservations: { take: { 'content:4': memory(2) }, expect: {}, release: ['content:2'] },
    events: [
      about(2, 'MemoryRevised', {
        content: 'Ana lives in Porto',
        memoryType: 'residence',
        confidence: 1,
        metadata: { checked: true },
      }),
    ],
  },
  { reservations: nothing, events: [about(1, 'MemoryRevised', { confidence: 0.25 })] },
  {
    reservations: nothing,
    events: [registered({ ...agent, agentType: null, role: 'helper', personality: 'calm', team: null })],
  },
  { reservations: nothing, events: [registered({ ...agent, agentId: other('9', 4), name: 'billing' })] },
  {
    reservations: nothing,
    events: [
      handedOver(1, {
        fromAgent: 'support',
        toAgent: 'billing',
        sessionId: 'monday',
        reason: 'money',
        context: { invoice: 7 },
      }),
    ],
  },
  {
    reservations: nothing,
    events: [handedOver(2, { fromAgent: 'billing', toAgent: 'support', sessionId: null, reason: null, context: {} })],
  },
  {
    reservations: nothing,
    events: [learned(4, { content: 'To be forgotten', ownership: { ...alone, userId: 'bob' } })],
  },
  { reservations: { take: {}, expect: {}, release: ['content:5'] }, events: [about(4, 'MemoryForgotten')] },
  { reservations: { take: {}, expect: {}, release: ['content:3'] }, events: [about(3, 'MemoryErased')] },
  { reservations: nothing, events: [about(1, 'MemoryReinforced', { evidence: stated(4, { said: 'twice' }) })] },
  ...beliefCommits,
  ...importCommits,
  ...maintenanceCommits,
];
