"""Operations that carry memories out to files, and in from them."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any, Dict, Mapping, Optional, Sequence, Union

from .errors import MemoryStackError, ValidationError
from .exchange import Answer, Exchange, More, NoAnswer, Piece, Request, Steps
from .messages import LogMoment, Moment, log_moment
from .settings import API_PATH
from .transfers import ExportResponse, ImportResponse

Path = Union[str, "os.PathLike[str]"]

MEDIA_TYPES = {"json": "application/json", "ndjson": "application/x-ndjson", "csv": "text/csv"}
# What stands after the last memory of a JSON document is shorter than this.
TAIL_BYTES = 1024


class TransferOperations(Exchange):
    """Export and import."""

    def export_memories(
        self,
        format: str = "json",
        user_id: Optional[str] = None,
        *,
        path: Optional[Path] = None,
        memory_type: Optional[str] = None,
        min_confidence: Optional[float] = None,
        scope: Optional[str] = None,
        agent_id: Optional[str] = None,
        team_id: Optional[str] = None,
        include_superseded: Optional[bool] = None,
        include_history: Optional[bool] = None,
        as_of: Optional[LogMoment] = None,
        valid_at: Optional[Moment] = None,
        min_position: Optional[int] = None,
    ) -> Steps[ExportResponse]:
        """Return every memory that you may see, as it is at one position of the log.

        ``format`` is "json", "csv" or "ndjson". With ``path`` the memories go to that file while they come, however many
        there are: the file is put in its place when it is whole, and an NDJSON file when its digest is right.
        ``include_history`` adds every version of each memory. The filters are those of list_memories.
        """
        if format not in MEDIA_TYPES:
            raise ValidationError(f"format is one of {', '.join(MEDIA_TYPES)}, not {format!r}.")
        body = {
            "format": format,
            "user_id": user_id,
            "memory_type": memory_type,
            "min_confidence": min_confidence,
            "scope": scope,
            "agent_id": agent_id,
            "team_id": team_id,
            "include_superseded": include_superseded,
            "include_history": include_history,
            "as_of": log_moment(as_of, "as_of"),
            "valid_at": valid_at,
        }
        if path is None:
            return self.read(ExportResponse.from_wire, "/memories/export", body=body, min_position=min_position)
        freshness = {"min_position": min_position if min_position is not None else self.position.highest}
        fields = {**self.settings.identity.fields(), **freshness, **body}
        given = {name: value for name, value in fields.items() if value is not None}
        accept = {"Accept": MEDIA_TYPES[format]}
        request = Request("POST", f"{API_PATH}/memories/export", {}, given, streamed=True, headers=accept)
        return self._to_file(request, format, os.fspath(path))

    def import_memories(
        self,
        memories: Optional[Sequence[Mapping[str, Any]]] = None,
        *,
        path: Optional[Path] = None,
        format: Optional[str] = None,
        mode: Optional[str] = None,
        dry_run: Optional[bool] = None,
        idempotency_key: Optional[str] = None,
    ) -> Steps[ImportResponse]:
        """Bring memories in: a list of them (objects with at least ``content``), or the file at ``path``.

        ``format`` is "json", "ndjson" or "csv" (told by the file's name unless given), or "mem0", "zep" or "letta" for an
        export of that system. ``mode`` says what becomes of a memory that is there already: "skip" (unless given),
        "merge" or "replace". ``dry_run`` only tells what would be done. Each row succeeds or is refused by itself.

        Raises ValidationError unless exactly one of ``memories`` and ``path`` is given.
        """
        if (memories is None) == (path is None):
            raise ValidationError("import_memories takes either a list of memories or path=, and one of them is needed.")
        options: Dict[str, Any] = {"format": format, "mode": mode, "dry_run": dry_run}
        if path is None:
            if isinstance(memories, (str, bytes, Mapping)):
                raise ValidationError("memories is a list, even of one; a file is given as path=.")
            rows = [dict(memory) for memory in memories or ()]
            body = {"memories": rows, **options}
            return self.write(ImportResponse, "POST", "/memories/import", body, idempotency_key=idempotency_key)
        return self._from_file(os.fspath(path), options, idempotency_key)

    def _from_file(self, path: str, options: Dict[str, Any], idempotency_key: Optional[str]) -> Steps[ImportResponse]:
        named = os.path.splitext(path)[1].lstrip(".").lower()
        asked = options["format"]
        media_type = MEDIA_TYPES.get(asked or named) or MEDIA_TYPES.get(named) or MEDIA_TYPES["json"]
        if not os.path.isfile(path):
            raise ValidationError(f"There is no file {path!r}.")
        query = {**self.settings.identity.fields(), **options}
        headers = {"Content-Type": media_type, "Content-Length": str(os.path.getsize(path))}
        key = idempotency_key or self.chance.unique_id()
        request = Request(
            "POST", f"{API_PATH}/memories/import", query, idempotency_key=key, file=path, headers=headers
        )
        return self.written(ImportResponse, (yield from self.exchange(request)))

    def _to_file(self, request: Request, format: str, path: str) -> Steps[ExportResponse]:
        unfinished = f"{path}.part"
        retries_done = 0
        try:
            while True:
                answer = yield from self.exchange(request)
                lost = yield from self._received(unfinished)
                if lost is None:
                    break
                yield self.pause_before_retry(lost, retries_done)
                retries_done += 1
            trailer = _trailer(unfinished, format, answer)
            os.replace(unfinished, path)
        finally:
            if os.path.exists(unfinished):
                os.remove(unfinished)
        return ExportResponse.from_wire({**trailer, "format": format, "path": path})

    def _received(self, path: str) -> Steps[Optional[NoAnswer]]:
        """Write the streamed answer to a file, from its start; return what went wrong on the way."""
        with open(path, "wb") as file:
            while True:
                reply = yield More()
                if isinstance(reply, NoAnswer):
                    return reply
                if not isinstance(reply, Piece):
                    raise TypeError(f"A transport must reply to More with Piece or NoAnswer, not {reply!r}.")
                if not reply.content:
                    return None
                file.write(reply.content)


def _trailer(path: str, format: str, answer: Answer) -> Dict[str, Any]:
    """What ends a file: its count, its digest and its position. Raises MemoryStackError when it is not whole."""
    if format == "csv":
        return {"position": _whole_number(answer.headers.get("memorystack-position"))}
    try:
        return _checked_lines(path) if format == "ndjson" else _tail_of_document(path)
    except (ValueError, KeyError, TypeError) as err:
        raise MemoryStackError("The export is not whole: what ends it is missing.", status=answer.status) from err


def _checked_lines(path: str) -> Dict[str, Any]:
    digest = hashlib.sha256()
    last = b""
    with open(path, "rb") as file:
        for line in file:
            digest.update(last)
            last = line
    trailer: Dict[str, Any] = json.loads(last)["trailer"]
    found = f"sha256:{digest.hexdigest()}"
    if trailer["digest"] != found:
        raise MemoryStackError(f"The export is not what was sent: its digest is {found}, not {trailer['digest']}.")
    return trailer


def _tail_of_document(path: str) -> Dict[str, Any]:
    with open(path, "rb") as file:
        file.seek(max(0, os.path.getsize(path) - TAIL_BYTES))
        tail = file.read().decode("utf-8", "replace")
    # Nothing after the list of memories holds a bracket.
    trailer: Dict[str, Any] = json.loads("{" + tail[tail.rindex("]") + 1 :].lstrip(","))
    return {name: trailer[name] for name in ("count", "digest")}


def _whole_number(text: Optional[str]) -> Optional[int]:
    return int(text) if text is not None and text.isdigit() else None
