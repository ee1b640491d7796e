from __future__ import annotations

import asyncio
import inspect
import os
import tempfile
import uuid
from dataclasses import replace
from typing import Any, Callable, Iterator, NamedTuple

# CrewAI reads these when it is imported, and would otherwise report to its makers and write into the home directory.
os.environ["CREWAI_DISABLE_TELEMETRY"] = "true"
os.environ["CREWAI_TRACING_ENABLED"] = "false"
os.environ["CREWAI_TESTING"] = "true"
os.environ["OTEL_SDK_DISABLED"] = "true"
_crewai_home = tempfile.TemporaryDirectory(prefix="memorystack-crewai-")
os.environ["HOME"] = os.environ["XDG_DATA_HOME"] = os.environ["XDG_CONFIG_HOME"] = _crewai_home.name

import pytest  # noqa: E402

from memorystack import AsyncMemoryStackClient, MemoryStackClient  # noqa: E402
from scripted_server import ScriptedServer  # noqa: E402


class BlockingView:
    """The asyncio client seen as a blocking one, so that one test covers both."""

    def __init__(self, client: AsyncMemoryStackClient, loop: asyncio.AbstractEventLoop) -> None:
        self._client = client
        self._loop = loop

    def __getattr__(self, name: str) -> Any:
        member = getattr(self._client, name)
        if not callable(member):
            return member
        return lambda *args, **kwargs: self._settle(member(*args, **kwargs))

    def _settle(self, started: Any) -> Any:
        if inspect.iscoroutine(started):
            return self._loop.run_until_complete(started)
        return self._drain(started)

    def _drain(self, iterator: Any) -> Iterator[Any]:
        try:
            while True:
                try:
                    yield self._loop.run_until_complete(iterator.__anext__())
                except StopAsyncIteration:
                    return
        finally:
            self._loop.run_until_complete(iterator.aclose())


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    scripted = ScriptedServer()
    yield scripted
    scripted.close()


@pytest.fixture(params=["blocking", "asyncio"])
def connect(request: pytest.FixtureRequest, server: ScriptedServer) -> Iterator[Callable[..., Any]]:
    """Makes a client of either kind for the scripted server. Its jitter is zero, so retries do not slow the tests."""
    loop = asyncio.new_event_loop()
    clients = []

    def make(api_key: str = "key_1", base_url: str = "", **options: Any) -> Any:
        kind = MemoryStackClient if request.param == "blocking" else AsyncMemoryStackClient
        client = kind(api_key, base_url or server.url, **options)
        client._operations.chance = replace(client._operations.chance, fraction=lambda: 0.0)
        clients.append(client)
        return client if isinstance(client, MemoryStackClient) else BlockingView(client, loop)

    yield make
    for client in clients:
        closing = client.close()
        if closing is not None:
            loop.run_until_complete(closing)
    loop.close()


class RealServer(NamedTuple):
    url: str
    api_key: str


@pytest.fixture(scope="session")
def real_server() -> RealServer:
    """The Memorystack server that the repository's test runner started, with nothing in it yet: the documentation
    page says what is *created*, and on a server that has run it before that is nothing new."""
    url = os.environ.get("MEMORYSTACK_TEST_URL")
    api_key = os.environ.get("MEMORYSTACK_TEST_KEY")
    if not url or not api_key:
        pytest.skip("MEMORYSTACK_TEST_URL and MEMORYSTACK_TEST_KEY do not name a running server")
    return RealServer(url, api_key)


@pytest.fixture
def speak(real_server: Any) -> Iterator[Callable[..., MemoryStackClient]]:
    """Makes clients in a project of this test's own, so that tests do not see each other's memories."""
    project = f"project_{uuid.uuid4().hex}"
    clients = []

    def make(**identity: Any) -> MemoryStackClient:
        options = {"project_name": project, **identity}
        client = MemoryStackClient(real_server.api_key, real_server.url, **options)
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()
