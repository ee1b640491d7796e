"""Agents and handoffs, as the server tells of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional

from .responses import Answered, Written, list_from_wire


@dataclass
class Agent(Answered):
    """A registered agent."""

    id: str = ""
    name: str = ""
    role: Optional[str] = None
    personality: Optional[str] = None
    agent_type: Optional[str] = None
    project_id: Optional[str] = None
    project_name: Optional[str] = None
    team_id: Optional[str] = None
    team_name: Optional[str] = None
    created_at: Optional[str] = None


@dataclass
class CreateAgentResponse(Written):
    """The agent that was registered, or (``created`` is false) that already had this name."""

    created: bool = False
    agent: Agent = field(default_factory=Agent)

    @classmethod
    def from_wire(cls, value: Any) -> CreateAgentResponse:
        response = super().from_wire(value)
        response.agent = Agent.from_wire(response.raw.get("agent"))
        return response


@dataclass
class ListAgentsResponse(Answered):
    """One page of the agents that the key may see. ``next_cursor`` is ``None`` on the last page."""

    success: bool = True
    count: int = 0
    next_cursor: Optional[str] = None
    agents: List[Agent] = field(default_factory=list)

    @classmethod
    def from_wire(cls, value: Any) -> ListAgentsResponse:
        response = super().from_wire(value)
        response.agents = list_from_wire(Agent, response.raw, "agents")
        return response


@dataclass
class HandoffResponse(Written):
    """A handoff that was recorded; the next agent finds it through the session."""

    handoff_id: Optional[str] = None


@dataclass
class Handoff(Answered):
    """One handoff: who passed a session on to whom, and with what."""

    id: str = ""
    from_agent: str = ""
    to_agent: str = ""
    session_id: Optional[str] = None
    reason: Optional[str] = None
    context: Dict[str, Any] = field(default_factory=dict)
    created_at: Optional[str] = None


@dataclass
class ListHandoffsResponse(Answered):
    """The handoffs of one session, newest first."""

    success: bool = True
    count: int = 0
    handoffs: List[Handoff] = field(default_factory=list)

    @classmethod
    def from_wire(cls, value: Any) -> ListHandoffsResponse:
        response = super().from_wire(value)
        response.handoffs = list_from_wire(Handoff, response.raw, "handoffs")
        return response
