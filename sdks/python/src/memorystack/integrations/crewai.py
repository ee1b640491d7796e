"""A CrewAI tool with which an agent keeps and finds memories."""

from __future__ import annotations

import asyncio
import functools
from typing import Any, Literal, Optional, Type, Union

from crewai.tools import BaseTool
from crewai.tools.tool_failure import ToolFailure
from pydantic import BaseModel, Field

from ..client import MemoryStackClient
from ..errors import MemoryStackError
from ..responses import SearchResult
from ..retries import RETRIED_STATUSES


class MemoryStackToolInput(BaseModel):
    """What the model fills in."""

    action: Literal["remember", "search"] = Field(description="'remember' stores the text, 'search' looks for it.")
    text: str = Field(description="What to remember, as one self-contained sentence; or what to search for.")
    memory_type: Optional[str] = Field(None, description="Only for 'remember': fact, preference, decision, research…")
    scope: Optional[Literal["personal", "team", "project"]] = Field(
        None, description="Who shares it. Leave out for the default; search then covers all that the agent may see."
    )
    limit: int = Field(5, ge=1, le=50, description="Only for 'search': how many memories at most.")


def _never_cache(_arguments: Any = None, _result: Any = None) -> bool:
    # CrewAI would answer a repeated search from its cache, without what was remembered in between.
    return False


class MemoryStackTool(BaseTool):
    """Long-term memory as one tool: ``MemoryStackTool(client=MemoryStackClient(...))``.

    A refusal by the server goes to the agent as a tool failure, which it can read and work around; it does not end
    the crew's run.
    """

    name: str = "memorystack"
    description: str = (
        "Long-term memory that survives this conversation and is shared with the other agents of the project. "
        "Search it before you answer; remember facts, decisions and findings that will matter later."
    )
    args_schema: Type[BaseModel] = MemoryStackToolInput
    # Never written to checkpoints or traces: it holds the API key.
    client: MemoryStackClient = Field(exclude=True, repr=False)
    cache_function: Any = Field(default=_never_cache, exclude=True)

    def _run(
        self,
        action: Literal["remember", "search"],
        text: str,
        memory_type: Optional[str] = None,
        scope: Optional[str] = None,
        limit: int = 5,
    ) -> Union[str, ToolFailure]:
        try:
            if action == "remember":
                return self._remember(text, memory_type, scope)
            return self._search(text, scope, limit)
        except MemoryStackError as err:
            retryable = err.status is None or err.status in RETRIED_STATUSES
            return ToolFailure(message=f"Memory is not available: {err.message}", code=err.code, retryable=retryable)

    async def _arun(self, *args: Any, **kwargs: Any) -> Union[str, ToolFailure]:
        call = functools.partial(self._run, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(None, call)

    def _remember(self, text: str, memory_type: Optional[str], scope: Optional[str]) -> str:
        created = self.client.create_memory(content=text, memory_type=memory_type, scope=scope)
        return f"Remembered ({', '.join(created.memory_ids)})."

    def _search(self, text: str, scope: Optional[str], limit: int) -> str:
        found = self.client.search_memories(text, limit=limit, scope=scope)
        return "\n".join(_line(memory) for memory in found.results) or "Nothing is remembered about that."


# The name that the documentation page uses in its CrewAI example.
MemoryOSTool = MemoryStackTool


def _line(memory: SearchResult) -> str:
    return f"- [{memory.memory_type}] {memory.content}"
