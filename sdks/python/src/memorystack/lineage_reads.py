"""Operations that ask why something is believed, what contradicts it, and what changed."""

from __future__ import annotations

from typing import Optional

from .differences import Difference, ListDifferencesResponse
from .exchange import Exchange, Pages, Steps, segment
from .lineage import Contradiction, Lineage, ListContradictionsResponse
from .messages import LogMoment, log_moment

LARGEST_PAGE = 100


class LineageReads(Exchange):
    """Why something is believed, what contradicts it, and what changed between two moments."""

    def lineage(
        self,
        memory_id: str,
        format: str = "full",
        *,
        as_of: Optional[LogMoment] = None,
        min_position: Optional[int] = None,
    ) -> Steps[Lineage]:
        """Return why a memory is believed: messages, rules, versions, other beliefs, contradictions and edits.

        ``format`` is "full" (the graph), "timeline" (its events, as sentences too) or "chain" (the beliefs that replaced
        one another); ``as_text()`` of the answer prints each as text. ``as_of`` asks for it as it was then; a server
        that cannot tell refuses that with ValidationError.
        """
        path = f"/memories/{segment(memory_id)}/lineage"
        return self.read(Lineage.from_wire, path, {"format": format, "as_of": log_moment(as_of, "as_of")}, min_position=min_position)

    def lineage_svg(
        self, memory_id: str, *, as_of: Optional[LogMoment] = None, min_position: Optional[int] = None
    ) -> Steps[str]:
        """Return the picture of a lineage as the text of an SVG file."""
        path = f"/memories/{segment(memory_id)}/lineage"
        return self.read_text(path, {"format": "svg", "as_of": log_moment(as_of, "as_of")}, min_position=min_position)

    def contradictions(
        self,
        resolved: Optional[bool] = None,
        page_size: int = LARGEST_PAGE,
        user_id: Optional[str] = None,
        scope: Optional[str] = None,
        *,
        session_id: Optional[str] = None,
    ) -> Pages[Contradiction]:
        """Iterate over contradictions, newest first, fetching ``page_size`` (1 to 100) at a time.

        ``resolved`` asks for those that somebody, or a rule, has decided, or has not; both when omitted. ``user_id`` is
        an end user, "self" or "all".
        """

        def fetch(cursor: Optional[str]) -> Steps[ListContradictionsResponse]:
            query = {
                "resolved": resolved,
                "limit": page_size,
                "cursor": cursor,
                "user_id": user_id,
                "scope": scope,
                "session_id": session_id,
            }
            return self.read(ListContradictionsResponse.from_wire, "/contradictions", query)

        return fetch

    def get_contradiction(self, contradiction_id: str) -> Steps[Contradiction]:
        """Return one contradiction. Raises NotFoundError when it does not exist or is not yours to see."""
        path = f"/contradictions/{segment(contradiction_id)}"
        return self.read(lambda value: Contradiction.from_wire(value.get("contradiction")), path)

    def differences(
        self,
        from_: LogMoment,
        to: LogMoment,
        page_size: int = LARGEST_PAGE,
        user_id: Optional[str] = None,
        scope: Optional[str] = None,
        *,
        agent_id: Optional[str] = None,
        team_id: Optional[str] = None,
        session_id: Optional[str] = None,
    ) -> Pages[Difference]:
        """Iterate over what changed after ``from_`` up to ``to``, and why, fetching ``page_size`` (1 to 100) at a time.

        Both are positions of the log (``event_offset`` of a write) or times with their zone; a datetime without one is
        refused with ValidationError, as is a moment outside the log. Put on the beliefs at ``from_``, the differences
        give those at ``to``; ``as_text()`` of each prints it as text. On every page the added ones come first, then the
        revised, the retired and the restored. ``user_id`` is an end user, "self" or "all".
        """
        span = {"from": log_moment(from_, "from_"), "to": log_moment(to, "to")}

        def fetch(cursor: Optional[str]) -> Steps[ListDifferencesResponse]:
            query = {
                **span,
                "limit": page_size,
                "cursor": cursor,
                "user_id": user_id,
                "scope": scope,
                "agent_id": agent_id,
                "team_id": team_id,
                "session_id": session_id,
            }
            return self.read(ListDifferencesResponse.from_wire, "/memories/diff", query)

        return fetch
