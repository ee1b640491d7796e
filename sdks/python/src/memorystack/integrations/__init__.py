"""Memorystack inside other frameworks. Each module needs the extra of its name: ``pip install memorystack[crewai]``."""
