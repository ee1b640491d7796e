"""The published client, ``memorystack`` 1.0.4 of PyPI, against this server.

It has the import name of the SDK beside it, so it lives in a virtual environment of its own (tools/test-python.mjs).
Run in the SDK's environment, the same tests show that the SDK can take its place.
"""

from __future__ import annotations

import functools
import inspect
import os
import uuid
from typing import Any, Callable, Iterator, List, NamedTuple, Set

import memorystack
import pytest
from memorystack import MemoryStackClient

from scripted_server import ScriptedServer

METHODS = {name for name, _ in inspect.getmembers(MemoryStackClient, inspect.isfunction) if not name.startswith("_")}
IS_PUBLISHED = hasattr(MemoryStackClient, "SDK_VERSION")
ERRORS = {
    name
    for name, one in inspect.getmembers(memorystack, inspect.isclass)
    if issubclass(one, memorystack.MemoryStackError)
}


def pytest_collection_modifyitems(session: pytest.Session, items: List[pytest.Item]) -> None:
    """Keeps what the tests say that they call, before -k takes some of them away."""
    marks = [mark for item in items for mark in item.iter_markers("calls")]
    session.config.stash[CLAIMED] = {name for mark in marks for name in mark.args}
    if IS_PUBLISHED:
        return
    # They are no tests of the SDK: it does otherwise on purpose, and has tests of its own for that.
    differing = [item for item in items if item.get_closest_marker("published_only")]
    session.config.hook.pytest_deselected(items=differing)
    items[:] = [item for item in items if item not in differing]


CLAIMED = pytest.StashKey[Set[str]]()


@pytest.fixture
def claimed(request: pytest.FixtureRequest) -> Set[str]:
    return request.config.stash[CLAIMED]


@pytest.fixture(autouse=True)
def called(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fails a test that says it calls a method and does not."""
    heard: Set[str] = set()

    def listening(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def listened(*args: Any, **kwargs: Any) -> Any:
            heard.add(name)
            return method(*args, **kwargs)

        return listened

    for name in METHODS:
        monkeypatch.setattr(MemoryStackClient, name, listening(name, getattr(MemoryStackClient, name)))
    yield
    promised = {name for mark in request.node.iter_markers("calls") for name in mark.args}
    assert promised <= heard, f"never called: {sorted(promised - heard)}"


class Server(NamedTuple):
    url: str
    api_key: str


@pytest.fixture(scope="session")
def server() -> Server:
    url, api_key = (os.environ.get(f"MEMORYSTACK_TEST_{name}") for name in ("URL", "KEY"))
    if not url or not api_key:
        pytest.skip("MEMORYSTACK_TEST_URL and MEMORYSTACK_TEST_KEY do not name a running server")
    return Server(url, api_key)


@pytest.fixture
def connect(server: Server) -> Iterator[Callable[..., MemoryStackClient]]:
    clients: List[MemoryStackClient] = []

    def make(api_key: str = server.api_key, base_url: str = server.url, **options: Any) -> MemoryStackClient:
        clients.append(MemoryStackClient(api_key, base_url, **options))
        return clients[-1]

    yield make
    for client in clients:
        (client.session if IS_PUBLISHED else client).close()


@pytest.fixture
def client(connect: Callable[..., MemoryStackClient]) -> MemoryStackClient:
    return connect()


@pytest.fixture
def user() -> str:
    """An end user of this test alone."""
    return f"user_{uuid.uuid4().hex}"


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    one = ScriptedServer()
    yield one
    one.close()
