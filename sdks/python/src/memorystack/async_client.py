"""The asyncio client. Its methods are those of the blocking one, to be awaited."""

from __future__ import annotations

import logging
from types import TracebackType
from typing import TYPE_CHECKING, Any, AsyncIterator, Callable, Collection, Coroutine, Optional, Type, TypeVar

import httpx

from .exchange import Give, Pages, Steps, Stream
from .lines import AsyncLine
from .operations import Operations, make_logger, make_operations, make_retries, present_as
from .retries import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS
from .settings import STANDARD_TIMEOUT_SECONDS, Identity

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


def _streaming(
    operation: Callable[Concatenate[Operations, P], Stream[T]],
) -> Callable[Concatenate[AsyncMemoryStackClient, P], AsyncIterator[T]]:
    def method(client: AsyncMemoryStackClient, /, *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[T]:
        return client._stream(operation(client._operations, *args, **kwargs))

    present_as(method, operation, iterator="AsyncIterator")
    return method


class AsyncMemoryStackClient:
    """A client of one Memorystack server for asyncio. Arguments and methods are those of MemoryStackClient."""

    def __init__(
        self,
        api_key: Optional[str],
        base_url: Optional[str] = None,
        agent_name: Optional[str] = None,
        agent_type: Optional[str] = None,
        session_id: Optional[str] = None,
        project_name: Optional[str] = None,
        timeout: Optional[float] = STANDARD_TIMEOUT_SECONDS,
        max_retries: int = 3,
        retry_delay: float = FIRST_PAUSE_SECONDS,
        max_retry_delay: float = LONGEST_PAUSE_SECONDS,
        retryable_status_codes: Optional[Collection[int]] = None,
        enable_logging: bool = False,
        logger: Optional[logging.Logger] = None,
        *,
        team_name: Optional[str] = None,
    ) -> None:
        identity = Identity(agent_name, agent_type, project_name, team_name, session_id)
        retries = make_retries(max_retries, retry_delay, max_retry_delay, retryable_status_codes)
        told = make_logger(enable_logging, logger)
        self._operations = make_operations(api_key, base_url, identity, timeout, retries, told)
        self._http = httpx.AsyncClient(timeout=self._operations.settings.timeout_seconds)

    add = _awaited(Operations.add)
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
    get_all_memories = _awaited(Operations.get_all_memories)
    list_agent_memories = _awaited(Operations.list_agent_memories)
    search = _awaited(Operations.search)
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
    batch_create = _awaited(Operations.batch_create)
    batch_update = _awaited(Operations.batch_update)
    batch_delete = _awaited(Operations.batch_delete)
    get_job = _awaited(Operations.get_job)
    list_jobs = _awaited(Operations.list_jobs)
    job_results = _iterating(Operations.job_results)
    cancel_job = _awaited(Operations.cancel_job)
    retry_job = _awaited(Operations.retry_job)
    wait_for_job = _awaited(Operations.wait_for_job)
    consolidate_memories = _awaited(Operations.consolidate_memories)
    reflect_on_memories = _awaited(Operations.reflect_on_memories)
    expire_memories = _awaited(Operations.expire_memories)
    list_maintenance_runs = _awaited(Operations.list_maintenance_runs)
    get_maintenance_run = _awaited(Operations.get_maintenance_run)
    revert_maintenance_run = _awaited(Operations.revert_maintenance_run)
    get_auto_maintenance_config = _awaited(Operations.get_auto_maintenance_config)
    update_auto_maintenance_config = _awaited(Operations.update_auto_maintenance_config)
    reset_auto_maintenance_config = _awaited(Operations.reset_auto_maintenance_config)
    export_memories = _awaited(Operations.export_memories)
    import_memories = _awaited(Operations.import_memories)
    get_graph = _awaited(Operations.get_graph)
    usage = _awaited(Operations.usage)
    events = _streaming(Operations.events)
    create_webhook = _awaited(Operations.create_webhook)
    list_webhooks = _awaited(Operations.list_webhooks)
    delete_webhook = _awaited(Operations.delete_webhook)
    test_webhook = _awaited(Operations.test_webhook)
    replay_webhook = _awaited(Operations.replay_webhook)
    enable_webhook = _awaited(Operations.enable_webhook)
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
        async with AsyncLine(self._http) as line:
            while True:
                try:
                    effect = steps.send(reply)
                except StopIteration as finished:
                    answer: T = finished.value
                    return answer
                reply = await line.perform(effect)

    async def _stream(self, steps: Stream[T]) -> AsyncIterator[T]:
        reply: Any = None
        async with AsyncLine(self._http) as line:
            while True:
                try:
                    effect = steps.send(reply)
                except StopIteration:
                    return
                if isinstance(effect, Give):
                    yield effect.value
                    reply = None
                else:
                    reply = await line.perform(effect)

    async def _iterate(self, fetch: Pages[T]) -> AsyncIterator[T]:
        cursor: Optional[str] = None
        while True:
            page = await self._carry_out(fetch(cursor))
            for one in page.results:
                yield one
            cursor = page.next_cursor
            if not cursor:
                return
