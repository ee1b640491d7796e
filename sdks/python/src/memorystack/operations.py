"""Every operation of the API, for both clients."""

from __future__ import annotations

import inspect
import logging
from typing import Any, Callable, Collection, Optional

from .account_operations import AccountOperations
from .agent_operations import AgentOperations
from .belief_operations import BeliefOperations
from .exchange import Chance, Position
from .job_operations import JobOperations
from .lineage_reads import LineageReads
from .maintenance_operations import MaintenanceOperations
from .memory_reads import MemoryReads
from .memory_writes import MemoryWrites
from .retries import RETRIED_STATUSES, RetryPolicy
from .settings import STANDARD_TIMEOUT_SECONDS, Identity, make_settings
from .transfer_operations import TransferOperations
from .webhook_operations import WebhookOperations


class Operations(
    MemoryWrites,
    MemoryReads,
    LineageReads,
    BeliefOperations,
    AgentOperations,
    JobOperations,
    MaintenanceOperations,
    TransferOperations,
    AccountOperations,
    WebhookOperations,
):
    """All operations as generators of steps; a client supplies the legs."""


def make_operations(
    api_key: Optional[str],
    base_url: Optional[str],
    identity: Identity,
    timeout: Optional[float],
    retries: RetryPolicy,
    logger: Optional[logging.Logger] = None,
) -> Operations:
    """Set up the operations of one client: its settings, a position of its own, the real clock and dice."""
    seconds = STANDARD_TIMEOUT_SECONDS if timeout is None else timeout
    return Operations(make_settings(api_key, base_url, identity, seconds, retries, logger), Position(), Chance())


def make_retries(
    max_retries: int, retry_delay: float, max_retry_delay: float, retryable_status_codes: Optional[Collection[int]]
) -> RetryPolicy:
    """The constructor's arguments about retries. Times are in seconds."""
    statuses = RETRIED_STATUSES if retryable_status_codes is None else frozenset(retryable_status_codes)
    return RetryPolicy(max_retries, retry_delay, max_retry_delay, statuses)


def make_logger(enable_logging: bool, logger: Optional[logging.Logger]) -> Optional[logging.Logger]:
    """Who is told of every attempt; None when logging is off."""
    return (logger or logging.getLogger("memorystack")) if enable_logging or logger is not None else None


def present_as(method: Callable[..., Any], operation: Callable[..., Any], iterator: Optional[str] = None) -> None:
    """Let a client's method show the name, the documentation and the parameters of the operation that it carries out.

    ``help()`` and ``inspect.signature()`` then tell what the caller gets: the answer, not the steps towards it; or the
    ``iterator`` over what is on the pages, or in the stream.
    """
    annotations = dict(operation.__annotations__)
    answer = annotations["return"]
    of = answer[answer.index("[") :]
    annotations["return"] = f"{iterator}{of}" if iterator else of[1:-1]
    method.__name__ = method.__qualname__ = operation.__name__
    method.__doc__ = operation.__doc__
    method.__annotations__ = annotations
    signature = inspect.signature(operation).replace(return_annotation=annotations["return"])
    setattr(method, "__signature__", signature)
