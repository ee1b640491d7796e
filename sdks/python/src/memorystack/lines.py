"""The lines to the server, blocking and asyncio: they carry out what an operation asks for, and decide nothing."""

from __future__ import annotations

import asyncio
import time
from typing import AsyncIterator, Dict, Iterator, Optional, Type

import httpx

from .exchange import Answer, Effect, NoAnswer, Pause, Piece, Reply, Send

FILE_PIECE_BYTES = 256 * 1024


class BlockingLine:
    """One operation's line. At most one answer is being streamed on it at a time."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self._streamed: Optional[httpx.Response] = None
        self._pieces: Iterator[bytes] = iter(())

    def perform(self, effect: Effect) -> Reply:
        """Do what was asked, and tell how it went."""
        if isinstance(effect, Pause):
            time.sleep(effect.seconds)
            return None
        try:
            if isinstance(effect, Send):
                return self._send(effect)
            return Piece(next(self._pieces, b""))
        except httpx.TransportError as err:
            return _no_answer(err)

    def close(self) -> None:
        """Leave an answer that nobody wants to read to its end."""
        if self._streamed is not None:
            self._streamed.close()
            self._streamed = None

    def __enter__(self) -> BlockingLine:
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: object, traceback: object) -> None:
        self.close()

    def _send(self, message: Send) -> Answer:
        self.close()
        content = message.content if message.file is None else _pieces_of(message.file)
        request = self._http.build_request(message.method, message.url, headers=message.headers, content=content)
        response = self._http.send(request, stream=message.streamed)
        if message.streamed and response.is_success:
            self._streamed, self._pieces = response, response.iter_bytes()
            return _head(response)
        try:
            return _answer(response, response.read())
        finally:
            response.close()


class AsyncLine:
    """As BlockingLine, for asyncio. Files are read between the awaits: their pieces are small, and disks are quick."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._streamed: Optional[httpx.Response] = None
        self._pieces: Optional[AsyncIterator[bytes]] = None

    async def perform(self, effect: Effect) -> Reply:
        """Do what was asked, and tell how it went."""
        if isinstance(effect, Pause):
            await asyncio.sleep(effect.seconds)
            return None
        try:
            if isinstance(effect, Send):
                return await self._send(effect)
            return Piece(await self._next_piece())
        except httpx.TransportError as err:
            return _no_answer(err)

    async def close(self) -> None:
        """Leave an answer that nobody wants to read to its end."""
        if self._streamed is not None:
            await self._streamed.aclose()
            self._streamed = None

    async def __aenter__(self) -> AsyncLine:
        return self

    async def __aexit__(self, kind: Optional[Type[BaseException]], error: object, traceback: object) -> None:
        await self.close()

    async def _next_piece(self) -> bytes:
        if self._pieces is None:
            return b""
        try:
            return await self._pieces.__anext__()
        except StopAsyncIteration:
            return b""

    async def _send(self, message: Send) -> Answer:
        await self.close()
        content = message.content if message.file is None else _pieces_later(message.file)
        request = self._http.build_request(message.method, message.url, headers=message.headers, content=content)
        response = await self._http.send(request, stream=message.streamed)
        if message.streamed and response.is_success:
            self._streamed, self._pieces = response, response.aiter_bytes()
            return _head(response)
        try:
            return _answer(response, await response.aread())
        finally:
            await response.aclose()


def _pieces_of(path: str) -> Iterator[bytes]:
    with open(path, "rb") as file:
        yield from iter(lambda: file.read(FILE_PIECE_BYTES), b"")


async def _pieces_later(path: str) -> AsyncIterator[bytes]:
    for piece in _pieces_of(path):
        yield piece


def _answer(response: httpx.Response, content: bytes) -> Answer:
    headers: Dict[str, str] = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, content)


def _head(response: httpx.Response) -> Answer:
    return _answer(response, b"")


def _no_answer(err: httpx.TransportError) -> NoAnswer:
    return NoAnswer(err, timed_out=isinstance(err, httpx.TimeoutException))
