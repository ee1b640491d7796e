"""A language model for CrewAI that says what a test wrote down: no key, no network."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Union

from crewai.llms.base_llm import BaseLLM
from pydantic import PrivateAttr

# One turn: a tool's arguments, or the final answer.
Turn = Union[Dict[str, Any], str]


class ScriptedModel(BaseLLM):
    """Takes one turn per call. ``native`` answers with tool calls as OpenAI does, otherwise in ReAct's text form."""

    native: bool = False
    turns: List[Turn]
    _heard: List[str] = PrivateAttr(default_factory=list)

    def __init__(self, turns: List[Turn], native: bool = False) -> None:
        super().__init__(model="scripted", turns=list(turns), native=native)

    @property
    def heard(self) -> List[str]:
        """What the model was told at each of its calls, as one text each."""
        return self._heard

    def supports_function_calling(self) -> bool:
        return self.native

    def call(self, messages: Any, *_: Any, **__: Any) -> Any:
        self._heard.append(messages if isinstance(messages, str) else json.dumps(messages, default=str))
        if not self.turns:
            raise AssertionError("The scripted model was called more often than its script has turns.")
        turn = self.turns.pop(0)
        if isinstance(turn, str):
            return turn if self.native else f"Thought: I now know the final answer\nFinal Answer: {turn}"
        arguments = json.dumps(turn)
        if self.native:
            call = {"name": "memorystack", "arguments": arguments}
            return [{"id": f"call_{len(self._heard)}", "type": "function", "function": call}]
        return f"Thought: I should use my memory\nAction: memorystack\nAction Input: {arguments}"


RESEARCH = "AI market research: spending on AI grew by a third last year"

# Two agents, one task each: the first remembers its finding, the second looks it up. Read in this order by the crew
# of the documentation page, with which it shares nothing but the memory.
RESEARCH_CREW_TURNS: List[Turn] = [
    {"action": "remember", "text": RESEARCH, "memory_type": "research", "scope": "project"},
    "The finding is stored.",
    {"action": "search", "text": "AI market research"},
    "An article on the AI market.",
]
