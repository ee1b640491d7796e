import { Injectable } from '@nestjs/common';
import type { Command, CommandEnvelope, CommandOutcome } from '#libs/contracts/commands.js';
import type { AgentRegistered } from '#libs/contracts/events.js';
import { Identities } from '#libs/ports/identities.js';
import { LogReader } from '#libs/ports/log-reader.js';
import { LogWriter, type NewEvent, noReservations } from '#libs/ports/log-writer.js';
import { accepted, appendBase, contention, decisionAttempts, derivedId, finalRefusal } from './appending.js';

type Register = Extract<Command, { type: 'RegisterAgent' }>;
type Handoff = Extract<Command, { type: 'RecordHandoff' }>;

/** Registers agents, and records that one handed a session to another. */
@Injectable()
export class Agents {
  constructor(
    private readonly log: LogWriter,
    private readonly logReader: LogReader,
    private readonly identities: Identities,
  ) {}

  /** Registers an agent, or changes one that is registered: its latest registration is what holds. */
  async register(envelope: CommandEnvelope, command: Register): Promise<CommandOutcome> {
    const { caller } = envelope;
    const { name, role, personality, agentType } = command;
    const agentId = await this.identities.id(caller.tenantId, 'agent', [caller.project.id, name]);
    const streamId = `agent-${agentId}`;
    const base = await appendBase(envelope, this.identities);
    for (let attempt = 0; attempt < decisionAttempts; attempt += 1) {
      const known = await this.latest(caller.tenantId, streamId);
      const data = { agentId, name, agentType, role, personality, project: caller.project, team: caller.team };
      const changed = known === null || JSON.stringify(known.data) !== JSON.stringify(data);
      const result = await this.log.append({
        ...base,
        expectedVersions: { [streamId]: known?.version ?? 0 },
        reservations: noReservations,
        events: changed ? [userEvent(envelope, streamId, { type: 'AgentRegistered', data })] : [],
        outcome: {
          agentId,
          name,
          agentType,
          role,
          personality,
          projectId: caller.project.id,
          teamId: caller.team?.id ?? null,
          created: known === null,
        },
        destroyStreamKeys: [],
      });
      if (result.kind === 'appended') return accepted(result);
      const final = finalRefusal(result);
      if (final) return final;
    }
    return contention;
  }

  async recordHandoff(envelope: CommandEnvelope, command: Handoff): Promise<CommandOutcome> {
    const { fromAgent, toAgent, sessionId, reason, context } = command;
    const handoffId = derivedId(envelope, 'handoff');
    const projectId = envelope.caller.project.id;
    const data = { handoffId, projectId, fromAgent, toAgent, sessionId, reason, context };
    const result = await this.log.append({
      ...(await appendBase(envelope, this.identities)),
      expectedVersions: {},
      reservations: noReservations,
      events: [userEvent(envelope, `handoff-${handoffId}`, { type: 'AgentHandoffRecorded', data })],
      outcome: { handoffId },
      destroyStreamKeys: [],
    });
    if (result.kind === 'appended') return accepted(result);
    return finalRefusal(result) ?? contention;
  }

  private async latest(
    tenantId: string,
    streamId: string,
  ): Promise<{ version: number; data: AgentRegistered['data'] } | null> {
    const last = (await this.logReader.stream(tenantId, streamId)).at(-1);
    if (!last) return null;
    return { version: last.headers.streamversion, data: last.event.data as AgentRegistered['data'] };
  }
}

function userEvent(envelope: CommandEnvelope, streamId: string, event: NewEvent['event']): NewEvent {
  return { streamId, event, time: envelope.receivedAt, dataSubject: null, reason: 'user', decision: null };
}
