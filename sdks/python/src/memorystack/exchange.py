"""The conversation with the server, without doing any of it.

An operation is a generator that *asks* for what it needs (send this, pause that long) and is told how it went. Retries,
idempotency keys, positions and errors live here once; the blocking and the asyncio client only carry out the asking.
"""

from __future__ import annotations

import json
import random
import time
import uuid
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Callable, Dict, Generator, Generic, Mapping, Optional, Protocol, Sequence, Type, TypeVar, Union
from urllib.parse import quote, urlencode

from .errors import ConnectionFailedError, MemoryStackError, TimedOutError, ValidationError, error_from_answer
from .messages import wire_value
from .responses import Written
from .retries import LONGEST_RETRY_AFTER_SECONDS, parse_retry_after
from .settings import API_PATH, Settings
from .version import __version__

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
W = TypeVar("W", bound=Written)


@dataclass(frozen=True)
class Send:
    """Please make this HTTP request."""

    method: str
    url: str
    headers: Dict[str, str]
    content: Optional[bytes]
    # The body is what this file holds, read while it is sent.
    file: Optional[str] = None
    # The body of a success is not waited for: it comes piece by piece, when More asks for it.
    streamed: bool = False


@dataclass(frozen=True)
class More:
    """Please wait for the next piece of the answer that is streamed."""


@dataclass(frozen=True)
class Pause:
    """Please wait."""

    seconds: float


@dataclass(frozen=True)
class Give(Generic[T]):
    """Please hand this to whoever iterates."""

    value: T


@dataclass(frozen=True)
class Answer:
    """The server answered. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True)
class NoAnswer:
    """Nothing came back."""

    cause: Exception
    timed_out: bool


@dataclass(frozen=True)
class Piece:
    """Some bytes of a streamed answer; none at its end."""

    content: bytes


Effect = Union[Send, More, Pause]
Reply = Union[Answer, NoAnswer, Piece, None]
Steps = Generator[Effect, Reply, T]
Stream = Generator[Union[Effect, Give[T]], Reply, None]


class Page(Protocol[T_co]):
    """Some of many, and where the next ones start."""

    @property
    def results(self) -> Sequence[T_co]: ...

    @property
    def next_cursor(self) -> Optional[str]: ...


# Asks for the page that starts at a cursor, or for the first; a client turns it into an iterator.
Pages = Callable[[Optional[str]], Generator[Effect, Reply, Page[T]]]


class Position:
    """The highest position of the log that a client has seen. Shared by its threads, and never moves back."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._highest: Optional[int] = None

    @property
    def highest(self) -> Optional[int]:
        return self._highest

    def remember(self, position: Any) -> None:
        """Keep ``position`` if it is the highest so far; anything that is not a whole number is ignored."""
        try:
            value = int(position)
        except (TypeError, ValueError):
            return
        with self._lock:
            if self._highest is None or value > self._highest:
                self._highest = value


@dataclass(frozen=True)
class Chance:
    """The clock and the dice, handed in so that tests can hold them still. Times are in seconds."""

    monotonic: Callable[[], float] = time.monotonic
    unix_time: Callable[[], float] = time.time
    fraction: Callable[[], float] = random.random
    unique_id: Callable[[], str] = lambda: str(uuid.uuid4())


@dataclass(frozen=True)
class Request:
    """One logical request, before retries. ``path`` starts at the server's root."""

    method: str
    path: str
    query: Mapping[str, Any]
    body: Optional[Mapping[str, Any]] = None
    idempotency_key: Optional[str] = None
    if_match: Optional[str] = None
    # In place of a body: a file, with its media type among the headers.
    file: Optional[str] = None
    streamed: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


class Exchange:
    """Sends requests as a given caller, tries again where that is safe, and remembers how far the log was seen."""

    def __init__(self, settings: Settings, position: Position, chance: Chance) -> None:
        self.settings = settings
        self.position = position
        self.chance = chance

    def read(
        self,
        parse: Callable[[Any], T],
        path: str,
        query: Optional[Mapping[str, Any]] = None,
        body: Optional[Mapping[str, Any]] = None,
        min_position: Optional[int] = None,
    ) -> Steps[T]:
        """Read with GET, or with POST when there is a ``body``. The answer is at least as fresh as this client's own
        writes (or as ``min_position``, if that is given)."""
        answer = yield from self._read(path, query, body, min_position)
        return parse(decoded(answer))

    def read_text(
        self, path: str, query: Optional[Mapping[str, Any]] = None, min_position: Optional[int] = None
    ) -> Steps[str]:
        """As ``read``, where the answer is a text and no JSON."""
        answer = yield from self._read(path, query, None, min_position)
        return answer.content.decode("utf-8")

    def _read(
        self,
        path: str,
        query: Optional[Mapping[str, Any]],
        body: Optional[Mapping[str, Any]],
        min_position: Optional[int],
    ) -> Steps[Answer]:
        freshness = {"min_position": min_position if min_position is not None else self.position.highest}
        identity = self.settings.identity.fields()
        if body is None:
            request = Request("GET", API_PATH + path, {**identity, **freshness, **_given(query or {})})
        else:
            request = Request("POST", API_PATH + path, {}, _given({**identity, **freshness, **_given(body)}))
        return (yield from self.exchange(request))

    def write(
        self,
        kind: Type[W],
        method: str,
        path: str,
        body: Mapping[str, Any],
        query: Optional[Mapping[str, Any]] = None,
        idempotency_key: Optional[str] = None,
        if_match: Optional[str] = None,
    ) -> Steps[W]:
        """Write once, however many attempts that takes: all of them carry the same idempotency key."""
        key = idempotency_key or self.chance.unique_id()
        fields = {**self.settings.identity.fields(), **_given(body)}
        answer = yield from self.exchange(Request(method, API_PATH + path, query or {}, fields, key, if_match))
        return self.written(kind, answer)

    def written(self, kind: Type[W], answer: Answer) -> W:
        """The answer to a write, with what its headers say."""
        response = kind.from_wire(decoded(answer))
        self.position.remember(response.event_offset)
        response.pending = answer.status == 202
        response.replayed = answer.headers.get("idempotent-replayed") == "true"
        response.location = answer.headers.get("location")
        return response

    def exchange(self, request: Request) -> Steps[Answer]:
        """Return the first success. Raises the error of the last attempt when retries do not help or run out."""
        retries_done = 0
        while True:
            reply = yield from self.attempt(request)
            if isinstance(reply, Answer) and reply.succeeded:
                return reply
            yield self.pause_before_retry(reply, retries_done)
            retries_done += 1

    def pause_before_retry(self, reply: Union[Answer, NoAnswer], retries_done: int) -> Pause:
        """How long to wait before trying again. Raises the error that the reply stands for when that does not help."""
        policy = self.settings.retries
        retry_after = self.retry_after_seconds(reply)
        helps = isinstance(reply, NoAnswer) or reply.status in policy.statuses
        if retries_done >= policy.most or not helps or (retry_after or 0.0) > LONGEST_RETRY_AFTER_SECONDS:
            raise self.error(reply)
        return Pause(policy.pause_seconds(retries_done, self.chance.fraction(), retry_after))

    def attempt(self, request: Request) -> Steps[Union[Answer, NoAnswer]]:
        """Send once and return what came of it, errors included."""
        message = self._message(request)
        reply = yield message
        if not isinstance(reply, (Answer, NoAnswer)):
            raise TypeError(f"A transport must reply to Send with Answer or NoAnswer, not {reply!r}.")
        if isinstance(reply, Answer) and reply.succeeded:
            self.position.remember(reply.headers.get("memorystack-position"))
        if self.settings.logger is not None:
            # The path alone: a query may hold what memories say.
            outcome = reply.status if isinstance(reply, Answer) else f"no answer ({type(reply.cause).__name__})"
            request_id = message.headers["X-Request-ID"]
            self.settings.logger.debug("%s %s: %s (request %s)", request.method, request.path, outcome, request_id)
        return reply

    def retry_after_seconds(self, reply: Union[Answer, NoAnswer]) -> Optional[float]:
        """How long the server asked to be left alone, in seconds; None if it did not say."""
        return parse_retry_after(reply.headers, self.chance.unix_time()) if isinstance(reply, Answer) else None

    def error(self, reply: Union[Answer, NoAnswer]) -> MemoryStackError:
        """The error that a reply stands for."""
        if isinstance(reply, Answer):
            return error_from_answer(reply.status, reply.headers, reply.content, self.retry_after_seconds(reply))
        url = self.settings.server_url
        if reply.timed_out:
            seconds = self.settings.timeout_seconds
            timed_out = TimedOutError(f"{url} did not answer in {seconds:g} s. Is it overloaded? Or raise timeout=.")
            timed_out.__cause__ = reply.cause
            return timed_out
        failed = ConnectionFailedError(
            f"Cannot reach a Memorystack server at {url} ({reply.cause}). Is it running? Start it with `npm start`, "
            "or set base_url= (or MEMORYSTACK_BASE_URL) to where it is."
        )
        failed.__cause__ = reply.cause
        return failed

    def _message(self, request: Request) -> Send:
        headers = {
            "Authorization": f"Bearer {self.settings.api_key}",
            "X-API-Key": self.settings.api_key,
            "User-Agent": f"memorystack-python-sdk/{__version__}",
            "X-SDK-Version": __version__,
            "X-Request-ID": self.chance.unique_id(),
            "Accept": "application/json",
        }
        if request.idempotency_key is not None:
            headers["Idempotency-Key"] = request.idempotency_key
        if request.if_match is not None:
            headers["If-Match"] = request.if_match
        content = None
        if request.body is not None:
            headers["Content-Type"] = "application/json"
            content = _encoded(request.body)
        headers.update(request.headers)
        query = urlencode({name: _query_text(value) for name, value in _given(request.query).items()})
        url = self.settings.server_url + request.path + (f"?{query}" if query else "")
        return Send(request.method, url, headers, content, request.file, request.streamed)


def segment(value: str) -> str:
    """Make an id safe as one segment of a path. Raises ValidationError for an empty one, which would name the list."""
    if not isinstance(value, str) or value in ("", ".", ".."):
        raise ValidationError(f"An id must be a non-empty text, not {value!r}.")
    return quote(value, safe="")


def _given(values: Mapping[str, Any]) -> Dict[str, Any]:
    return {name: wire_value(value) for name, value in values.items() if value is not None}


def _query_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)


def _encoded(body: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(body, allow_nan=False, separators=(",", ":"), default=_json_default).encode()
    except (TypeError, ValueError, RecursionError) as err:
        raise ValidationError(f"The request cannot be written as JSON: {err}.") from err


def _json_default(value: Any) -> Any:
    converted = wire_value(value)
    if converted is value:
        raise TypeError(f"{type(value).__name__} is not a JSON type")
    return converted


def decoded(answer: Answer) -> Any:
    """The JSON of an answer; an empty body counts as an empty object. Raises MemoryStackError when it is not JSON."""
    if not answer.content:
        return {}
    try:
        return json.loads(answer.content)
    except ValueError as err:
        raise MemoryStackError(
            "The answer is not JSON. Is base_url a Memorystack server?",
            status=answer.status,
            request_id=answer.headers.get("x-request-id"),
        ) from err
