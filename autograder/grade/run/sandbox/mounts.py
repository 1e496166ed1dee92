"""Which parts of the machine a box needs to see: programs, libraries, what a lesson imports."""

import os
import site
import sys
from pathlib import Path

import autograder

PACKAGE = Path(autograder.__file__).parent
#: What a lesson imports of this package. Not the rest: there are the rules of grading.
LESSON_PARTS = ("__init__.py", "errors.py", "states.py", "progress.py", "learn")
#: The parts of the system. An allow-list: /usr/local/share may hold nbgrader's exchange, with
#: the work of the whole class, and /usr/local/etc its configuration.
_SYSTEM = {
    "/usr": ("bin", "sbin", "lib", "lib32", "lib64", "libx32", "libexec", "share"),
    "/usr/local": ("bin", "sbin", "lib", "lib64", "libexec"),
}
#: The parts of a Python installation or environment. (etc/jupyter can hold passwords.)
_PYTHON = ("bin", "lib", "lib64", "pyvenv.cfg")
#: How folders end in which packages are installed, and nothing else is.
_LIBRARIES = ("site-packages", "dist-packages")
#: What programs look up in /etc and that tells nothing of people or passwords.
_SETTINGS = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime", "fonts")


def system_paths():
    """Return the folders with the system's programs and libraries."""
    return _present(Path(top) / part for top, parts in _SYSTEM.items() for part in parts)


def settings_paths():
    """Return the few files of /etc that are needed."""
    return _present(Path("/etc") / name for name in _SETTINGS)


def python_paths():
    """Return the parts of this Python, of its environment and of the one it was made from."""
    prefixes = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}
    tops = [*map(Path, sorted(prefixes)), *_prefixes_of_links(Path(sys.executable))]
    parts = [top / part for top in tops if _is_narrow(top) for part in _PYTHON]
    # Where else packages were installed: by Debian, or with `pip install --user`.
    parts += [Path(p) for p in sys.path if p.endswith(_LIBRARIES)]
    return _outermost(parts, covered=system_paths())


def python_variables():
    """Return the variables by which Python finds the same libraries in a box as it does here.

    A folder that PYTHONPATH names and that isn't one of libraries stays outside: it may hold
    anything. What a lesson imports from there is told to be missing.
    """
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    shown = os.pathsep.join(path for path in named if path.endswith(_LIBRARIES))
    found = {"PYTHONPATH": shown} if shown else {}
    if site.ENABLE_USER_SITE:
        return {**found, "PYTHONUSERBASE": site.getuserbase()}
    return {**found, "PYTHONNOUSERSITE": "1"}


def lesson_paths():
    """Return the files and folders of this package that a lesson imports."""
    return [PACKAGE / part for part in LESSON_PARTS if (PACKAGE / part).exists()]


def _prefixes_of_links(executable):
    """Return the prefixes that a chain of links to the real program passes through."""
    found = []
    for _ in range(40):  # As many links as the kernel follows.
        if executable.parent.name == "bin":
            found.append(executable.parent.parent)
        if not executable.is_symlink():
            break
        executable = executable.parent / executable.readlink()
    return found


def _is_narrow(prefix):
    """Tell whether a prefix is a Python's own folder, not the root or somebody's home."""
    return prefix not in (Path("/"), Path.home(), *Path.home().parents)


def _outermost(paths, covered):
    """Return the paths that exist and don't lie in `covered` or in one another."""
    found = []
    for path in sorted(set(_present(paths))):
        if not any(path.is_relative_to(outer) for outer in [*covered, *found]):
            found.append(path)
    return found


def _present(paths):
    return [path for path in paths if path.exists()]
