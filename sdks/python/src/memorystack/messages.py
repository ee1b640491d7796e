"""One turn of a conversation, as the caller hands it over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Dict, List, Mapping, Optional, TypeVar, Union

from .errors import ValidationError

# Text, or the list of parts that chat APIs use.
MessageContent = Union[str, List[Dict[str, Any]]]
Moment = Union[str, datetime]
# Where in the log: a position, or a time with its zone.
LogMoment = Union[int, str, datetime]


@dataclass
class Message:
    """One message. ``role`` is ``user``, ``assistant`` or ``system``.

    ``name`` is the speaker; ``id`` is the caller's own id and comes back as ``external_id`` wherever the message is a
    source; ``timestamp`` is when it was said (a datetime or ISO 8601 text), and the time of receipt when missing.
    """

    role: str
    content: MessageContent
    name: Optional[str] = None
    id: Optional[str] = None
    timestamp: Optional[Moment] = None


def message_fields(message: Union[Message, Mapping[str, Any]]) -> Dict[str, Any]:
    """Return a message as it goes on the wire: without what was not given, times as ISO 8601 text."""
    given = vars(message) if isinstance(message, Message) else message
    return {name: wire_value(value) for name, value in given.items() if value is not None}


def wire_value(value: Any) -> Any:
    """Turn a datetime into ISO 8601 with its offset (one without is taken as local time); leave the rest alone."""
    if isinstance(value, datetime):
        return (value if value.tzinfo is not None else value.astimezone()).isoformat()
    return value


_Place = TypeVar("_Place", bound=Optional[LogMoment])


def log_moment(value: _Place, name: str) -> _Place:
    """Return ``value`` as it is. Raises ValidationError for a datetime without a time zone: another zone would be
    another place in the log, so none is taken for granted."""
    if isinstance(value, datetime) and value.utcoffset() is None:
        raise ValidationError(
            f"{name} is a datetime without a time zone ({value.isoformat()}). Give it one, as in "
            "datetime.now(timezone.utc), or pass a position of the log."
        )
    return value
