"""Operations on agents and on handing work from one to the next."""

from __future__ import annotations

from typing import Any, Dict, Optional

from .agents import CreateAgentResponse, HandoffResponse, ListAgentsResponse, ListHandoffsResponse
from .exchange import Exchange, Steps


class AgentOperations(Exchange):
    """The agents' part of the API."""

    def create_agent(
        self,
        name: str,
        role: Optional[str] = None,
        personality: Optional[str] = None,
        project_id: Optional[str] = None,
        team_id: Optional[str] = None,
    ) -> Steps[CreateAgentResponse]:
        """Register an agent. Agents that merely speak through ``agent_name=`` are registered by the server itself."""
        body = {
            "name": name,
            "role": role,
            "personality": personality,
            "projectId": project_id,
            "teamId": team_id,
        }
        return self.write(CreateAgentResponse, "POST", "/agents", body)

    def list_agents(self, limit: int = 20, cursor: Optional[str] = None) -> Steps[ListAgentsResponse]:
        """Return one page of the agents that this key may see. ``limit`` is 1 to 100."""
        return self.read(ListAgentsResponse.from_wire, "/agents", {"limit": limit, "cursor": cursor})

    def create_handoff(
        self,
        from_agent: str,
        to_agent: str,
        reason: Optional[str] = None,
        context: Optional[Dict[str, Any]] = None,
        session_id: Optional[str] = None,
    ) -> Steps[HandoffResponse]:
        """Record that one agent passes a session on to another, with why and whatever the next one should know."""
        body = {
            "from_agent": from_agent,
            "to_agent": to_agent,
            "reason": reason,
            "context": context,
            "session_id": session_id,
        }
        return self.write(HandoffResponse, "POST", "/handoffs", body)

    def list_handoffs(self, session_id: Optional[str] = None, limit: int = 20) -> Steps[ListHandoffsResponse]:
        """Return the latest handoffs of a session: the client's own unless ``session_id`` names another."""
        return self.read(ListHandoffsResponse.from_wire, "/handoffs", {"session_id": session_id, "limit": limit})
