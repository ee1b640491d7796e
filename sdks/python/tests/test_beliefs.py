"""Beliefs against the real Memorystack server: compared, revised, decided and taken back."""

from __future__ import annotations

import uuid
from typing import Any, Callable

import pytest

from losing_transport import lose_first_answer
from memorystack import AsyncMemoryStackClient, ConflictError, MemoryStackClient, NotFoundError, ValidationError

Connect = Callable[..., MemoryStackClient]


def test_a_statement_is_compared_without_being_stored(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    leeds = client.create_memory(content="I live in Leeds.", user_id="mover").memory_ids[0]
    detected = client.detect_contradictions("I now live in Bristol.", "mover")
    assert detected.has_contradictions and not detected.degraded
    assert [(one.memory_id, one.type, one.suggested_strategy) for one in detected.contradictions] == [
        (leeds, "update", "supersede")
    ]
    relation = next(one for one in detected.relations if one.memory_id == leeds)
    assert (relation.relation, relation.slot, relation.would_supersede) == ("contradicts", "residence", True)
    assert relation.rule_id and relation.evidence and 0.8 <= relation.probability <= 1
    assert client.detect_contradictions("I now live in Bristol.", "nobody").relations == []
    assert client.list_memories("mover").count == 1


def test_beliefs_are_updated_undone_and_redone(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    leeds = client.create_memory(content="I live in Leeds.", user_id="mover").memory_ids[0]
    updated = client.update_belief("I now live in Bristol.", "mover", confidence=0.9, metadata={"source": "chat"})
    assert (updated.strategy_applied, updated.superseded_ids) == ("supersede", [leeds])
    assert updated.confidence_before == 0.8 and updated.contradiction_id

    undone = client.undo(leeds)
    assert undone.memory is not None and undone.memory.content == "I live in Leeds."
    assert (undone.restored_ids, undone.retired_ids) == ([leeds], [updated.memory_id])
    assert {event.event for event in undone.undone} == {"MemoryLearned", "MemorySuperseded"}
    redone = client.redo(leeds)
    assert redone.memory is not None and redone.memory.id == updated.memory_id
    with pytest.raises(ConflictError) as nothing:
        client.redo(leeds)
    assert nothing.value.code == "nothing_to_undo"

    client.create_memory(content="I now live in Hull.", user_id="mover")
    with pytest.raises(ConflictError) as later:
        client.undo(leeds)
    assert (later.value.code, len(later.value.details["later"])) == ("later_changes", 1)
    assert client.undo(leeds, cascade=True).restored_ids == [leeds]
    with pytest.raises(ConflictError) as unfounded:
        client.update_belief("Quartz rings.", "mover", strategy="supersede")
    assert unfounded.value.code == "nothing_contradicted"
    with pytest.raises(ValidationError):
        client.update_belief("x", strategy="magic")
    with pytest.raises(NotFoundError):
        client.undo(str(uuid.uuid4()))


def test_an_undo_whose_answer_was_lost_undoes_once(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    memory_id = client.create_memory(content="The door is open").memory_ids[0]
    client.update_memory(memory_id, confidence=0.5)
    client.update_memory(memory_id, confidence=0.3)
    lossy = lose_first_answer(client)
    undone = client.undo(memory_id)
    assert (lossy.answers, undone.replayed) == (2, True)
    assert client.get_memory(memory_id).confidence == 0.5


def test_contradictions_are_resolved(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    ghent = client.create_memory(content="Nina was born in Ghent.", user_id="nina").memory_ids[0]
    bruges = client.create_memory(content="Nina was born in Bruges.", user_id="nina")
    assert bruges.superseded_ids == [] and len(bruges.contradiction_ids) == 1
    assert {memory.status for memory in client.list_memories("nina").results} == {"disputed"}
    resolved = client.resolve_contradiction(bruges.contradiction_ids[0], "reject", "her passport")
    assert (resolved.resolved, resolved.strategy, resolved.reason) == (True, "rejected", "her passport")
    assert (resolved.memory_id, resolved.other_id) == (bruges.memory_ids[0], ghent)
    assert client.get_contradiction(bruges.contradiction_ids[0]).resolved
    with pytest.raises(ConflictError) as settled:
        client.resolve_contradiction(bruges.contradiction_ids[0], "supersede")
    assert (settled.value.code, settled.value.details) == ("already_settled", {"settlement": "rejected"})


def test_belief_policies_are_chosen_and_chosen_back(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    before = client.belief_policies().policies
    assert before["state"] == "latest_wins"
    try:
        for policy in ("ask", "latest_wins", "ask"):
            assert client.set_belief_policies(state=policy).policies == {**before, "state": policy}
            assert client.belief_policies().policies["state"] == policy
    finally:
        client.set_belief_policies(state="latest_wins")
    with pytest.raises(ValidationError):
        client.set_belief_policies()


async def test_the_asyncio_client_revises_beliefs_too(real_server: Any) -> None:
    project = f"project_{uuid.uuid4().hex}"
    async with AsyncMemoryStackClient(real_server.api_key, real_server.url, project_name=project) as client:
        leeds = (await client.create_memory(content="I live in Leeds.")).memory_ids
        assert (await client.detect_contradictions("I now live in Bristol.")).has_contradictions
        assert (await client.update_belief("I now live in Bristol.")).superseded_ids == leeds
        assert (await client.undo(leeds[0])).restored_ids == leeds
        assert (await client.redo(leeds[0])).retired_ids == leeds
        assert "state" in (await client.belief_policies()).policies
