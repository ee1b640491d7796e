"""The SDK against the real Memorystack server: the promises that a scripted server cannot keep."""

from __future__ import annotations

import uuid
from typing import Any, Callable

import pytest

from memorystack import (
    AsyncMemoryStackClient,
    AuthenticationError,
    ConflictError,
    MemoryStackClient,
    Message,
    NotFoundError,
    ValidationError,
)
from losing_transport import lose_first_answer

Connect = Callable[..., MemoryStackClient]


def found(client: MemoryStackClient, query: str = "", **options: Any) -> "list[str]":
    return [memory.content for memory in client.search_memories(query, **options).results]


def test_a_memory_is_kept_word_for_word(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    text = "  Straße №5 — 日本 😀 \"quoted\"\nsecond line  "
    created = client.create_memory(content=text, user_id="u1", metadata={"a": {"b": [1, None]}}, confidence=0.65)
    assert (created.success, created.memories_created, created.user_id) == (True, 1, "u1")
    memory = client.get_memory(created.memory_ids[0])
    assert (memory.content, memory.memory_type, memory.confidence) == (text, "fact", 0.65)
    assert (memory.metadata, memory.user_id) == ({"a": {"b": [1, None]}}, "u1")


def test_own_writes_are_seen_at_once_by_lists_and_searches(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    for number in range(5):
        client.create_memory(content=f"Note number {number} about lighthouses")
        assert found(client)[0] == f"Note number {number} about lighthouses"
    assert f"Note number 4 about lighthouses" in found(client, "lighthouses")
    assert client.position is not None


def test_a_conversation_is_extracted_with_its_sources(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    user = f"user_{uuid.uuid4().hex}"
    text = "I am allergic to peanuts and I live in Lisbon."
    said = Message("user", text, id="turn-1", timestamp="2024-05-01T12:00:00Z")
    created = client.create_memory([said, Message("assistant", "Good to know!")], user)
    assert created.memories_created >= 1
    results = client.search_memories("peanuts", user_id=user).results
    peanuts = next(memory for memory in results if "peanuts" in memory.content)
    assert "turn-1" in {source.external_id for source in peanuts.sources}


def test_a_repeated_idempotency_key_writes_once(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    key = str(uuid.uuid4())
    first = client.create_memory(content="Only once", idempotency_key=key)
    second = client.create_memory(content="Only once", idempotency_key=key)
    assert (first.replayed, second.replayed) == (False, True)
    assert first.memory_ids == second.memory_ids
    assert found(client).count("Only once") == 1
    with pytest.raises(ValidationError) as caught:
        client.create_memory(content="Something else", idempotency_key=key)
    assert caught.value.status == 422


def test_a_lost_answer_is_retried_without_a_second_memory(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    lossy = lose_first_answer(client)
    created = client.create_memory(content="Written once although the answer was lost")
    assert lossy.answers == 2
    assert created.replayed
    assert found(client).count("Written once although the answer was lost") == 1


def test_a_delete_whose_answer_was_lost_succeeds(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    memory_id = client.create_memory(content="Soon forgotten").memory_ids[0]
    lossy = lose_first_answer(client)
    assert client.delete_memory(memory_id).success
    assert lossy.answers == 2
    assert found(client) == []


def test_an_update_whose_answer_was_lost_succeeds(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    memory = client.get_memory(client.create_memory(content="The door is open").memory_ids[0])
    lossy = lose_first_answer(client)
    updated = client.update_memory(memory.id, content="The door is shut", if_match=memory.version)
    assert (lossy.answers, updated.memory.content) == (2, "The door is shut")
    assert len(client.get_history(memory.id).versions) == 2


def test_updates_need_the_version_that_was_read(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    memory = client.get_memory(client.create_memory(content="The sky is grey").memory_ids[0])
    updated = client.update_memory(memory.id, content="The sky is blue", confidence=0.9, if_match=memory.version).memory
    assert (updated.content, updated.confidence) == ("The sky is blue", 0.9)
    with pytest.raises(ConflictError) as caught:
        client.update_memory(memory.id, content="The sky is red", if_match=memory.version)
    assert caught.value.code == "version_conflict"
    history = client.get_history(memory.id).versions
    assert all(version.event and version.recorded_at and version.actor for version in history)
    assert [version.content for version in history] == ["The sky is grey", "The sky is blue"]


@pytest.mark.parametrize("hard", [False, True])
def test_deleted_memories_are_gone(speak: Connect, hard: bool) -> None:
    client = speak(agent_name="Ann")
    kept, one, two, three = (
        client.create_memory(content=f"Garden plan {number}").memory_ids[0] for number in range(4)
    )
    assert client.delete_memory(one, hard=hard).success
    assert client.delete_memories([two, three], hard=hard).deleted_count == 2
    with pytest.raises(NotFoundError):
        client.get_memory(one)
    assert found(client, "garden plan") == ["Garden plan 0"]
    assert client.get_memory(kept).content == "Garden plan 0"


def test_paging_visits_everything_once(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    user = f"user_{uuid.uuid4().hex}"
    for number in range(7):
        client.create_memory(content=f"Item {number}", user_id=user)
    page = client.list_memories(user, limit=3)
    assert (page.count, page.next_cursor is not None) == (3, True)
    newest_first = [memory.content for memory in client.iter_memories(user, page_size=3)]
    assert newest_first == [f"Item {number}" for number in reversed(range(7))]
    oldest_first = [memory.content for memory in client.iter_memories(user, page_size=2, order="asc")]
    assert oldest_first == list(reversed(newest_first))


def test_scopes_keep_teams_and_projects_apart(speak: Connect) -> None:
    ann = speak(agent_name="Ann", team_name="red")
    bob = speak(agent_name="Bob", team_name="red")
    cem = speak(agent_name="Cem", team_name="blue")
    dee = speak(agent_name="Dee", team_name="red", project_name=f"project_{uuid.uuid4().hex}")
    ann.create_memory(content="for me", scope="personal")
    ann.create_memory(content="for the team", scope="team")
    ann.create_memory(content="for the project", scope="project")
    assert set(found(ann)) == {"for me", "for the team", "for the project"}
    assert set(found(bob)) == {"for the team", "for the project"}
    assert set(found(cem)) == {"for the project"}
    assert found(dee) == []
    assert found(bob, scope="team") == ["for the team"]


def test_a_session_shares_what_has_no_scope(speak: Connect) -> None:
    ann = speak(agent_name="Ann", session_id="s1")
    ann.create_memory(content="seen in the session")
    ann.create_memory(content="kept to myself", scope="personal")
    assert ann.create_handoff("Ann", "Bob", reason="lunch", context={"page": 3}).handoff_id
    (handoff,) = speak(agent_name="Bob", session_id="s1").list_handoffs().handoffs
    assert (handoff.from_agent, handoff.reason, handoff.context) == ("Ann", "lunch", {"page": 3})
    assert found(speak(agent_name="Bob", session_id="s1")) == ["seen in the session"]
    assert found(speak(agent_name="Bob", session_id="s2")) == []


def test_search_filters(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    client.create_memory(content="The red boat", memory_type="preference", metadata={"port": "Faro"}, confidence=0.9)
    client.create_memory(content="The blue boat", memory_type="fact", metadata={"port": "Porto"}, confidence=0.4)
    assert found(client, "boat", memory_type="preference") == ["The red boat"]
    assert found(client, "boat", min_confidence=0.8) == ["The red boat"]
    assert found(client, "boat", metadata={"port": "Porto"}) == ["The blue boat"]
    assert found(client, "boat", end_date="2000-01-01T00:00:00Z") == []
    answer = client.search_memories("red boat", explain=True)
    assert answer.question and answer.question["terms"] == ["red", "boat"]
    explained = answer.results[0]
    assert explained.content == "The red boat" and explained.scores and explained.explanation
    parts = [one["contribution"] for one in explained.explanation["features"]]
    assert abs(sum(parts) - (explained.score or 0)) < 1e-9


def test_a_context_says_what_it_was_made_from(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    client.create_memory(content="The ferry to Barreiro leaves every 20 minutes")
    context = client.get_context("ferry", max_tokens=300)
    assert "every 20 minutes" in context.context
    assert len(context.sources) >= 1
    assert 0 < context.token_count <= 300
    assert f"(memory {context.sources[0].id})" in context.context
    assert (context.omitted, context.truncated) == (0, False)


def test_agents_are_registered_and_listed(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    name = f"agent_{uuid.uuid4().hex}"
    first, second = client.create_agent(name, role="editor"), client.create_agent(name, role="editor")
    assert (first.agent.name, first.agent.role, first.created) == (name, "editor", True)
    assert (second.agent.id, second.created) == (first.agent.id, False)
    assert name in {agent.name for agent in client.list_agents(limit=100).agents}


def test_the_server_and_its_counts(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    before = client.get_stats()
    client.create_memory(content="One more")
    after = client.get_stats()
    assert after.totals["memories"] == before.totals["memories"] + 1
    assert after.usage["api_calls_used"] > before.usage["api_calls_used"]
    assert client.health().status


def test_errors_are_the_contracts(speak: Connect, real_server: Any) -> None:
    client = speak(agent_name="Ann")
    with pytest.raises(ValidationError) as invalid:
        client.list_memories(limit=0)
    assert invalid.value.status == 400 and invalid.value.request_id
    with pytest.raises(ValidationError):
        client.list_memories(min_position=10**12)
    with pytest.raises(NotFoundError):
        client.get_memory("no-such-memory")
    with MemoryStackClient("not-a-key", real_server.url) as stranger, pytest.raises(AuthenticationError) as denied:
        stranger.get_stats()
    assert denied.value.code == "unauthenticated"


async def test_the_asyncio_client_speaks_to_it_too(real_server: Any) -> None:
    project = f"project_{uuid.uuid4().hex}"
    async with AsyncMemoryStackClient(real_server.api_key, real_server.url, project_name=project) as client:
        created = await client.create_memory(content="Written without blocking", scope="project")
        assert await client.wait() == created.event_offset
        assert [m.content async for m in client.iter_memories(scope="project")] == ["Written without blocking"]


def test_a_lineage_tells_where_a_belief_comes_from_and_what_took_its_place(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    said = Message("user", "I live in Lisbon.", id="turn-1", name="Kim")
    read = client.lineage(client.create_memory([said], user_id="kim").memory_ids[0])
    assert [node.message.external_id for node in read.nodes if node.message] == ["turn-1"]
    assert read.roots == [node.id for node in read.nodes if node.kind == "message"]
    text = read.as_text()
    assert "extracted by: read by rule" in text and "said in: Kim: “I live in Lisbon”" in text

    older = client.create_memory(content="The office is in Graz").memory_ids[0]
    client.update_memory(older, confidence=0.6)
    lineage = client.lineage(older)
    assert [edge.type for edge in lineage.edges] == ["led_to", "led_to", "edited"]
    assert [event.event for event in lineage.events] == ["MemoryLearned", "MemoryRevised"]
    assert "changed confidence" in client.lineage(older, format="timeline").as_text()
    chain = client.lineage(older, format="chain")
    assert ([link.memory_id for link in chain.chain], chain.nodes) == ([older], [])
    assert "The office is in Graz" in chain.as_text()
    picture = client.lineage_svg(older)
    assert picture.startswith("<svg") and "The office is in Graz" in picture
    with pytest.raises(NotFoundError):
        client.lineage(str(uuid.uuid4()))


def test_contradictions_are_paged_and_read_alone(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    for town in ("Berlin", "Madrid", "Oslo"):
        client.create_memory(content=f"I moved to {town}, I live there now.", user_id="mover")
    found = list(client.contradictions(page_size=1))
    assert len(found) == 2 and {one.kind for one in found} == {"update"}
    assert client.get_contradiction(found[0].id).other_content == "I moved to Madrid, I live there now."
    resolved = list(client.contradictions(resolved=True, user_id="mover"))
    assert len(resolved) + len(list(client.contradictions(resolved=False))) == 2
    assert list(client.contradictions(user_id="nobody")) == []


async def test_the_asyncio_client_asks_for_lineages_too(real_server: Any) -> None:
    project = f"project_{uuid.uuid4().hex}"
    async with AsyncMemoryStackClient(real_server.api_key, real_server.url, project_name=project) as client:
        created = await client.create_memory(content="Lunch is at noon")
        assert (await client.lineage(created.memory_ids[0])).nodes[0].version is not None
        assert (await client.lineage_svg(created.memory_ids[0])).startswith("<svg")
        assert [one async for one in client.contradictions()] == []
