"""Types and the oldest Python, checked by the tools that judge them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

USE = '''
from typing import List
from memorystack import AsyncMemoryStackClient, CreateMemoryResponse, Event, Job, Memory, MemoryStackClient, SearchResult

def blocking(client: MemoryStackClient) -> List[SearchResult]:
    created: CreateMemoryResponse = client.create_memory(content="a", scope="team")
    memories: List[Memory] = list(client.iter_memories(page_size=created.memories_created))
    events: List[Event] = list(client.events(follow=False))
    job: Job = client.batch_create([{"content": event.id} for event in events], wait=True, on_progress=print)
    return client.search_memories("a", limit=len(memories) + job.succeeded).results

async def awaited(client: AsyncMemoryStackClient) -> List[SearchResult]:
    created: CreateMemoryResponse = await client.create_memory(content="a", scope="team")
    memories: List[Memory] = [memory async for memory in client.iter_memories(page_size=created.memories_created)]
    events: List[Event] = [event async for event in client.events(follow=False)]
    job: Job = await client.batch_create([{"content": event.id} for event in events], wait=True, on_progress=print)
    return (await client.search_memories("a", limit=len(memories) + job.succeeded)).results
'''

MISUSE = {
    'client.search_memories(limit=3)': "Too few arguments",
    'client.search_memories("a", limit="3")': "incompatible type",
    'client.add_message("a", colour="red")': "Unexpected keyword argument",
    'client.get_stats().no_such_field': "has no attribute",
}


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True)


def vermin(*paths: str) -> "subprocess.CompletedProcess[str]":
    # It has a console script, but no __main__ for -m.
    program = "from vermin import main; main()"
    return run("-c", program, "-t=3.8-", "--eval-annotations", "--no-tips", "--violations", *paths)


def test_mypy_strict_passes() -> None:
    outcome = run("-m", "mypy", "--strict", "src", "examples")
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_the_code_runs_on_python_3_8() -> None:
    outcome = vermin("src", "examples")
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert "Minimum required versions: 3.8" in outcome.stdout


def test_the_check_of_the_version_notices_a_newer_one(tmp_path: Path) -> None:
    program = tmp_path / "newer.py"
    program.write_text("a = {} | {}\nb = 'ab'.removeprefix('a')\n")
    assert vermin(str(program)).returncode != 0


def test_a_caller_sees_the_types_of_both_clients(tmp_path: Path) -> None:
    program = tmp_path / "use.py"
    program.write_text(USE)
    outcome = run("-m", "mypy", "--strict", str(program))
    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.parametrize("call", MISUSE)
def test_a_caller_is_told_of_a_wrong_call(tmp_path: Path, call: str) -> None:
    program = tmp_path / "misuse.py"
    program.write_text(f'from memorystack import MemoryStackClient\nclient = MemoryStackClient("k")\n{call}\n')
    outcome = run("-m", "mypy", "--strict", str(program))
    assert outcome.returncode == 1 and MISUSE[call] in outcome.stdout, outcome.stdout
