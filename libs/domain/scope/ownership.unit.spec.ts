import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type Filterable, matches } from './filter.js';
import {
  defaultProjectName,
  defaultScope,
  type IdentityClaim,
  type KeyBinding,
  ownerOf,
  resolveClaim,
  visibleTo,
} from './ownership.js';
import {
  type Asker,
  bindingRules,
  callerOf,
  everyAsker,
  everyMemory,
  ownershipOf,
  type Remembered,
  scopesPage,
  visibilityRules,
} from './scope-table.fixture.js';

function item(memory: Remembered, asker: Asker): Filterable {
  return {
    ...ownershipOf(memory, asker),
    kind: 'memory',
    memoryType: 'fact',
    status: 'active',
    confidence: 1,
    saidAt: '2026-03-01T10:00:00.000Z',
    validFrom: '2026-03-01T10:00:00.000Z',
    validTo: null,
    metadata: {},
  };
}

describe('the truth table of scopes', () => {
  it('holds for every caller and every memory', () => {
    const used = new Set<string>();
    const wrong: unknown[] = [];
    let pairs = 0;
    for (const asker of everyAsker()) {
      const filter = visibleTo(callerOf(asker));
      for (const memory of everyMemory()) {
        const rule = visibilityRules.find((one) => one.applies(memory, asker));
        if (!rule) throw new Error(`no rule for ${JSON.stringify({ memory, asker })}`);
        used.add(rule.when);
        pairs += 1;
        if (matches(item(memory, asker), filter) !== rule.visible) wrong.push({ rule: rule.when, memory, asker });
      }
    }
    expect(wrong).toEqual([]);
    expect(pairs).toBeGreaterThan(20_000);
    expect([...used].sort()).toEqual(visibilityRules.map(({ when }) => when).sort());
  });

  it('is the one that docs/scopes.md shows', () => {
    const page = readFileSync(new URL('../../../docs/scopes.md', import.meta.url), 'utf8');
    expect(page).toBe(scopesPage());
  });
});

describe('a claim under a binding', () => {
  const unbound: KeyBinding = { projectName: null, teamName: null, agentName: null, userId: null };
  const silent: IdentityClaim = { ...unbound, agentType: null, sessionId: null };
  const fields = ['projectName', 'teamName', 'agentName', 'userId'] as const;
  const cases = fields.flatMap((field) => bindingRules.map((rule) => ({ field, ...rule })));

  it.each(cases)('$field bound to $bound and claimed as $claimed: $outcome', ({ field, bound, claimed, outcome }) => {
    const resolved = resolveClaim({ ...unbound, [field]: bound }, { ...silent, [field]: claimed });
    if (outcome === 'refused') return expect(resolved).toEqual({ kind: 'outside_binding', field });
    const named = outcome === 'unnamed' ? (field === 'projectName' ? defaultProjectName : null) : outcome;
    expect(resolved).toEqual({
      kind: 'resolved',
      claim: { ...silent, projectName: defaultProjectName, [field]: named },
    });
  });

  it('is refused for its first field outside, however many are inside', () => {
    const binding = { projectName: 'p', teamName: 't', agentName: 'a', userId: 'u' };
    expect(resolveClaim(binding, { ...silent, ...binding, teamName: 'x', userId: 'y' })).toEqual({
      kind: 'outside_binding',
      field: 'teamName',
    });
  });

  it('does not take an empty name for no name', () => {
    expect(resolveClaim({ ...unbound, userId: 'u' }, { ...silent, userId: '' })).toMatchObject({
      kind: 'outside_binding',
    });
  });

  it('keeps session and agent type, which no key is bound to', () => {
    const claim = { ...silent, sessionId: 's', agentType: 'support' };
    expect(resolveClaim(unbound, claim)).toMatchObject({ claim: { sessionId: 's', agentType: 'support' } });
  });
});

describe('a new memory', () => {
  it('is shared in its session when there is one, else private', () => {
    expect(defaultScope('s')).toBe('session');
    expect(defaultScope(null)).toBe('personal');
  });

  it('has an owner for each scope, which no other scope can have', () => {
    const asker: Asker = { project: 'default', team: null, agent: null, session: null, boundUser: null };
    const owners = new Map<string, string>();
    for (const memory of everyMemory()) {
      if (memory.project !== 'default') continue;
      const { scope, team, agent, session } = memory;
      const part = { personal: agent, team, project: null, session }[scope];
      const identity = JSON.stringify([scope, part]);
      const owner = ownerOf(ownershipOf(memory, asker));
      expect(owners.get(owner) ?? identity).toBe(identity);
      owners.set(owner, identity);
    }
    expect(owners.size).toBe(3 + 2 + 1 + 2);
  });
});
