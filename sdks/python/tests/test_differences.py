"""What changed between two moments: over the wire for both clients, and against the real Memorystack server."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta, timezone
from typing import Any, Callable, Dict, List

import pytest

from memorystack import AsyncMemoryStackClient, Difference, ListDifferencesResponse, MemoryStackClient, ValidationError
from scripted_server import Received, Scripted

Connect = Callable[..., MemoryStackClient]

LEARNED = {
    "version": 1,
    "event": "MemoryLearned",
    "event_id": "e1",
    "event_offset": 4,
    "recorded_at": "2026-03-01T10:30:00.000Z",
    "actor": {"agent": "a1"},
    "reason": "user",
    "decision": {"rule": "statement", "confidence": 0.8},
}
FORGOTTEN = {**LEARNED, "version": 2, "event": "MemoryForgotten", "decision": None}


def entry(memory_id: str, **more: Any) -> Dict[str, Any]:
    return {"memory": {"id": memory_id, "content": f"content of\n{memory_id}"}, "reasons": [LEARNED], **more}


REVISED = entry(
    "m2",
    before={"confidence": 0.8, "metadata": {}, "version": 1},
    after={"confidence": 0.4, "metadata": {"mood": "süß"}, "version": 2},
    earlier_reasons_left_out=True,
)
PAGES: List[Dict[str, Any]] = [
    {"added": [entry("m1")], "revised": [REVISED], "retired": [], "restored": [], "next_cursor": "second"},
    # Nothing that the caller may see is on this one.
    {"added": [], "revised": [], "retired": [], "restored": [], "next_cursor": "third"},
    {
        "added": [],
        "retired": [
            entry("m3", status="superseded", superseded_by="m1"),
            entry("m4", status="forgotten", superseded_by=None, reasons=[FORGOTTEN]),
        ],
        "restored": [entry("m5")],
    },
]


def paged(request: Received) -> Scripted:
    return Scripted(200, PAGES[{"second": 1, "third": 2}.get(request.query.get("cursor", ""), 0)])


def test_every_page_is_followed_with_the_same_question(server: Any, connect: Any) -> None:
    server.responder = paged
    noon = datetime(2026, 3, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    found = list(connect().differences(3, noon, 2, "u", "team", agent_id="a", team_id="t", session_id="s"))
    assert [(one.kind, one.memory.id) for one in found] == [
        ("added", "m1"),
        ("revised", "m2"),
        ("retired", "m3"),
        ("retired", "m4"),
        ("restored", "m5"),
    ]
    asked = {
        "from": "3",
        "to": "2026-03-01T12:00:00+02:00",
        "limit": "2",
        "user_id": "u",
        "scope": "team",
        "agent_id": "a",
        "team_id": "t",
        "session_id": "s",
    }
    assert [request.path for request in server.received] == ["/api/v1/memories/diff"] * 3
    assert [request.query for request in server.received] == [
        asked,
        {**asked, "cursor": "second"},
        {**asked, "cursor": "third"},
    ]


def test_a_difference_tells_all_that_the_server_told(server: Any, connect: Any) -> None:
    server.responder = paged
    _, revised, superseded, forgotten, _ = connect().differences(3, 9)
    (reason,) = revised.reasons
    assert (reason.event, reason.event_offset, reason.reason) == ("MemoryLearned", 4, "user")
    assert (reason.actor, reason.decision) == ({"agent": "a1"}, {"rule": "statement", "confidence": 0.8})
    assert (revised.before["confidence"], revised.after["confidence"]) == (0.8, 0.4)
    assert (revised.earlier_reasons_left_out, superseded.earlier_reasons_left_out) == (True, False)
    assert (superseded.status, superseded.superseded_by) == ("superseded", "m1")
    assert (forgotten.status, forgotten.superseded_by, forgotten.reasons[0].decision) == ("forgotten", None, None)
    assert revised.raw == REVISED


def test_a_difference_reads_as_text(server: Any, connect: Any) -> None:
    server.responder = paged
    added, revised, superseded, forgotten, _ = connect().differences(3, 9)
    assert added.as_text() == "added: content of m1\n    2026-03-01 10:30:00 MemoryLearned: user, statement"
    assert revised.as_text().splitlines() == [
        "revised: content of m2",
        "    confidence: 0.8 → 0.4",
        '    metadata: {} → {"mood": "süß"}',
        "    (earlier reasons are left out)",
        "    2026-03-01 10:30:00 MemoryLearned: user, statement",
    ]
    assert superseded.as_text().splitlines()[0] == "retired: content of m3 [superseded by m1]"
    assert forgotten.as_text() == (
        "retired: content of m4 [forgotten]\n    2026-03-01 10:30:00 MemoryForgotten: user"
    )
    long = Difference.from_wire({"memory": {"content": "word " * 100}}).as_text()
    assert len(long) < 120 and long.endswith("…")


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ({}, []),
        ([], []),
        (None, []),
        ({"added": None}, []),
        ({"added": [None]}, ["added: "]),
        ({"revised": [{"after": {"confidence": 1}}]}, ["revised: \n    confidence: null → 1"]),
    ],
)
def test_missing_fields_are_survived(body: Any, texts: List[str]) -> None:
    page = ListDifferencesResponse.from_wire(body)
    assert [one.as_text() for one in page.results] == texts
    assert (page.from_, page.to, page.next_cursor) == (None, None, None)


def test_a_page_says_which_positions_it_is_about() -> None:
    page = ListDifferencesResponse.from_wire({"from": 3, "to": 9, "count": 0})
    assert (page.from_, page.to, page.results) == (3, 9, [])


@pytest.mark.parametrize("moments", [(datetime(2026, 3, 1), 9), (3, datetime(2026, 3, 1))])
def test_a_datetime_without_a_time_zone_is_refused_before_sending(server: Any, connect: Any, moments: Any) -> None:
    named = "from_" if isinstance(moments[0], datetime) else "to"
    with pytest.raises(ValidationError) as caught:
        connect().differences(*moments)
    assert caught.value.message == (
        f"{named} is a datetime without a time zone (2026-03-01T00:00:00). Give it one, as in "
        "datetime.now(timezone.utc), or pass a position of the log."
    )
    assert server.received == []


def test_what_changed_is_told_with_reasons(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    leeds = client.create_memory(content="I live in Leeds.", user_id="mover").memory_ids[0]
    tea = client.create_memory(content="The kettle is red.", user_id="mover").memory_ids[0]
    fleeting = client.create_memory(content="The lift is broken.", user_id="mover")
    start = fleeting.event_offset or 0
    bristol = client.create_memory(content="I now live in Bristol.", user_id="mover").memory_ids[0]
    client.update_memory(tea, confidence=0.4)
    end = client.delete_memory(fleeting.memory_ids[0]).event_offset or 0

    found = {one.memory.id: one for one in client.differences(start, end, page_size=1)}
    assert {memory_id: one.kind for memory_id, one in found.items()} == {
        bristol: "added",
        tea: "revised",
        leeds: "retired",
        fleeting.memory_ids[0]: "retired",
    }
    assert (found[tea].before["confidence"], found[tea].after["confidence"]) == (0.8, 0.4)
    assert "confidence: 0.8 → 0.4" in found[tea].as_text()
    assert (found[leeds].status, found[leeds].superseded_by) == ("superseded", bristol)
    assert [reason.event for reason in found[leeds].reasons] == ["MemorySuperseded"]
    assert "relation.single_slot" in found[leeds].as_text()
    assert found[fleeting.memory_ids[0]].status == "forgotten"

    undone = client.undo(leeds)
    back = list(client.differences(end, undone.event_offset or 0))
    assert {one.memory.id: one.kind for one in back} == {leeds: "restored", bristol: "retired"}
    assert list(client.differences(start, end, user_id="nobody")) == []


def test_moments_are_positions_or_times(speak: Connect) -> None:
    client = speak(agent_name="Ann")
    first = client.create_memory(content="The door is blue.")
    then = client.get_memory(first.memory_ids[0]).created_at or ""
    second = client.create_memory(content="The roof is green.")
    later = client.get_memory(second.memory_ids[0]).created_at or ""
    at = datetime.fromisoformat(then.replace("Z", "+00:00")).astimezone(timezone(timedelta(hours=-7)))
    start, end = first.event_offset or 0, second.event_offset or 0
    for span in ((start, end), (str(start), later), (at, end)):
        assert [one.memory.id for one in client.differences(*span)] == second.memory_ids
    for wrong in ((end, start), (start, end + 10**6), (start, "2026-03-01T10:30:00"), (0, end)):
        with pytest.raises(ValidationError) as refused:
            list(client.differences(*wrong))
        assert refused.value.status == 400


async def test_the_asyncio_client_asks_what_changed_too(real_server: Any) -> None:
    project = f"project_{uuid.uuid4().hex}"
    async with AsyncMemoryStackClient(real_server.api_key, real_server.url, project_name=project) as client:
        start = (await client.create_memory(content="The door is blue.")).event_offset or 0
        created = [await client.create_memory(content=f"Lamp {number} is lit.") for number in range(3)]
        end = created[-1].event_offset or 0
        found = [one async for one in client.differences(start, end, page_size=2)]
        assert [one.memory.id for one in found] == [answer.memory_ids[0] for answer in created]
        with pytest.raises(ValidationError, match="without a time zone"):
            client.differences(datetime.now(), end)
