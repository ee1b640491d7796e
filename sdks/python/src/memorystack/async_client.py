"""The asyncio client. Its methods are those of the blocking one, to be awaited."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import TYPE_CHECKING, Any, AsyncIterator, Callable, Coroutine, Optional, Type, TypeVar

import httpx

from .exchange import Answer, Effect, NoAnswer, Pages, Pause, Reply, Steps
from .operations import Operations, make_operations, present_as
from .settings import Identity

if TYPE_CHECKING:
    # Only the type checker needs these; at run time they would be a dependency for nothing.
    from typing_extensions import Concatenate, ParamSpec

    P = ParamSpec("P")

T = TypeVar("T")


def _awaited(
    operation: Callable[Concatenate[Operations, P], Steps[T]],
) -> Callable[Concatenate[AsyncMemoryStackClient, P], Coroutine[Any, Any, T]]:
    async def method(client: AsyncMemoryStackClient, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await client._carry_out(operation(client._operations, *args, **kwargs))

    present_as(method, operation)
    return method


def _iterating(
    operation: Callable[Concatenate[Operations, P], Pages[T]],
) -> Callable[Concatenate[AsyncMemoryStackClient, P], AsyncIterator[T]]:
    def method(client: AsyncMemoryStackClient, /, *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[T]:
        return client._iterate(operation(client._operations, *args, **kwargs))

    present_as(method, operation, iterator="AsyncIterator")
    return method


class AsyncMemoryStackClient:
    """A client of one Memorystack server for asyncio. Arguments and methods are those of MemoryStackClient."""

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
        self._http = httpx.AsyncClient(timeout=timeout)

    create_memory = _awaited(Operations.create_memory)
    add_conversation = _awaited(Operations.add_conversation)
    add_message = _awaited(Operations.add_message)
    update_memory = _awaited(Operations.update_memory)
    delete_memory = _awaited(Operations.delete_memory)
    delete_memories = _awaited(Operations.delete_memories)
    list_memories = _awaited(Operations.list_memories)
    iter_memories = _iterating(Operations.iter_memories)
    get_user_memories = _awaited(Operations.get_user_memories)
    get_personal_memories = _awaited(Operations.get_personal_memories)
    search_memories = _awaited(Operations.search_memories)
    get_memory = _awaited(Operations.get_memory)
    get_history = _awaited(Operations.get_history)
    lineage = _awaited(Operations.lineage)
    lineage_svg = _awaited(Operations.lineage_svg)
    contradictions = _iterating(Operations.contradictions)
    get_contradiction = _awaited(Operations.get_contradiction)
    differences = _iterating(Operations.differences)
    detect_contradictions = _awaited(Operations.detect_contradictions)
    update_belief = _awaited(Operations.update_belief)
    resolve_contradiction = _awaited(Operations.resolve_contradiction)
    undo = _awaited(Operations.undo)
    redo = _awaited(Operations.redo)
    belief_policies = _awaited(Operations.belief_policies)
    set_belief_policies = _awaited(Operations.set_belief_policies)
    get_context = _awaited(Operations.get_context)
    get_stats = _awaited(Operations.get_stats)
    create_agent = _awaited(Operations.create_agent)
    list_agents = _awaited(Operations.list_agents)
    create_handoff = _awaited(Operations.create_handoff)
    list_handoffs = _awaited(Operations.list_handoffs)
    health = _awaited(Operations.health)
    wait = _awaited(Operations.wait)

    @property
    def position(self) -> Optional[int]:
        """The highest position of the log that this client has seen, or None before its first write."""
        return self._operations.position.highest

    async def close(self) -> None:
        """Close the connections. The client cannot be used afterwards."""
        await self._http.aclose()

    async def __aenter__(self) -> AsyncMemoryStackClient:
        return self

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]] = None,
        error: Optional[BaseException] = None,
        traceback: Optional[TracebackType] = None,
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"AsyncMemoryStackClient({self._operations.settings!r})"

    async def _carry_out(self, steps: Steps[T]) -> T:
        reply: Any = None  # a generator starts by being sent None
        while True:
            try:
                effect = steps.send(reply)
            except StopIteration as finished:
                answer: T = finished.value
                return answer
            reply = await self._perform(effect)

    async def _perform(self, effect: Effect) -> Reply:
        if isinstance(effect, Pause):
            await asyncio.sleep(effect.seconds)
            return None
        try:
            response = await self._http.request(
                effect.method, effect.url, headers=effect.headers, content=effect.content
            )
        except httpx.TransportError as err:
            return NoAnswer(err, timed_out=isinstance(err, httpx.TimeoutException))
        return Answer(response.status_code, response.headers, response.content)

    async def _iterate(self, fetch: Pages[T]) -> AsyncIterator[T]:
        cursor: Optional[str] = None
        while True:
            page = await self._carry_out(fetch(cursor))
            for one in page.results:
                yield one
            cursor = page.next_cursor
            if not cursor:
                return
