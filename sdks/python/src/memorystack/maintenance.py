"""Runs of maintenance, and what is done by itself, as the server tells of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional

from .responses import Answered, Written, list_from_wire


@dataclass
class PlannedEvent(Answered):
    """What a run would append to the log: ``event`` with ``data``, to the memory while it is at ``version``."""

    event: str = ""
    memory_id: str = ""
    version: int = 0
    data: Dict[str, Any] = field(default_factory=dict)
    before: Optional[Dict[str, Any]] = None


@dataclass
class Insight(Answered):
    """What a reflection concluded, and from which memories."""

    memory_id: str = ""
    content: str = ""
    memory_type: str = ""
    confidence: float = 0.0
    source_ids: List[str] = field(default_factory=list)


@dataclass
class MaintenanceReport(Written):
    """What a run did, or (``dry_run``) would do. ``pending`` is true when it was slow: wait_for_job(job_id), and then
    get_maintenance_run of the ``run_id`` in its ``summary``.

    ``status`` is "planned", "applied", or "stopped" by the ``guard``: then nothing was changed, because more than
    ``max_retired_share`` of what somebody holds would have been retired. ``changes`` counts what was planned by what it
    does; ``applied`` is how much of it was done, and ``stale`` are memories that had changed meanwhile. ``cut`` is true
    when there was more to do than one run does.
    """

    job_id: str = ""
    run_id: Optional[str] = None
    kind: str = ""
    status: str = ""
    dry_run: bool = False
    settings: Dict[str, Any] = field(default_factory=dict)
    planned_at: Optional[int] = None
    changes: Dict[str, int] = field(default_factory=dict)
    retired: int = 0
    applied: int = 0
    stale: List[str] = field(default_factory=list)
    guard: Dict[str, Any] = field(default_factory=dict)
    cut: bool = False
    events: List[PlannedEvent] = field(default_factory=list)
    memories_consolidated: int = 0
    insights: List[Insight] = field(default_factory=list)

    @classmethod
    def from_wire(cls, value: Any) -> MaintenanceReport:
        report = super().from_wire(value)
        report.events = list_from_wire(PlannedEvent, report.raw, "events")
        report.insights = list_from_wire(Insight, report.raw, "insights")
        return report


@dataclass
class MaintenanceRun(Answered):
    """A run as it stands: ``status`` is also "applying", "reverting" or "reverted". ``steps`` are its commits; ``left``
    are memories that taking it back left as they were."""

    run_id: str = ""
    kind: str = ""
    status: str = ""
    settings: Dict[str, Any] = field(default_factory=dict)
    planned_at: Optional[int] = None
    changes: Dict[str, int] = field(default_factory=dict)
    retired: int = 0
    applied: int = 0
    stale: List[str] = field(default_factory=list)
    guard: Dict[str, Any] = field(default_factory=dict)
    created_at: Optional[str] = None
    steps: List[Dict[str, Any]] = field(default_factory=list)
    left: List[str] = field(default_factory=list)


@dataclass
class ListMaintenanceRunsResponse(Answered):
    """One page of runs, the latest first. ``next_cursor`` is ``None`` on the last page."""

    success: bool = True
    count: int = 0
    next_cursor: Optional[str] = None
    runs: List[MaintenanceRun] = field(default_factory=list)

    @classmethod
    def from_wire(cls, value: Any) -> ListMaintenanceRunsResponse:
        page = super().from_wire(value)
        page.runs = list_from_wire(MaintenanceRun, page.raw, "runs")
        return page


@dataclass
class RevertResponse(Written):
    """How many events of a run were taken back, and which memories were left: erased, or taken back before."""

    job_id: str = ""
    run_id: str = ""
    status: str = ""
    undone: int = 0
    left: List[str] = field(default_factory=list)


@dataclass
class AutoMaintenanceConfig(Written):
    """What is done by itself, and when. ``config`` has the same as a dict; ``is_default`` is true when nothing of it
    was chosen."""

    consolidation_enabled: bool = False
    consolidation_frequency: str = ""
    consolidation_similarity_threshold: Optional[float] = None
    reflection_enabled: bool = False
    reflection_frequency: str = ""
    reflection_time_window_days: Optional[int] = None
    reflection_analysis_depth: Optional[str] = None
    reflection_min_pattern_strength: Optional[float] = None
    expiry_enabled: bool = False
    expiry_frequency: str = ""
    archive_after_days: Optional[int] = None
    embedding_generation_enabled: bool = False
    embedding_generation_frequency: str = ""
    max_retired_share: Optional[float] = None
    timezone: str = ""
    config: Dict[str, Any] = field(default_factory=dict)
    is_default: bool = False
