"""The blocking client."""

from __future__ import annotations

import time
import weakref
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Iterator, Optional, Type, TypeVar

import httpx

from .exchange import Answer, Effect, NoAnswer, Pages, Pause, Reply, Steps
from .operations import Operations, make_operations, present_as
from .settings import Identity

if TYPE_CHECKING:
    # Only the type checker needs these; at run time they would be a dependency for nothing.
    from typing_extensions import Concatenate, ParamSpec

    P = ParamSpec("P")

T = TypeVar("T")


def _blocking(
    operation: Callable[Concatenate[Operations, P], Steps[T]],
) -> Callable[Concatenate[MemoryStackClient, P], T]:
    def method(client: MemoryStackClient, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return client._carry_out(operation(client._operations, *args, **kwargs))

    present_as(method, operation)
    return method


def _iterating(
    operation: Callable[Concatenate[Operations, P], Pages[T]],
) -> Callable[Concatenate[MemoryStackClient, P], Iterator[T]]:
    def method(client: MemoryStackClient, /, *args: P.args, **kwargs: P.kwargs) -> Iterator[T]:
        return client._iterate(operation(client._operations, *args, **kwargs))

    present_as(method, operation, iterator="Iterator")
    return method


class MemoryStackClient:
    """A client of one Memorystack server, for one API key and one identity. Safe to share between threads.

    ``base_url`` may end in ``/api/v1`` or not; without it ``MEMORYSTACK_BASE_URL`` counts, then
    ``http://127.0.0.1:3000``. ``timeout`` is in seconds, per attempt. Failures that may pass (408, 429, 5xx, network)
    are retried ``max_retries`` times. The other arguments say who speaks; see the README.
    """

    def __init__(
        self,
        api_key: Optional[str],
        base_url: Optional[str] = None,
        *,
        timeout: float = 30.0,
        max_retries: int = 3,
        agent_name: Optional[str] = None,
        agent_type: Optional[str] = None,
        project_name: Optional[str] = None,
        team_name: Optional[str] = None,
        session_id: Optional[str] = None,
    ) -> None:
        identity = Identity(agent_name, agent_type, project_name, team_name, session_id)
        self._operations = make_operations(api_key, base_url, identity, timeout, max_retries)
        self._http = httpx.Client(timeout=timeout)
        # Callers that never say close(), as most short scripts, still leave no open sockets behind.
        weakref.finalize(self, self._http.close)

    create_memory = _blocking(Operations.create_memory)
    add_conversation = _blocking(Operations.add_conversation)
    add_message = _blocking(Operations.add_message)
    update_memory = _blocking(Operations.update_memory)
    delete_memory = _blocking(Operations.delete_memory)
    delete_memories = _blocking(Operations.delete_memories)
    list_memories = _blocking(Operations.list_memories)
    iter_memories = _iterating(Operations.iter_memories)
    get_user_memories = _blocking(Operations.get_user_memories)
    get_personal_memories = _blocking(Operations.get_personal_memories)
    search_memories = _blocking(Operations.search_memories)
    get_memory = _blocking(Operations.get_memory)
    get_history = _blocking(Operations.get_history)
    lineage = _blocking(Operations.lineage)
    lineage_svg = _blocking(Operations.lineage_svg)
    contradictions = _iterating(Operations.contradictions)
    get_contradiction = _blocking(Operations.get_contradiction)
    differences = _iterating(Operations.differences)
    detect_contradictions = _blocking(Operations.detect_contradictions)
    update_belief = _blocking(Operations.update_belief)
    resolve_contradiction = _blocking(Operations.resolve_contradiction)
    undo = _blocking(Operations.undo)
    redo = _blocking(Operations.redo)
    belief_policies = _blocking(Operations.belief_policies)
    set_belief_policies = _blocking(Operations.set_belief_policies)
    get_context = _blocking(Operations.get_context)
    get_stats = _blocking(Operations.get_stats)
    create_agent = _blocking(Operations.create_agent)
    list_agents = _blocking(Operations.list_agents)
    create_handoff = _blocking(Operations.create_handoff)
    list_handoffs = _blocking(Operations.list_handoffs)
    health = _blocking(Operations.health)
    wait = _blocking(Operations.wait)

    @property
    def position(self) -> Optional[int]:
        """The highest position of the log that this client has seen, or None before its first write."""
        return self._operations.position.highest

    def close(self) -> None:
        """Close the connections. The client cannot be used afterwards."""
        self._http.close()

    def __enter__(self) -> MemoryStackClient:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]] = None,
        error: Optional[BaseException] = None,
        traceback: Optional[TracebackType] = None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"MemoryStackClient({self._operations.settings!r})"

    def _carry_out(self, steps: Steps[T]) -> T:
        reply: Any = None  # a generator starts by being sent None
        while True:
            try:
                effect = steps.send(reply)
            except StopIteration as finished:
                answer: T = finished.value
                return answer
            reply = self._perform(effect)

    def _perform(self, effect: Effect) -> Reply:
        if isinstance(effect, Pause):
            time.sleep(effect.seconds)
            return None
        try:
            response = self._http.request(
                effect.method, effect.url, headers=effect.headers, content=effect.content
            )
        except httpx.TransportError as err:
            return NoAnswer(err, timed_out=isinstance(err, httpx.TimeoutException))
        return Answer(response.status_code, response.headers, response.content)

    def _iterate(self, fetch: Pages[T]) -> Iterator[T]:
        cursor: Optional[str] = None
        while True:
            page = self._carry_out(fetch(cursor))
            yield from page.results
            cursor = page.next_cursor
            if not cursor:
                return
