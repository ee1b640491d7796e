"""The examples run as a reader would run them: as programs, with the key and the server in the environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List

import pytest

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
# What each one must print, so that an example which merely survives does not pass.
EXPECTED: Dict[str, List[str]] = {
    "quickstart.py": [
        "peanuts",
        "corrected: Ana's table is number 14 (version 2)",
        "in the prompt: Believed now:",
        "memories of ana: ",
    ],
    "quickstart_async.py": ["stored: 3", "found: 3", "  The greenhouse was at 19 degrees on Wednesday", "forgotten: 3"],
    "several_agents.py": [
        "the booker sees: ['The client wants a window seat']",
        "the booker was told: Ready to book {'trip': '77'}",
        "the accountant sees: []",
    ],
    "why_believed.py": [
        "superseded by: replacing: ",
        "said in: Ana: “I live in Lisbon”",
        "contradiction: update, settled as superseded",
        "picture: <svg",
    ],
    "handling_errors.py": [
        "refused: status 400",
        "not found: status 404",
        "somebody was faster: The meeting is at 4",
        "unknown key: status 401",
        "no server: Cannot reach",
    ],
}


def test_every_example_is_expected_to_say_something() -> None:
    assert {path.name for path in EXAMPLES.glob("*.py")} == set(EXPECTED)


# A reader runs an example more than once.
@pytest.mark.parametrize("run", ["first run", "second run"])
@pytest.mark.parametrize("name", EXPECTED)
def test_example_runs(real_server: Any, name: str, run: str) -> None:
    environment = {
        **os.environ,
        "MEMORYSTACK_API_KEY": real_server.api_key,
        "MEMORYSTACK_BASE_URL": real_server.url,
    }
    outcome = subprocess.run(
        [sys.executable, str(EXAMPLES / name)], env=environment, capture_output=True, text=True, timeout=120
    )
    assert outcome.returncode == 0, outcome.stderr
    missing = [text for text in EXPECTED[name] if text not in outcome.stdout]
    assert missing == [], outcome.stdout
