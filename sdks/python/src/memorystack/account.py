"""The account's usage, its graph, its change stream and its webhooks, as the server tells of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional

from .responses import Answered, Memory, list_from_wire


@dataclass
class UsageDay(Answered):
    """What was asked on one ``day`` (UTC)."""

    day: str = ""
    api_calls: int = 0
    searches: int = 0


@dataclass
class Usage(Answered):
    """What the tenant used in this calendar month (UTC), of how much: ``monthly_api_limit`` is None without a quota.

    ``by_day`` has the last 30 days without those on which nothing was asked.
    """

    plan_tier: str = ""
    api_calls_used: int = 0
    monthly_api_limit: Optional[int] = None
    searches: int = 0
    by_day: List[UsageDay] = field(default_factory=list)

    @classmethod
    def from_wire(cls, value: Any) -> Usage:
        stats = Answered.from_wire(value).raw
        usage = super().from_wire(stats.get("usage"))
        usage.plan_tier = stats.get("plan_tier") or ""
        usage.by_day = list_from_wire(UsageDay, usage.raw, "by_day")
        return usage


@dataclass
class GraphNode(Answered):
    """A memory with its ``content``, or a user, agent, session, conversation or entity."""

    id: str = ""
    label: str = ""
    type: str = ""
    group: str = ""
    content: str = ""


@dataclass
class GraphLink(Answered):
    """What connects two nodes."""

    source: str = ""
    target: str = ""
    label: str = ""


@dataclass
class GraphData(Answered):
    """Memories and what connects them. ``error`` is of older servers, and None."""

    success: bool = True
    nodes: List[GraphNode] = field(default_factory=list)
    links: List[GraphLink] = field(default_factory=list)
    error: Optional[str] = None

    @classmethod
    def from_wire(cls, value: Any) -> GraphData:
        graph = super().from_wire(value)
        graph.nodes = list_from_wire(GraphNode, graph.raw, "nodes")
        graph.links = list_from_wire(GraphLink, graph.raw, "links")
        return graph


@dataclass
class Event(Answered):
    """One thing that happened. ``id`` is where it stands in the log: events(last_event_id=id) goes on after it.

    ``memory`` is the memory as it is after the event, where the event is of one that this key may see.
    """

    id: str = ""
    event_offset: int = 0
    event_id: str = ""
    type: str = ""
    time: Optional[str] = None
    reason: Optional[str] = None
    memory_id: Optional[str] = None
    memory: Optional[Memory] = None
    data: Dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_wire(cls, value: Any) -> Event:
        event = super().from_wire(value)
        event.memory = Memory.from_wire(event.raw["memory"]) if event.raw.get("memory") else None
        return event


@dataclass
class Webhook(Answered):
    """Who is told of what: ``types`` of events (every type when it is empty), and how far the log was told.

    ``state`` is "active", or "disabled" after many ``failures``.
    """

    id: str = ""
    url: str = ""
    types: List[str] = field(default_factory=list)
    include_content: bool = False
    state: str = ""
    event_offset: int = 0
    failures: int = 0
    last_error: Optional[str] = None
    last_delivered_at: Optional[str] = None
    created_at: Optional[str] = None


@dataclass
class CreateWebhookResponse(Answered):
    """The webhook, and the ``secret`` that its messages are signed with: it is never shown again."""

    success: bool = True
    webhook: Webhook = field(default_factory=Webhook)
    secret: str = ""

    @classmethod
    def from_wire(cls, value: Any) -> CreateWebhookResponse:
        response = super().from_wire(value)
        response.webhook = Webhook.from_wire(response.raw.get("webhook"))
        return response


@dataclass
class ListWebhooksResponse(Answered):
    """The webhooks that this identity made."""

    success: bool = True
    count: int = 0
    webhooks: List[Webhook] = field(default_factory=list)

    @classmethod
    def from_wire(cls, value: Any) -> ListWebhooksResponse:
        response = super().from_wire(value)
        response.webhooks = list_from_wire(Webhook, response.raw, "webhooks")
        return response


@dataclass
class DeleteWebhookResponse(Answered):
    """Nobody is told any more."""

    success: bool = True
    id: str = ""


@dataclass
class TestWebhookResponse(Answered):
    """Whether the test message was ``delivered``, what the receiver answered (``status``), and if not, why."""

    __test__ = False  # It is no test, whatever pytest makes of its name.

    success: bool = True
    delivered: bool = False
    status: Optional[int] = None
    error: Optional[str] = None
