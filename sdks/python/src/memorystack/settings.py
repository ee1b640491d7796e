"""How a client was set up: where the server is, which key, and who is asking."""

from __future__ import annotations

import logging
import os
import re
from dataclasses import dataclass
from typing import Dict, Optional
from urllib.parse import urlsplit

from .errors import AuthenticationError, ValidationError
from .retries import RetryPolicy

DEFAULT_BASE_URL = "http://127.0.0.1:3000"
BASE_URL_VARIABLE = "MEMORYSTACK_BASE_URL"
API_PATH = "/api/v1"
STANDARD_TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True)
class Identity:
    """Who speaks through a client. Sent with every request; an API key bound to an identity overrules it."""

    agent_name: Optional[str] = None
    agent_type: Optional[str] = None
    project_name: Optional[str] = None
    team_name: Optional[str] = None
    session_id: Optional[str] = None

    def fields(self) -> Dict[str, str]:
        """Return the fields that were given, under their names on the wire."""
        return {name: value for name, value in vars(self).items() if value is not None}


@dataclass(frozen=True)
class Settings:
    """Everything that stays the same for the life of a client. Times are in seconds."""

    api_key: str
    server_url: str
    identity: Identity
    timeout_seconds: float
    retries: RetryPolicy
    # Told of every attempt, where there is one.
    logger: Optional[logging.Logger] = None

    def __repr__(self) -> str:
        # The key must not reach a log through a traceback or a debugger's print.
        return f"Settings(server_url={self.server_url!r}, identity={self.identity!r})"


def make_settings(
    api_key: Optional[str],
    base_url: Optional[str],
    identity: Identity,
    timeout_seconds: float,
    retries: RetryPolicy,
    logger: Optional[logging.Logger] = None,
) -> Settings:
    """Check the constructor's arguments. Raises AuthenticationError without a key, ValidationError for the rest."""
    if not isinstance(api_key, str) or not api_key.strip():
        raise AuthenticationError(
            "api_key is empty. Pass the key that the server printed when it first started, "
            'for example MemoryStackClient(api_key=os.environ["MEMORYSTACK_API_KEY"]).'
        )
    if not re.fullmatch(r"[\x21-\x7e]+", api_key.strip()):
        raise AuthenticationError("api_key holds a character that no API key has (a space or a line break inside?).")
    if timeout_seconds <= 0:
        raise ValidationError("timeout must be more than 0 seconds.")
    if retries.most < 0:
        raise ValidationError("max_retries must be 0 or more.")
    if retries.first_pause_seconds < 0 or retries.longest_pause_seconds < 0:
        raise ValidationError("retry_delay and max_retry_delay must be 0 seconds or more.")
    given_url = base_url or os.environ.get(BASE_URL_VARIABLE) or DEFAULT_BASE_URL
    return Settings(api_key.strip(), server_url(given_url), identity, timeout_seconds, retries, logger)


def server_url(base_url: str) -> str:
    """Reduce a base URL to the server's root, so that ``http://host``, ``http://host/`` and ``http://host/api/v1/``
    mean the same. A path before ``/api/v1`` (a reverse proxy's prefix) is kept.

    Raises ValidationError when it is not an http or https URL.
    """
    try:
        parts = urlsplit(base_url.strip())
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment:
        raise ValidationError(f"base_url must look like https://host or https://host/api/v1, not {base_url!r}.")
    path = re.sub(r"/{2,}", "/", parts.path).rstrip("/")
    while path.endswith(API_PATH):
        path = path[: -len(API_PATH)].rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}"
