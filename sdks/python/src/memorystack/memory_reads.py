"""Operations that recall: lists, search, single memories and their history."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional, Union

from .errors import TimedOutError
from .exchange import Answer, Exchange, NoAnswer, Pages, Pause, Request, Steps, decoded, segment
from .messages import LogMoment, Moment, log_moment
from .responses import (
    ContextResponse,
    HealthResponse,
    HistoryResponse,
    ListAgentMemoriesResponse,
    ListMemoriesResponse,
    Memory,
    SearchMemoriesResponse,
    StatsResponse,
)
from .settings import API_PATH

WAIT_PAUSE_SECONDS = 0.5
LARGEST_PAGE = 100


class MemoryReads(Exchange):
    """The reading half of the memory API."""

    def list_memories(
        self,
        user_id: Optional[str] = None,
        limit: int = 20,
        cursor: Optional[str] = None,
        order: Optional[str] = None,
        memory_type: Optional[str] = None,
        min_confidence: Optional[float] = None,
        include_embedding: Optional[bool] = None,
        scope: Optional[str] = None,
        *,
        agent_id: Optional[str] = None,
        team_id: Optional[str] = None,
        as_of: Optional[LogMoment] = None,
        valid_at: Optional[Moment] = None,
        include_superseded: Optional[bool] = None,
        session_id: Optional[str] = None,
        min_position: Optional[int] = None,
    ) -> Steps[ListMemoriesResponse]:
        """Return one page of memories, newest first unless ``order="asc"``.

        ``user_id`` is an end user, "self" for memories of no end user, or "all" (also when omitted). ``limit`` is 1
        to 100; ``cursor`` is ``next_cursor`` of the page before. ``as_of`` lists what was known then, ``valid_at``
        what was true then; a server that cannot tell refuses both with ValidationError.
        """
        query = {
            "user_id": user_id,
            "limit": limit,
            "cursor": cursor,
            "order": order,
            "memory_type": memory_type,
            "min_confidence": min_confidence,
            "scope": scope,
            "agent_id": agent_id,
            "team_id": team_id,
            "as_of": log_moment(as_of, "as_of"),
            "valid_at": valid_at,
            "include_superseded": include_superseded,
            "include_embedding": include_embedding,
            "session_id": session_id,
        }
        return self.read(ListMemoriesResponse.from_wire, "/memories", query, min_position=min_position)

    def iter_memories(
        self,
        user_id: Optional[str] = None,
        page_size: int = LARGEST_PAGE,
        order: Optional[str] = None,
        memory_type: Optional[str] = None,
        min_confidence: Optional[float] = None,
        scope: Optional[str] = None,
        *,
        as_of: Optional[LogMoment] = None,
        valid_at: Optional[Moment] = None,
        include_superseded: Optional[bool] = None,
        session_id: Optional[str] = None,
    ) -> Pages[Memory]:
        """Iterate over all memories, fetching ``page_size`` (1 to 100) at a time as they are consumed.

        The filters are those of list_memories.
        """

        def fetch(cursor: Optional[str]) -> Steps[ListMemoriesResponse]:
            return self.list_memories(
                user_id,
                page_size,
                cursor,
                order,
                memory_type,
                min_confidence,
                scope=scope,
                as_of=as_of,
                valid_at=valid_at,
                include_superseded=include_superseded,
                session_id=session_id,
            )

        return fetch

    def get_user_memories(
        self, user_id: str, limit: int = 20, cursor: Optional[str] = None
    ) -> Steps[ListMemoriesResponse]:
        """Return one page of the memories of one end user."""
        return self.list_memories(user_id, limit, cursor)

    def get_personal_memories(self, limit: int = 20, cursor: Optional[str] = None) -> Steps[ListMemoriesResponse]:
        """Return one page of your own memories: those that belong to no end user."""
        return self.list_memories("self", limit, cursor)

    def get_all_memories(self, limit: int = 20, cursor: Optional[str] = None) -> Steps[ListMemoriesResponse]:
        """Return one page of the memories of everybody, and of nobody."""
        return self.list_memories("all", limit, cursor)

    def list_agent_memories(
        self,
        limit: int = 50,
        include_team: bool = True,
        include_project: bool = True,
        *,
        agent_id: Optional[str] = None,
        cursor: Optional[str] = None,
    ) -> Steps[ListAgentMemoriesResponse]:
        """Return one page of what an agent remembers, and what its team and its project share with it.

        It is the agent of the client, unless ``agent_id`` (of an answer) names another. ``limit`` is 1 to 100.
        """
        query = {
            "agent_id": agent_id,
            "limit": limit,
            "include_team": include_team,
            "include_project": include_project,
            "cursor": cursor,
        }
        return self.read(ListAgentMemoriesResponse.from_wire, "/memories/agents", query)

    def search(
        self, /, query: str, user_id: Optional[str] = None, limit: int = 10, **filters: Any
    ) -> Steps[SearchMemoriesResponse]:
        """Find memories by meaning and by words. ``filters`` are the other arguments of search_memories."""
        return self.search_memories(query, user_id, limit, **filters)

    def search_memories(
        self,
        query: str,
        user_id: Optional[str] = None,
        limit: int = 10,
        scope: Optional[str] = None,
        mode: Optional[str] = None,
        filters: Optional[Mapping[str, Any]] = None,
        memory_type: Optional[str] = None,
        min_confidence: Optional[float] = None,
        start_date: Optional[Moment] = None,
        end_date: Optional[Moment] = None,
        metadata: Optional[Dict[str, Any]] = None,
        explain: Optional[bool] = None,
        include_episodes: Optional[bool] = None,
        *,
        agent_id: Optional[str] = None,
        team_id: Optional[str] = None,
        session_id: Optional[str] = None,
        as_of: Optional[LogMoment] = None,
        valid_at: Optional[Moment] = None,
        min_position: Optional[int] = None,
    ) -> Steps[SearchMemoriesResponse]:
        """Find memories by meaning and by words, best first; an empty ``query`` lists the newest.

        Without ``scope`` the search covers the agent's own memories, its team's, its project's and its session's.
        ``limit`` is 1 to 50; ``mode`` is "hybrid" (default), "text" or "vector"; ``filters`` is a tree of AND, OR and
        NOT; ``explain`` adds ``explanation`` to every result, and ``question``; ``include_episodes`` adds the messages
        themselves.
        """
        body = {
            "query": query,
            "limit": limit,
            "scope": scope,
            "mode": mode,
            "filters": filters,
            "user_id": user_id,
            "memory_type": memory_type,
            "min_confidence": min_confidence,
            "start_date": start_date,
            "end_date": end_date,
            "metadata": metadata,
            "explain": explain,
            "include_episodes": include_episodes,
            "agent_id": agent_id,
            "team_id": team_id,
            "session_id": session_id,
            "as_of": log_moment(as_of, "as_of"),
            "valid_at": valid_at,
        }
        return self.read(SearchMemoriesResponse.from_wire, "/memories/search", body=body, min_position=min_position)

    def get_memory(self, memory_id: str) -> Steps[Memory]:
        """Return one memory. Raises NotFoundError when it does not exist, was deleted, or is not yours to see."""
        return self.read(_enveloped_memory, f"/memories/{segment(memory_id)}")

    def get_history(self, memory_id: str) -> Steps[HistoryResponse]:
        """Return every version of a memory, with what happened, by whom and why."""
        return self.read(HistoryResponse.from_wire, f"/memories/{segment(memory_id)}/history")

    def get_context(
        self,
        query: str,
        max_tokens: Optional[int] = None,
        session_id: Optional[str] = None,
        user_id: Optional[str] = None,
        *,
        as_of: Optional[LogMoment] = None,
        valid_at: Optional[Moment] = None,
        min_position: Optional[int] = None,
    ) -> Steps[ContextResponse]:
        """Return a text of at most ``max_tokens`` tokens (16 to 100,000; 1,000 unless given) to put into a prompt, and
        the memories and messages it was made from. Handoffs of the session come first, then what is believed, then what
        was said; every line names the id that it is from. ``as_of`` is of what was known then, ``valid_at`` of what was
        true then. Tokens are counted exactly, by ``encoding`` of the answer."""
        fields = {
            "query": query,
            "max_tokens": max_tokens,
            "session_id": session_id,
            "user_id": user_id,
            "as_of": log_moment(as_of, "as_of"),
            "valid_at": valid_at,
        }
        return self.read(ContextResponse.from_wire, "/context", fields, min_position=min_position)

    def get_stats(self) -> Steps[StatsResponse]:
        """Return the account's plan, totals and usage."""
        return self.read(StatsResponse.from_wire, "/stats")

    def health(self) -> Steps[HealthResponse]:
        """Return whether the server is up. Raises ConnectionFailedError when nothing answers."""
        answer = yield from self.exchange(Request("GET", "/health", {}))
        return HealthResponse.from_wire(decoded(answer))

    def wait(self, position: Optional[int] = None, timeout: float = 30.0) -> Steps[int]:
        """Block until lists and searches see the log up to ``position``; return that position.

        Without ``position``, everything that this client wrote. Reads of the same client wait by themselves: this is
        for telling *another* process that it may read now. ``timeout`` is in seconds.

        Raises TimedOutError when the server has not caught up by then.
        """
        target = position if position is not None else self.position.highest
        if target is None:
            return 0
        deadline = self.chance.monotonic() + timeout
        identity = self.settings.identity.fields()
        listing = Request("GET", f"{API_PATH}/memories", {**identity, "limit": 1, "min_position": target})
        search = {**identity, "query": "", "limit": 1, "min_position": target}
        for request in (listing, Request("POST", f"{API_PATH}/memories/search", {}, search)):
            yield from self._insist(request, deadline, target)
        return target

    def _insist(self, request: Request, deadline: float, target: int) -> Steps[None]:
        while True:
            reply: Union[Answer, NoAnswer] = yield from self.attempt(request)
            if isinstance(reply, Answer):
                if reply.succeeded:
                    return
                if reply.status not in self.settings.retries.statuses:
                    raise self.error(reply)
            pause_seconds = self.retry_after_seconds(reply) or WAIT_PAUSE_SECONDS
            if self.chance.monotonic() + pause_seconds > deadline:
                cause = self.error(reply)
                message = f"The server did not reach position {target} in time: {cause.message}"
                raise TimedOutError(message, cause.status, cause.request_id, cause.code) from cause
            yield Pause(pause_seconds)


def _enveloped_memory(value: Any) -> Memory:
    return Memory.from_wire(value.get("memory") if isinstance(value, dict) else None)
