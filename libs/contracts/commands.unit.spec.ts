import { describe, expect, it } from '@jest/globals';
import { type Command, type CommandEnvelope, orderingKey } from './commands.js';

const placement = { scope: null, userId: null, agentId: null, teamId: null, conversationId: null };
const learn: Command = {
  type: 'LearnMemory',
  content: 'x',
  memoryType: 'fact',
  confidence: 1,
  placement,
  metadata: {},
};
const ingest: Command = { type: 'IngestConversation', messages: [], placement, metadata: {} };
const revise = (memoryId: string): Command => ({ type: 'ReviseMemory', memoryId, expectedVersion: null });

function envelope(
  command: Command,
  commandId = 'c1',
  tenantId = 'acme',
  sessionId: string | null = null,
): CommandEnvelope {
  const project = { id: 'p', name: 'default' };
  const caller = { tenantId, keyId: 'k', project, team: null, agent: null, sessionId, boundUserId: null };
  return { commandId, correlationId: 'r', caller, idempotency: null, receivedAt: '2026-03-01T10:00:00.000Z', command };
}

describe('commands run in order', () => {
  it('on the same memory', () => {
    expect(orderingKey(envelope(revise('m'), 'c1'))).toBe(orderingKey(envelope(revise('m'), 'c2')));
    expect(orderingKey(envelope(revise('m')))).not.toBe(orderingKey(envelope(revise('n'))));
  });

  it('in the same session', () => {
    const inSession = (command: Command, id: string) => orderingKey(envelope(command, id, 'acme', 's'));
    expect(inSession(learn, 'c1')).toBe(inSession(ingest, 'c2'));
  });

  it('and side by side otherwise, above all those of different tenants', () => {
    expect(orderingKey(envelope(learn, 'c1'))).not.toBe(orderingKey(envelope(learn, 'c2')));
    expect(orderingKey(envelope(revise('m'), 'c', 'acme'))).not.toBe(orderingKey(envelope(revise('m'), 'c', 'other')));
    const sessions = ['acme', 'other'].map((tenantId) => orderingKey(envelope(ingest, 'c', tenantId, 's')));
    expect(new Set(sessions).size).toBe(2);
  });
});
