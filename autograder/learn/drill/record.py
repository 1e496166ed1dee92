"""What the drill remembers, in a file that belongs to the learner."""

import json
import os
import tempfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from autograder.learn.mistakes import rules

VERSION = 1
ABOUT = (
    "What the drill remembers of your answers. The file is yours: read it, change it, delete it. "
    "For each mistaken rule: on how many puzzles it would have led to a wrong answer (met), how "
    "many of these you got right, how often it seems to have misled you, and how many right "
    "answers are missing until the drill stops asking for it (shaky)."
)
#: After this many right answers the drill stops asking for a rule, however often it misled.
SHAKIEST = 4


@dataclass
class Memory:
    """What is remembered of one mistaken rule; see ABOUT."""

    met: int = 0
    right: int = 0
    misled: int = 0
    shaky: int = 0


class Record:
    """What is remembered, by rule. path: the file, None to forget it with the notebook.

    said: a sentence for the learner about the file, empty if all is well.
    """

    def __init__(self, path=None):
        # The folder may be changed later; the file stays where it was.
        self.path = None if path is None else Path(path).absolute()
        self.answered = self.right = 0
        self.rules = {}
        self.said = ""
        self.load()

    def shaky(self):
        """Return {code: how shaky} of the rules that the learner should meet again."""
        self.load()
        return {code: m.shaky for code, m in self.rules.items() if m.shaky}

    def remember(self, met, right, misled=()):
        """Remember one answer, and write it down.

        met: the rules that would have led to a wrong one. misled: the explanations of a wrong
        answer, the rules of each; there may be several where it can't be told which.
        """
        self.load()
        blamed = {code for codes in misled for code in codes}
        weight = 2 if len(misled) == 1 else 1  # of several explanations none is certain
        for code in {*met, *blamed}:
            memory = self.rules.setdefault(code, Memory())
            memory.met += 1
            if right:
                memory.right += 1
                memory.shaky = max(0, memory.shaky - 1)
            elif code in blamed:
                memory.misled += 1
                memory.shaky = min(SHAKIEST, memory.shaky + weight)
        self.answered += 1
        self.right += bool(right)
        self._save()

    def load(self):
        """Read the file: another notebook may have written to it, or the learner deleted it."""
        if self.path is None:
            return
        if not self.path.exists():
            self.rules, self.answered, self.right = {}, 0, 0
            return
        try:
            self._take(json.loads(self.path.read_text(encoding="utf-8")))
        except OSError as error:
            self._give_up(f"can't be read ({error.strerror})")
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            self._set_aside()

    def _take(self, data):
        if data["version"] != VERSION:
            raise ValueError("written by another version")
        names = [field.name for field in fields(Memory)]
        found = {
            str(code): Memory(*(_number(entry[name]) for name in names))
            for code, entry in data["rules"].items()
        }
        answered, right = _number(data["answered"]), _number(data["right"])
        self.rules, self.answered, self.right = found, answered, right

    def _set_aside(self):
        """Move a file that can't be understood to another name, never over another file."""
        number = 1
        while (aside := self.path.with_name(f"{self.path.stem}.kept-{number}.json")).exists():
            number += 1
        try:
            os.rename(self.path, aside)
        except OSError as error:
            self._give_up(f"can't be understood, nor moved away ({error.strerror})")
        else:
            self.said = (
                f"I can't make sense of {self.path.name}, so I have kept it as {aside.name} and "
                "begin a new one."
            )

    def _give_up(self, why):
        self.said = f"{self.path} {why}, so nothing is written down in this session."
        self.path = None

    def _save(self):
        if self.path is None:
            return
        try:
            _write_at_once(self.path, json.dumps(self._data(), indent=2, ensure_ascii=False))
        except OSError as error:
            self._give_up(f"can't be written ({error.strerror})")

    def _data(self):
        known = beliefs()
        return {
            "about": ABOUT,
            "version": VERSION,
            "answered": self.answered,
            "right": self.right,
            "rules": {
                code: {"belief": known.get(code, ""), **asdict(memory)}
                for code, memory in sorted(self.rules.items())
            },
        }


def beliefs():
    """Return {code: the belief as a clause} of all rules that a puzzle can show."""
    found = rules("layer", "start", "count", "input count", "reading", "value")
    return {rule.code: rule.belief for rule in found}


def _number(value):
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} is no number of answers")
    return value


def _write_at_once(path, text):
    """Write a file whole, or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
