"""The SDK's documentation page, executed.

Every Python snippet of ``../shared/python-sdk-page.txt`` runs in page order in one namespace against a real server,
unchanged but for the key and the base URL. The page imports ``os`` only in some snippets, calls ``MemoryOSTool``
without importing it and leaves the language model to CrewAI's default, so the prelude has ``client``, ``os``,
``MemoryOSTool`` and a scripted model in that default's place.

How snippets are told from prose: the page is plain text. Paragraphs are separated by empty lines; the blank lines
*inside* a snippet carry the page's indentation of four spaces and so do not end it. A paragraph of at least two lines
that parses as Python is a snippet. Headings such as ``Installation`` or ``get_stats()`` parse too, but have one line.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import os
import textwrap
import traceback
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Optional

import pytest

from memorystack import AsyncMemoryStackClient, MemoryStackClient

PAGE = Path(__file__).resolve().parents[3].parent / "shared" / "python-sdk-page.txt"
# Counted by hand on the page, and named after what each one shows.
SNIPPETS = [
    "quick start",
    "basic usage",
    "custom base URL",
    "create_memory",
    "list_memories",
    "get_stats",
    "add_conversation",
    "add_message",
    "get_user_memories",
    "get_personal_memories",
    "error handling",
    "memory scoping",
    "agent handoffs",
    "team collaboration",
    "crewai",
]

pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="../shared/python-sdk-page.txt is not beside this checkout")


def paragraphs(text: str) -> List[str]:
    """Split at empty lines; a line of blanks alone belongs to its paragraph."""
    found: List[List[str]] = [[]]
    for line in text.splitlines():
        if line == "":
            found.append([])
        else:
            found[-1].append(line)
    return [textwrap.dedent("\n".join(lines)).strip("\n") for lines in found if any(line.strip() for line in lines)]


def is_snippet(paragraph: str) -> bool:
    if len(paragraph.splitlines()) < 2:
        return False
    try:
        ast.parse(paragraph)
    except SyntaxError:
        return False
    return True


def snippets() -> List[str]:
    return [paragraph for paragraph in paragraphs(PAGE.read_text()) if is_snippet(paragraph)]


def test_no_snippet_was_overlooked() -> None:
    assert len(snippets()) == len(SNIPPETS)
    rest = [paragraph for paragraph in paragraphs(PAGE.read_text()) if not is_snippet(paragraph)]
    code_like = [text for text in rest if "import " in text or "client." in text or " = Memory" in text]
    assert code_like == []


class Outcome(NamedTuple):
    """What a snippet left behind: its variables as they were then, what it printed, and how it failed."""

    variables: Dict[str, Any]
    printed: str
    failure: Optional[str]


@pytest.fixture(scope="module")
def page(real_server: Any) -> Iterator[Dict[str, Outcome]]:
    pytest.importorskip("crewai", reason="crewai is not installed (pip install memorystack[crewai])")
    import crewai.utilities.llm_utils as crewai_models

    from memorystack.integrations.crewai import MemoryOSTool
    from scripted_model import RESEARCH_CREW_TURNS, ScriptedModel

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MEMORYSTACK_API_KEY", real_server.api_key)
        patch.setenv("MEMORYSTACK_BASE_URL", real_server.url)
        model = ScriptedModel(RESEARCH_CREW_TURNS)
        patch.setattr(crewai_models, "_llm_via_environment_or_fallback", lambda: model)
        client = MemoryStackClient(real_server.api_key, real_server.url)
        namespace: Dict[str, Any] = {"client": client, "os": os, "MemoryOSTool": MemoryOSTool, "model": model}
        yield {
            name: run(name, localised(source, real_server), namespace) for name, source in zip(SNIPPETS, snippets())
        }


def localised(source: str, real_server: Any) -> str:
    with_key = source.replace('"your_api_key"', repr(real_server.api_key))
    return with_key.replace('"https://your-domain.com/api/v1"', repr(f"{real_server.url}/api/v1"))


def run(name: str, source: str, namespace: Dict[str, Any]) -> Outcome:
    printed = io.StringIO()
    failure = None
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(source, f"<page: {name}>", "exec"), namespace)
    except Exception:
        failure = traceback.format_exc()
    return Outcome(dict(namespace), printed.getvalue(), failure)


@pytest.mark.parametrize("name", SNIPPETS)
def test_snippet_runs(page: Dict[str, Outcome], name: str) -> None:
    assert page[name].failure is None, page[name].failure


def contents(page_of_memories: Any) -> List[str]:
    return [memory.content for memory in page_of_memories.results]


def mentions(page_of_memories: Any, text: str) -> bool:
    return any(text.lower() in content.lower() for content in contents(page_of_memories))


def test_quick_start_reads_what_it_just_wrote(page: Dict[str, Outcome]) -> None:
    quick_start = page["quick start"]
    assert quick_start.variables["result"].memories_created >= 1
    assert mentions(quick_start.variables["memories"], "dark mode")
    assert f"Created {quick_start.variables['result'].memories_created} memories" in quick_start.printed
    assert "dark mode" in quick_start.printed


def test_basic_usage_lists_the_new_memory(page: Dict[str, Outcome]) -> None:
    assert mentions(page["basic usage"].variables["memories"], "python")


def test_create_memory_answers_the_ids_of_what_it_made(page: Dict[str, Outcome]) -> None:
    result = page["create_memory"].variables["result"]
    assert result.memories_created == len(result.memory_ids) >= 1
    client = page["custom base URL"].variables["client"]
    assert {client.get_memory(memory_id).user_id for memory_id in result.memory_ids} == {"user_123"}


def test_list_memories_keeps_to_its_filters(page: Dict[str, Outcome]) -> None:
    memories = page["list_memories"].variables["memories"]
    assert mentions(memories, "dark mode")
    assert memories.count == len(memories.results) <= 20
    assert {(memory.memory_type, memory.user_id) for memory in memories.results} == {("preference", "user_123")}
    assert min(memory.confidence for memory in memories.results) >= 0.8
    created = [memory.created_at for memory in memories.results]
    assert created == sorted(created, reverse=True)


def test_get_stats_counts(page: Dict[str, Outcome]) -> None:
    stats = page["get_stats"].variables["stats"]
    assert isinstance(stats.plan_tier, str) and stats.plan_tier
    assert isinstance(stats.usage["api_calls_used"], int) and stats.usage["api_calls_used"] > 0
    assert stats.totals["memories"] >= 2


def test_memories_of_a_user_and_of_nobody_are_apart(page: Dict[str, Outcome]) -> None:
    of_user = page["get_user_memories"].variables["memories"]
    of_nobody = page["get_personal_memories"].variables["memories"]
    assert mentions(of_user, "blue") and not mentions(of_nobody, "blue")
    assert {memory.user_id for memory in of_user.results} == {"user_123"}
    assert {memory.user_id for memory in of_nobody.results} == {None}


def test_error_handling_met_no_error(page: Dict[str, Outcome]) -> None:
    assert page["error handling"].printed == ""


def test_scopes_hold_what_was_put_into_them(page: Dict[str, Outcome]) -> None:
    found = page["memory scoping"].variables
    assert mentions(found["personal_memories"], "My writing style")
    assert mentions(found["team_memories"], "Team research: AI market")
    assert mentions(found["project_memories"], "Company brand voice")
    assert not mentions(found["personal_memories"], "Team research")
    assert not mentions(found["team_memories"], "My writing style")
    assert not mentions(found["researcher"].search_memories(""), "My writing style")


def test_the_billing_agent_finds_what_the_support_agent_wrote(page: Dict[str, Outcome]) -> None:
    previous = page["agent handoffs"].variables["previous_context"]
    wanted = "Customer issue: billing discrepancy for invoice #4521"
    issue = next(memory for memory in previous.results if memory.content == wanted)
    assert (issue.memory_type, issue.session_id) == ("issue", "customer_123")
    assert issue.metadata["priority"] == "high"


def test_a_team_shares_inside_its_project_only(page: Dict[str, Outcome]) -> None:
    found = page["team collaboration"].variables
    assert mentions(found["team_research"], "73% of users prefer AI recommendations")
    assert mentions(found["drafts"], "Draft: AI Recommendations article")
    # The page's other example has a team of the same name, "editorial", in another project.
    assert not mentions(found["team_research"], "AI market to reach")
    assert not mentions(found["drafts"], "AI market to reach")


def test_the_crew_remembered_in_one_task_and_found_in_the_next(page: Dict[str, Outcome]) -> None:
    from scripted_model import RESEARCH

    variables = page["crewai"].variables
    assert variables["model"].turns == []
    assert RESEARCH in variables["model"].heard[3]
    assert "An article on the AI market." in page["crewai"].printed
    assert mentions(variables["memory_client"].search_memories("", scope="project"), RESEARCH)


def page_signatures() -> List[str]:
    lines = [line.strip() for line in PAGE.read_text().splitlines()]
    return [line for line, title in zip(lines[2:], lines) if title == "Signature"]


def test_signatures_are_those_of_the_page() -> None:
    signatures = page_signatures()
    assert [text.partition("(")[0] for text in signatures] == ["create_memory", "list_memories"]
    for text in signatures:
        declared = ast.parse(f"def {text.replace(', ...', '').replace('→', '->')}: ...").body[0]
        assert isinstance(declared, ast.FunctionDef)
        for kind in (MemoryStackClient, AsyncMemoryStackClient):
            check_signature(declared, inspect.signature(getattr(kind, declared.name)))


def check_signature(declared: ast.FunctionDef, actual: inspect.Signature) -> None:
    parameters = list(actual.parameters.values())[1:]
    wanted = declared.args.args
    assert [parameter.name for parameter in parameters[: len(wanted)]] == [argument.arg for argument in wanted]
    assert {parameter.kind for parameter in parameters[: len(wanted)]} == {inspect.Parameter.POSITIONAL_OR_KEYWORD}
    with_default = wanted[len(wanted) - len(declared.args.defaults) :]
    for argument, default in zip(with_default, declared.args.defaults):
        assert actual.parameters[argument.arg].default == ast.literal_eval(default)
        # The page says Optional[Dict] where the code can say which Dict.
        annotation = ast.unparse(argument.annotation) if argument.annotation else ""
        assert str(actual.parameters[argument.arg].annotation).startswith(annotation.rstrip("]"))
    assert declared.returns is not None and actual.return_annotation == ast.unparse(declared.returns)


def test_the_constructor_takes_what_the_page_says() -> None:
    parameters = inspect.signature(MemoryStackClient).parameters
    assert list(parameters)[:2] == ["api_key", "base_url"]
    assert parameters["api_key"].default is inspect.Parameter.empty
    assert parameters["base_url"].default is None
