"""Operations on the account: its usage, its graph and its change stream."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional, Sequence, Tuple

from .account import Event, GraphData, Usage
from .exchange import Exchange, Give, More, NoAnswer, Pause, Piece, Request, Steps, Stream
from .settings import API_PATH


class AccountOperations(Exchange):
    """What the account holds, used, and saw happen."""

    def usage(self) -> Steps[Usage]:
        """Return what was used this month, of how much, and by day."""
        return self.read(Usage.from_wire, "/stats")

    def get_graph(
        self,
        user_id: Optional[str] = None,
        limit: Optional[int] = None,
        *,
        memory_type: Optional[str] = None,
        min_confidence: Optional[float] = None,
        scope: Optional[str] = None,
        agent_id: Optional[str] = None,
        team_id: Optional[str] = None,
        include_superseded: Optional[bool] = None,
        min_position: Optional[int] = None,
    ) -> Steps[GraphData]:
        """Return the newest ``limit`` (500 unless given) memories, and what connects them: users, sessions, entities,
        and what took the place of what. The filters are those of list_memories."""
        query = {
            "user_id": user_id,
            "limit": limit,
            "memory_type": memory_type,
            "min_confidence": min_confidence,
            "scope": scope,
            "agent_id": agent_id,
            "team_id": team_id,
            "include_superseded": include_superseded,
        }
        return self.read(GraphData.from_wire, "/graph", query, min_position=min_position)

    def events(
        self,
        from_offset: Optional[int] = None,
        types: Optional[Sequence[str]] = None,
        follow: bool = False,
        *,
        last_event_id: Optional[str] = None,
        user_id: Optional[str] = None,
        scope: Optional[str] = None,
        agent_id: Optional[str] = None,
        team_id: Optional[str] = None,
        memory_type: Optional[str] = None,
    ) -> Stream[Event]:
        """Iterate over what happened, in the order of the log, from its start, or after the position ``from_offset``.

        It ends at the end of the log; with ``follow`` it waits there for what comes. A connection that breaks is made
        again where it broke (``max_retries`` times in a row), so that no event is missed or told twice. To go on in another process, keep the ``id`` of
        the last event and pass it as ``last_event_id``. ``types`` are types of events, such as "MemoryLearned"; the
        other filters are those of list_memories.
        """
        query: Dict[str, Any] = {
            **self.settings.identity.fields(),
            "min_position": self.position.highest,
            "from_offset": from_offset,
            "type": None if types is None else ",".join(types),
            "follow": follow,
            "user_id": user_id,
            "scope": scope,
            "agent_id": agent_id,
            "team_id": team_id,
            "memory_type": memory_type,
        }
        return self._watch(query, follow, last_event_id)

    def _watch(self, query: Dict[str, Any], follow: bool, place: Optional[str]) -> Stream[Event]:
        failures = 0
        while True:
            headers = {"Accept": "text/event-stream", **({"Last-Event-ID": place} if place else {})}
            yield from self.exchange(Request("GET", f"{API_PATH}/events", query, streamed=True, headers=headers))
            blocks = EventBlocks()
            while True:
                reply = yield More()
                if not isinstance(reply, Piece) or not reply.content:
                    break
                for told, event in blocks.feed(reply.content):
                    place, failures = told or place, 0
                    if event is not None:
                        yield Give(event)
            if isinstance(reply, NoAnswer):
                yield self.pause_before_retry(reply, failures)
                failures += 1
            elif not follow:
                return
            else:
                # A server that stops says goodbye; one that says nothing else is not asked again at once.
                policy = self.settings.retries
                yield Pause(policy.pause_seconds(failures, self.chance.fraction(), None))
                failures += 1


class EventBlocks:
    """Reads server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) as this server writes
    them: a block ends at an empty line, ``id`` is the place to go on from, and ``data`` is one line of JSON."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, content: bytes) -> List[Tuple[Optional[str], Optional[Event]]]:
        """Return the place and the event of every block that is whole now; a heartbeat has no event."""
        *whole, self._rest = (self._rest + content).split(b"\n\n")
        return [_block(block.decode("utf-8")) for block in whole]


def _block(text: str) -> Tuple[Optional[str], Optional[Event]]:
    fields = dict(line.split(": ", 1) for line in text.split("\n") if ": " in line and not line.startswith(":"))
    data = fields.get("data")
    return fields.get("id"), None if data is None else Event.from_wire(json.loads(data))
