"""Errors, retries and rate limits, as the published client sees them."""

from __future__ import annotations

import os
import socket
import time
from typing import Any, Callable, List

import pytest
import requests
from memorystack import (
    AuthenticationError,
    MemoryStackClient,
    MemoryStackError,
    NetworkError,
    NotFoundError,
    RateLimitError,
    ValidationError,
)

from scripted_server import Received, Scripted, ScriptedServer

Connect = Callable[..., MemoryStackClient]


def test_an_unknown_key_is_an_authentication_error(connect: Connect) -> None:
    with pytest.raises(AuthenticationError) as caught:
        connect(api_key="not-a-key").get_stats()
    assert caught.value.status_code == 401 and "key" in caught.value.message


def test_what_the_server_refuses_is_a_validation_error_that_says_what(client: MemoryStackClient) -> None:
    with pytest.raises(ValidationError) as caught:
        client.search("tea", memory_type=" ")
    assert caught.value.status_code == 400 and "memory_type" in caught.value.message
    assert caught.value.details[0]["field"] == "memory_type"


def test_what_is_not_there_is_a_not_found_error(client: MemoryStackClient) -> None:
    for call in (client.get_memory, client.delete_memory):
        with pytest.raises(NotFoundError) as caught:
            call("99999999-0000-4000-8000-000000000000")
        assert caught.value.status_code == 404
    with pytest.raises(NotFoundError):
        client.update_memory("99999999-0000-4000-8000-000000000000", content="new")


def test_any_other_refusal_is_the_error_of_all(client: MemoryStackClient, user: str) -> None:
    client.add("I like tea.", user_id=user)
    other = client.add("I like rain.", user_id=user).memory_ids[0]
    with pytest.raises(MemoryStackError) as caught:
        client.update_memory(other, content="The user likes tea")
    assert not isinstance(caught.value, (ValidationError, NotFoundError, AuthenticationError, RateLimitError))
    assert caught.value.status_code == 409
    assert "already" in caught.value.message


@pytest.mark.parametrize("path", ["", "/", "/api/v1", "/api/v1/"])
def test_a_base_url_is_understood_in_every_form(connect: Connect, server: Any, path: str) -> None:
    assert connect(base_url=server.url + path).get_stats().success


def test_a_limited_key_is_told_its_limits_and_succeeds_by_waiting(connect: Connect) -> None:
    api_key = os.environ.get("MEMORYSTACK_TEST_LIMITED_KEY")
    if not api_key:
        pytest.skip("MEMORYSTACK_TEST_LIMITED_KEY names no key of a tenant with the plan free")
    hasty = connect(api_key=api_key, max_retries=0)
    with pytest.raises(RateLimitError) as caught:
        for _ in range(200):
            hasty.get_stats()
    error = caught.value
    assert (error.status_code, error.limit, error.remaining) == (429, 20, 0)
    assert abs(error.reset - time.time()) < 60
    patient = connect(api_key=api_key, max_retries=3, retry_delay=0.5)
    assert [patient.get_stats().plan_tier for _ in range(5)] == ["free"] * 5


class FailingProxy(ScriptedServer):
    """Hands the first requests a failure, before or after the server carried them out, and passes the others on."""

    def __init__(self, target: str, failures: List[Scripted], carried_out: bool) -> None:
        super().__init__()
        self.failures = failures
        self.carried_out = carried_out
        self.target = target
        self.responder = self.pass_on

    def pass_on(self, request: Received) -> Scripted:
        failure = self.failures.pop(0) if self.failures else None
        if failure and not self.carried_out:
            return failure
        headers = {name: value for name, value in request.headers.items() if name not in ("host", "content-length")}
        url = self.target + request.path
        with requests.Session() as session:
            answer = session.request(request.method, url, params=request.query, json=request.body, headers=headers)
        return failure or Scripted(answer.status_code, answer.content)


LOST = [Scripted(drop=True), Scripted(503, {"error": "away"}), Scripted(408)]


@pytest.mark.parametrize("carried_out", [False, True], ids=["not carried out", "answer lost"])
def test_a_write_that_is_tried_again_is_written_once(
    connect: Connect, server: Any, user: str, carried_out: bool
) -> None:
    proxy = FailingProxy(server.url, list(LOST), carried_out)
    try:
        made = connect(base_url=proxy.url, retry_delay=0.01).add("I like tea.", user_id=user)
    finally:
        proxy.close()
    assert len(proxy.received) == 4 and made.success and len(made.memory_ids) == 1
    assert [memory.content for memory in connect().list_memories(user_id=user).results] == ["The user likes tea"]


@pytest.mark.parametrize("hard", [False, True])
def test_a_delete_whose_answer_was_lost_succeeds(connect: Connect, server: Any, user: str, hard: bool) -> None:
    memory_id = connect().add("I like tea.", user_id=user).memory_ids[0]
    proxy = FailingProxy(server.url, [Scripted(drop=True)], carried_out=True)
    try:
        assert connect(base_url=proxy.url, retry_delay=0.01).delete_memory(memory_id, hard=hard)["success"]
    finally:
        proxy.close()
    assert connect().list_memories(user_id=user).results == []


def test_retries_end_with_the_last_answer(connect: Connect, scripted: ScriptedServer) -> None:
    scripted.will_answer(*[Scripted(503, {"error": f"attempt {number}"}) for number in (1, 2, 3)])
    with pytest.raises(MemoryStackError, match="attempt 3") as caught:
        connect(base_url=scripted.url, max_retries=2, retry_delay=0.01).get_stats()
    assert caught.value.status_code == 503
    ids = {request.headers["x-request-id"] for request in scripted.received}
    assert len(ids) == 3


def test_no_server_is_a_network_error(connect: Connect) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(NetworkError) as caught:
            connect(base_url=url, max_retries=1, retry_delay=0.01).get_stats()
    assert caught.value.original_error is not None and caught.value.status_code is None
