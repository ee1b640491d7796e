"""A line that goes dead at the wrong moment."""

from __future__ import annotations

import httpx

from memorystack import MemoryStackClient


class LosesFirstAnswer(httpx.HTTPTransport):
    """Delivers the first request to the server, and then loses what came back."""

    answers = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        self.answers += 1
        if self.answers == 1:
            response.read()
            raise httpx.ReadError("the line went dead", request=request)
        return response


def lose_first_answer(client: MemoryStackClient) -> "LosesFirstAnswer":
    client._http.close()
    client._http = httpx.Client(transport=LosesFirstAnswer(), timeout=30)
    transport = client._http._transport
    assert isinstance(transport, LosesFirstAnswer)
    return transport
