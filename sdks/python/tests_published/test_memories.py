"""Memories through the published client: what was stored is found, what was deleted is gone."""

from __future__ import annotations

import uuid
from typing import Any, Callable, List

import pytest
from memorystack import MemoryStackClient, Message, NotFoundError, ValidationError

Connect = Callable[..., MemoryStackClient]


def contents(memories: Any) -> List[str]:
    return [memory["content"] for memory in memories]


@pytest.mark.calls("add", "list_memories")
def test_a_text_is_remembered_with_what_was_said_of_it(client: MemoryStackClient, user: str) -> None:
    labels = {"conversation_id": "c-1", "team_id": "t-1"}
    made = client.add("I live in Lisbon.", user_id=user, metadata={"via": "chat", **labels}, agent_id="clerk")
    assert (made.success, made.memories_created, made.user_id, len(made.memory_ids)) == (True, 1, user, 1)
    assert made.owner_id and made.project_id and made.message == "Created 1 memory."
    (memory,) = client.list_memories(user_id=user).results
    assert (memory.id, memory.content, memory.end_user_id) == (made.memory_ids[0], "The user lives in Lisbon", user)
    # Labels are fields of their own, so the client takes them out of the metadata.
    assert memory.metadata == {"via": "chat"} and memory.owner_clerk_id == made.owner_id
    assert memory.created_at and memory["content"] == memory.get("content")


@pytest.mark.calls("create_memory", "add_conversation", "add_message", "get_user_memories")
def test_every_way_to_tell_a_conversation(client: MemoryStackClient, user: str) -> None:
    client.create_memory([Message("user", "I am allergic to peanuts."), Message("assistant", "Noted.")], user_id=user)
    client.add_conversation("My dog is called Rex.", "A fine name.", user_id=user)
    client.add_message("I like tea.", user_id=user, metadata={"turn": 3})
    client.add([{"role": "user", "content": [{"type": "text", "text": "I work at Initech."}]}], user_id=user)
    told = contents(client.get_user_memories(user, limit=10).results)
    for word in ("peanuts", "Rex", "tea", "Initech"):
        assert len([one for one in told if word in one]) == 1, (word, told)


@pytest.mark.calls("list_memories")
def test_lists_are_filtered_ordered_and_paged(client: MemoryStackClient, user: str) -> None:
    for thing in ("tea", "rain", "jazz", "maps", "ferries"):
        client.add(f"I like {thing}.", user_id=user)
    client.add("I live in Porto.", user_id=user)
    wishes = {"user_id": user, "memory_type": "preference", "min_confidence": 0.5, "order": "asc"}
    first = client.list_memories(limit=3, **wishes)
    second = client.list_memories(limit=3, cursor=first.next_cursor, **wishes)
    assert (first.count, second.count, second.next_cursor) == (3, 2, None)
    assert contents([*first.results, *second.results]) == [
        f"The user likes {thing}" for thing in ("tea", "rain", "jazz", "maps", "ferries")
    ]
    assert client.list_memories(user_id=user, min_confidence=1.0).results == []
    assert "Porto" in client.list_memories(user_id=user, limit=1).results[0].content


@pytest.mark.calls("get_personal_memories", "get_all_memories", "get_user_memories")
def test_memories_of_nobody_of_a_user_and_of_all(client: MemoryStackClient, user: str) -> None:
    place = f"Harbour {uuid.uuid4().hex[:6]}"
    client.add("I like lighthouses.", user_id=user)
    client.add(f"My boat is called {place}.")
    mine = contents(client.get_personal_memories(limit=100).results)
    everybodys = contents(client.get_all_memories(limit=100).results)
    assert [place in text for text in mine].count(True) == 1 and "The user likes lighthouses" not in mine
    assert [place in text for text in everybodys].count(True) == 1 and "The user likes lighthouses" in everybodys
    assert contents(client.get_user_memories(user).results) == ["The user likes lighthouses"]


@pytest.mark.calls("search", "search_memories")
def test_what_was_stored_is_found(client: MemoryStackClient, user: str) -> None:
    client.add("I prefer dark mode.", user_id=user)
    client.add("I am allergic to peanuts.", user_id=user, agent_id="waiter", session_id="table-4")
    found = client.search("allergic to peanuts", user_id=user)
    assert found["success"] and found["count"] == len(found["results"])
    best = found["results"][0]
    assert (best["content"], best["user_id"]) == ("The user is allergic to peanuts", user)
    assert isinstance(best["similarity"], (int, float)) and best["id"] and best["created_at"]
    labelled = {"agent_id": "waiter", "session_id": "table-4", "memory_type": best["memory_type"]}
    assert contents(client.search("peanuts", user_id=user, limit=1, **labelled)["results"]) == [best["content"]]
    assert client.search("peanuts", user_id=user, agent_id="nobody")["results"] == []
    assert client.search("peanuts", user_id=f"{user}-other")["results"] == []
    older = client.search_memories("dark mode", user_id=user, limit=1)
    assert contents(older["results"]) == ["The user prefers dark mode"]


@pytest.mark.calls("search_memories")
@pytest.mark.published_only("an argument that it does not know is an error")
def test_arguments_of_older_versions_are_left_out(client: MemoryStackClient, user: str) -> None:
    client.add("I prefer dark mode.", user_id=user)
    older = client.search_memories("dark mode", user_id=user, limit=1, mode="graph", threshold=0.7)
    assert contents(older["results"]) == ["The user prefers dark mode"]


@pytest.mark.calls("get_memory", "update_memory")
def test_a_memory_is_read_and_corrected(client: MemoryStackClient, user: str) -> None:
    memory_id = client.add("I live in Lisbon.", user_id=user).memory_ids[0]
    read = client.get_memory(memory_id)
    assert (read.id, read.end_user_id) == (memory_id, user) and read.content == "The user lives in Lisbon"
    changes = {"content": "The table is number 14", "memory_type": "booking", "confidence": 0.6, "metadata": {"by": "me"}}
    updated = client.update_memory(memory_id, **changes)
    again = client.get_memory(memory_id)
    for memory in (updated, again):
        assert {name: memory[name] for name in changes} == changes
    assert again.updated_at > read.updated_at and again.created_at == read.created_at
    client.update_memory(memory_id, confidence=0.7)
    assert client.get_memory(memory_id).content == "The table is number 14"


@pytest.mark.calls("delete_memory", "delete_memories", "get_memory", "search")
@pytest.mark.parametrize("hard", [False, True])
def test_what_was_deleted_is_gone(client: MemoryStackClient, user: str, hard: bool) -> None:
    texts = ("I like tea.", "I like rain.", "I like jazz.", "I like maps.")
    one, two, three, kept = (client.add(text, user_id=user).memory_ids[0] for text in texts)
    answer = client.delete_memory(one, hard=hard)
    assert (answer["success"], answer["deleted_count"], answer["hard_delete"]) == (True, 1, hard)
    several = client.delete_memories([two, three], hard=hard)
    assert (several["success"], several["deleted_count"], several["hard_delete"]) == (True, 2, hard)
    for gone in (one, two, three):
        with pytest.raises(NotFoundError):
            client.get_memory(gone)
    assert contents(client.list_memories(user_id=user).results) == ["The user likes maps"]
    # The messages stay in the log until they are erased themselves; search shows them for what they are.
    found = client.search("likes", user_id=user)["results"]
    assert [one["id"] for one in found if one["source_type"] != "episode"] == [kept]


@pytest.mark.calls("delete_memory")
@pytest.mark.published_only("its retries are told apart from a second call, which finds nothing")
def test_a_delete_that_is_asked_for_again_succeeds(client: MemoryStackClient, user: str) -> None:
    memory_id = client.add("I like tea.", user_id=user).memory_ids[0]
    assert [client.delete_memory(memory_id)["success"] for _ in range(2)] == [True, True]


@pytest.mark.calls("list_agent_memories", "add")
def test_an_agent_lists_its_own_memories(connect: Connect) -> None:
    name = f"Clerk {uuid.uuid4().hex}"
    clerk = connect(agent_name=name, agent_type="support", session_id=f"s-{name}")
    made = clerk.add("I like coffee.")
    assert made.agent_id and made.project_id
    connect(agent_name=f"Other {name}").add("I like cocoa.")
    page = clerk.list_agent_memories()
    assert (page["success"], page["count"], contents(page["data"])) == (True, 1, ["The user likes coffee"])
    alone = clerk.list_agent_memories(limit=1, include_team=False, include_project=False)
    assert [memory.id for memory in alone["data"]] == made.memory_ids


@pytest.mark.calls("list_agent_memories")
@pytest.mark.published_only("it sends the name of the agent with every request, and keeps no id of it")
def test_an_agent_knows_its_id_from_its_first_memory(connect: Connect) -> None:
    clerk = connect(agent_name=f"Clerk {uuid.uuid4().hex}")
    with pytest.raises(Exception, match="Agent not initialized"):
        clerk.list_agent_memories()
    made = clerk.add("I like coffee.")
    assert (clerk.agent_id, clerk.project_id) == (made.agent_id, made.project_id)


@pytest.mark.calls("get_stats")
def test_stats_count_memories_and_calls(client: MemoryStackClient, user: str) -> None:
    before = client.get_stats()
    client.add("I like tea.", user_id=user)
    client.search("tea", user_id=user)
    after = client.get_stats()
    assert after.success and after.owner_id and after.plan_tier == before.plan_tier
    for count, name in ((1, "memories"), (1, "total_memories")):
        assert after.totals[name] == before.totals[name] + count
    # Counters outside the log are written together, a moment later: never less, and all of them in the end.
    for name in ("api_calls_used", "current_month_api_calls", "searches"):
        assert after.usage[name] >= before.usage[name]
    assert after.storage["total_storage_bytes"] > before.storage["total_storage_bytes"]


@pytest.mark.calls("get_graph")
def test_the_graph_joins_memories_with_whom_they_are_about(client: MemoryStackClient, user: str) -> None:
    memory_id = client.add("I live in Lisbon.", user_id=user).memory_ids[0]
    graph = client.get_graph()
    nodes = {node.id: node for node in graph.nodes}
    assert (nodes[memory_id].type, nodes[memory_id].content) == ("memory", "The user lives in Lisbon")
    about = {nodes[link.target].label for link in graph.links if link.source == memory_id}
    assert user in about and graph.error is None


@pytest.mark.calls("list_memories", "update_memory", "search")
@pytest.mark.published_only("the server is the one that checks, and an empty query lists the newest")
def test_what_the_client_refuses_never_reaches_the_server(client: MemoryStackClient) -> None:
    for refused in (
        lambda: client.list_memories(limit=101),
        lambda: client.update_memory("x"),
        lambda: client.search("  "),
        lambda: client.add([]),
        lambda: client.import_memories([]),
    ):
        with pytest.raises(ValidationError) as caught:
            refused()
        assert caught.value.status_code is None
