"""Nothing that is published is left out."""

from __future__ import annotations

from importlib.metadata import version
from typing import Set

import memorystack
import pytest

from conftest import ERRORS, METHODS

pytestmark = pytest.mark.published_only("it has more methods, with tests of their own")


def test_it_is_the_published_client() -> None:
    assert version("memorystack") == memorystack.MemoryStackClient.SDK_VERSION == "1.0.4"


def test_every_public_method_and_error_has_a_test(claimed: Set[str]) -> None:
    assert len(METHODS) == 23 and len(ERRORS) == 6
    assert (METHODS - claimed, claimed - METHODS) == (set(), set())
