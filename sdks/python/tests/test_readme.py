"""The quick starts of both READMEs, and the chapters of the SDK's, run as printed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List

import pytest

SDK = Path(__file__).resolve().parent.parent
SDK_README = SDK / "README.md"
# What each must print, so that a quick start which finds nothing does not pass.
EXPECTED: Dict[Path, List[str]] = {
    SDK.parent.parent / "README.md": ["memories", "[preference] The user prefers dark mode", "(from message "],
    SDK_README: ["[preference] The user prefers dark mode"],
}
CHAPTERS: Dict[str, List[str]] = {
    "Batch": ["completed: 100%", "200 created, 1 failed", "item 200: content ", "200 deleted"],
    "Auto-Maintenance": [
        "planned: {'merge': 1}, stopped: True",
        "applied: 1 merged, 1 left",
        "reverted: 2 again",
        "consolidates at 30 4 * * 1-5 Europe/Lisbon",
    ],
    "Export/Import": ["2 exported", "0 created, 2 there already", "would create 1; row 2: content "],
    "Events": ["MemoryLearned: The tea is ready"],
}


def blocks(text: str) -> List[str]:
    return re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def check(source: str, expected: List[str], real_server: Any, folder: Path) -> None:
    environment = {
        **os.environ,
        "MEMORYSTACK_API_KEY": real_server.api_key,
        "MEMORYSTACK_BASE_URL": real_server.url,
    }
    command = [sys.executable, "-c", source]
    outcome = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=120)
    assert outcome.returncode == 0, outcome.stderr
    assert [text for text in expected if text not in outcome.stdout] == [], outcome.stdout


@pytest.mark.parametrize("readme", EXPECTED, ids=lambda path: path.parent.name)
def test_the_quick_start_runs(real_server: Any, readme: Path, tmp_path: Path) -> None:
    first, *_ = blocks(readme.read_text(encoding="utf-8"))
    check(first, EXPECTED[readme], real_server, tmp_path)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_example_of_a_chapter_runs(real_server: Any, chapter: str, tmp_path: Path) -> None:
    text = SDK_README.read_text(encoding="utf-8").split(f"\n## {chapter}\n")[1].split("\n## ")[0]
    (example,) = blocks(text)
    # The imports stand in the quick start.
    check(f"import os\nfrom memorystack import MemoryStackClient\n{example}", CHAPTERS[chapter], real_server, tmp_path)
