"""The asyncio client: many writes at once, then one search that sees them all."""

from __future__ import annotations

import asyncio
import os

from memorystack import AsyncMemoryStackClient

READINGS = [
    "The greenhouse was at 21 degrees on Monday",
    "The greenhouse was at 24 degrees on Tuesday",
    "The greenhouse was at 19 degrees on Wednesday",
]


async def main() -> None:
    async with AsyncMemoryStackClient(
        api_key=os.environ["MEMORYSTACK_API_KEY"], agent_name="Gardener", project_name="greenhouse"
    ) as client:
        created = await asyncio.gather(*(client.create_memory(content=text, scope="project") for text in READINGS))
        print(f"stored: {sum(response.memories_created for response in created)}")

        # The search waits on the server until it has seen this client's last write.
        found = await client.search_memories("greenhouse degrees", scope="project")
        print(f"found: {len(found.results)}")
        async for memory in client.iter_memories(scope="project", page_size=2):
            print(f"  {memory.content}")

        forgotten = await client.delete_memories([response.memory_ids[0] for response in created])
        print(f"forgotten: {forgotten.deleted_count}")


if __name__ == "__main__":
    asyncio.run(main())
