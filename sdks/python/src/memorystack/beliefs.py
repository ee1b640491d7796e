"""What the server answers about beliefs, as dataclasses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional

from .responses import Answered, Memory, Written, list_from_wire


@dataclass
class Relation(Answered):
    """How a statement stands to one memory, and by which rule.

    ``relation`` is "duplicate", "refines", "extends", "contradicts" or "unrelated"; ``kind`` of a contradiction is
    "update", "correction" or "conflict". ``would_supersede`` is true when storing the statement would end the memory.
    """

    memory_id: str = ""
    content: str = ""
    relation: str = "unrelated"
    kind: Optional[str] = None
    probability: float = 0.0
    would_supersede: bool = False
    rule_id: Optional[str] = None
    slot: Optional[str] = None
    policy: Optional[str] = None
    evidence: List[str] = field(default_factory=list)


@dataclass
class FoundContradiction(Answered):
    """A memory that a statement contradicts. Nothing of it is recorded: ``id`` is that of the memory."""

    id: str = ""
    memory_id: str = ""
    content: str = ""
    type: Optional[str] = None
    score: float = 0.0
    suggested_strategy: Optional[str] = None
    evidence: List[str] = field(default_factory=list)


@dataclass
class DetectContradictionsResponse(Answered):
    """Every memory that a statement was compared with. ``degraded`` is true when the search index was out of reach and
    only memories of the same slots were compared."""

    success: bool = True
    has_contradictions: bool = False
    contradictions: List[FoundContradiction] = field(default_factory=list)
    relations: List[Relation] = field(default_factory=list)
    degraded: bool = False

    @classmethod
    def from_wire(cls, value: Any) -> DetectContradictionsResponse:
        response = super().from_wire(value)
        response.contradictions = list_from_wire(FoundContradiction, response.raw, "contradictions")
        response.relations = list_from_wire(Relation, response.raw, "relations")
        return response


@dataclass
class UpdateBeliefResponse(Written):
    """What became of a belief. ``strategy_applied`` is "created", "supersede", "merge", "adjust" or "manual";
    ``confidence_before`` is ``None`` when there was no belief."""

    memory_id: str = ""
    strategy_applied: Optional[str] = None
    superseded_ids: List[str] = field(default_factory=list)
    confidence_before: Optional[float] = None
    confidence_after: Optional[float] = None
    contradiction_id: Optional[str] = None
    deduplicated: bool = False


@dataclass
class ResolveContradictionResponse(Written):
    """A contradiction as it was decided: ``memory_id`` is the newer statement, ``other_id`` the older belief, and
    ``strategy`` how it ended ("superseded", "rejected" or "kept_both")."""

    contradiction_id: str = ""
    resolved: bool = False
    strategy: Optional[str] = None
    reason: Optional[str] = None
    memory_id: Optional[str] = None
    other_id: Optional[str] = None


@dataclass
class UndoneEvent(Answered):
    """An event that was taken back."""

    memory_id: str = ""
    event_id: Optional[str] = None
    event: Optional[str] = None
    recorded_at: Optional[str] = None


@dataclass
class UndoResponse(Written):
    """The belief that is believed again (``None`` where there is none), and everything that changed with it."""

    memory: Optional[Memory] = None
    restored_ids: List[str] = field(default_factory=list)
    retired_ids: List[str] = field(default_factory=list)
    undone: List[UndoneEvent] = field(default_factory=list)

    @classmethod
    def from_wire(cls, value: Any) -> UndoResponse:
        response = super().from_wire(value)
        response.memory = None if response.memory is None else Memory.from_wire(response.memory)
        response.undone = list_from_wire(UndoneEvent, response.raw, "undone")
        return response


@dataclass
class BeliefPoliciesResponse(Answered):
    """A policy for every class of slots, by its name."""

    success: bool = True
    policies: Dict[str, str] = field(default_factory=dict)


@dataclass
class SetBeliefPoliciesResponse(Written):
    """All policies as they are now."""

    policies: Dict[str, str] = field(default_factory=dict)
