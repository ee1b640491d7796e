"""Why something is believed, as dataclasses, and as text for people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

from .responses import Answered, list_from_wire

LABEL_LENGTH = 100
# How an edge reads from the other end: "statement led_to version" is, at the version, "because of statement".
FROM_THE_OTHER_END = {
    "said_in": "quoted by",
    "extracted_by": "read into",
    "led_to": "because of",
    "supports": "supported by",
    "edited": "edited by",
    "undone_by": "undoes",
    "settled": "settled by",
    "supersedes": "superseded by",
    "superseded_by": "supersedes",
    "contradicts": "contradicted by",
}


@dataclass
class LineageMessage(Answered):
    """A place in a message: characters ``start`` to ``end``."""

    message_id: Optional[str] = None
    external_id: Optional[str] = None
    start: Optional[int] = None
    end: Optional[int] = None
    quote: Optional[str] = None
    role: Optional[str] = None
    speaker: Optional[str] = None
    said_at: Optional[str] = None
    visibility: Optional[str] = None


@dataclass
class LineageExtraction(Answered):
    """What read a message: a rule, or a model."""

    rule_id: Optional[str] = None
    extractor_version: Optional[str] = None
    model: Optional[str] = None
    prompt_hash: Optional[str] = None


@dataclass
class LineageVersion(Answered):
    """The memory after one event."""

    memory_id: Optional[str] = None
    number: int = 0
    content: str = ""
    memory_type: str = "fact"
    confidence: float = 0.0
    status: Optional[str] = None
    valid_from: Optional[str] = None
    valid_to: Optional[str] = None
    current: bool = False


@dataclass
class LineageReason(Answered):
    """Why a belief gave way, or did not."""

    contradiction_id: Optional[str] = None
    kind: Optional[str] = None
    probability: Optional[float] = None
    rule_id: Optional[str] = None
    evidence: List[str] = field(default_factory=list)
    strategy: Optional[str] = None
    reason: Optional[str] = None


@dataclass
class LineageAlternative(Answered):
    """Another belief. ``standing`` tells how it stands to this one, such as "replacing" or "rejected"."""

    memory_id: Optional[str] = None
    standing: Optional[str] = None
    content: Optional[str] = None
    confidence: Optional[float] = None
    status: Optional[str] = None
    visibility: Optional[str] = None
    because: LineageReason = field(default_factory=LineageReason)

    @classmethod
    def from_wire(cls, value: Any) -> LineageAlternative:
        alternative = super().from_wire(value)
        alternative.because = LineageReason.from_wire(alternative.raw.get("because"))
        return alternative


@dataclass
class Contradiction(Answered):
    """Two beliefs that cannot both be so: ``memory_id`` is the newer one. ``strategy`` is how it was settled."""

    id: str = ""
    memory_id: Optional[str] = None
    other_id: Optional[str] = None
    content: Optional[str] = None
    other_content: Optional[str] = None
    kind: Optional[str] = None
    probability: Optional[float] = None
    rule_id: Optional[str] = None
    rules_version: Optional[str] = None
    evidence: List[str] = field(default_factory=list)
    slot: Optional[str] = None
    user_id: Optional[str] = None
    scope: Optional[str] = None
    resolved: bool = False
    strategy: Optional[str] = None
    reason: Optional[str] = None
    detected_at: Optional[str] = None
    resolved_at: Optional[str] = None


@dataclass
class ListContradictionsResponse(Answered):
    """One page of contradictions, newest first. ``next_cursor`` is ``None`` on the last page."""

    success: bool = True
    count: int = 0
    next_cursor: Optional[str] = None
    results: List[Contradiction] = field(default_factory=list)

    @classmethod
    def from_wire(cls, value: Any) -> ListContradictionsResponse:
        page = super().from_wire(value)
        page.results = list_from_wire(Contradiction, page.raw, "contradictions")
        return page


@dataclass
class LineageEdit(Answered):
    """Somebody's act: what it was, which fields it changed, and the reason that was given."""

    action: Optional[str] = None
    fields: List[str] = field(default_factory=list)
    reason: Optional[str] = None


@dataclass
class LineageNode(Answered):
    """One thing that a belief comes from, became, or stands beside. The field that ``kind`` names says more."""

    id: str = ""
    kind: str = ""
    label: str = ""
    event_id: Optional[str] = None
    event_offset: Optional[int] = None
    recorded_at: Optional[str] = None
    actor: Dict[str, Any] = field(default_factory=dict)
    reason: Optional[str] = None
    decision: Dict[str, Any] = field(default_factory=dict)
    message: Optional[LineageMessage] = None
    extraction: Optional[LineageExtraction] = None
    version: Optional[LineageVersion] = None
    contradiction: Optional[Contradiction] = None
    alternative: Optional[LineageAlternative] = None
    edit: Optional[LineageEdit] = None

    @classmethod
    def from_wire(cls, value: Any) -> LineageNode:
        node = super().from_wire(value)
        raw = node.raw
        node.message = LineageMessage.from_wire(raw["message"]) if raw.get("message") else None
        node.extraction = LineageExtraction.from_wire(raw["extraction"]) if raw.get("extraction") else None
        node.version = LineageVersion.from_wire(raw["version"]) if raw.get("version") else None
        node.contradiction = _contradiction(raw["contradiction"]) if raw.get("contradiction") else None
        node.alternative = LineageAlternative.from_wire(raw["alternative"]) if raw.get("alternative") else None
        node.edit = LineageEdit.from_wire(raw["edit"]) if raw.get("edit") else None
        return node


@dataclass
class LineageEdge(Answered):
    """Read it as "``source`` ``type`` ``target``": version:1 extracted_by extraction:..."""

    source: str = ""
    target: str = ""
    type: str = ""
    event_id: Optional[str] = None

    @classmethod
    def from_wire(cls, value: Any) -> LineageEdge:
        edge = super().from_wire(value)
        edge.source, edge.target = edge.raw.get("from", ""), edge.raw.get("to", "")
        return edge


@dataclass
class LineageEvent(Answered):
    """One thing that happened; ``sentence`` tells who did what, when and why."""

    event_id: Optional[str] = None
    event: Optional[str] = None
    sentence: str = ""
    subject_id: Optional[str] = None
    node_id: Optional[str] = None
    version: Optional[int] = None
    event_offset: Optional[int] = None
    recorded_at: Optional[str] = None
    actor: Dict[str, Any] = field(default_factory=dict)
    reason: Optional[str] = None
    decision: Dict[str, Any] = field(default_factory=dict)


@dataclass
class LineageLink(Answered):
    """One of the beliefs that replaced one another; ``because`` says why its place was taken."""

    memory_id: str = ""
    visibility: Optional[str] = None
    content: Optional[str] = None
    confidence: Optional[float] = None
    status: Optional[str] = None
    valid_from: Optional[str] = None
    valid_to: Optional[str] = None
    learned_at: Optional[str] = None
    superseded_by: Optional[str] = None
    replaced_at: Optional[str] = None
    replaced_offset: Optional[int] = None
    because: Optional[LineageReason] = None

    @classmethod
    def from_wire(cls, value: Any) -> LineageLink:
        link = super().from_wire(value)
        because = link.raw.get("because")
        link.because = LineageReason.from_wire(because) if because else None
        return link


@dataclass
class Lineage(Answered):
    """Why a memory is believed. A format leaves lists empty: "timeline" has only ``events``, "chain" only ``chain``."""

    success: bool = True
    memory_id: str = ""
    format: str = "full"
    as_of: Optional[int] = None
    nodes: List[LineageNode] = field(default_factory=list)
    edges: List[LineageEdge] = field(default_factory=list)
    events: List[LineageEvent] = field(default_factory=list)
    roots: List[str] = field(default_factory=list)
    chain: List[LineageLink] = field(default_factory=list)
    cut: Dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_wire(cls, value: Any) -> Lineage:
        lineage = super().from_wire(value)
        lineage.nodes = list_from_wire(LineageNode, lineage.raw, "nodes")
        lineage.edges = list_from_wire(LineageEdge, lineage.raw, "edges")
        lineage.events = list_from_wire(LineageEvent, lineage.raw, "events")
        lineage.chain = list_from_wire(LineageLink, lineage.raw, "chain")
        return lineage

    def as_text(self) -> str:
        """Return it as a tree of text: every version with what it comes from and what stands beside it; of a timeline
        its sentences, and of a chain its beliefs."""
        if not self.nodes:
            return "\n".join([event.sentence for event in self.events] or list(_chain_lines(self.chain)))
        return "\n".join(_tree_lines(self))


def _contradiction(value: Mapping[str, Any]) -> Contradiction:
    contradiction = Contradiction.from_wire(value)
    contradiction.id = str(value.get("contradiction_id", ""))
    contradiction.resolved = contradiction.strategy is not None
    return contradiction


def _tree_lines(lineage: Lineage) -> Iterator[str]:
    nodes = {node.id: node for node in lineage.nodes}
    versions = [node for node in lineage.nodes if node.kind == "version"]
    yield f"Why memory {lineage.memory_id} is believed"
    left_out = lineage.cut.get("versions") or 0
    for index, version in enumerate(versions):
        if index == 1 and left_out:
            yield f"├── ({left_out} versions are left out)"
        last = index == len(versions) - 1
        status = version.version.status if version.version else None
        yield f"{'└── ' if last else '├── '}{_line(version.label, version)} [{status}]"
        yield from _branches(lineage, nodes, version.id, {version.id}, "    " if last else "│   ")


def _branches(
    lineage: Lineage, nodes: Mapping[str, LineageNode], at: str, seen: "set[str]", indent: str
) -> Iterator[str]:
    found = [pair for pair in _neighbours(lineage, at) if pair[1] in nodes and pair[1] not in seen]
    beside = [(relation, nodes[other]) for relation, other in found if nodes[other].kind != "version"]
    for index, (relation, node) in enumerate(beside):
        last = index == len(beside) - 1
        yield f"{indent}{'└── ' if last else '├── '}{relation}: {_line(node.label, node)}"
        further = indent + ("    " if last else "│   ")
        yield from _branches(lineage, nodes, node.id, seen | {other.id for _, other in beside}, further)


def _neighbours(lineage: Lineage, at: str) -> Iterator[Tuple[str, str]]:
    for edge in lineage.edges:
        if edge.source == at:
            yield edge.type.replace("_", " "), edge.target
        elif edge.target == at:
            yield FROM_THE_OTHER_END.get(edge.type, edge.type), edge.source


def _line(label: str, node: LineageNode) -> str:
    when = (node.recorded_at or "")[:19].replace("T", " ")
    text = label if len(label) <= LABEL_LENGTH else label[: LABEL_LENGTH - 1] + "…"
    return f"{text} ({when})" if when else text


def _chain_lines(chain: List[LineageLink]) -> Iterator[str]:
    for link in chain:
        content = link.content if link.content is not None else f"(a belief that is {link.visibility})"
        yield f"{(link.learned_at or '')[:10]} {content} [{link.status}]".strip()
        if link.superseded_by:
            because = link.because
            parts = [because.kind, because.rule_id, because.reason] if because else []
            why = ", ".join(part for part in parts if part)
            yield f"    replaced {(link.replaced_at or '')[:19].replace('T', ' ')}" + (f": {why}" if why else "")
