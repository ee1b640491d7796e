"""Memorystack for Python: remember and recall, for agents.

>>> from memorystack import MemoryStackClient
>>> client = MemoryStackClient(api_key="...")  # doctest: +SKIP
>>> client.add_message("I prefer dark mode")  # doctest: +SKIP
"""

from .async_client import AsyncMemoryStackClient
from .client import MemoryStackClient
from .errors import (
    AuthenticationError,
    ConflictError,
    ConnectionFailedError,
    MemoryStackError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    TimedOutError,
    ValidationError,
)
from .messages import Message
from .responses import (
    Agent,
    ContextResponse,
    CreateAgentResponse,
    CreateMemoryResponse,
    DeleteMemoriesResponse,
    DeleteMemoryResponse,
    Handoff,
    HandoffResponse,
    HealthResponse,
    HistoryResponse,
    ListAgentsResponse,
    ListHandoffsResponse,
    ListMemoriesResponse,
    Memory,
    MemoryVersion,
    SearchMemoriesResponse,
    SearchResult,
    Source,
    StatsResponse,
    UpdateMemoryResponse,
)
from .version import __version__

__all__ = [
    "Agent",
    "AsyncMemoryStackClient",
    "AuthenticationError",
    "ConflictError",
    "ConnectionFailedError",
    "ContextResponse",
    "CreateAgentResponse",
    "CreateMemoryResponse",
    "DeleteMemoriesResponse",
    "DeleteMemoryResponse",
    "Handoff",
    "HandoffResponse",
    "HealthResponse",
    "HistoryResponse",
    "ListAgentsResponse",
    "ListHandoffsResponse",
    "ListMemoriesResponse",
    "Memory",
    "MemoryStackClient",
    "MemoryStackError",
    "MemoryVersion",
    "Message",
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimitError",
    "SearchMemoriesResponse",
    "SearchResult",
    "Source",
    "StatsResponse",
    "TimedOutError",
    "UpdateMemoryResponse",
    "ValidationError",
    "__version__",
]
