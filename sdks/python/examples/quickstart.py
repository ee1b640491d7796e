"""Remember a conversation, recall it, correct it. Needs a running server and MEMORYSTACK_API_KEY."""

from __future__ import annotations

import os

from memorystack import MemoryStackClient


def main() -> None:
    with MemoryStackClient(api_key=os.environ["MEMORYSTACK_API_KEY"]) as client:
        client.add_conversation(
            "I moved to Lisbon in May and I am allergic to peanuts.",
            "Noted! I will keep the peanuts away.",
            user_id="ana",
        )
        for found in client.search_memories("Is Ana allergic to anything?", user_id="ana", limit=3).results:
            print(f"found: [{found.memory_type}] {found.content}")

        created = client.create_memory(content="Ana's table is number 12", user_id="ana")
        memory = client.get_memory(created.memory_ids[0])
        # if_match refuses the update if somebody else changed the memory since we read it.
        updated = client.update_memory(memory.id, content="Ana's table is number 14", if_match=memory.version).memory
        print(f"corrected: {updated.content} (version {updated.version})")

        print(f"in the prompt: {client.get_context('a table for Ana', max_tokens=200).context}")
        print(f"memories of ana: {sum(1 for _ in client.iter_memories('ana'))}")

        # hard=True destroys the text for good; without it the history would keep it.
        client.delete_memory(memory.id, hard=True)


if __name__ == "__main__":
    main()
