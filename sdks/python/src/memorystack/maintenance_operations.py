"""Operations of maintenance: runs that are planned, applied and taken back, and what is done by itself."""

from __future__ import annotations

from typing import Any, Mapping, Optional

from .exchange import Exchange, Steps, segment
from .maintenance import (
    AutoMaintenanceConfig,
    ListMaintenanceRunsResponse,
    MaintenanceReport,
    MaintenanceRun,
    RevertResponse,
)


class MaintenanceOperations(Exchange):
    """What keeps many memories few and fresh."""

    def consolidate_memories(
        self,
        similarity_threshold: Optional[float] = None,
        check_redundancy: Optional[bool] = None,
        dry_run: bool = False,
        *,
        user_id: Optional[str] = None,
        scope: Optional[str] = None,
        agent_id: Optional[str] = None,
        team_id: Optional[str] = None,
        max_retired_share: Optional[float] = None,
        idempotency_key: Optional[str] = None,
    ) -> Steps[MaintenanceReport]:
        """Merge memories that say the same; none of them is lost, and revert_maintenance_run takes it back.

        ``similarity_threshold`` (0.9 unless given) is how alike they must be; without ``check_redundancy`` only the same
        words count. ``dry_run`` tells what would be done and changes nothing. A run that would retire more than
        ``max_retired_share`` (0.1 unless given) of what somebody holds stops and says so: ``status`` is "stopped".
        ``user_id``, ``scope``, ``agent_id`` and ``team_id`` narrow it down.
        """
        body = {
            "similarity_threshold": similarity_threshold,
            "check_redundancy": check_redundancy,
            "dry_run": dry_run,
            "user_id": user_id,
            "scope": scope,
            "agent_id": agent_id,
            "team_id": team_id,
            "max_retired_share": max_retired_share,
        }
        return self._run("consolidate", body, idempotency_key)

    def reflect_on_memories(
        self,
        time_window_days: Optional[int] = None,
        analysis_depth: Optional[str] = None,
        dry_run: bool = False,
        min_pattern_strength: Optional[float] = None,
        *,
        user_id: Optional[str] = None,
        scope: Optional[str] = None,
        agent_id: Optional[str] = None,
        team_id: Optional[str] = None,
        max_retired_share: Optional[float] = None,
        idempotency_key: Optional[str] = None,
    ) -> Steps[MaintenanceReport]:
        """Conclude habits, trends and the like from the memories of the last days; ``insights`` name their sources.

        ``time_window_days`` is 1 to 90 (7 unless given), ``analysis_depth`` "shallow" or "deep", and
        ``min_pattern_strength`` (0.7 unless given) how clear a pattern must be. The rest as in consolidate_memories.
        """
        body = {
            "time_window_days": time_window_days,
            "analysis_depth": analysis_depth,
            "dry_run": dry_run,
            "min_pattern_strength": min_pattern_strength,
            "user_id": user_id,
            "scope": scope,
            "agent_id": agent_id,
            "team_id": team_id,
            "max_retired_share": max_retired_share,
        }
        return self._run("reflect", body, idempotency_key)

    def expire_memories(
        self,
        archive_after_days: Optional[int] = None,
        dry_run: bool = False,
        *,
        user_id: Optional[str] = None,
        scope: Optional[str] = None,
        agent_id: Optional[str] = None,
        team_id: Optional[str] = None,
        max_retired_share: Optional[float] = None,
        idempotency_key: Optional[str] = None,
    ) -> Steps[MaintenanceReport]:
        """Mark what may have changed since, and put away what nobody read for ``archive_after_days`` (180 unless given)
        and is not important. The rest as in consolidate_memories."""
        body = {
            "archive_after_days": archive_after_days,
            "dry_run": dry_run,
            "user_id": user_id,
            "scope": scope,
            "agent_id": agent_id,
            "team_id": team_id,
            "max_retired_share": max_retired_share,
        }
        return self._run("expire", body, idempotency_key)

    def list_maintenance_runs(
        self, kind: Optional[str] = None, limit: int = 20, cursor: Optional[str] = None
    ) -> Steps[ListMaintenanceRunsResponse]:
        """Return one page of runs, the latest first; ``kind`` is "consolidate", "reflect" or "expire"."""
        query = {"kind": kind, "limit": limit, "cursor": cursor}
        return self.read(ListMaintenanceRunsResponse.from_wire, "/maintenance/runs", query)

    def get_maintenance_run(self, run_id: str) -> Steps[MaintenanceRun]:
        """Return one run. Raises NotFoundError when it does not exist (a dry run leaves none) or is not yours to see."""
        path = f"/maintenance/runs/{segment(run_id)}"
        return self.read(lambda value: MaintenanceRun.from_wire(value.get("run")), path)

    def revert_maintenance_run(
        self, run_id: str, cascade: bool = False, *, idempotency_key: Optional[str] = None
    ) -> Steps[RevertResponse]:
        """Take a run back: what was believed before it is believed again.

        Raises ConflictError when it was taken back before, changed nothing, or when something was built on it since
        (``details`` names that, and ``cascade`` takes it back too).
        """
        path = f"/maintenance/runs/{segment(run_id)}/revert"
        return self.write(RevertResponse, "POST", path, {"cascade": cascade}, idempotency_key=idempotency_key)

    def get_auto_maintenance_config(self) -> Steps[AutoMaintenanceConfig]:
        """Return what is done by itself, and when."""
        return self.read(AutoMaintenanceConfig.from_wire, "/auto-maintenance/config")

    def update_auto_maintenance_config(
        self,
        consolidation_enabled: Optional[bool] = None,
        consolidation_frequency: Optional[str] = None,
        reflection_enabled: Optional[bool] = None,
        reflection_frequency: Optional[str] = None,
        *,
        consolidation_similarity_threshold: Optional[float] = None,
        reflection_time_window_days: Optional[int] = None,
        reflection_analysis_depth: Optional[str] = None,
        reflection_min_pattern_strength: Optional[float] = None,
        expiry_enabled: Optional[bool] = None,
        expiry_frequency: Optional[str] = None,
        archive_after_days: Optional[int] = None,
        embedding_generation_enabled: Optional[bool] = None,
        embedding_generation_frequency: Optional[str] = None,
        max_retired_share: Optional[float] = None,
        timezone: Optional[str] = None,
    ) -> Steps[AutoMaintenanceConfig]:
        """Choose what is done by itself; what is not given stays as it is.

        A frequency is "daily", "weekly", "monthly" or a cron expression of five fields, by the clock of ``timezone``
        (an IANA name; UTC unless given). The other settings are the arguments of the runs.
        """
        body = {
            "consolidation_enabled": consolidation_enabled,
            "consolidation_frequency": consolidation_frequency,
            "consolidation_similarity_threshold": consolidation_similarity_threshold,
            "reflection_enabled": reflection_enabled,
            "reflection_frequency": reflection_frequency,
            "reflection_time_window_days": reflection_time_window_days,
            "reflection_analysis_depth": reflection_analysis_depth,
            "reflection_min_pattern_strength": reflection_min_pattern_strength,
            "expiry_enabled": expiry_enabled,
            "expiry_frequency": expiry_frequency,
            "archive_after_days": archive_after_days,
            "embedding_generation_enabled": embedding_generation_enabled,
            "embedding_generation_frequency": embedding_generation_frequency,
            "max_retired_share": max_retired_share,
            "timezone": timezone,
        }
        return self.write(AutoMaintenanceConfig, "POST", "/auto-maintenance/config", body)

    def reset_auto_maintenance_config(self) -> Steps[AutoMaintenanceConfig]:
        """Go back to the standard: nothing of all this is done by itself."""
        return self.write(AutoMaintenanceConfig, "DELETE", "/auto-maintenance/config", {})

    def _run(self, kind: str, body: Mapping[str, Any], idempotency_key: Optional[str]) -> Steps[MaintenanceReport]:
        path = f"/memories/{kind}"
        return self.write(MaintenanceReport, "POST", path, body, idempotency_key=idempotency_key)
