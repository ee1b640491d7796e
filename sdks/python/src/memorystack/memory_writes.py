"""Operations that remember, correct and forget."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence, Union

from .errors import ValidationError
from .exchange import Exchange, Steps, segment
from .messages import Message, message_fields
from .responses import CreateMemoryResponse, DeleteMemoriesResponse, DeleteMemoryResponse, UpdateMemoryResponse


class MemoryWrites(Exchange):
    """The writing half of the memory API."""

    def create_memory(
        self,
        messages: Optional[Sequence[Union[Message, Mapping[str, Any]]]] = None,
        user_id: Optional[str] = None,
        metadata: Optional[Dict[str, Any]] = None,
        *,
        content: Optional[str] = None,
        memory_type: Optional[str] = None,
        confidence: Optional[float] = None,
        scope: Optional[str] = None,
        session_id: Optional[str] = None,
        agent_id: Optional[str] = None,
        team_id: Optional[str] = None,
        conversation_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Steps[CreateMemoryResponse]:
        """Remember a conversation, or one sentence as it stands.

        With ``messages`` (1 to 100) the server extracts the facts. With ``content`` it stores exactly one memory,
        word for word, with ``memory_type`` ("fact" unless given) and ``confidence`` in [0, 1] (0.8 unless given).
        ``scope`` is "personal", "team", "project" or "session". ``user_id`` is an end user of yours.
        ``idempotency_key`` makes repeated calls, not only retries, count once for 24 hours.

        Raises ValidationError unless exactly one of ``messages`` and ``content`` is given.
        """
        if (messages is None) == (content is None):
            raise ValidationError("create_memory takes either messages= or content=, and one of them is needed.")
        if isinstance(messages, (str, Message, Mapping)):
            raise ValidationError("messages= takes a list. For a single text use content= or add_message().")
        body = {
            "messages": None if messages is None else [message_fields(message) for message in messages],
            "content": content,
            "user_id": user_id,
            "metadata": metadata,
            "memory_type": memory_type,
            "confidence": confidence,
            "scope": scope,
            "session_id": session_id,
            "agent_id": agent_id,
            "team_id": team_id,
            "conversation_id": conversation_id,
        }
        return self.write(CreateMemoryResponse, "POST", "/memories", body, idempotency_key=idempotency_key)

    def add(
        self,
        content: Union[str, Sequence[Union[Message, Mapping[str, Any]]]],
        user_id: Optional[str] = None,
        metadata: Optional[Dict[str, Any]] = None,
        agent_id: Optional[str] = None,
        team_id: Optional[str] = None,
        session_id: Optional[str] = None,
        conversation_id: Optional[str] = None,
    ) -> Steps[CreateMemoryResponse]:
        """Remember what is worth remembering of a text of the user, or of a conversation.

        The last four arguments are labels to filter by; where ``metadata`` has one of these names, it is taken from there.
        """
        named = {"agent_id": agent_id, "team_id": team_id, "session_id": session_id, "conversation_id": conversation_id}
        own = dict(metadata or {})
        labels = {name: own.pop(name, None) for name in named}
        labels.update({name: label for name, label in named.items() if label is not None})
        messages = [Message("user", content)] if isinstance(content, str) else content
        return self.create_memory(messages, user_id, own or None, **labels)

    def add_conversation(
        self,
        user_message: str,
        assistant_message: str,
        user_id: Optional[str] = None,
        metadata: Optional[Dict[str, Any]] = None,
    ) -> Steps[CreateMemoryResponse]:
        """Remember what is worth remembering of one exchange between a user and an assistant."""
        messages = [Message("user", user_message), Message("assistant", assistant_message)]
        return self.create_memory(messages, user_id, metadata)

    def add_message(
        self,
        message: str,
        user_id: Optional[str] = None,
        metadata: Optional[Dict[str, Any]] = None,
    ) -> Steps[CreateMemoryResponse]:
        """Remember what is worth remembering of one message of the user."""
        return self.create_memory([Message("user", message)], user_id, metadata)

    def update_memory(
        self,
        memory_id: str,
        content: Optional[str] = None,
        memory_type: Optional[str] = None,
        confidence: Optional[float] = None,
        metadata: Optional[Dict[str, Any]] = None,
        *,
        if_match: Union[int, str, None] = None,
    ) -> Steps[UpdateMemoryResponse]:
        """Change what is given and leave the rest.

        ``if_match`` is the ``version`` of the memory that you read (or an ETag): the update is refused with
        ConflictError if somebody changed the memory in between.
        """
        body = {"content": content, "memory_type": memory_type, "confidence": confidence, "metadata": metadata}
        etag = f'"{if_match}"' if isinstance(if_match, int) else if_match
        return self.write(UpdateMemoryResponse, "PATCH", f"/memories/{segment(memory_id)}", body, if_match=etag)

    def delete_memory(self, memory_id: str, hard: bool = False) -> Steps[DeleteMemoryResponse]:
        """Forget one memory. ``hard`` destroys its text for good; without it the history keeps it.

        Raises NotFoundError when there is no such memory; a delete that is merely retried succeeds.
        """
        path = f"/memories/{segment(memory_id)}"
        return self.write(DeleteMemoryResponse, "DELETE", path, {}, query={"hard": True if hard else None})

    def delete_memories(self, memory_ids: Sequence[str], hard: bool = False) -> Steps[DeleteMemoriesResponse]:
        """Forget up to 250 memories at once. ``hard`` as in delete_memory."""
        if isinstance(memory_ids, str):
            raise ValidationError("delete_memories takes a list of ids. For one id use delete_memory().")
        ids: List[str] = list(memory_ids)
        return self.write(DeleteMemoriesResponse, "DELETE", "/memories/batch", {"memory_ids": ids, "hard": hard})
