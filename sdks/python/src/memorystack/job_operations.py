"""Operations on many memories at once, and on the jobs that they become."""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, Optional, Sequence

from .errors import JobFailedError, TimedOutError, ValidationError
from .exchange import Exchange, Pages, Pause, Steps, segment
from .jobs import Job, JobResult, JobResultsPage, ListJobsResponse
from .messages import message_fields

# Between two looks at a job: short at first, because most are, and then longer.
FIRST_LOOK_SECONDS = 0.1
LONGEST_LOOK_SECONDS = 2.0
STANDARD_WAIT_SECONDS = 600.0
LARGEST_RESULTS_PAGE = 1000

OnProgress = Callable[[Job], object]


class JobOperations(Exchange):
    """Batches, and long work of every kind."""

    def batch_create(
        self,
        memories: Sequence[Mapping[str, Any]],
        *,
        wait: bool = False,
        on_progress: Optional[OnProgress] = None,
        timeout: float = STANDARD_WAIT_SECONDS,
        idempotency_key: Optional[str] = None,
    ) -> Steps[Job]:
        """Create up to 1,000 memories, each described by the arguments of create_memory as a dict.

        Each succeeds or fails by itself: ``failed`` and ``errors`` of the job tell. With ``wait`` the call returns when
        the job is over, and ``on_progress`` is called with the job on the way; see wait_for_job.
        """
        items = [_creation(memory) for memory in _listed(memories, "memories")]
        return self._batch("create", {"memories": items}, wait, on_progress, timeout, idempotency_key)

    def batch_update(
        self,
        updates: Sequence[Mapping[str, Any]],
        *,
        wait: bool = False,
        on_progress: Optional[OnProgress] = None,
        timeout: float = STANDARD_WAIT_SECONDS,
        idempotency_key: Optional[str] = None,
    ) -> Steps[Job]:
        """Change up to 1,000 memories: each a dict of ``id`` and what is to change, as in update_memory.

        ``expected_version`` in one of them makes it conditional. The other arguments are those of batch_create.
        """
        body = {"updates": [dict(update) for update in _listed(updates, "updates")]}
        return self._batch("update", body, wait, on_progress, timeout, idempotency_key)

    def batch_delete(
        self,
        memory_ids: Sequence[str],
        hard: bool = False,
        *,
        wait: bool = False,
        on_progress: Optional[OnProgress] = None,
        timeout: float = STANDARD_WAIT_SECONDS,
        idempotency_key: Optional[str] = None,
    ) -> Steps[Job]:
        """Forget up to 1,000 memories; ``hard`` as in delete_memory. The other arguments are those of batch_create."""
        body = {"memory_ids": list(_listed(memory_ids, "memory_ids")), "hard": hard}
        return self._batch("delete", body, wait, on_progress, timeout, idempotency_key)

    def get_job(self, job_id: str) -> Steps[Job]:
        """Return how far a job is. Raises NotFoundError when it does not exist or is not yours to see."""
        job = yield from self.read(Job.from_wire, f"/batch-jobs/{segment(job_id)}")
        # Whoever was told that a write is done, reads it.
        self.position.remember(job.event_offset)
        return job

    def list_jobs(
        self, type: Optional[str] = None, limit: int = 20, cursor: Optional[str] = None
    ) -> Steps[ListJobsResponse]:
        """Return one page of jobs, the latest first; ``type`` is one such as "batch_create". ``limit`` is 1 to 100."""
        return self.read(ListJobsResponse.from_wire, "/batch-jobs", {"type": type, "limit": limit, "cursor": cursor})

    def job_results(
        self, job_id: str, failed_only: bool = False, page_size: int = LARGEST_RESULTS_PAGE
    ) -> Pages[JobResult]:
        """Iterate over what became of each item of a job, in the order of the request."""
        path = f"/batch-jobs/{segment(job_id)}/results"

        def fetch(cursor: Optional[str]) -> Steps[JobResultsPage]:
            query = {"after": cursor, "limit": page_size, "failed_only": failed_only}
            return self.read(JobResultsPage.from_wire, path, query)

        return fetch

    def cancel_job(self, job_id: str) -> Steps[Job]:
        """Begin nothing more of a job; what was done stays. Raises ConflictError when it is over."""
        return self.write(Job, "POST", f"/batch-jobs/{segment(job_id)}/cancel", {})

    def retry_job(self, job_id: str) -> Steps[Job]:
        """Do the items of a job again that failed or were not done. Raises ConflictError when there are none, or when
        it is not over."""
        return self.write(Job, "POST", f"/batch-jobs/{segment(job_id)}/retry", {})

    def wait_for_job(
        self,
        job_id: str,
        timeout: float = STANDARD_WAIT_SECONDS,
        on_progress: Optional[OnProgress] = None,
    ) -> Steps[Job]:
        """Return a job when it is completed. ``on_progress`` is called with the job whenever it has been looked at.

        Raises JobFailedError when it failed as a whole or was cancelled, and TimedOutError when it is not over after
        ``timeout`` seconds; it goes on all the same. That items of it failed is no error: ``failed`` counts them.
        """
        deadline = self.chance.monotonic() + timeout
        pause_seconds = FIRST_LOOK_SECONDS
        while True:
            job = yield from self.get_job(job_id)
            if on_progress is not None:
                on_progress(job)
            if job.is_over:
                break
            if self.chance.monotonic() + pause_seconds > deadline:
                done = f"{job.succeeded + job.failed} of {'?' if job.total is None else job.total} items are done"
                message = f"Job {job_id} is {job.status} after {timeout:g} s: {done}. It goes on."
                raise TimedOutError(message, details=job)
            yield Pause(pause_seconds)
            pause_seconds = min(LONGEST_LOOK_SECONDS, pause_seconds * 1.5)
        if job.status != "completed":
            outcome = "was cancelled" if job.status == "cancelled" else job.status
            raise JobFailedError(f"Job {job_id} {outcome}" + (f": {job.error}" if job.error else "."), details=job)
        return job

    def _batch(
        self,
        kind: str,
        body: Mapping[str, Any],
        wait: bool,
        on_progress: Optional[OnProgress],
        timeout: float,
        idempotency_key: Optional[str],
    ) -> Steps[Job]:
        path = f"/memories/batch/{kind}"
        job = yield from self.write(Job, "POST", path, body, idempotency_key=idempotency_key)
        return (yield from self.wait_for_job(job.job_id, timeout, on_progress)) if wait else job


def _listed(items: Sequence[Any], name: str) -> Sequence[Any]:
    if isinstance(items, (str, bytes, Mapping)):
        raise ValidationError(f"{name} is a list, even of one.")
    return items


def _creation(memory: Mapping[str, Any]) -> Dict[str, Any]:
    messages = memory.get("messages")
    if not isinstance(messages, (list, tuple)):
        return dict(memory)
    return {**memory, "messages": [message_fields(message) for message in messages]}
