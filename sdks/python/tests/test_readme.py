"""The quick starts of both READMEs run as printed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List

import pytest

SDK = Path(__file__).resolve().parent.parent
# What each must print, so that a quick start which finds nothing does not pass.
EXPECTED: Dict[Path, List[str]] = {
    SDK.parent.parent / "README.md": ["memories", "[preference] The user prefers dark mode", "(from message "],
    SDK / "README.md": ["[preference] The user prefers dark mode"],
}


@pytest.mark.parametrize("readme", EXPECTED, ids=lambda path: path.parent.name)
def test_the_quick_start_runs(real_server: Any, readme: Path) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", readme.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert blocks, "no Python in " + str(readme)
    environment = {
        **os.environ,
        "MEMORYSTACK_API_KEY": real_server.api_key,
        "MEMORYSTACK_BASE_URL": real_server.url,
    }
    outcome = subprocess.run(
        [sys.executable, "-c", blocks[0]], env=environment, capture_output=True, text=True, timeout=120
    )
    assert outcome.returncode == 0, outcome.stderr
    assert [text for text in EXPECTED[readme] if text not in outcome.stdout] == [], outcome.stdout
