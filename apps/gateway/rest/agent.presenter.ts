import type { AgentOnTheWire, HandoffOnTheWire } from '#libs/contracts/rest/answers.js';
import type { AgentRow, Handoff } from '#libs/ports/memory-reader.js';

type Presentable = Omit<AgentRow, 'createdAt' | 'createdPosition'> & { createdAt?: string };

export function presentAgent(agent: Presentable): AgentOnTheWire {
  return {
    id: agent.id,
    name: agent.name,
    agent_type: agent.agentType,
    role: agent.role,
    personality: agent.personality,
    project_id: agent.projectId,
    projectId: agent.projectId,
    project_name: agent.projectName,
    team_id: agent.teamId,
    teamId: agent.teamId,
    team_name: agent.teamName,
    ...(agent.createdAt !== undefined && { created_at: agent.createdAt }),
  };
}

export function presentHandoff(handoff: Handoff): HandoffOnTheWire {
  return {
    id: handoff.id,
    from_agent: handoff.fromAgent,
    to_agent: handoff.toAgent,
    session_id: handoff.sessionId,
    reason: handoff.reason,
    context: handoff.context,
    created_at: handoff.recordedAt,
  };
}
