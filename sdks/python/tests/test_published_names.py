"""The published client's methods, arguments and errors, held against the SDK's: whoever knows the one can use the other.

Its source is read, not imported: it has the same import name. What it does is tested in ``tests_published``, with both.
"""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import Dict, List

import pytest

import memorystack
from memorystack import AsyncMemoryStackClient, MemoryStackClient

SDK = Path(__file__).resolve().parent.parent
SOURCES = list(SDK.glob(".venv-published/lib/python*/site-packages/memorystack"))

pytestmark = pytest.mark.skipif(not SOURCES, reason="the published client is not installed (node tools/test.mjs does)")

# The README says so: no method takes them, and what the client makes of them cannot be sent.
LEFT_OUT = {"TextPart", "ImagePart", "DocumentPart", "AudioPart", "CreateMemoryRequest", "ListMemoriesRequest"}


def published_methods() -> Dict[str, ast.FunctionDef]:
    tree = ast.parse((SOURCES[0] / "client.py").read_text(encoding="utf-8"))
    client = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "MemoryStackClient")
    methods = [node for node in client.body if isinstance(node, ast.FunctionDef)]
    return {method.name: method for method in methods if method.name == "__init__" or method.name[0] != "_"}


def names_of(method: ast.FunctionDef) -> List[str]:
    return [argument.arg for argument in method.args.args]


@pytest.mark.parametrize("kind", [MemoryStackClient, AsyncMemoryStackClient])
def test_every_method_takes_the_same_arguments_in_the_same_places(kind: type) -> None:
    methods = published_methods()
    assert len(methods) == 24
    for name, method in methods.items():
        ours = list(inspect.signature(getattr(kind, name)).parameters.values())
        wanted = names_of(method)
        assert [parameter.name for parameter in ours[: len(wanted)]] == wanted, name
        places = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.POSITIONAL_ONLY)
        assert {parameter.kind for parameter in ours[: len(wanted)]} <= set(places), name
        needed = len(wanted) - len(method.args.defaults)
        assert all(parameter.default is not parameter.empty for parameter in ours[needed:] if parameter.kind in places)


def test_everything_that_it_exports_is_exported() -> None:
    tree = ast.parse((SOURCES[0] / "__init__.py").read_text(encoding="utf-8"))
    (exported,) = (
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
    )
    assert set(exported) - set(memorystack.__all__) == LEFT_OUT


def test_left_out_is_what_the_readme_says() -> None:
    readme = (SDK / "README.md").read_text(encoding="utf-8")
    assert [name for name in sorted(LEFT_OUT) if f"`{name}`" not in readme] == []
