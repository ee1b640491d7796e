"""The blocking client."""

from __future__ import annotations

import logging
import weakref
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Collection, Iterator, Optional, Type, TypeVar

import httpx

from .exchange import Give, Pages, Steps, Stream
from .lines import BlockingLine
from .operations import Operations, make_logger, make_operations, make_retries, present_as
from .retries import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS
from .settings import STANDARD_TIMEOUT_SECONDS, Identity

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


def _streaming(
    operation: Callable[Concatenate[Operations, P], Stream[T]],
) -> Callable[Concatenate[MemoryStackClient, P], Iterator[T]]:
    def method(client: MemoryStackClient, /, *args: P.args, **kwargs: P.kwargs) -> Iterator[T]:
        return client._stream(operation(client._operations, *args, **kwargs))

    present_as(method, operation, iterator="Iterator")
    return method


class MemoryStackClient:
    """A client of one Memorystack server, for one API key and one identity. Safe to share between threads.

    ``base_url`` may end in ``/api/v1`` or not; without it ``MEMORYSTACK_BASE_URL`` counts, then
    ``http://127.0.0.1:3000``. ``timeout`` is in seconds, per attempt. Failures that may pass
    (``retryable_status_codes``: 408, 429, 500, 502, 503, 504, and the network's) are retried ``max_retries`` times,
    after random pauses of at most ``retry_delay`` seconds, then twice that, and so on up to ``max_retry_delay``.
    ``enable_logging`` tells ``logger`` (``memorystack`` when there is none) of every attempt, and never what is in it.
    The other arguments say who speaks; see the README.
    """

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
        self._http = httpx.Client(timeout=self._operations.settings.timeout_seconds)
        # Callers that never say close(), as most short scripts, still leave no open sockets behind.
        weakref.finalize(self, self._http.close)

    add = _blocking(Operations.add)
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
    get_all_memories = _blocking(Operations.get_all_memories)
    list_agent_memories = _blocking(Operations.list_agent_memories)
    search = _blocking(Operations.search)
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
    batch_create = _blocking(Operations.batch_create)
    batch_update = _blocking(Operations.batch_update)
    batch_delete = _blocking(Operations.batch_delete)
    get_job = _blocking(Operations.get_job)
    list_jobs = _blocking(Operations.list_jobs)
    job_results = _iterating(Operations.job_results)
    cancel_job = _blocking(Operations.cancel_job)
    retry_job = _blocking(Operations.retry_job)
    wait_for_job = _blocking(Operations.wait_for_job)
    consolidate_memories = _blocking(Operations.consolidate_memories)
    reflect_on_memories = _blocking(Operations.reflect_on_memories)
    expire_memories = _blocking(Operations.expire_memories)
    list_maintenance_runs = _blocking(Operations.list_maintenance_runs)
    get_maintenance_run = _blocking(Operations.get_maintenance_run)
    revert_maintenance_run = _blocking(Operations.revert_maintenance_run)
    get_auto_maintenance_config = _blocking(Operations.get_auto_maintenance_config)
    update_auto_maintenance_config = _blocking(Operations.update_auto_maintenance_config)
    reset_auto_maintenance_config = _blocking(Operations.reset_auto_maintenance_config)
    export_memories = _blocking(Operations.export_memories)
    import_memories = _blocking(Operations.import_memories)
    get_graph = _blocking(Operations.get_graph)
    usage = _blocking(Operations.usage)
    events = _streaming(Operations.events)
    create_webhook = _blocking(Operations.create_webhook)
    list_webhooks = _blocking(Operations.list_webhooks)
    delete_webhook = _blocking(Operations.delete_webhook)
    test_webhook = _blocking(Operations.test_webhook)
    replay_webhook = _blocking(Operations.replay_webhook)
    enable_webhook = _blocking(Operations.enable_webhook)
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
        with BlockingLine(self._http) as line:
            while True:
                try:
                    effect = steps.send(reply)
                except StopIteration as finished:
                    answer: T = finished.value
                    return answer
                reply = line.perform(effect)

    def _stream(self, steps: Stream[T]) -> Iterator[T]:
        reply: Any = None
        with BlockingLine(self._http) as line:
            while True:
                try:
                    effect = steps.send(reply)
                except StopIteration:
                    return
                if isinstance(effect, Give):
                    yield effect.value
                    reply = None
                else:
                    reply = line.perform(effect)

    def _iterate(self, fetch: Pages[T]) -> Iterator[T]:
        cursor: Optional[str] = None
        while True:
            page = self._carry_out(fetch(cursor))
            yield from page.results
            cursor = page.next_cursor
            if not cursor:
                return
