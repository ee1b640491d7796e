"""The two clients are one: same methods, same parameters, same answers."""

from __future__ import annotations

import asyncio
import inspect
import threading
from typing import Any

import pytest

from memorystack import AsyncMemoryStackClient, MemoryStackClient
from memorystack.exchange import Position
from memorystack.operations import Operations
from scripted_server import Scripted

PUBLIC = sorted(name for name in vars(MemoryStackClient) if not name.startswith("_"))
OPERATIONS = [name for name in PUBLIC if name not in ("close", "position")]


def test_both_clients_have_the_same_members() -> None:
    assert sorted(name for name in vars(AsyncMemoryStackClient) if not name.startswith("_")) == PUBLIC
    assert len(OPERATIONS) >= 20


@pytest.mark.parametrize("name", ["__init__", *OPERATIONS])
def test_parameters_and_answers_are_the_same(name: str) -> None:
    blocking = inspect.signature(getattr(MemoryStackClient, name))
    awaited = inspect.signature(getattr(AsyncMemoryStackClient, name))
    assert list(blocking.parameters.values()) == list(awaited.parameters.values())
    assert str(awaited.return_annotation).replace("Async", "") == blocking.return_annotation


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_method_is_documented_and_typed(name: str) -> None:
    method = getattr(MemoryStackClient, name)
    assert method.__doc__ and method.__name__ == name
    unannotated = [p.name for p in inspect.signature(method).parameters.values() if p.annotation is p.empty]
    assert unannotated == ["self"]


def test_every_operation_is_on_the_clients() -> None:
    plumbing = {"read", "read_text", "write", "written", "exchange", "attempt", "error"}
    plumbing |= {"retry_after_seconds", "pause_before_retry"}
    offered = {name for name, _ in inspect.getmembers(Operations, inspect.isfunction) if not name.startswith("_")}
    assert offered - plumbing == set(OPERATIONS)


ARGUMENTS = {
    "create_memory": {"content": "a"},
    "add_conversation": {"user_message": "a", "assistant_message": "b"},
    "add_message": {"message": "a"},
    "update_memory": {"memory_id": "m1"},
    "delete_memory": {"memory_id": "m1"},
    "delete_memories": {"memory_ids": ["m1"]},
    "get_memory": {"memory_id": "m1"},
    "get_history": {"memory_id": "m1"},
    "lineage": {"memory_id": "m1"},
    "lineage_svg": {"memory_id": "m1"},
    "get_contradiction": {"contradiction_id": "c1"},
    "detect_contradictions": {"content": "a"},
    "update_belief": {"content": "a"},
    "resolve_contradiction": {"contradiction_id": "c1", "strategy": "reject"},
    "undo": {"memory_id": "m1"},
    "redo": {"memory_id": "m1"},
    "get_user_memories": {"user_id": "u"},
    "search_memories": {"query": "a"},
    "get_context": {"query": "a"},
    "create_agent": {"name": "Ann"},
    "create_handoff": {"from_agent": "Ann", "to_agent": "Bob"},
    "add": {"content": "a"},
    "search": {"query": "a"},
    "batch_create": {"memories": [{"content": "a"}]},
    "batch_update": {"updates": [{"id": "m1"}]},
    "batch_delete": {"memory_ids": ["m1"]},
    "get_job": {"job_id": "j1"},
    "cancel_job": {"job_id": "j1"},
    "retry_job": {"job_id": "j1"},
    "wait_for_job": {"job_id": "j1"},
    "get_maintenance_run": {"run_id": "r1"},
    "revert_maintenance_run": {"run_id": "r1"},
    "import_memories": {"memories": [{"content": "a"}]},
    "create_webhook": {"url": "https://example.com"},
    "delete_webhook": {"webhook_id": "w1"},
    "test_webhook": {"webhook_id": "w1"},
    "replay_webhook": {"webhook_id": "w1", "from_offset": 0},
    "enable_webhook": {"webhook_id": "w1"},
}


PAGED = ("iter_memories", "contradictions", "differences", "job_results", "events")


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name not in PAGED])
def test_the_answer_is_of_the_type_that_the_signature_says(server: Any, connect: Any, name: str) -> None:
    server.responder = lambda request: Scripted(200, {"status": "completed"})
    answer = getattr(connect(), name)(**ARGUMENTS.get(name, {}))
    assert type(answer).__name__ == inspect.signature(getattr(MemoryStackClient, name)).return_annotation


async def test_one_asyncio_client_serves_many_tasks(server: Any) -> None:
    server.responder = lambda request: Scripted(201, {"event_offset": len(server.received)})
    async with AsyncMemoryStackClient("key_1", server.url) as client:
        created = await asyncio.gather(*(client.add_message(f"message {number}") for number in range(20)))
        assert client.position == max(response.event_offset or 0 for response in created)
    assert len({request.headers["idempotency-key"] for request in server.received}) == 20


def test_position_never_moves_back_under_threads() -> None:
    position = Position()

    def climb(start: int) -> None:
        for value in range(start, 20_000, 4):
            position.remember(value)

    threads = [threading.Thread(target=climb, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert position.highest == 19_999
    position.remember(5)
    position.remember("no number")
    assert position.highest == 19_999
