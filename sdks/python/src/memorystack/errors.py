"""What can go wrong: one class per answer that a caller may want to treat differently."""

from __future__ import annotations

import json
from typing import Any, Dict, Mapping, Optional, Type


class MemoryStackError(Exception):
    """Every error of this package.

    ``status`` is the HTTP status, or ``None`` when no answer arrived; ``code`` is the server's stable word for
    the error; ``request_id`` finds the request in the server's log; ``details`` is whatever else it said.
    """

    def __init__(
        self,
        message: str,
        status: Optional[int] = None,
        request_id: Optional[str] = None,
        code: Optional[str] = None,
        details: Any = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.request_id = request_id
        self.code = code
        self.details = details

    @property
    def status_code(self) -> Optional[int]:
        """``status``, as the client that is published calls it."""
        return self.status

    def __str__(self) -> str:
        facts = [f"{name} {value}" for name, value in (("status", self.status), ("request", self.request_id)) if value]
        return f"{self.message} ({', '.join(facts)})" if facts else self.message


class AuthenticationError(MemoryStackError):
    """401: the API key is missing, unknown or revoked."""


class PermissionDeniedError(MemoryStackError):
    """403: the API key is bound to another project, team, agent or user."""


class NotFoundError(MemoryStackError):
    """404: there is no such thing, or this key may not see it."""


class ConflictError(MemoryStackError):
    """409: the memory changed since it was read, its scope already says this, or what is asked of a belief cannot be done
    as things are. ``code`` says which, and ``details`` what is in the way."""


class ValidationError(MemoryStackError):
    """400, 413, 415, 422, or an argument that cannot be sent at all (then ``status`` is ``None``)."""


class RateLimitError(MemoryStackError):
    """429, after all retries.

    ``limit`` and ``remaining`` count requests, ``reset`` is in Unix seconds, ``retry_after`` in seconds from now;
    each is ``None`` when the server did not say.
    """

    limit: Optional[int] = None
    remaining: Optional[int] = None
    reset: Optional[int] = None
    retry_after: Optional[float] = None


class ConnectionFailedError(MemoryStackError):
    """No answer came back, after all retries: the server is down, unreachable or not an HTTP server."""

    @property
    def original_error(self) -> Optional[BaseException]:
        """What the network said."""
        return self.__cause__


class TimedOutError(ConnectionFailedError):
    """The server took longer than the client was told to wait."""


class JobFailedError(MemoryStackError):
    """A job that was waited for did not do its work: it failed as a whole, or was cancelled. ``details`` is the job."""


# As the client that is published calls it.
NetworkError = ConnectionFailedError


_CLASS_BY_STATUS: Dict[int, Type[MemoryStackError]] = {
    400: ValidationError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    413: ValidationError,
    415: ValidationError,
    422: ValidationError,
    429: RateLimitError,
}


def error_from_answer(
    status: int, headers: Mapping[str, str], content: bytes, retry_after_seconds: Optional[float]
) -> MemoryStackError:
    """Turn an answer that is not a success into the error to raise.

    Reads the server's ``application/problem+json`` (RFC 9457, with ``error`` and ``details`` for older clients), but
    survives any body at all: a proxy in between answers with HTML of its own.
    """
    problem = _json_object(content)
    said = _first_text(problem, "detail", "error", "message", "title")
    kind = _CLASS_BY_STATUS.get(status, MemoryStackError)
    error = kind(
        said or f"The server answered with status {status}.",
        status=status,
        request_id=_first_text(problem, "request_id") or headers.get("x-request-id"),
        code=_first_text(problem, "code"),
        details=problem.get("details"),
    )
    if isinstance(error, RateLimitError):
        error.limit = _integer(headers.get("x-ratelimit-limit"))
        error.remaining = _integer(headers.get("x-ratelimit-remaining"))
        error.reset = _integer(headers.get("x-ratelimit-reset"))
        error.retry_after = retry_after_seconds
    return error


def _json_object(content: bytes) -> Dict[str, Any]:
    try:
        value = json.loads(content)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _first_text(problem: Mapping[str, Any], *names: str) -> Optional[str]:
    for name in names:
        value = problem.get(name)
        if isinstance(value, str) and value:
            return value
    return None


def _integer(text: Optional[str]) -> Optional[int]:
    try:
        return int(text) if text is not None else None
    except ValueError:
        return None
