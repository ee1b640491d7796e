"""When to try again, and how long to wait first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import FrozenSet, Mapping, Optional

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 10.0
# A server that asks for more patience than this gets an error raised instead of a caller that seems to hang.
LONGEST_RETRY_AFTER_SECONDS = 60.0

RETRIED_STATUSES = frozenset({408, 429, 500, 502, 503, 504})


@dataclass(frozen=True)
class RetryPolicy:
    """How often a client tries again, after what, and how long it waits first."""

    most: int = 3
    first_pause_seconds: float = FIRST_PAUSE_SECONDS
    longest_pause_seconds: float = LONGEST_PAUSE_SECONDS
    statuses: FrozenSet[int] = RETRIED_STATUSES

    def pause_seconds(self, retries_done: int, random_fraction: float, retry_after_seconds: Optional[float]) -> float:
        """Return the wait before the next retry, in seconds.

        ``Retry-After`` is obeyed when the server sent it. Otherwise exponential backoff with full jitter: uniform
        between 0 and min(longest, first * 2 ** retries_done), so that clients which failed together do not come back
        together (M. Brooker, "Exponential Backoff and Jitter", 2015). ``random_fraction`` is in [0, 1).
        """
        if retry_after_seconds is not None:
            return retry_after_seconds
        # The exponent is kept small: a float has no room for the pause of the thousandth retry.
        ceiling_seconds = min(self.longest_pause_seconds, self.first_pause_seconds * 2.0 ** min(retries_done, 32))
        return random_fraction * ceiling_seconds


def parse_retry_after(headers: Mapping[str, str], now_unix_seconds: float) -> Optional[float]:
    """Read ``Retry-After`` in either of its forms, seconds or an HTTP date (RFC 9110, 10.2.3), as seconds from now."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return max(0.0, (moment - datetime.fromtimestamp(now_unix_seconds, timezone.utc)).total_seconds())
