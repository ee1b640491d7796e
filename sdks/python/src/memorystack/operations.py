"""Every operation of the API, for both clients."""

from __future__ import annotations

import inspect
from typing import Any, Callable, Optional

from .agent_operations import AgentOperations
from .belief_operations import BeliefOperations
from .exchange import Chance, Position
from .lineage_reads import LineageReads
from .memory_reads import MemoryReads
from .memory_writes import MemoryWrites
from .settings import Identity, make_settings


class Operations(MemoryWrites, MemoryReads, LineageReads, BeliefOperations, AgentOperations):
    """All operations as generators of steps; a client supplies the legs."""


def make_operations(
    api_key: Optional[str], base_url: Optional[str], identity: Identity, timeout: float, max_retries: int
) -> Operations:
    """Set up the operations of one client: its settings, a position of its own, the real clock and dice."""
    return Operations(make_settings(api_key, base_url, identity, timeout, max_retries), Position(), Chance())


def present_as(method: Callable[..., Any], operation: Callable[..., Any], iterator: Optional[str] = None) -> None:
    """Let a client's method show the name, the documentation and the parameters of the operation that it carries out.

    ``help()`` and ``inspect.signature()`` then tell what the caller gets: the answer, not the steps towards it; or the
    ``iterator`` over what is on the pages.
    """
    annotations = dict(operation.__annotations__)
    answer = annotations["return"]
    annotations["return"] = f"{iterator}{answer[len('Pages') :]}" if iterator else answer[len("Steps[") : -1]
    method.__name__ = method.__qualname__ = operation.__name__
    method.__doc__ = operation.__doc__
    method.__annotations__ = annotations
    signature = inspect.signature(operation).replace(return_annotation=annotations["return"])
    setattr(method, "__signature__", signature)
