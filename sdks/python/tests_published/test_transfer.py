"""Export and import through the published client."""

from __future__ import annotations

import csv
import io
import uuid

import pytest
from memorystack import MemoryStackClient


@pytest.mark.calls("import_memories", "list_memories", "search")
def test_imported_memories_are_found_and_the_same_list_changes_nothing(client: MemoryStackClient, user: str) -> None:
    mark = uuid.uuid4().hex[:8]
    rows = [
        {"content": f"The ferry {mark} leaves at noon", "user_id": user, "memory_type": "timetable", "confidence": 0.9},
        {"content": f"The ferry {mark} is painted green", "user_id": user, "metadata": {"seen": True}},
    ]
    answer = client.import_memories(rows)
    assert (answer["success"], answer["total"], answer["created"], answer["refused"]) == (True, 2, 2, 0), answer
    kept = {memory.content: memory for memory in client.list_memories(user_id=user).results}
    assert set(kept) == {row["content"] for row in rows}
    noon, green = (kept[str(row["content"])] for row in rows)
    assert (noon.memory_type, noon.confidence, green.metadata) == ("timetable", 0.9, {"seen": True})
    assert client.search("painted green", user_id=user, limit=1)["results"][0]["id"] == green.id
    again = client.import_memories([*rows, {"content": f"The ferry {mark} has a bar", "user_id": user}])
    assert (again["created"], again["skipped"]) == (1, 2), again
    assert client.list_memories(user_id=user).count == 3


@pytest.mark.calls("import_memories")
def test_a_row_that_is_none_is_told_and_stops_no_other(client: MemoryStackClient, user: str) -> None:
    rows = [{"content": "The lamp is lit", "user_id": user}, {"content": "", "user_id": user}, {"user_id": user}]
    answer = client.import_memories(rows)
    assert (answer["success"], answer["created"], answer["refused"]) == (False, 1, 2)
    assert [error["row"] for error in answer["errors"]] == [2, 3]
    assert client.list_memories(user_id=user).count == 1


@pytest.mark.calls("export_memories", "import_memories")
def test_an_export_holds_what_was_stored_and_can_be_imported(client: MemoryStackClient, user: str) -> None:
    client.add("I live in Lisbon.", user_id=user)
    client.add("I like tea.", user_id=user, metadata={"cups": 3})
    exported = client.export_memories(user_id=user)
    assert (exported["success"], exported["format"], exported["count"]) == (True, "json", 2)
    texts = {"The user lives in Lisbon", "The user likes tea"}
    assert {row["content"] for row in exported["data"]} == texts
    everything = client.export_memories()
    assert everything["count"] > 2 and exported["digest"] != everything["digest"]
    sheet = client.export_memories(format="csv", user_id=user)
    assert {row["content"] for row in csv.DictReader(io.StringIO(sheet["data"]))} == texts
    # What is there already stays as it is, and what was deleted comes back.
    untouched = client.import_memories(exported["data"])
    assert (untouched["created"], untouched["skipped"]) == (0, 2), untouched
    other = f"{user}-other"
    moved = [{**row, "id": str(uuid.uuid4()), "user_id": other} for row in exported["data"]]
    copied = client.import_memories([{**row, "evidence": []} for row in moved])
    assert copied["created"] == 2, copied
    assert {memory.content for memory in client.list_memories(user_id=other).results} == texts
    assert client.list_memories(user_id=user).count == 2
