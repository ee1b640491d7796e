"""How answers become objects and errors, positions included."""

from __future__ import annotations

import json
from typing import Any, Optional

import pytest

import memorystack
from memorystack import MemoryStackError, RateLimitError, TimedOutError
from memorystack.errors import error_from_answer
from scripted_server import Received, Scripted

PROBLEM = {
    "type": "about:blank",
    "title": "The request is not well-formed.",
    "status": 400,
    "detail": "limit: must be at most 100",
    "error": "limit: must be at most 100",
    "code": "validation_failed",
    "details": [{"field": "limit"}],
    "request_id": "req_1",
}


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (400, "ValidationError"),
        (401, "AuthenticationError"),
        (403, "PermissionDeniedError"),
        (404, "NotFoundError"),
        (409, "ConflictError"),
        (413, "ValidationError"),
        (415, "ValidationError"),
        (422, "ValidationError"),
        (429, "RateLimitError"),
        (405, "MemoryStackError"),
        (500, "MemoryStackError"),
        (302, "MemoryStackError"),
    ],
)
def test_each_status_has_its_class(server: Any, connect: Any, status: int, name: str) -> None:
    server.will_answer(Scripted(status, PROBLEM))
    with pytest.raises(MemoryStackError) as caught:
        connect(max_retries=0).get_stats()
    error = caught.value
    assert type(error) is getattr(memorystack, name)
    assert (error.message, error.status, error.code) == ("limit: must be at most 100", status, "validation_failed")
    assert (error.request_id, error.details) == ("req_1", [{"field": "limit"}])
    assert str(error) == f"limit: must be at most 100 (status {status}, request req_1)"


@pytest.mark.parametrize("content", [b"<html>Bad gateway</html>", b"", b"[1]", b'"text"', b"null", b"\xff"])
def test_a_foreign_error_body_is_survived(content: bytes) -> None:
    error = error_from_answer(502, {"x-request-id": "r"}, content, None)
    assert (type(error), error.status, error.request_id) == (MemoryStackError, 502, "r")
    assert "502" in error.message


def test_an_answer_that_is_not_json_is_an_error_of_its_own(server: Any, connect: Any) -> None:
    server.will_answer(Scripted(200, b"<html>Welcome</html>"))
    with pytest.raises(MemoryStackError, match="base_url"):
        connect().get_stats()


def test_rate_limit_facts_are_optional() -> None:
    error = error_from_answer(429, {"x-ratelimit-limit": "many"}, b"{}", None)
    assert isinstance(error, RateLimitError)
    assert (error.limit, error.remaining, error.reset, error.retry_after) == (None, None, None, None)


def test_known_fields_are_attributes_and_the_rest_is_kept(server: Any, connect: Any) -> None:
    found = {
        "id": "m1",
        "content": "likes tea",
        "confidence": None,
        "score": 0.5,
        "sources": [{"message_id": "e1", "external_id": "mine", "start": 0, "end": 9, "lang": "en"}],
        "colour": "green",
    }
    server.will_answer(Scripted(200, {"success": True, "count": 1, "mode": "text", "results": [found], "memories": []}))
    page = connect().search_memories("tea")
    (result,) = page.results
    assert (page.count, page.mode) == (1, "text")
    assert (result.id, result.content, result.score, result.confidence) == ("m1", "likes tea", 0.5, 0.0)
    assert (result.sources[0].external_id, result.sources[0].end) == ("mine", 9)
    assert result.raw == found


@pytest.mark.parametrize("body", [{}, [], None, {"results": None}])
def test_missing_fields_are_survived(server: Any, connect: Any, body: Any) -> None:
    server.responder = lambda request: Scripted(200, body)
    client = connect()
    assert client.list_memories().results == []
    assert client.search_memories("a").results == []
    assert client.get_stats().totals == {}
    assert client.get_memory("m1").id == ""
    assert client.get_history("m1").versions == []
    assert client.list_agents().agents == []
    assert client.list_handoffs().handoffs == []
    assert client.create_agent("Ann").agent.name == ""
    assert client.get_context("a").sources == []


def test_a_context_tells_what_it_left_out(server: Any, connect: Any) -> None:
    counts = {"token_count": 80, "encoding": "o200k_base", "omitted": 3, "near_copies": 2, "truncated": True}
    server.will_answer(Scripted(200, {"success": True, "context": "Said:", "as_of": 7, **counts}), Scripted(200, {}))
    client = connect()
    context = client.get_context("a")
    assert {name: getattr(context, name) for name in counts} == counts
    assert (context.context, context.as_of) == ("Said:", 7)
    older = client.get_context("a")
    assert (older.encoding, older.omitted, older.truncated, older.as_of) == (None, 0, False, None)


def test_a_write_tells_what_became_of_it(server: Any, connect: Any) -> None:
    server.will_answer(
        Scripted(202, {"success": True}, {"Location": "/api/v1/batch-jobs/j1"}),
        Scripted(200, {"memory_ids": ["m1"], "deduplicated": True}, {"Idempotent-Replayed": "true"}),
        Scripted(200, {"memory": {"id": "m1", "version": 2}}),
    )
    client = connect()
    slow, repeated = client.add_message("a"), client.add_message("a")
    assert (slow.pending, slow.location, slow.replayed) == (True, "/api/v1/batch-jobs/j1", False)
    assert (repeated.pending, repeated.replayed, repeated.deduplicated) == (False, True, True)
    assert client.update_memory("m1", content="b").memory.version == 2


def sent_position(request: Received) -> Optional[str]:
    in_body = (request.body or {}).get("min_position") if isinstance(request.body, dict) else None
    return str(in_body) if in_body is not None else request.query.get("min_position")


def test_reads_wait_for_what_this_client_wrote(server: Any, connect: Any) -> None:
    server.will_answer(
        Scripted(200, {}),
        Scripted(201, {"event_offset": 7}),
        Scripted(200, {}),
        Scripted(200, {}, {"Memorystack-Position": "12"}),
        Scripted(201, {"event_offset": 9}, {"Memorystack-Position": "9"}),
        Scripted(200, {}),
        Scripted(200, {}),
    )
    client = connect()
    assert client.position is None
    client.list_memories()
    client.add_message("a")
    client.list_memories()
    client.search_memories("a")
    client.delete_memory("m1")
    client.search_memories("a")
    client.get_context("a")
    reads = [request for request in server.received if "idempotency-key" not in request.headers]
    assert [sent_position(request) for request in reads] == [None, "7", "7", "12", "12"]
    assert client.position == 12


def test_a_caller_may_ask_for_another_position(server: Any, connect: Any) -> None:
    server.will_answer(Scripted(201, {"event_offset": 7}), Scripted())
    client = connect()
    client.add_message("a")
    client.list_memories(min_position=3)
    assert sent_position(server.received[1]) == "3"


def test_a_refused_write_does_not_move_the_position(server: Any, connect: Any) -> None:
    server.will_answer(Scripted(400, PROBLEM, {"Memorystack-Position": "99"}))
    client = connect()
    with pytest.raises(MemoryStackError):
        client.add_message("a")
    assert client.position is None


def test_wait_asks_lists_and_searches_until_both_have_caught_up(server: Any, connect: Any) -> None:
    behind = Scripted(503, {"code": "behind"}, {"Retry-After": "0"})
    server.will_answer(Scripted(201, {"event_offset": 7}), behind, Scripted(), Scripted(drop=True), behind, Scripted())
    client = connect(team_name="t")
    client._operations.chance = memorystack.exchange.Chance(monotonic=lambda: 0.0)
    client.add_message("a")
    assert client.wait() == 7
    asked = [(request.path, sent_position(request)) for request in server.received[1:]]
    assert asked == [("/api/v1/memories", "7")] * 2 + [("/api/v1/memories/search", "7")] * 3


def test_wait_ends_at_its_deadline(server: Any, connect: Any) -> None:
    server.responder = lambda request: Scripted(503, {"detail": "behind", "code": "behind"}, {"Retry-After": "5"})
    with pytest.raises(TimedOutError, match="position 4") as caught:
        connect().wait(4, timeout=1)
    assert (caught.value.status, caught.value.code) == (503, "behind")
    assert len(server.received) == 1


def test_wait_does_not_insist_on_a_position_that_cannot_come(server: Any, connect: Any) -> None:
    server.will_answer(Scripted(400, {"code": "position_in_future"}))
    with pytest.raises(memorystack.ValidationError):
        connect().wait(4)


def test_wait_without_writes_asks_nothing(server: Any, connect: Any) -> None:
    assert connect().wait() == 0
    assert server.received == []


def paged(request: Received) -> Scripted:
    start = int(request.query.get("cursor", "0"))
    end = min(start + int(request.query["limit"]), 5)
    body = {"results": [{"id": f"m{number}"} for number in range(start, end)]}
    return Scripted(200, {**body, "next_cursor": str(end)} if end < 5 else body)


def test_iter_memories_follows_the_cursor_to_the_end(server: Any, connect: Any) -> None:
    server.responder = paged
    ids = [memory.id for memory in connect().iter_memories("u", page_size=2, memory_type="fact")]
    assert ids == ["m0", "m1", "m2", "m3", "m4"]
    assert [request.query.get("cursor") for request in server.received] == [None, "2", "4"]
    assert {(request.query["user_id"], request.query["memory_type"]) for request in server.received} == {("u", "fact")}


def test_iter_memories_fetches_only_what_is_consumed(server: Any, connect: Any) -> None:
    server.responder = paged
    iterator = connect().iter_memories(page_size=2)
    assert server.received == []
    assert [next(iterator).id, next(iterator).id] == ["m0", "m1"]
    assert len(server.received) == 1


def test_raw_is_the_json_as_it_came(server: Any, connect: Any) -> None:
    body = {"plan_tier": "self-hosted", "usage": {"api_calls_used": 3}, "totals": {"memories": 2}, "new": [1]}
    server.will_answer(Scripted(200, body))
    stats = connect().get_stats()
    assert json.loads(json.dumps(stats.raw)) == body
    assert (stats.plan_tier, stats.usage["api_calls_used"], stats.totals["memories"]) == ("self-hosted", 3, 2)
