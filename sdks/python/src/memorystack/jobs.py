"""Long work, as the server tells of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional

from .responses import Answered, Written, list_from_wire

OVER = frozenset({"completed", "failed", "cancelled"})


@dataclass
class JobError(Answered):
    """Why the item at ``index`` of the request failed."""

    index: int = 0
    code: str = ""
    detail: str = ""


@dataclass
class Job(Written):
    """Work that goes on after its request: how far it is, and what came of it.

    ``status`` is "queued", "running", "completed", "failed" or "cancelled"; a job is "completed" also when some of its
    items ``failed``. ``progress`` is 0 to 1, ``total`` None while it is not known. ``errors`` are the first 100,
    ``memory_ids`` those of the first 1,000 items: job_results has all of them. A list of jobs tells neither.
    ``cost_units`` is None when nothing was bought.
    """

    job_id: str = ""
    type: str = ""
    status: str = ""
    total: Optional[int] = None
    succeeded: int = 0
    failed: int = 0
    progress: float = 0.0
    error: Optional[str] = None
    summary: Dict[str, Any] = field(default_factory=dict)
    cost_units: Optional[float] = None
    cost_units_saved: Optional[float] = None
    created_at: Optional[str] = None
    started_at: Optional[str] = None
    finished_at: Optional[str] = None
    errors: List[JobError] = field(default_factory=list)
    memory_ids: List[str] = field(default_factory=list)
    deduplicated: bool = False

    @classmethod
    def from_wire(cls, value: Any) -> Job:
        job = super().from_wire(value)
        job.errors = list_from_wire(JobError, job.raw, "errors")
        return job

    @property
    def is_over(self) -> bool:
        """Whether nothing more is going to happen."""
        return self.status in OVER


@dataclass
class ListJobsResponse(Answered):
    """One page of jobs, the latest first. ``next_cursor`` is ``None`` on the last page."""

    success: bool = True
    count: int = 0
    next_cursor: Optional[str] = None
    jobs: List[Job] = field(default_factory=list)

    @classmethod
    def from_wire(cls, value: Any) -> ListJobsResponse:
        page = super().from_wire(value)
        page.jobs = list_from_wire(Job, page.raw, "jobs")
        return page


@dataclass
class JobResult(Answered):
    """What became of the item at ``index`` of the request: "succeeded" with its ``memory_ids``, or "failed" with why."""

    index: int = 0
    status: str = ""
    memory_ids: List[str] = field(default_factory=list)
    code: Optional[str] = None
    detail: Optional[str] = None
    details: Dict[str, Any] = field(default_factory=dict)


@dataclass
class JobResultsPage(Answered):
    """Some of the results of a job, in the order of the request."""

    job_id: str = ""
    count: int = 0
    next_after: Optional[int] = None
    results: List[JobResult] = field(default_factory=list)

    @classmethod
    def from_wire(cls, value: Any) -> JobResultsPage:
        page = super().from_wire(value)
        page.results = list_from_wire(JobResult, page.raw, "results")
        return page

    @property
    def next_cursor(self) -> Optional[str]:
        """Where the next page starts; ``None`` on the last one."""
        return None if self.next_after is None else str(self.next_after)
