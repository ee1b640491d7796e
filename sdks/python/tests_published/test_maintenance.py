"""Maintenance through the published client: duplicates merge, habits are concluded, and the guard stops what is too much."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Iterator, List

import pytest
from memorystack import MemoryStackClient, ValidationError

SAME = ("Deploy pipeline uses GitHub Actions", "The deploy pipeline uses GitHub Actions.")
THINGS = "tea rain jazz maps ferries boats chess cheese snow trams kites bread plums salt fog hills wool lamps".split()


def believed(client: MemoryStackClient, user: str) -> List[str]:
    return [memory.content for memory in client.list_memories(user_id=user, limit=100).results]


def pipelines(client: MemoryStackClient, user: str) -> List[str]:
    return [text for text in believed(client, user) if "pipeline" in text]


@pytest.fixture
def repeating(client: MemoryStackClient, user: str) -> Iterator[str]:
    """A user who said one thing twice. What is left is deleted: a run is of everything that the key may see."""
    for text in SAME:
        client.add(text, user_id=user)
    yield user
    left = [memory.id for memory in client.list_memories(user_id=user, limit=100).results]
    client.delete_memories(left)


@pytest.mark.calls("consolidate_memories")
def test_a_run_that_would_retire_a_tenth_stops_and_says_so(client: MemoryStackClient, repeating: str) -> None:
    planned = client.consolidate_memories(dry_run=True)
    assert (planned["success"], planned["status"], planned["dry_run"]) == (True, "planned", True)
    assert planned["retired"] >= 1 and planned["events"] and planned["guard"]["stopped"]
    stopped = client.consolidate_memories()
    assert (stopped["status"], stopped["memories_consolidated"]) == ("stopped", 0)
    assert stopped["guard"]["stopped"] and stopped["retired"] >= 1
    assert len(pipelines(client, repeating)) == 2


@pytest.mark.calls("consolidate_memories")
def test_duplicates_become_one_memory(client: MemoryStackClient, repeating: str) -> None:
    for thing in THINGS:
        client.add(f"I like {thing}.", user_id=repeating)
    before = believed(client, repeating)
    done = client.consolidate_memories(similarity_threshold=0.9, check_redundancy=True, dry_run=False)
    assert (done["success"], done["status"]) == (True, "applied"), done
    assert done["memories_consolidated"] >= 1
    (kept,) = pipelines(client, repeating)
    # Never put together: it has the words that one of them had.
    assert kept in before and len(believed(client, repeating)) == len(before) - 1
    assert client.consolidate_memories()["memories_consolidated"] == 0


@pytest.mark.calls("reflect_on_memories")
def test_reflection_concludes_a_habit_once(client: MemoryStackClient, user: str) -> None:
    for day in (6, 5, 4, 3, 2):
        said = (datetime.now(timezone.utc) - timedelta(days=day)).isoformat()
        running = {"role": "user", "content": "I went running this morning.", "timestamp": said}
        client.add([running], user_id=user)
    window = {"time_window_days": 30, "analysis_depth": "shallow", "min_pattern_strength": 0.5}
    planned = client.reflect_on_memories(dry_run=True, **window)
    assert (planned["status"], planned["dry_run"]) == ("planned", True)
    made = client.reflect_on_memories(**window)
    assert (made["success"], made["status"]) == (True, "applied"), made
    assert made["insights"] == planned["insights"]
    habits = [one for one in made["insights"] if one["memory_type"] == "pattern" and "run" in one["content"]]
    assert habits, made["insights"]
    assert len(habits[0]["source_ids"]) >= 3
    assert client.get_memory(habits[0]["memory_id"]).content == habits[0]["content"]
    assert client.reflect_on_memories(**window)["insights"] == []


@pytest.mark.calls("get_auto_maintenance_config", "update_auto_maintenance_config")
def test_what_is_done_by_itself_is_set_and_shown(client: MemoryStackClient) -> None:
    before = client.get_auto_maintenance_config()
    wishes = {"consolidation_frequency": "weekly", "reflection_frequency": "monthly"}
    off = {"consolidation_enabled": False, "reflection_enabled": False}
    # Switched off, so that no run of its own comes in between the others.
    set_to = client.update_auto_maintenance_config(**wishes, **off)
    shown = client.get_auto_maintenance_config()
    for answer in (set_to, shown):
        assert {name: answer["config"][name] for name in (*wishes, *off)} == {**wishes, **off}
        assert {name: answer[name] for name in wishes} == wishes
    assert shown["config"].keys() == before["config"].keys() and not shown["is_default"]
    client.update_auto_maintenance_config(consolidation_enabled=True)
    assert client.get_auto_maintenance_config()["consolidation_enabled"] is True
    client.update_auto_maintenance_config(consolidation_enabled=False)
    with pytest.raises(ValidationError, match="consolidation_frequency"):
        client.update_auto_maintenance_config(consolidation_frequency="sometimes")
    assert client.get_auto_maintenance_config()["consolidation_frequency"] == "weekly"
