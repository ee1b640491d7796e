"""What the operations of maintenance, the account and webhooks send, and what they make of the answers."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from memorystack import Memory, MemoryStackError, NetworkError, ValidationError
from scripted_server import Scripted


def test_every_operation_has_its_route(server: Any, connect: Any) -> None:
    server.responder = lambda request: Scripted()
    client = connect(project_name="p")
    client.consolidate_memories(0.8, False, True, user_id="u", max_retired_share=0.5)
    client.reflect_on_memories(30, "deep", True, 0.6)
    client.expire_memories(90, scope="team")
    client.list_maintenance_runs("reflect", cursor="c")
    client.get_maintenance_run("r/1")
    client.revert_maintenance_run("r1", cascade=True)
    client.get_auto_maintenance_config()
    client.update_auto_maintenance_config(True, "daily", timezone="UTC")
    client.reset_auto_maintenance_config()
    client.get_graph("u", 5, include_superseded=False)
    client.usage()
    client.list_agent_memories(3, False, agent_id="a1")
    client.get_all_memories()
    client.create_webhook("https://x", ["MemoryLearned"], from_offset=0)
    client.list_webhooks()
    client.delete_webhook("w/1")
    client.test_webhook("w1")
    client.replay_webhook("w1", 0)
    client.enable_webhook("w1")
    who = {"project_name": "p"}
    api = "/api/v1"
    narrowed = {"user_id": "u", "max_retired_share": 0.5}
    seen = [(request.method, request.path, request.query or request.body) for request in server.received]
    assert seen == [
        (
            "POST",
            f"{api}/memories/consolidate",
            {**who, **narrowed, "similarity_threshold": 0.8, "check_redundancy": False, "dry_run": True},
        ),
        (
            "POST",
            f"{api}/memories/reflect",
            {**who, "time_window_days": 30, "analysis_depth": "deep", "dry_run": True, "min_pattern_strength": 0.6},
        ),
        ("POST", f"{api}/memories/expire", {**who, "archive_after_days": 90, "dry_run": False, "scope": "team"}),
        ("GET", f"{api}/maintenance/runs", {**who, "kind": "reflect", "limit": "20", "cursor": "c"}),
        ("GET", f"{api}/maintenance/runs/r%2F1", who),
        ("POST", f"{api}/maintenance/runs/r1/revert", {**who, "cascade": True}),
        ("GET", f"{api}/auto-maintenance/config", who),
        (
            "POST",
            f"{api}/auto-maintenance/config",
            {**who, "consolidation_enabled": True, "consolidation_frequency": "daily", "timezone": "UTC"},
        ),
        ("DELETE", f"{api}/auto-maintenance/config", who),
        ("GET", f"{api}/graph", {**who, "user_id": "u", "limit": "5", "include_superseded": "false"}),
        ("GET", f"{api}/stats", who),
        (
            "GET",
            f"{api}/memories/agents",
            {**who, "agent_id": "a1", "limit": "3", "include_team": "false", "include_project": "true"},
        ),
        ("GET", f"{api}/memories", {**who, "user_id": "all", "limit": "20"}),
        (
            "POST",
            f"{api}/webhooks",
            {**who, "url": "https://x", "types": ["MemoryLearned"], "include_content": False, "from_offset": 0},
        ),
        ("GET", f"{api}/webhooks", who),
        ("DELETE", f"{api}/webhooks/w%2F1", who),
        ("POST", f"{api}/webhooks/w1/test", who),
        ("POST", f"{api}/webhooks/w1/replay", {**who, "from_offset": 0}),
        ("POST", f"{api}/webhooks/w1/enable", who),
    ]


def test_a_run_that_takes_long_is_pending(server: Any, connect: Any) -> None:
    body = {"job_id": "j1", "run_id": None, "status": "running", "planned_at": None, "event_offset": 3}
    server.will_answer(Scripted(202, body, {"Location": "/api/v1/batch-jobs/j1"}))
    report = connect().consolidate_memories()
    assert (report.pending, report.job_id, report.run_id, report.status) == (True, "j1", None, "running")


def test_answers_are_read_like_dicts_too(server: Any, connect: Any) -> None:
    insight = {"memory_id": "m1", "content": "runs", "source_ids": ["m2"]}
    body = {"status": "applied", "insights": [insight], "brand_new": 7}
    server.will_answer(Scripted(200, body))
    report = connect().reflect_on_memories()
    assert report["status"] == report.get("status") == "applied"
    assert report["insights"][0]["content"] == report.insights[0].content == "runs"
    assert report["brand_new"] == 7 and "brand_new" in report and dict(report)["brand_new"] == 7
    assert report["applied"] == 0 and report.get("nothing", "else") == "else"
    for missing in ("nothing", "raw"):
        with pytest.raises(KeyError):
            report[missing]
    assert report.raw == body


def test_an_updated_memory_is_the_answer_and_in_it(server: Any, connect: Any) -> None:
    memory = {"id": "m1", "content": "new", "version": 2, "owner_id": "o", "user_id": "u", "metadata": {"a": 1}}
    server.will_answer(Scripted(200, {"success": True, "memory": memory, "event_offset": 4}))
    updated = connect().update_memory("m1", content="new")
    assert isinstance(updated, Memory) and isinstance(updated.memory, Memory)
    for one in (updated, updated.memory):
        assert (one.id, one.content, one["version"], one.metadata) == ("m1", "new", 2, {"a": 1})
        assert (one.owner_clerk_id, one.end_user_id) == ("o", "u")
    assert (updated.event_offset, updated.raw["memory"]) == (4, memory)


def test_errors_have_the_names_that_they_are_published_under(server: Any, connect: Any) -> None:
    server.will_answer(Scripted(400, {"detail": "no"}), Scripted(drop=True))
    client = connect(max_retries=0)
    with pytest.raises(ValidationError) as refused:
        client.get_stats()
    assert refused.value.status_code == refused.value.status == 400
    with pytest.raises(NetworkError) as lost:
        client.get_stats()
    assert lost.value.original_error is lost.value.__cause__ is not None


def test_labels_in_the_metadata_are_labels(server: Any, connect: Any) -> None:
    server.responder = lambda request: Scripted(201, {})
    client = connect()
    metadata = {"agent_id": "a", "team_id": "t", "mood": "good"}
    client.add("hi", "u", metadata, team_id="mine")
    client.add([{"role": "user", "content": "hi"}], metadata={"session_id": "s"})
    talk = [{"role": "user", "content": "hi"}]
    assert [request.body for request in server.received] == [
        {"messages": talk, "user_id": "u", "metadata": {"mood": "good"}, "agent_id": "a", "team_id": "mine"},
        {"messages": talk, "session_id": "s"},
    ]
    assert metadata == {"agent_id": "a", "team_id": "t", "mood": "good"}


def test_what_is_retried_and_how_long_it_waits_can_be_chosen(server: Any, connect: Any) -> None:
    server.will_answer(Scripted(418), Scripted(200, {"plan_tier": "free"}), Scripted(503))
    client = connect(retryable_status_codes=[418], retry_delay=0.0, max_retry_delay=0.0)
    assert client.get_stats().plan_tier == "free"
    with pytest.raises(MemoryStackError):
        client.get_stats()
    assert len(server.received) == 3
    for impossible in ({"retry_delay": -1}, {"max_retry_delay": -1}):
        with pytest.raises(ValidationError):
            connect(**impossible)


def test_logging_tells_of_attempts_and_never_what_is_in_them(
    server: Any, connect: Any, caplog: pytest.LogCaptureFixture
) -> None:
    server.will_answer(Scripted(503), Scripted(200, {}), Scripted(200, {}))
    with caplog.at_level(logging.DEBUG, "memorystack"):
        connect("key_secret", enable_logging=True).search_memories("what she whispered")
        connect().get_stats()
    told = [record.getMessage() for record in caplog.records if record.name == "memorystack"]
    assert [text.split(" (")[0] for text in told] == [
        "POST /api/v1/memories/search: 503",
        "POST /api/v1/memories/search: 200",
    ]
    assert "whispered" not in caplog.text and "key_secret" not in caplog.text
