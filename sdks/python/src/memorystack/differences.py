"""What changed between two moments, as dataclasses, and as text for people."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Dict, Iterator, List, Optional

from .lineage import LABEL_LENGTH
from .responses import Answered, Memory, list_from_wire

KINDS = ("added", "revised", "retired", "restored")
# These change with every change, so they tell a person nothing.
UNTOLD_FIELDS = ("version", "updated_at")


@dataclass
class DifferenceReason(Answered):
    """An event between the two moments: what happened to the memory, when, by whom and why."""

    version: Optional[int] = None
    event: Optional[str] = None
    event_id: Optional[str] = None
    event_offset: Optional[int] = None
    recorded_at: Optional[str] = None
    actor: Dict[str, Any] = field(default_factory=dict)
    reason: Optional[str] = None
    decision: Optional[Dict[str, Any]] = None


@dataclass
class Difference(Answered):
    """What became of one memory, and ``reasons``: the events between, in the order of the log.

    ``kind`` is "added" (learned), "revised" (believed as before, with other fields: ``before`` and ``after`` hold those
    that changed), "retired" (no longer believed) or "restored" (believed again). ``status`` of a retired one is
    "superseded" (it is still there, and ``memory`` is what it became) or "forgotten" (it is gone, and ``memory`` is
    what it was). ``earlier_reasons_left_out`` is true when so much happened to it that only the last is told.
    """

    kind: str = ""
    memory: Memory = field(default_factory=Memory)
    reasons: List[DifferenceReason] = field(default_factory=list)
    earlier_reasons_left_out: bool = False
    before: Dict[str, Any] = field(default_factory=dict)
    after: Dict[str, Any] = field(default_factory=dict)
    status: Optional[str] = None
    superseded_by: Optional[str] = None

    @classmethod
    def from_wire(cls, value: Any) -> Difference:
        difference = super().from_wire(value)
        difference.memory = Memory.from_wire(difference.raw.get("memory"))
        difference.reasons = list_from_wire(DifferenceReason, difference.raw, "reasons")
        return difference

    def as_text(self) -> str:
        """Return it as lines of text: what became of which memory, the fields that changed, and every reason."""
        return "\n".join(_lines(self))


@dataclass
class ListDifferencesResponse(Answered):
    """One page of what changed after position ``from_`` up to position ``to``. ``next_cursor`` is ``None`` on the last
    page."""

    success: bool = True
    from_: Optional[int] = None
    to: Optional[int] = None
    count: int = 0
    next_cursor: Optional[str] = None
    results: List[Difference] = field(default_factory=list)

    @classmethod
    def from_wire(cls, value: Any) -> ListDifferencesResponse:
        page = super().from_wire(value)
        page.from_ = page.raw.get("from")
        page.results = [difference for kind in KINDS for difference in _of_kind(kind, page.raw)]
        return page


def _of_kind(kind: str, raw: Dict[str, Any]) -> List[Difference]:
    differences = list_from_wire(Difference, raw, kind)
    for difference in differences:
        difference.kind = kind
    return differences


def _lines(difference: Difference) -> Iterator[str]:
    ended = " by ".join(part for part in (difference.status, difference.superseded_by) if part)
    yield f"{difference.kind}: {_shortened(difference.memory.content)}" + (f" [{ended}]" if ended else "")
    for name in difference.after:
        if name not in UNTOLD_FIELDS:
            yield f"    {name}: {_shown(difference.before.get(name))} → {_shown(difference.after[name])}"
    if difference.earlier_reasons_left_out:
        yield "    (earlier reasons are left out)"
    for reason in difference.reasons:
        when = (reason.recorded_at or "")[:19].replace("T", " ")
        parts = (reason.reason, (reason.decision or {}).get("rule"))
        why = ", ".join(str(part) for part in parts if part)
        yield f"    {when} {reason.event}" + (f": {why}" if why else "")


def _shown(value: Any) -> str:
    return _shortened(json.dumps(value, ensure_ascii=False))


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LABEL_LENGTH else line[: LABEL_LENGTH - 1] + "…"
