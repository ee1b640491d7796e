"""Two agents of one team, a third of another, and a handoff inside one session."""

from __future__ import annotations

import os

from memorystack import MemoryStackClient


def connect(agent_name: str, team_name: str) -> MemoryStackClient:
    return MemoryStackClient(
        api_key=os.environ["MEMORYSTACK_API_KEY"],
        agent_name=agent_name,
        project_name="travel_desk",
        team_name=team_name,
        session_id="trip_77",
    )


def main() -> None:
    with connect("Planner", "planning") as planner, connect("Booker", "planning") as booker, connect(
        "Accountant", "finance"
    ) as accountant:
        planner.create_memory(content="The client wants a window seat", scope="team")
        planner.create_memory(content="My draft itinerary is still rough", scope="personal")
        planner.create_handoff("Planner", "Booker", reason="Ready to book", context={"trip": "77"})

        print(f"the booker sees: {[m.content for m in booker.search_memories('', scope='team').results]}")
        for handoff in booker.list_handoffs().handoffs[:1]:
            print(f"the booker was told: {handoff.reason} {handoff.context}")
        seen = accountant.search_memories("itinerary window seat").results
        print(f"the accountant sees: {[memory.content for memory in seen]}")


if __name__ == "__main__":
    main()
