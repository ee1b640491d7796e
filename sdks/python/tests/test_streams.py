"""What comes and goes piece by piece: the change stream, and files."""

from __future__ import annotations

import hashlib
import itertools
import json
from pathlib import Path
from typing import Any, Dict

import pytest

from memorystack import ConnectionFailedError, MemoryStackError, ValidationError
from scripted_server import Received, Scripted

STREAM = {"Content-Type": "text/event-stream"}
# Cuts an answer off: more was announced than comes.
BREAKS = {"Content-Length": "100000", "Connection": "close"}


def block(place: str, **more: Any) -> bytes:
    event = {"id": place, "event_offset": int(place.split(".")[0]), "type": "MemoryLearned", **more}
    return f"id: {place}\nevent: MemoryLearned\ndata: {json.dumps(event)}\n\n".encode()


def test_events_come_in_order_with_their_memories(server: Any, connect: Any) -> None:
    memory = {"id": "m1", "content": "likes tea: green\n"}
    server.will_answer(Scripted(200, block("3.0", memory=memory, memory_id="m1") + block("3.1", data={"a": 1}), STREAM))
    first, second = connect(team_name="red").events(2, ["MemoryLearned", "MemoryRevised"], user_id="u")
    assert (first.id, first.event_offset, first.type, first.memory_id) == ("3.0", 3, "MemoryLearned", "m1")
    assert first.memory.content == "likes tea: green\n" and second.memory is None and second.data == {"a": 1}
    (request,) = server.received
    assert request.headers["accept"] == "text/event-stream"
    types = "MemoryLearned,MemoryRevised"
    assert request.query == {"team_name": "red", "from_offset": "2", "type": types, "follow": "false", "user_id": "u"}


def test_a_broken_stream_goes_on_where_it_broke(server: Any, connect: Any) -> None:
    half = block("5")[:-20]
    server.will_answer(
        Scripted(200, block("3.0") + block("4") + half, {**STREAM, **BREAKS}),
        Scripted(503),
        Scripted(drop=True),
        Scripted(200, b"id: 4.7\n: nothing new\n\n", {**STREAM, **BREAKS}),
        Scripted(200, block("5") + block("6"), STREAM),
    )
    assert [event.id for event in connect().events()] == ["3.0", "4", "5", "6"]
    assert [request.headers.get("last-event-id") for request in server.received] == [None, "4", "4", "4", "4.7"]


def test_a_stream_that_keeps_breaking_is_an_error(server: Any, connect: Any) -> None:
    server.responder = lambda request: Scripted(200, b"", {**STREAM, **BREAKS})
    with pytest.raises(ConnectionFailedError):
        list(connect(max_retries=2).events())
    assert len(server.received) == 3


def test_a_refused_stream_is_the_servers_error(server: Any, connect: Any) -> None:
    server.will_answer(Scripted(400, {"detail": "type has Nonsense", "code": "validation_failed"}))
    with pytest.raises(ValidationError, match="Nonsense"):
        list(connect().events(types=["Nonsense"]))


def test_following_goes_on_at_the_end(server: Any, connect: Any) -> None:
    ends = itertools.count(1)
    server.responder = lambda request: Scripted(200, block(str(next(ends))), STREAM)
    events = connect().events(follow=True, last_event_id="0.5")
    assert [event.id for event in itertools.islice(events, 3)] == ["1", "2", "3"]
    assert [request.headers["last-event-id"] for request in server.received] == ["0.5", "1", "2"]
    assert {request.query["follow"] for request in server.received} == {"true"}


def test_nothing_is_asked_before_the_first_event_is_wanted(server: Any, connect: Any) -> None:
    connect().events()
    assert server.received == []


ROWS = [{"content": "tea — ☕", "id": "m1"}, {"content": "rain ]", "id": "m2"}]
LINES = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode()
DIGEST = f"sha256:{hashlib.sha256(LINES).hexdigest()}"
TRAILER = json.dumps({"trailer": {"count": 2, "digest": DIGEST, "position": 7}}).encode() + b"\n"


def test_an_ndjson_export_goes_to_its_file(server: Any, connect: Any, tmp_path: Path) -> None:
    server.will_answer(Scripted(200, LINES + TRAILER))
    path = tmp_path / "memories.ndjson"
    answer = connect().export_memories("ndjson", "u", path=path, include_history=True)
    assert path.read_bytes() == LINES + TRAILER
    assert (answer.count, answer.digest, answer.position, answer.data) == (2, DIGEST, 7, None)
    assert answer.path == str(path) and [found.name for found in tmp_path.iterdir()] == [path.name]
    (request,) = server.received
    assert (request.method, request.path) == ("POST", "/api/v1/memories/export")
    assert request.headers["accept"] == "application/x-ndjson" and "idempotency-key" not in request.headers
    assert request.body == {"format": "ndjson", "user_id": "u", "include_history": True}


def test_a_json_export_tells_its_digest_and_a_csv_only_its_position(server: Any, connect: Any, tmp_path: Path) -> None:
    document = json.dumps({"success": True, "data": ROWS, "count": 2, "digest": DIGEST}, separators=(",", ":")).encode()
    sheet = b"id,content\r\nm1,tea\r\n"
    server.will_answer(Scripted(200, document), Scripted(200, sheet, {"Memorystack-Position": "7"}))
    client = connect()
    whole = client.export_memories(path=str(tmp_path / "a.json"))
    assert (whole.count, whole.digest, (tmp_path / "a.json").read_bytes()) == (2, DIGEST, document)
    table = client.export_memories("csv", path=tmp_path / "a.csv")
    assert (table.count, table.digest, table.position) == (None, None, 7)
    assert (tmp_path / "a.csv").read_bytes() == sheet


def test_an_export_that_breaks_off_begins_again(server: Any, connect: Any, tmp_path: Path) -> None:
    server.will_answer(Scripted(200, LINES[:9], BREAKS), Scripted(502), Scripted(200, LINES + TRAILER))
    path = tmp_path / "memories.ndjson"
    assert connect().export_memories("ndjson", path=path).count == 2
    assert path.read_bytes() == LINES + TRAILER


@pytest.mark.parametrize("content", [LINES, LINES[:-5] + TRAILER, b"", LINES.replace(b"tea", b"pea") + TRAILER])
def test_a_file_that_is_not_whole_leaves_the_one_before(
    server: Any, connect: Any, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "memories.ndjson"
    path.write_text("from yesterday")
    server.will_answer(Scripted(200, content))
    with pytest.raises(MemoryStackError, match="not whole|digest"):
        connect().export_memories("ndjson", path=path)
    assert path.read_text() == "from yesterday" and len(list(tmp_path.iterdir())) == 1


def test_an_export_is_an_answer_without_a_file(server: Any, connect: Any) -> None:
    server.will_answer(Scripted(200, {"success": True, "format": "json", "data": ROWS, "count": 2, "digest": DIGEST}))
    answer = connect().export_memories()
    assert (answer.data, answer.count, answer["data"][0]["content"]) == (ROWS, 2, "tea — ☕")
    with pytest.raises(ValidationError, match="json, ndjson, csv"):
        connect().export_memories("xml")


COUNTS: Dict[str, Any] = {"success": False, "total": 2, "created": 1, "refused": 1, "event_offset": 5}
REPORT = {**COUNTS, "errors": [{"row": 2, "memory_id": None, "message": "content is missing"}]}


@pytest.mark.parametrize(
    ("name", "format", "media_type"),
    [
        ("a.ndjson", None, "application/x-ndjson"),
        ("a.CSV", None, "text/csv"),
        ("a.txt", "ndjson", "application/x-ndjson"),
    ],
)
def test_a_file_is_sent_as_it_is(
    server: Any, connect: Any, tmp_path: Path, name: str, format: Any, media_type: str
) -> None:
    path = tmp_path / name
    path.write_bytes(LINES * 20_000)
    server.will_answer(Scripted(503), Scripted(drop=True), Scripted(200, REPORT))
    client = connect(project_name="p")
    answer = client.import_memories(path=path, format=format, mode="merge", dry_run=True)
    assert (answer.created, answer.refused, client.position) == (1, 1, 5)
    assert [(error.row, error.message) for error in answer.errors] == [(2, "content is missing")]
    assert len({request.headers["idempotency-key"] for request in server.received}) == 1
    for request in server.received:
        assert request.body == LINES * 20_000 and request.headers["content-type"] == media_type
        asked = {"project_name": "p", "mode": "merge", "dry_run": "true"}
        assert request.query == {**asked, **({"format": format} if format else {})}


def test_a_list_is_imported_in_the_body(server: Any, connect: Any, tmp_path: Path) -> None:
    server.will_answer(Scripted(200, REPORT), Scripted(200, REPORT))
    client = connect()
    client.import_memories(ROWS, format="mem0", mode="replace")
    assert server.received[0].body == {"memories": ROWS, "format": "mem0", "mode": "replace"}
    document = tmp_path / "mem0.json"
    document.write_text('{"results": []}')
    client.import_memories(path=document, format="mem0")
    assert (server.received[1].body, server.received[1].query) == ({"results": []}, {"format": "mem0"})


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.import_memories(),
        lambda client: client.import_memories(ROWS, path="a.json"),
        lambda client: client.import_memories("a.json"),
        lambda client: client.import_memories(path="/no/such/file.json"),
    ],
)
def test_what_cannot_be_imported_is_refused_before_sending(server: Any, connect: Any, call: Any) -> None:
    with pytest.raises(ValidationError):
        call(connect())
    assert server.received == []


def test_a_stream_that_is_left_is_closed(server: Any, connect: Any) -> None:
    def answer(request: Received) -> Scripted:
        return Scripted(200, block("1") + block("2"), STREAM)

    server.responder = answer
    client = connect()
    assert next(iter(client.events())).id == "1"
    assert next(iter(client.events())).id == "1"
