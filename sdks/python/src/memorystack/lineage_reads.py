"""Operations that ask why something is believed, and what contradicts it."""

from __future__ import annotations

from typing import Optional

from .exchange import Exchange, Pages, Steps, segment
from .lineage import Contradiction, Lineage, ListContradictionsResponse
from .messages import Moment

LARGEST_PAGE = 100


class LineageReads(Exchange):
    """Why something is believed, and what contradicts it."""

    def lineage(
        self,
        memory_id: str,
        format: str = "full",
        *,
        as_of: Optional[Moment] = None,
        min_position: Optional[int] = None,
    ) -> Steps[Lineage]:
        """Return why a memory is believed: messages, rules, versions, other beliefs, contradictions and edits.

        ``format`` is "full" (the graph), "timeline" (its events, as sentences too) or "chain" (the beliefs that replaced
        one another); ``as_text()`` of the answer prints each as text. ``as_of`` asks for it as it was then; a server
        that cannot tell refuses that with ValidationError.
        """
        path = f"/memories/{segment(memory_id)}/lineage"
        return self.read(Lineage.from_wire, path, {"format": format, "as_of": as_of}, min_position=min_position)

    def lineage_svg(
        self, memory_id: str, *, as_of: Optional[Moment] = None, min_position: Optional[int] = None
    ) -> Steps[str]:
        """Return the picture of a lineage as the text of an SVG file."""
        path = f"/memories/{segment(memory_id)}/lineage"
        return self.read_text(path, {"format": "svg", "as_of": as_of}, min_position=min_position)

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
