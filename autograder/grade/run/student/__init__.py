"""The student's side of grading: what runs in the kernel, and how we talk to it."""

import base64
import functools
import importlib.util
import marshal
import zlib
from pathlib import Path

_HERE = Path(__file__).parent


def agent_sources():
    """Return the sources of the agent and of wire, which are loaded into a student's kernel.

    There, run the first in a module of its own, and let its `loaded(first, second, user_ns)`
    give the agent.
    """
    files = _HERE / "agent.py", _HERE.parent / "wire.py"
    return tuple(file.read_text(encoding="utf-8") for file in files)


@functools.cache
def agent_compiled():
    """Return the two sources compiled, as texts, and by which number a Python tells its own.

    To compile them takes longer than all else that a kernel does before a student's first cell.
    """
    compiled = [marshal.dumps(compile(source, "<agent>", "exec")) for source in agent_sources()]
    packed = (base64.b64encode(zlib.compress(each)).decode() for each in compiled)
    return tuple(packed), importlib.util.MAGIC_NUMBER
