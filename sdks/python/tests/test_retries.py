"""When a request is tried again, how long that waits, and that it stays one request."""

from __future__ import annotations

import gc
import socket
import time
from typing import Any

import pytest

from memorystack import ConnectionFailedError, MemoryStackClient, MemoryStackError, RateLimitError, TimedOutError
from memorystack.exchange import Answer, Chance, Pause, Send
from memorystack.operations import Operations, make_operations
from memorystack.retries import RetryPolicy, parse_retry_after
from memorystack.settings import Identity
from scripted_server import Received, Scripted

CREATED = Scripted(201, {"success": True, "memories_created": 1, "memory_ids": ["m1"], "event_offset": 1})


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_write_is_repeated_with_the_same_idempotency_key(server: Any, connect: Any, status: int) -> None:
    server.will_answer(Scripted(status), Scripted(status), CREATED)
    assert connect().create_memory(content="a").memory_ids == ["m1"]
    keys = {request.headers["idempotency-key"] for request in server.received}
    request_ids = {request.headers["x-request-id"] for request in server.received}
    assert (len(server.received), len(keys), len(request_ids)) == (3, 1, 3)
    assert server.received[0].body == server.received[2].body


def test_a_dropped_connection_is_tried_again(server: Any, connect: Any) -> None:
    server.will_answer(Scripted(drop=True), CREATED)
    assert connect().create_memory(content="a").memories_created == 1
    assert len({request.headers["idempotency-key"] for request in server.received}) == 1
    assert len(server.received) == 2


@pytest.mark.parametrize("call", ["delete_memory", "get_memory"])
def test_deletes_and_reads_are_repeated_too(server: Any, connect: Any, call: str) -> None:
    server.will_answer(Scripted(503), Scripted(200, {"success": True}))
    getattr(connect(), call)("m1")
    assert len(server.received) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422, 501])
def test_what_a_repetition_cannot_change_is_not_repeated(server: Any, connect: Any, status: int) -> None:
    server.will_answer(Scripted(status))
    with pytest.raises(MemoryStackError) as caught:
        connect().create_memory(content="a")
    assert caught.value.status == status
    assert len(server.received) == 1


def test_three_retries_and_then_the_last_error(server: Any, connect: Any) -> None:
    server.will_answer(*[Scripted(503, {"detail": f"attempt {number}"}) for number in (1, 2, 3, 4)])
    with pytest.raises(MemoryStackError, match="attempt 4"):
        connect().get_stats()
    assert len(server.received) == 4


def test_max_retries_zero_means_one_attempt(server: Any, connect: Any) -> None:
    server.will_answer(Scripted(503))
    with pytest.raises(MemoryStackError):
        connect(max_retries=0).get_stats()
    assert len(server.received) == 1


def test_retry_after_is_waited_for(server: Any, connect: Any) -> None:
    server.will_answer(Scripted(429, headers={"Retry-After": "1"}), Scripted(200, {"plan_tier": "free"}))
    began = time.monotonic()
    assert connect().get_stats().plan_tier == "free"
    assert 1.0 <= time.monotonic() - began < 3.0


def test_a_retry_after_of_minutes_is_raised_rather_than_slept(server: Any, connect: Any) -> None:
    headers = {
        "Retry-After": "61",
        "X-RateLimit-Limit": "10",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": "1700000000",
    }
    server.will_answer(Scripted(429, {"detail": "Too many requests."}, headers))
    with pytest.raises(RateLimitError) as caught:
        connect().get_stats()
    error = caught.value
    assert (error.retry_after, error.limit, error.remaining, error.reset) == (61.0, 10, 0, 1700000000)
    assert len(server.received) == 1


def test_no_server_says_what_to_do(connect: Any) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(ConnectionFailedError, match="npm start") as caught:
            connect(base_url=url, max_retries=1).get_stats()
    assert url in caught.value.message
    assert caught.value.status is None
    assert caught.value.__cause__ is not None


def test_a_silent_server_is_a_timeout(server: Any, connect: Any) -> None:
    def dawdle(request: Received) -> Scripted:
        time.sleep(0.5)
        return Scripted()

    server.responder = dawdle
    with pytest.raises(TimedOutError, match="0.1 s"):
        connect(timeout=0.1, max_retries=0).get_stats()


def scripted_operations(fraction: float) -> Operations:
    operations = make_operations("key_1", "http://host", Identity(), timeout=30, retries=RetryPolicy(most=5))
    operations.chance = Chance(fraction=lambda: fraction, unix_time=lambda: 1_700_000_000.0)
    return operations


def test_pauses_grow_to_their_ceiling() -> None:
    steps = scripted_operations(fraction=0.5).get_stats()
    assert isinstance(next(steps), Send)
    pauses = []
    for _ in range(5):
        pause = steps.send(Answer(503, {}, b""))
        assert isinstance(pause, Pause)
        pauses.append(pause.seconds)
        assert isinstance(steps.send(None), Send)
    assert pauses == [0.5, 1.0, 2.0, 4.0, 5.0]
    with pytest.raises(MemoryStackError):
        steps.send(Answer(503, {}, b""))


def test_retry_after_takes_the_place_of_the_backoff() -> None:
    steps = scripted_operations(fraction=0.5).get_stats()
    next(steps)
    assert steps.send(Answer(503, {"retry-after": "7"}, b"")) == Pause(7.0)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("12", 12.0),
        ("Tue, 14 Nov 2023 22:13:50 GMT", 30.0),
        ("Tue, 14 Nov 2023 22:13:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after_in_seconds_or_as_a_date(text: str, seconds: Any) -> None:
    assert parse_retry_after({"retry-after": text}, now_unix_seconds=1_700_000_000.0) == seconds


def test_jitter_spans_from_nothing_to_the_ceiling() -> None:
    assert [RetryPolicy().pause_seconds(2, fraction, None) for fraction in (0.0, 0.25, 0.999)] == [0.0, 1.0, pytest.approx(3.996)]
    assert RetryPolicy().pause_seconds(5_000, 0.999, None) < 10.0


def test_a_closed_client_does_not_pretend_to_be_offline(server: Any) -> None:
    with MemoryStackClient("key_1", server.url) as client:
        pass
    with pytest.raises(RuntimeError, match="closed"):
        client.get_stats()


def test_a_forgotten_client_closes_its_connections(server: Any) -> None:
    server.will_answer(Scripted())
    client = MemoryStackClient("key_1", server.url)
    client.get_stats()
    connections = client._http
    del client
    gc.collect()
    assert connections.is_closed
