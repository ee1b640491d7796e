"""Batches, and waiting for long work."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from typing import Any, List

import pytest

from memorystack import ConflictError, Job, JobFailedError, Message, TimedOutError, ValidationError
from scripted_server import Received, Scripted

QUEUED = {"success": True, "job_id": "j1", "type": "batch_create", "status": "queued", "total": 3, "succeeded": 0}
DONE = {**QUEUED, "status": "completed", "succeeded": 2, "failed": 1, "progress": 1, "event_offset": 9}
ACCEPTED = Scripted(202, QUEUED, {"Location": "/api/v1/batch-jobs/j1"})


def test_a_batch_is_one_request(server: Any, connect: Any) -> None:
    server.will_answer(ACCEPTED, ACCEPTED, ACCEPTED)
    client = connect(agent_name="Ann")
    said = Message("user", "hi", timestamp=datetime(2024, 5, 1, tzinfo=timezone.utc))
    job = client.batch_create([{"content": "a", "scope": "team"}, {"messages": [said, {"role": "user", "content": "b"}]}])
    assert (job.job_id, job.status, job.total, job.pending, job.is_over) == ("j1", "queued", 3, True, False)
    client.batch_update([{"id": "m1", "confidence": 0.5, "expected_version": 2}], idempotency_key="mine")
    client.batch_delete(["m1", "m2"], hard=True)
    sent = [(request.method, request.path, request.body) for request in server.received]
    who = {"agent_name": "Ann"}
    talk = [{"role": "user", "content": "hi", "timestamp": "2024-05-01T00:00:00+00:00"}, {"role": "user", "content": "b"}]
    assert sent == [
        ("POST", "/api/v1/memories/batch/create", {**who, "memories": [{"content": "a", "scope": "team"}, {"messages": talk}]}),
        (
            "POST",
            "/api/v1/memories/batch/update",
            {**who, "updates": [{"id": "m1", "confidence": 0.5, "expected_version": 2}]},
        ),
        ("POST", "/api/v1/memories/batch/delete", {**who, "memory_ids": ["m1", "m2"], "hard": True}),
    ]
    assert server.received[1].headers["idempotency-key"] == "mine"


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.batch_create({"content": "a"}),
        lambda client: client.batch_update({"id": "m1"}),
        lambda client: client.batch_delete("m1"),
    ],
)
def test_one_where_a_list_is_meant_is_refused(server: Any, connect: Any, call: Any) -> None:
    with pytest.raises(ValidationError, match="a list"):
        call(connect())
    assert server.received == []


def test_waiting_shows_progress_and_ends_with_the_job(server: Any, connect: Any) -> None:
    running = {**QUEUED, "status": "running", "succeeded": 1, "progress": 0.4}
    server.will_answer(ACCEPTED, Scripted(200, QUEUED), Scripted(200, running), Scripted(200, DONE), Scripted())
    client = connect()
    seen: List[Job] = []
    job = client.batch_create([{"content": "a"}], wait=True, on_progress=seen.append)
    assert [one.status for one in seen] == ["queued", "running", "completed"]
    assert (job.succeeded, job.failed, job.progress) == (2, 1, 1)
    # What the job wrote is read by whoever waited for it.
    client.list_memories()
    assert (client.position, server.received[-1].query["min_position"]) == (9, "9")


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_a_job_that_did_not_do_its_work_is_an_error(server: Any, connect: Any, status: str) -> None:
    server.will_answer(Scripted(200, {**QUEUED, "status": status, "error": "the disk is full", "succeeded": 1}))
    with pytest.raises(JobFailedError, match="the disk is full") as caught:
        connect().wait_for_job("j1")
    assert (caught.value.details.status, caught.value.details.succeeded) == (status, 1)


def test_a_job_that_takes_too_long_goes_on(server: Any, connect: Any) -> None:
    server.responder = lambda request: Scripted(200, {**QUEUED, "status": "running", "succeeded": 1, "failed": 1})
    with pytest.raises(TimedOutError, match="2 of 3 items") as caught:
        connect().wait_for_job("j1", timeout=0)
    assert caught.value.details.job_id == "j1"
    assert len(server.received) == 1


def test_every_look_at_a_job_has_its_route(server: Any, connect: Any) -> None:
    server.will_answer(
        Scripted(200, {**DONE, "errors": [{"index": 1, "code": "validation_failed", "detail": "content is missing"}]}),
        Scripted(200, {"jobs": [{"job_id": "j2"}, {"job_id": "j1"}], "next_cursor": "c"}),
        Scripted(200, {**DONE, "status": "cancelled"}),
        Scripted(202, QUEUED),
        Scripted(409, {"code": "nothing_to_retry"}),
    )
    client = connect()
    assert [(error.index, error.detail) for error in client.get_job("j/1").errors] == [(1, "content is missing")]
    page = client.list_jobs("batch_create", limit=2, cursor="b")
    assert ([job.job_id for job in page.jobs], page.next_cursor) == (["j2", "j1"], "c")
    assert client.cancel_job("j1").status == "cancelled"
    assert client.retry_job("j1").pending
    with pytest.raises(ConflictError):
        client.retry_job("j1")
    assert [(request.method, request.path, request.query) for request in server.received[:4]] == [
        ("GET", "/api/v1/batch-jobs/j%2F1", {}),
        # The first answer told of a write at position 9.
        ("GET", "/api/v1/batch-jobs", {"type": "batch_create", "limit": "2", "cursor": "b", "min_position": "9"}),
        ("POST", "/api/v1/batch-jobs/j1/cancel", {}),
        ("POST", "/api/v1/batch-jobs/j1/retry", {}),
    ]


def test_results_are_followed_to_their_end(server: Any, connect: Any) -> None:
    def paged(request: Received) -> Scripted:
        start = int(request.query.get("after", "-1")) + 1
        end = min(start + int(request.query["limit"]), 5)
        results = [{"index": index, "status": "succeeded", "memory_ids": [f"m{index}"]} for index in range(start, end)]
        return Scripted(200, {"results": results, **({"next_after": end - 1} if end < 5 else {})})

    server.responder = paged
    results = list(connect().job_results("j1", failed_only=True, page_size=2))
    assert [(one.index, one.memory_ids) for one in results] == [(index, [f"m{index}"]) for index in range(5)]
    assert [request.query.get("after") for request in server.received] == [None, "1", "3"]
    assert {request.query["failed_only"] for request in server.received} == {"true"}


def test_pauses_between_looks_grow(server: Any) -> None:
    from test_retries import scripted_operations
    from memorystack.exchange import Answer, Pause

    operations = scripted_operations(fraction=0.5)
    operations.chance = replace(operations.chance, monotonic=lambda: 0.0)
    steps = operations.wait_for_job("j1")
    pauses = []
    for _ in range(12):
        next(steps) if not pauses else steps.send(None)
        pause = steps.send(Answer(200, {}, b'{"status": "running"}'))
        assert isinstance(pause, Pause)
        pauses.append(pause.seconds)
    assert pauses == sorted(pauses) and pauses[0] == 0.1 and pauses[-1] == 2.0
