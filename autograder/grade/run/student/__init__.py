"""The student's side of grading: what runs in the kernel, and how we talk to it."""

from pathlib import Path

_HERE = Path(__file__).parent


def agent_sources():
    """Return the sources of the agent and of wire, which are loaded into a student's kernel.

    There, run the first in a module of its own, and let its `loaded(first, second, user_ns)`
    give the agent.
    """
    files = _HERE / "agent.py", _HERE.parent / "wire.py"
    return tuple(file.read_text(encoding="utf-8") for file in files)
