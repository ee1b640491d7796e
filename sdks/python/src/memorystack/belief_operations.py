"""Operations that compare, revise, decide and take back."""

from __future__ import annotations

from typing import Any, Dict, Optional

from .beliefs import (
    BeliefPoliciesResponse,
    DetectContradictionsResponse,
    ResolveContradictionResponse,
    SetBeliefPoliciesResponse,
    UndoResponse,
    UpdateBeliefResponse,
)
from .exchange import Exchange, Steps, segment


class BeliefOperations(Exchange):
    """What becomes of beliefs."""

    def detect_contradictions(
        self,
        content: str,
        user_id: Optional[str] = None,
        confidence: Optional[float] = None,
        *,
        scope: Optional[str] = None,
        session_id: Optional[str] = None,
        agent_id: Optional[str] = None,
        team_id: Optional[str] = None,
        min_position: Optional[int] = None,
    ) -> Steps[DetectContradictionsResponse]:
        """Ask how a statement stands to what is believed, without storing it.

        It is compared with beliefs of the same ``user_id``, ``scope`` and session, as create_memory would.
        """
        body = {
            "content": content,
            "user_id": user_id,
            "confidence": confidence,
            "scope": scope,
            "session_id": session_id,
            "agent_id": agent_id,
            "team_id": team_id,
        }
        path = "/memories/detect-contradictions"
        return self.read(DetectContradictionsResponse.from_wire, path, body=body, min_position=min_position)

    def update_belief(
        self,
        content: str,
        user_id: Optional[str] = None,
        confidence: Optional[float] = None,
        strategy: str = "auto",
        contradicting_memory_id: Optional[str] = None,
        metadata: Optional[Dict[str, Any]] = None,
        *,
        scope: Optional[str] = None,
        session_id: Optional[str] = None,
        agent_id: Optional[str] = None,
        team_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Steps[UpdateBeliefResponse]:
        """Tell a statement, and what is to become of the belief that it is about.

        ``strategy`` is "auto" (rules and policies decide), "supersede" (the statement takes its place), "merge" (it takes
        the words and keeps its id), "adjust" (only its confidence changes) or "manual" (both stay, disputed).
        ``contradicting_memory_id`` names the belief, except with "auto"; without it the rules look for one.

        Raises ConflictError when no such belief is found, something took its place already, or another memory has these
        words; ``code`` says which.
        """
        body = {
            "content": content,
            "user_id": user_id,
            "confidence": confidence,
            "strategy": strategy,
            "contradicting_memory_id": contradicting_memory_id,
            "metadata": metadata,
            "scope": scope,
            "session_id": session_id,
            "agent_id": agent_id,
            "team_id": team_id,
        }
        path = "/memories/update-belief"
        return self.write(UpdateBeliefResponse, "POST", path, body, idempotency_key=idempotency_key)

    def resolve_contradiction(
        self,
        contradiction_id: str,
        strategy: str,
        reason: Optional[str] = None,
        *,
        idempotency_key: Optional[str] = None,
    ) -> Steps[ResolveContradictionResponse]:
        """Decide a contradiction, with a reason that the history keeps.

        ``strategy`` is "supersede" (the newer statement stays), "reject" (the older belief stays), "keep_both",
        "highest_confidence" or "source_rank". Raises ConflictError when it is decided already.
        """
        path = f"/contradictions/{segment(contradiction_id)}/resolve"
        body = {"strategy": strategy, "reason": reason}
        return self.write(ResolveContradictionResponse, "POST", path, body, idempotency_key=idempotency_key)

    def undo(
        self, memory_id: str, cascade: bool = False, *, idempotency_key: Optional[str] = None
    ) -> Steps[UndoResponse]:
        """Take the last change of a memory back, and what that change did to other memories.

        ``memory_id`` is the new belief or the one that it replaced. Raises ConflictError when there is nothing to undo,
        or when later changes depend on it: ``details["later"]`` lists them, and ``cascade`` takes them back too.
        """
        path = f"/memories/{segment(memory_id)}/undo"
        body = {"cascade": cascade}
        return self.write(UndoResponse, "POST", path, body, idempotency_key=idempotency_key)

    def redo(
        self, memory_id: str, cascade: bool = False, *, idempotency_key: Optional[str] = None
    ) -> Steps[UndoResponse]:
        """Do again what was undone last. ``cascade`` and errors as in undo."""
        path = f"/memories/{segment(memory_id)}/redo"
        body = {"cascade": cascade}
        return self.write(UndoResponse, "POST", path, body, idempotency_key=idempotency_key)

    def belief_policies(self) -> Steps[BeliefPoliciesResponse]:
        """Return what happens when beliefs contradict, for every class of slots."""
        return self.read(BeliefPoliciesResponse.from_wire, "/belief-policies")

    def set_belief_policies(
        self,
        *,
        state: Optional[str] = None,
        volatile: Optional[str] = None,
        rare: Optional[str] = None,
        immutable: Optional[str] = None,
        many: Optional[str] = None,
        statistic: Optional[str] = None,
        none: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Steps[SetBeliefPoliciesResponse]:
        """Choose what happens when beliefs contradict, for everything that this account remembers.

        Each is "latest_wins", "keep_both_flag", "highest_confidence", "source_rank" or "ask"; what is left out stays.
        The classes say how values change: now and then (``state``), often, hardly, never, several at a time, figures
        that each source has its own of; ``none`` is for statements that fill no slot.
        """
        body = {
            "state": state,
            "volatile": volatile,
            "rare": rare,
            "immutable": immutable,
            "many": many,
            "statistic": statistic,
            "none": none,
        }
        return self.write(SetBeliefPoliciesResponse, "PUT", "/belief-policies", body, idempotency_key=idempotency_key)
