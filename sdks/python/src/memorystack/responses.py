"""What the server answers, as dataclasses.

Every field has a default and unknown fields are kept in ``raw``: a newer server's additions do not break this client,
and an older server's omissions do not either.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Dict, Iterator, List, Mapping, Optional, Type, TypeVar

R = TypeVar("R", bound="Answered")


@dataclass
class Answered:
    """An object that came from the server. ``raw`` is the JSON as it was received.

    It can be read like a dict, too: ``answer["count"]`` is ``answer.count``, or what ``raw`` has of a newer server.
    """

    raw: Dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_wire(cls: Type[R], value: Any) -> R:
        """Take the fields that this class knows; a missing or null one keeps its default."""
        raw = dict(value) if isinstance(value, Mapping) else {}
        known = {f.name: raw[f.name] for f in fields(cls) if f.name != "raw" and raw.get(f.name) is not None}
        return cls(raw=raw, **known)

    def __getitem__(self, name: str) -> Any:
        if name != "raw" and any(name == f.name for f in fields(self)):
            return getattr(self, name)
        return self.raw[name]

    def __contains__(self, name: object) -> bool:
        return name in self.keys()

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def keys(self) -> List[str]:
        """The names that ``[]`` takes: the fields of this class, then what else the server sent."""
        known = [f.name for f in fields(self) if f.name != "raw"]
        return known + [name for name in self.raw if name not in known]

    def get(self, name: str, default: Any = None) -> Any:
        """``self[name]``, or ``default`` where there is no such name."""
        return self[name] if name in self else default


def list_from_wire(kind: Type[R], raw: Mapping[str, Any], *names: str) -> List[R]:
    """Read the list under the first of ``names`` that holds one."""
    for name in names:
        if isinstance(raw.get(name), list):
            return [kind.from_wire(item) for item in raw[name]]
    return []


@dataclass
class Memory(Answered):
    """One memory. Times are ISO 8601 text in UTC; ``confidence`` and ``importance_score`` lie in [0, 1]."""

    id: str = ""
    content: str = ""
    memory_type: str = "fact"
    confidence: float = 0.0
    importance_score: Optional[float] = None
    metadata: Dict[str, Any] = field(default_factory=dict)
    owner_id: Optional[str] = None
    user_id: Optional[str] = None
    agent_id: Optional[str] = None
    team_id: Optional[str] = None
    project_id: Optional[str] = None
    session_id: Optional[str] = None
    scope: Optional[str] = None
    status: Optional[str] = None
    source_type: Optional[str] = None
    valid_from: Optional[str] = None
    valid_to: Optional[str] = None
    superseded_by: Optional[str] = None
    version: Optional[int] = None
    created_at: Optional[str] = None
    updated_at: Optional[str] = None
    embedding: Optional[List[float]] = None

    @property
    def owner_clerk_id(self) -> Optional[str]:
        """``owner_id``, as the client that is published calls it."""
        return self.owner_id

    @property
    def end_user_id(self) -> Optional[str]:
        """``user_id``, as the client that is published calls it."""
        return self.user_id


@dataclass
class Source(Answered):
    """Where a memory was said: characters ``start`` to ``end`` of a message."""

    message_id: Optional[str] = None
    external_id: Optional[str] = None
    start: Optional[int] = None
    end: Optional[int] = None


@dataclass
class SearchResult(Memory):
    """A memory (or an episode, when ``source_type`` is ``episode``) with why it was found."""

    score: Optional[float] = None
    similarity: Optional[float] = None
    rrf_score: Optional[float] = None
    # Only when asked to explain: the features by name, and what each of them adds to the score.
    scores: Dict[str, Any] = field(default_factory=dict)
    explanation: Optional[Dict[str, Any]] = None
    sources: List[Source] = field(default_factory=list)
    # Only of an episode: the caller's id of the message, and who said it, when and where.
    external_id: Optional[str] = None
    conversation_id: Optional[str] = None
    role: Optional[str] = None
    name: Optional[str] = None
    said_at: Optional[str] = None

    @classmethod
    def from_wire(cls, value: Any) -> SearchResult:
        result = super().from_wire(value)
        result.sources = list_from_wire(Source, result.raw, "sources")
        return result


@dataclass
class Written(Answered):
    """The answer to a write. ``event_offset`` is its position in the log; later reads of the same client wait for it.

    ``pending`` is true when the server answered 202: the write is safe and still being worked on, under the id
    ``command_id``; ``location`` is the path that tells its outcome, where there is one. ``replayed`` is true when a
    retry found the outcome of an earlier attempt.
    """

    success: bool = True
    event_offset: Optional[int] = None
    pending: bool = False
    replayed: bool = False
    location: Optional[str] = None
    command_id: Optional[str] = None


@dataclass
class CreateMemoryResponse(Written):
    """What was remembered. ``deduplicated`` is true when the same request had just been made without a key.

    ``superseded_ids`` are memories whose place these took; ``contradiction_ids`` are what get_contradiction shows.
    """

    memories_created: int = 0
    memory_ids: List[str] = field(default_factory=list)
    owner_id: Optional[str] = None
    user_id: Optional[str] = None
    agent_id: Optional[str] = None
    project_id: Optional[str] = None
    session_id: Optional[str] = None
    conversation_id: Optional[str] = None
    message: str = ""
    deduplicated: bool = False
    superseded_ids: List[str] = field(default_factory=list)
    contradiction_ids: List[str] = field(default_factory=list)


@dataclass
class UpdateMemoryResponse(Memory, Written):
    """The memory as it is after the update; by itself, too, as ``memory``."""

    memory: Memory = field(default_factory=Memory)

    @classmethod
    def from_wire(cls, value: Any) -> UpdateMemoryResponse:
        raw = dict(value) if isinstance(value, Mapping) else {}
        memory = Memory.from_wire(raw.get("memory"))
        response = super().from_wire({**memory.raw, **raw})
        response.raw, response.memory = raw, memory
        return response


@dataclass
class DeleteMemoryResponse(Written):
    """``already_deleted`` is true when this key had deleted it moments before (a retry after a lost answer)."""

    deleted_count: int = 0
    already_deleted: bool = False
    hard_delete: bool = False


@dataclass
class DeleteMemoriesResponse(Written):
    """How many memories were deleted; ids that do not exist do not count."""

    deleted_count: int = 0
    hard_delete: bool = False


@dataclass
class ListMemoriesResponse(Answered):
    """One page. ``next_cursor`` is ``None`` on the last page."""

    success: bool = True
    count: int = 0
    next_cursor: Optional[str] = None
    results: List[Memory] = field(default_factory=list)

    @classmethod
    def from_wire(cls, value: Any) -> ListMemoriesResponse:
        page = super().from_wire(value)
        page.results = list_from_wire(Memory, page.raw, "results", "data")
        return page


@dataclass
class ListAgentMemoriesResponse(Answered):
    """One page of what an agent remembers; ``data`` is another name of ``results``."""

    success: bool = True
    count: int = 0
    next_cursor: Optional[str] = None
    results: List[Memory] = field(default_factory=list)
    data: List[Memory] = field(default_factory=list)

    @classmethod
    def from_wire(cls, value: Any) -> ListAgentMemoriesResponse:
        page = super().from_wire(value)
        page.results = page.data = list_from_wire(Memory, page.raw, "results", "data")
        return page


@dataclass
class SearchMemoriesResponse(Answered):
    """The results, best first (newest first for an empty query). ``mode`` is the search that was really done."""

    success: bool = True
    count: int = 0
    mode: Optional[str] = None
    # Only when asked to explain: how the question was understood.
    question: Optional[Dict[str, Any]] = None
    results: List[SearchResult] = field(default_factory=list)

    @classmethod
    def from_wire(cls, value: Any) -> SearchMemoriesResponse:
        page = super().from_wire(value)
        page.results = list_from_wire(SearchResult, page.raw, "results", "memories")
        return page


@dataclass
class MemoryVersion(Answered):
    """One entry of a memory's history: what happened, when, by whom and why."""

    version: Optional[int] = None
    event: Optional[str] = None
    event_id: Optional[str] = None
    event_offset: Optional[int] = None
    recorded_at: Optional[str] = None
    actor: Dict[str, Any] = field(default_factory=dict)
    reason: Optional[str] = None
    decision: Optional[Dict[str, Any]] = None
    content: str = ""
    memory_type: Optional[str] = None
    confidence: Optional[float] = None
    metadata: Dict[str, Any] = field(default_factory=dict)
    status: Optional[str] = None


@dataclass
class HistoryResponse(Answered):
    """Every version of one memory, oldest first."""

    success: bool = True
    memory_id: str = ""
    count: int = 0
    versions: List[MemoryVersion] = field(default_factory=list)

    @classmethod
    def from_wire(cls, value: Any) -> HistoryResponse:
        response = super().from_wire(value)
        response.versions = list_from_wire(MemoryVersion, response.raw, "versions", "history")
        return response


@dataclass
class StatsResponse(Answered):
    """Usage of the account. The dicts hold counts, under the server's own names; ``search`` is of the search index."""

    success: bool = True
    owner_id: Optional[str] = None
    plan_tier: str = ""
    totals: Dict[str, Any] = field(default_factory=dict)
    usage: Dict[str, Any] = field(default_factory=dict)
    storage: Dict[str, Any] = field(default_factory=dict)
    search: Dict[str, Any] = field(default_factory=dict)


@dataclass
class ContextResponse(Answered):
    """A prompt-ready text, how many tokens it has by ``encoding``, and what it was made from.

    ``omitted`` handoffs and results found no room, ``near_copies`` told nothing new; ``truncated`` is whether something
    was left out or cut short for want of room.
    """

    success: bool = True
    context: str = ""
    token_count: int = 0
    encoding: Optional[str] = None
    omitted: int = 0
    near_copies: int = 0
    truncated: bool = False
    as_of: Optional[int] = None
    sources: List[SearchResult] = field(default_factory=list)

    @classmethod
    def from_wire(cls, value: Any) -> ContextResponse:
        response = super().from_wire(value)
        response.sources = list_from_wire(SearchResult, response.raw, "sources")
        return response


@dataclass
class HealthResponse(Answered):
    """Whether the server works. ``raw`` holds what it says of its parts."""

    status: str = ""
