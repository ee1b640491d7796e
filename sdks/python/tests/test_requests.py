"""What goes over the wire, for both clients."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from memorystack import AuthenticationError, MemoryStackClient, Message, ValidationError, __version__
from memorystack.settings import server_url
from scripted_server import Scripted

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EVERYONE = {
    "agent_name": "Writer",
    "agent_type": "author",
    "project_name": "content",
    "team_name": "editorial",
    "session_id": "s1",
}


def test_sends_the_headers_of_the_contract(server: Any, connect: Any) -> None:
    server.will_answer(Scripted())
    connect("key_1").add_message("hello")
    headers = server.received[0].headers
    assert headers["authorization"] == "Bearer key_1"
    assert headers["x-api-key"] == "key_1"
    assert headers["user-agent"] == f"memorystack-python-sdk/{__version__}"
    assert headers["x-sdk-version"] == __version__
    assert headers["content-type"] == "application/json"
    assert UUID.fullmatch(headers["x-request-id"])
    assert UUID.fullmatch(headers["idempotency-key"])


def test_identity_is_in_the_body_of_writes_and_searches_and_in_the_query_of_reads(server: Any, connect: Any) -> None:
    server.will_answer(Scripted(), Scripted(), Scripted(), Scripted())
    client = connect(**EVERYONE)
    client.create_memory(content="a")
    client.delete_memory("m1", hard=True)
    client.search_memories("a")
    client.list_memories(limit=3)
    create, delete, search, listing = server.received
    assert create.body == {"content": "a", **EVERYONE}
    assert (delete.query, delete.body) == ({"hard": "true"}, EVERYONE)
    assert search.body == {"query": "a", "limit": 10, **EVERYONE}
    assert (listing.query, listing.body) == ({"limit": "3", **EVERYONE}, None)


def test_a_call_may_name_another_session(server: Any, connect: Any) -> None:
    server.will_answer(Scripted(), Scripted())
    client = connect(session_id="s1")
    client.create_memory(content="a", session_id="s2")
    client.list_memories(session_id="s2")
    assert server.received[0].body["session_id"] == "s2"
    assert server.received[1].query["session_id"] == "s2"


def test_reads_carry_no_idempotency_key(server: Any, connect: Any) -> None:
    server.will_answer(Scripted(), Scripted())
    client = connect()
    client.search_memories("a")
    client.get_stats()
    assert ["idempotency-key" in request.headers for request in server.received] == [False, False]


def test_each_write_has_its_own_key_unless_the_caller_gives_one(server: Any, connect: Any) -> None:
    server.will_answer(Scripted(), Scripted(), Scripted())
    client = connect()
    client.add_message("a")
    client.add_message("a")
    client.create_memory(content="a", idempotency_key="order-17")
    first, second, third = (request.headers["idempotency-key"] for request in server.received)
    assert first != second
    assert third == "order-17"


def test_messages_leave_out_what_was_not_given_and_write_times_with_an_offset(server: Any, connect: Any) -> None:
    server.will_answer(Scripted())
    noon = datetime(2024, 5, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    connect().create_memory(
        [Message("user", "hi", name="Ann", id="m-1", timestamp=noon), {"role": "assistant", "content": "hello"}],
        "user_123",
        {"source": "chat"},
    )
    assert server.received[0].body == {
        "messages": [
            {"role": "user", "content": "hi", "name": "Ann", "id": "m-1", "timestamp": "2024-05-01T12:00:00+02:00"},
            {"role": "assistant", "content": "hello"},
        ],
        "user_id": "user_123",
        "metadata": {"source": "chat"},
    }


def test_a_time_without_an_offset_is_local(server: Any, connect: Any) -> None:
    server.will_answer(Scripted())
    local = datetime(2024, 5, 1, 12, 0)
    connect().search_memories("a", start_date=local)
    assert datetime.fromisoformat(server.received[0].body["start_date"]) == local.astimezone()


def test_every_operation_has_its_route(server: Any, connect: Any) -> None:
    server.responder = lambda request: Scripted()
    client = connect()
    client.add_conversation("a", "b", user_id="u")
    client.update_memory("m 1", content="new", if_match=3)
    client.delete_memories(["a", "b"], hard=True)
    client.get_memory("m/1")
    client.get_history("m1")
    client.get_user_memories("u", limit=7)
    client.get_personal_memories()
    client.create_agent("Ann", role="editor", project_id="p", team_id="t")
    client.list_agents(cursor="c")
    client.list_handoffs("s", limit=3)
    client.create_handoff("Ann", "Bob", reason="lunch", context={"page": 3}, session_id="s")
    client.get_context("what now", max_tokens=500, as_of=7, valid_at="2026-01-01")
    client.detect_contradictions("a", "u", scope="team")
    client.update_belief("a", "u", 0.5, "merge", "m1", {"a": 1})
    client.resolve_contradiction("c/1", "reject", "her passport")
    client.undo("m/1", cascade=True)
    client.redo("m1")
    client.belief_policies()
    client.set_belief_policies(state="ask", none="latest_wins")
    client.health()
    seen = [(request.method, request.path, request.query or request.body) for request in server.received]
    talk = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
    assert seen == [
        ("POST", "/api/v1/memories", {"messages": talk, "user_id": "u"}),
        ("PATCH", "/api/v1/memories/m%201", {"content": "new"}),
        ("DELETE", "/api/v1/memories/batch", {"memory_ids": ["a", "b"], "hard": True}),
        ("GET", "/api/v1/memories/m%2F1", None),
        ("GET", "/api/v1/memories/m1/history", None),
        ("GET", "/api/v1/memories", {"user_id": "u", "limit": "7"}),
        ("GET", "/api/v1/memories", {"user_id": "self", "limit": "20"}),
        ("POST", "/api/v1/agents", {"name": "Ann", "role": "editor", "projectId": "p", "teamId": "t"}),
        ("GET", "/api/v1/agents", {"limit": "20", "cursor": "c"}),
        ("GET", "/api/v1/handoffs", {"session_id": "s", "limit": "3"}),
        (
            "POST",
            "/api/v1/handoffs",
            {"from_agent": "Ann", "to_agent": "Bob", "reason": "lunch", "context": {"page": 3}, "session_id": "s"},
        ),
        (
            "GET",
            "/api/v1/context",
            {"query": "what now", "max_tokens": "500", "as_of": "7", "valid_at": "2026-01-01"},
        ),
        ("POST", "/api/v1/memories/detect-contradictions", {"content": "a", "user_id": "u", "scope": "team"}),
        (
            "POST",
            "/api/v1/memories/update-belief",
            {
                "content": "a",
                "user_id": "u",
                "confidence": 0.5,
                "strategy": "merge",
                "contradicting_memory_id": "m1",
                "metadata": {"a": 1},
            },
        ),
        ("POST", "/api/v1/contradictions/c%2F1/resolve", {"strategy": "reject", "reason": "her passport"}),
        ("POST", "/api/v1/memories/m%2F1/undo", {"cascade": True}),
        ("POST", "/api/v1/memories/m1/redo", {"cascade": False}),
        ("GET", "/api/v1/belief-policies", None),
        ("PUT", "/api/v1/belief-policies", {"state": "ask", "none": "latest_wins"}),
        ("GET", "/health", None),
    ]
    assert server.received[1].headers["if-match"] == '"3"'


def test_query_values_are_written_as_the_server_reads_them(server: Any, connect: Any) -> None:
    server.will_answer(Scripted())
    connect().list_memories("a&b", min_confidence=0.8, include_superseded=True, include_embedding=False)
    query = server.received[0].query
    assert (query["user_id"], query["min_confidence"]) == ("a&b", "0.8")
    assert (query["include_superseded"], query["include_embedding"]) == ("true", "false")


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.create_memory(),
        lambda client: client.create_memory([Message("user", "a")], content="a"),
        lambda client: client.create_memory("a plain text"),
        lambda client: client.create_memory(content="a", metadata={"when": object()}),
        lambda client: client.create_memory(content="a", confidence=float("nan")),
        lambda client: client.delete_memory(""),
        lambda client: client.get_memory(".."),
        lambda client: client.delete_memories("m1"),
    ],
)
def test_what_cannot_be_sent_is_refused_before_sending(server: Any, connect: Any, call: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        call(connect())
    assert caught.value.status is None
    assert server.received == []


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.list_memories(as_of=datetime(2026, 3, 1)),
        lambda client: client.search_memories("x", as_of=datetime(2026, 3, 1)),
        lambda client: client.lineage("m", as_of=datetime(2026, 3, 1)),
        lambda client: client.lineage_svg("m", as_of=datetime(2026, 3, 1)),
    ],
)
def test_as_of_is_one_place_in_the_log(server: Any, connect: Any, call: Any) -> None:
    with pytest.raises(ValidationError, match="as_of is a datetime without a time zone"):
        call(connect())
    assert server.received == []


def test_metadata_may_hold_times(server: Any, connect: Any) -> None:
    server.will_answer(Scripted())
    connect().create_memory(content="a", metadata={"when": datetime(2024, 1, 1, tzinfo=timezone.utc)})
    assert server.received[0].body["metadata"] == {"when": "2024-01-01T00:00:00+00:00"}


@pytest.mark.parametrize(
    ("given", "root"),
    [
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://127.0.0.1:3000/", "http://127.0.0.1:3000"),
        (" https://your-domain.com/api/v1 ", "https://your-domain.com"),
        ("https://your-domain.com/api/v1/", "https://your-domain.com"),
        ("https://your-domain.com/api/v1//api/v1", "https://your-domain.com"),
        ("https://host/behind/proxy/api/v1", "https://host/behind/proxy"),
        ("http://[::1]:3000//api/v1", "http://[::1]:3000"),
    ],
)
def test_base_url_may_have_the_api_path_or_not(given: str, root: str) -> None:
    assert server_url(given) == root


@pytest.mark.parametrize(
    "given",
    ["localhost:3000", "127.0.0.1", "ftp://host", "http://", "http://host:port", "http://host/?key=1", "/api/v1"],
)
def test_a_base_url_that_is_none_says_what_one_looks_like(given: str) -> None:
    with pytest.raises(ValidationError, match="https://host/api/v1"):
        server_url(given)


def test_base_url_comes_from_the_environment_when_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEMORYSTACK_BASE_URL", "http://10.0.0.1:3000/api/v1")
    assert MemoryStackClient("key_1")._operations.settings.server_url == "http://10.0.0.1:3000"
    assert MemoryStackClient("key_1", "http://given")._operations.settings.server_url == "http://given"
    monkeypatch.delenv("MEMORYSTACK_BASE_URL")
    assert MemoryStackClient("key_1")._operations.settings.server_url == "http://127.0.0.1:3000"


@pytest.mark.parametrize("api_key", [None, "", "  ", "two words", "käse"])
def test_an_unusable_key_is_refused_at_once(api_key: Any) -> None:
    with pytest.raises(AuthenticationError, match="api_key"):
        MemoryStackClient(api_key)


@pytest.mark.parametrize("options", [{"timeout": 0}, {"max_retries": -1}])
def test_impossible_options_are_refused(options: Any) -> None:
    with pytest.raises(ValidationError):
        MemoryStackClient("key_1", **options)


def test_the_key_is_not_printed() -> None:
    assert "key_secret" not in repr(MemoryStackClient("key_secret"))
