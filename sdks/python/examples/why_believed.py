"""Ask why something is believed. Needs a running server and MEMORYSTACK_API_KEY; a path as argument gets the picture."""

from __future__ import annotations

import os
import sys
import uuid

from memorystack import MemoryStackClient, Message


def main() -> None:
    with MemoryStackClient(api_key=os.environ["MEMORYSTACK_API_KEY"]) as client:
        user = f"ana_{uuid.uuid4().hex[:8]}"
        first = client.create_memory([Message("user", "I live in Lisbon.", name="Ana")], user_id=user)
        client.create_memory([Message("user", "I moved to Porto, I live there now.", name="Ana")], user_id=user)

        memory_id = first.memory_ids[0]
        print(client.lineage(memory_id).as_text())
        for link in client.lineage(memory_id, format="chain").chain:
            print(f"believed: {link.content} ({link.status})")
        for contradiction in client.contradictions(user_id=user):
            print(f"contradiction: {contradiction.kind}, settled as {contradiction.strategy}")

        picture = client.lineage_svg(memory_id)
        print(f"picture: {picture[:4]}")
        if len(sys.argv) > 1:
            with open(sys.argv[1], "w", encoding="utf-8") as file:
                file.write(picture)


if __name__ == "__main__":
    main()
