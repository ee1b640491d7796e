"""The tool inside the real CrewAI, with a scripted model."""

from __future__ import annotations

import asyncio
from typing import Any, List

import pytest

crewai = pytest.importorskip("crewai", reason="crewai is not installed (pip install memorystack[crewai])")

from crewai import Agent, Crew, Task  # noqa: E402
from crewai.tools.tool_failure import ToolFailure  # noqa: E402

from memorystack import MemoryStackClient  # noqa: E402
from memorystack.integrations.crewai import MemoryOSTool, MemoryStackTool  # noqa: E402
from scripted_model import RESEARCH, RESEARCH_CREW_TURNS, ScriptedModel  # noqa: E402
from scripted_server import Received, Scripted  # noqa: E402


class Shelf:
    """As much of a memory server as the tool needs: it keeps contents and finds those that share a word."""

    def __init__(self) -> None:
        self.contents: List[str] = []

    def __call__(self, request: Received) -> Scripted:
        if request.path.endswith("/search"):
            words = set(request.body["query"].lower().split())
            hits = [content for content in self.contents if words & set(content.lower().split())]
            results = [{"id": "m", "memory_type": "research", "content": content} for content in hits]
            return Scripted(200, {"results": results[: request.body["limit"]]})
        self.contents.append(request.body["content"])
        return Scripted(201, {"memory_ids": [f"m{len(self.contents)}"], "event_offset": len(self.contents)})


@pytest.fixture
def client(server: Any) -> Any:
    server.responder = Shelf()
    with MemoryStackClient("key_1", server.url, project_name="research_team", max_retries=0) as memory_client:
        yield memory_client


@pytest.mark.parametrize("native", [False, True], ids=["react", "native tool calls"])
def test_one_agent_remembers_and_the_next_finds_it(server: Any, client: Any, native: bool) -> None:
    model = ScriptedModel(turns=RESEARCH_CREW_TURNS, native=native)
    tool = MemoryOSTool(client=client)
    researcher = Agent(role="Analyst", goal="Research", backstory="Expert", tools=[tool], llm=model)
    writer = Agent(role="Writer", goal="Write", backstory="Skilled", tools=[tool], llm=model)
    research = Task(description="Research and store.", agent=researcher, expected_output="A finding")
    # No context from the first task: the writer can know the finding from memory only.
    writing = Task(description="Write from memory.", agent=writer, expected_output="An article", context=[])
    result = Crew(agents=[researcher, writer], tasks=[research, writing]).kickoff()

    assert result.raw == "An article on the AI market."
    assert model.turns == []
    stored, searched = server.received
    assert (stored.body["content"], stored.body["scope"]) == (RESEARCH, "project")
    assert searched.body["project_name"] == "research_team"
    assert searched.body["min_position"] == 1
    assert RESEARCH not in model.heard[2]
    assert RESEARCH in model.heard[3]


def test_a_repeated_search_is_not_answered_from_crewais_cache(server: Any, client: Any) -> None:
    search = {"action": "search", "text": "tea"}
    remember = {"action": "remember", "text": "Ann likes tea"}
    model = ScriptedModel(turns=[search, remember, search, "Tea."])
    tools = [MemoryStackTool(client=client)]
    # CrewAI caches tool results only where it is asked to.
    agent = Agent(role="Host", goal="Serve", backstory="Kind", tools=tools, llm=model, cache=True)
    task = Task(description="Ask.", agent=agent, expected_output="A drink")
    Crew(agents=[agent], tasks=[task], cache=True).kickoff()
    assert [request.path for request in server.received].count("/api/v1/memories/search") == 2
    assert "Nothing is remembered about that." in model.heard[1]
    assert "- [research] Ann likes tea" in model.heard[3]


def test_both_names_are_one_tool() -> None:
    assert MemoryOSTool is MemoryStackTool


def test_the_model_is_told_the_arguments(client: Any) -> None:
    schema = MemoryStackTool(client=client).args_schema.model_json_schema()
    assert schema["required"] == ["action", "text"]
    assert schema["properties"]["action"]["enum"] == ["remember", "search"]


def test_a_refusal_reaches_the_agent_instead_of_ending_the_run(server: Any, client: Any) -> None:
    server.responder = lambda request: Scripted(403, {"detail": "The key is bound.", "code": "outside_binding"})
    outcome = MemoryStackTool(client=client).run(action="search", text="a")
    assert isinstance(outcome, ToolFailure)
    assert (outcome.code, outcome.retryable) == ("outside_binding", False)
    assert "The key is bound." in outcome.message
    server.responder = lambda request: Scripted(503, {"detail": "Later."})
    assert MemoryStackTool(client=client).run(action="remember", text="a").retryable is True


def test_it_runs_under_asyncio(server: Any, client: Any) -> None:
    tool = MemoryStackTool(client=client)
    asyncio.run(tool.arun(action="remember", text="Ann likes tea"))
    assert asyncio.run(tool.arun(action="search", text="tea", limit=1)) == "- [research] Ann likes tea"


def test_the_key_stays_out_of_serialised_tools(client: Any) -> None:
    tool = MemoryStackTool(client=client)
    assert "key_1" not in tool.model_dump_json()
    assert "key_1" not in repr(tool)
