"""Exports and imports, as the server tells of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Union

from .responses import Answered, Written, list_from_wire


@dataclass
class ExportResponse(Answered):
    """What was exported: ``data`` is a list for "json" and the text of the file for "csv" and "ndjson", or None when it
    went to the file ``path``.

    ``digest`` is over all memories in order; the same memories have the same digest in every format. It and ``count``
    are None for a CSV file, which has no place for them.
    """

    success: bool = True
    format: str = ""
    data: Union[List[Dict[str, Any]], str, None] = None
    count: Optional[int] = None
    digest: Optional[str] = None
    position: Optional[int] = None
    path: Optional[str] = None


@dataclass
class RefusedRow(Answered):
    """Why the row of this number (from 1) was refused."""

    row: int = 0
    memory_id: Optional[str] = None
    message: str = ""


@dataclass
class ImportResponse(Written):
    """What became of the rows of a file: every row is in one of the counts. ``success``: none was refused."""

    dry_run: bool = False
    mode: str = ""
    import_id: Optional[str] = None
    job_id: Optional[str] = None
    status: Optional[str] = None
    total: int = 0
    created: int = 0
    skipped: int = 0
    merged: int = 0
    replaced: int = 0
    refused: int = 0
    memory_ids: List[str] = field(default_factory=list)
    errors: List[RefusedRow] = field(default_factory=list)
    ignored_fields: List[str] = field(default_factory=list)

    @classmethod
    def from_wire(cls, value: Any) -> ImportResponse:
        response = super().from_wire(value)
        response.errors = list_from_wire(RefusedRow, response.raw, "errors")
        return response
