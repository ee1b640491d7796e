"""Which error means what, and what one does about it."""

from __future__ import annotations

import os

from memorystack import (
    AuthenticationError,
    ConflictError,
    ConnectionFailedError,
    MemoryStackClient,
    NotFoundError,
    ValidationError,
)


def main() -> None:
    with MemoryStackClient(api_key=os.environ["MEMORYSTACK_API_KEY"]) as client:
        try:
            client.list_memories(limit=10_000)
        except ValidationError as err:
            print(f"refused: status {err.status}")

        try:
            client.get_memory("00000000-0000-7000-8000-000000000000")
        except NotFoundError as err:
            print(f"not found: status {err.status}, request {err.request_id}")

        memory = client.get_memory(client.create_memory(content="The meeting is at 3").memory_ids[0])
        client.update_memory(memory.id, content="The meeting is at 4", if_match=memory.version)
        try:
            client.update_memory(memory.id, content="The meeting is at 5", if_match=memory.version)
        except ConflictError:
            print(f"somebody was faster: {client.get_memory(memory.id).content}")
        client.delete_memory(memory.id)

    with MemoryStackClient(api_key="not-a-key") as stranger:
        try:
            stranger.get_stats()
        except AuthenticationError as err:
            print(f"unknown key: status {err.status}")

    with MemoryStackClient(api_key="any", base_url="http://127.0.0.1:9", max_retries=0) as lost:
        try:
            lost.get_stats()
        except ConnectionFailedError as err:
            print(f"no server: {err.message}")


if __name__ == "__main__":
    main()
