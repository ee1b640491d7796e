"""Batches, maintenance, files, events, graph and webhooks against the real server."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from pathlib import Path
from typing import Any, Callable, List

import pytest

from memorystack import (
    AsyncMemoryStackClient,
    ConflictError,
    Job,
    MemoryStackClient,
    NotFoundError,
    ValidationError,
)

Connect = Callable[..., MemoryStackClient]
SAME = ("Marta keeps the spare keys in the blue cabinet.", "The spare keys are kept by Marta in the blue cabinet.")


def contents(client: MemoryStackClient, **options: Any) -> List[str]:
    return [memory.content for memory in client.iter_memories(**options)]


def test_a_batch_creates_updates_and_deletes(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    seen: List[Job] = []
    items = [{"content": f"Shelf {number} holds maps", "memory_type": "stock"} for number in range(150)]
    made = client.batch_create([*items, {"content": ""}], wait=True, on_progress=seen.append)
    assert (made.status, made.total, made.succeeded, made.failed) == ("completed", 151, 150, 1)
    assert [error.index for error in made.errors] == [150] and seen[-1].progress == 1
    assert len(contents(client, memory_type="stock")) == 150
    results = list(client.job_results(made.job_id, page_size=40))
    assert [one.index for one in results] == list(range(151))
    assert [one.status for one in client.job_results(made.job_id, failed_only=True)] == ["failed"]
    ids = [one.memory_ids[0] for one in results[:3]]
    versions = [{"id": ids[0], "content": "Shelf 0 is empty"}, {"id": ids[1], "confidence": 0.2, "expected_version": 7}]
    changed = client.batch_update(versions, wait=True)
    assert (changed.succeeded, changed.failed, changed.errors[0].code) == (1, 1, "version_conflict")
    assert client.get_memory(ids[0]).content == "Shelf 0 is empty"
    assert client.batch_delete(ids, wait=True).succeeded == 3
    with pytest.raises(NotFoundError):
        client.get_memory(ids[0])
    assert len(contents(client, memory_type="stock")) == 147
    assert {made.job_id, changed.job_id} <= {job.job_id for job in client.list_jobs(limit=100).jobs}


def test_a_job_that_is_over_is_neither_cancelled_nor_retried(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    job = client.batch_create([{"content": "The door is green"}])
    assert job.pending and job.location == f"/api/v1/batch-jobs/{job.job_id}"
    assert client.wait_for_job(job.job_id).succeeded == 1
    for again in (client.cancel_job, client.retry_job):
        with pytest.raises(ConflictError):
            again(job.job_id)
    with pytest.raises(NotFoundError):
        client.get_job(str(uuid.uuid4()))


def test_a_run_is_planned_applied_and_taken_back(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    # A run is of everybody that the key may see, unless it is told of whom.
    user = f"user_{uuid.uuid4().hex}"
    for text in SAME:
        client.create_memory(content=text, user_id=user)
    planned = client.consolidate_memories(dry_run=True, user_id=user, max_retired_share=1)
    assert (planned.status, planned.changes, planned.retired) == ("planned", {"merge": 1}, 1)
    assert [event.event for event in planned.events] == ["MemoriesConsolidated", "MemorySuperseded"]
    stopped = client.consolidate_memories(user_id=user)
    assert stopped.status == "stopped" and stopped.guard["scopes"][0]["memories"] == 2
    assert sorted(contents(client, user_id=user)) == sorted(SAME)
    applied = client.consolidate_memories(user_id=user, max_retired_share=1)
    assert (applied.status, applied.memories_consolidated) == ("applied", 1)
    assert len(contents(client, user_id=user)) == 1 and contents(client, user_id=user)[0] in SAME
    run = client.get_maintenance_run(applied.run_id or "")
    assert (run.status, run.kind, len(run.steps)) == ("applied", "consolidate", 1)
    assert applied.run_id in [one.run_id for one in client.list_maintenance_runs("consolidate", limit=100).runs]
    taken_back = client.revert_maintenance_run(run.run_id)
    assert (taken_back.status, taken_back.left) == ("reverted", []) and taken_back.undone >= 2
    assert sorted(contents(client, user_id=user)) == sorted(SAME)
    with pytest.raises(ConflictError) as caught:
        client.revert_maintenance_run(run.run_id)
    assert caught.value.code == "already_reverted"
    # What says the same would be in the way of the next run of everybody.
    client.delete_memories([memory.id for memory in client.iter_memories(user)])


def test_reflection_and_expiry_are_runs_too(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    user = f"user_{uuid.uuid4().hex}"
    for day in range(1, 6):
        said = {"role": "user", "content": "I went running this morning.", "timestamp": f"2026-01-0{day}T08:00:00Z"}
        client.create_memory([said], user)
    planned = client.reflect_on_memories(90, "deep", True, 0.5, user_id=user)
    assert (planned.kind, planned.status) == ("reflect", "planned")
    assert client.expire_memories(30, dry_run=True, user_id=user).kind == "expire"
    with pytest.raises(ValidationError):
        client.reflect_on_memories(time_window_days=91)


def test_what_is_done_by_itself_is_set_and_reset(speak: Connect) -> None:
    client = speak()
    set_to = client.update_auto_maintenance_config(
        consolidation_frequency="30 4 * * 1-5", timezone="Europe/Lisbon", archive_after_days=90
    )
    shown = client.get_auto_maintenance_config()
    assert set_to.config == shown.config and not shown.is_default
    assert (shown.consolidation_frequency, shown.timezone, shown.archive_after_days) == (
        "30 4 * * 1-5",
        "Europe/Lisbon",
        90,
    )
    reset = client.reset_auto_maintenance_config()
    assert reset.is_default and reset.timezone == "UTC"
    assert client.get_auto_maintenance_config().is_default


def moved(file: str, user: str, other: str) -> str:
    """The file with every id in it exchanged for a new one, each for the same everywhere."""
    uuids = set(re.findall(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", file))
    for known in uuids:
        file = file.replace(known, str(uuid.uuid4()))
    return file.replace(user, other)


@pytest.mark.parametrize("format", ["json", "ndjson", "csv"])
def test_what_goes_out_to_a_file_comes_in_again(speak: Connect, tmp_path: Path, format: str) -> None:
    client = speak(agent_name="Ann")
    user = f"user_{uuid.uuid4().hex}"
    texts = ["=1+1 is no formula", "ümläut, \"quoted\"\nsecond line", *(f"Note {number}" for number in range(30))]
    for text in texts:
        client.create_memory(content=text, user_id=user, metadata={"a": [1, None]})
    path = tmp_path / f"memories.{format}"
    exported = client.export_memories(format, user, path=path)
    assert exported.path == str(path) and path.stat().st_size > 1000
    if format != "csv":
        assert exported.count == len(texts) and (exported.digest or "").startswith("sha256:")
    assert client.import_memories(path=path).skipped == len(texts)
    # The same words of another user are other memories: their ids are new, and everything else is as it was.
    other = f"user_{uuid.uuid4().hex}"
    path.write_text(moved(path.read_text(encoding="utf-8"), user, other), encoding="utf-8")
    dry = client.import_memories(path=path, dry_run=True)
    assert (dry.dry_run, dry.total, dry.created, dry.refused) == (True, len(texts), len(texts), 0), dry.errors
    assert contents(client, user_id=other) == []
    report = client.import_memories(path=path)
    assert (report.success, report.created) == (True, len(texts)), report
    assert sorted(contents(client, user_id=other)) == sorted(texts)
    assert {json.dumps(memory.metadata) for memory in client.iter_memories(other)} == {'{"a": [1, null]}'}
    # An erasure is for good.
    client.delete_memories([memory.id for memory in client.iter_memories(other)], hard=True)
    assert client.import_memories(path=path).refused == len(texts)


def test_an_export_in_the_answer_is_the_one_in_the_file(speak: Connect, tmp_path: Path) -> None:
    client = speak(agent_name="Ann")
    client.create_memory(content="The lake is deep", metadata={"m": 12})
    client.create_memory(content="The lake is cold")
    answer = client.export_memories()
    assert isinstance(answer.data, list)
    assert [row["content"] for row in answer.data] == ["The lake is deep", "The lake is cold"]
    streamed = client.export_memories("ndjson", path=tmp_path / "lake.ndjson", include_history=False)
    assert (streamed.count, streamed.digest) == (2, answer.digest)


def test_events_are_told_from_any_place(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    user = f"user_{uuid.uuid4().hex}"
    first = client.create_memory(content="The kettle is on", user_id=user)
    client.update_memory(first.memory_ids[0], content="The kettle is off")
    client.create_memory(content="The tea is ready", user_id=user)
    # What was erased belongs to nobody any more, so everybody is told of it: the test begins where it does.
    told = list(client.events((first.event_offset or 1) - 1, user_id=user))
    assert [event.type for event in told] == ["MemoryLearned", "MemoryRevised", "MemoryLearned"]
    assert [event.event_offset for event in told] == sorted(event.event_offset for event in told)
    assert told[-1].memory is not None and told[-1].memory.content == "The tea is ready"
    assert [event.id for event in client.events(last_event_id=told[0].id, user_id=user)] == [one.id for one in told[1:]]
    assert [event.id for event in client.events(first.event_offset, ["MemoryRevised"], user_id=user)] == [told[1].id]
    following = client.events(told[1].event_offset, follow=True, user_id=user)
    assert next(following).id == told[2].id
    later = client.create_memory(content="The biscuits are gone", user_id=user)
    assert next(following).memory_id == later.memory_ids[0]


async def test_the_asyncio_client_follows_while_others_write(real_server: Any, tmp_path: Path) -> None:
    project = f"project_{uuid.uuid4().hex}"
    async with AsyncMemoryStackClient(real_server.api_key, real_server.url, project_name=project) as client:
        start = (await client.create_memory(content="Start", scope="project")).event_offset
        heard: List[str] = []

        async def listen() -> None:
            async for event in client.events(start, follow=True):
                if event.memory is not None and event.memory.content.startswith("Told"):
                    heard.append(event.memory.content)
                if len(heard) == 3:
                    return

        listening = asyncio.create_task(listen())
        seen: List[Job] = []
        items = [{"content": f"Told {number}", "scope": "project"} for number in range(3)]
        job = await client.batch_create(items, wait=True, on_progress=seen.append)
        await asyncio.wait_for(listening, 60)
        assert sorted(heard) == ["Told 0", "Told 1", "Told 2"] and seen[-1].job_id == job.job_id
        assert [one.index async for one in client.job_results(job.job_id)] == [0, 1, 2]
        path = tmp_path / "memories.ndjson"
        assert (await client.export_memories("ndjson", path=path)).count == 4
        assert (await client.import_memories(path=path)).skipped == 4


def test_the_graph_and_the_usage(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    user = f"user_{uuid.uuid4().hex}"
    memory_id = client.create_memory(content="The gate is rusty", user_id=user).memory_ids[0]
    graph = client.get_graph(user)
    nodes = {node.id: node for node in graph.nodes}
    assert (nodes[memory_id].type, nodes[memory_id].content) == ("memory", "The gate is rusty")
    assert user in {nodes[link.target].label for link in graph.links if link.source == memory_id}
    assert client.get_graph(user, limit=1).nodes and client.get_graph(f"{user}-other").nodes == []
    usage = client.usage()
    assert usage.plan_tier == client.get_stats().plan_tier
    assert usage.monthly_api_limit is None and usage.api_calls_used >= 0
    assert all(day.day and day.api_calls >= 0 for day in usage.by_day)


def test_agents_list_what_they_and_their_team_remember(speak: Connect) -> None:
    ann, bob = speak(agent_name="Ann", team_name="red"), speak(agent_name="Bob", team_name="red")
    ann.create_memory(content="for me", scope="personal")
    bob.create_memory(content="for the team", scope="team")
    assert {memory.content for memory in ann.list_agent_memories().data} == {"for me", "for the team"}
    alone = ann.list_agent_memories(include_team=False, include_project=False)
    assert [memory.content for memory in alone.results] == ["for me"]


def test_webhooks_are_made_shown_and_removed(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    with pytest.raises(ValidationError):
        client.create_webhook("http://127.0.0.1/hook")
    # An address, so that no name has to be resolved; nothing is sent before something happens.
    made = client.create_webhook("https://93.184.215.14/hook", ["MemoryErased"], from_offset=0)
    assert made.secret.startswith("whsec_") and made.webhook.types == ["MemoryErased"]
    (shown,) = client.list_webhooks().webhooks
    assert (shown.id, shown.state, shown.include_content) == (made.webhook.id, "active", False)
    assert speak(agent_name="Bob").list_webhooks().webhooks == []
    assert client.replay_webhook(shown.id, 0).id == client.enable_webhook(shown.id).id == shown.id
    assert client.delete_webhook(shown.id).id == shown.id
    assert client.list_webhooks().count == 0
    with pytest.raises(NotFoundError):
        client.delete_webhook(shown.id)
