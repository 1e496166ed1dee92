"""What else a student handed in: answers in another notebook or file, or no notebook at all."""

import re
from pathlib import PurePath

from autograder.grade.handed_in.astray import unanswered
from autograder.grade.handed_in.defuse import shown
from autograder.grade.handed_in.expected import checks_of
from autograder.grade.handed_in.matching import Matching
from autograder.grade.handed_in.repair import Remark, belongs

_ADVICE = {
    ".zip": "Unpack the archive, and hand in the notebook that is in it",
    ".html": "A web page can't be graded: hand in the notebook itself",
    ".py": "A program can't be graded: hand in the notebook itself",
    ".pdf": "A PDF can't be graded: hand in the notebook itself",
}
_ALIKE = {".htm": ".html", ".7z": ".zip", ".gz": ".zip", ".tgz": ".zip", ".tar": ".zip"}
_ALIKE |= {".rar": ".zip"}


def advice(names, wanted):
    """Return the sentence what to do where there is no notebook among files of these names."""
    found = [_ADVICE[end] for end in map(_ending, names) if end in _ADVICE]
    return f"{found[0]}, as {wanted}." if found else f"Hand it in as {wanted}."


def not_gradable(names):
    """Return those of the names whose files may hold answers, and can't be graded."""
    return [name for name in names if name[0] not in ".~" and _ending(name) in _ADVICE]


def _ending(name):
    end = PurePath(name).suffix.lower()
    return _ALIKE.get(end, end)


class Lacking:
    """The answers that a notebook lacks, and which other notebooks have them.

    Attributes:
        checks: {grade_id of an answer that is lacking: names of its checks}.
    """

    def __init__(self, name, cells, expected):
        self.name, self.expected = name, expected
        self.places = _unanswered(cells, expected)
        owned = _owned(expected)
        names = [expected[place].grade_id for place in self.places]
        self.checks = {name: owned[name] for name in names if owned[name]}
        self.has_none = len(self.checks) == sum(map(bool, owned.values()))
        self._found, self._unread, self._beside = {}, [], []

    def look_at(self, name, cells):
        """Look at another notebook; cells: None where it can't be read, or there are too many."""
        if cells is None:
            self._unread.append(name)
        elif belongs(cells, self.expected):
            places = set(self.places) - set(_unanswered(cells, self.expected))
            answers = [self.expected[place].grade_id for place in sorted(places)]
            if answers := [answer for answer in answers if answer in self.checks]:
                self._found[name] = answers

    def look_beside(self, names):
        """Take note of the names of files beside the notebook; the lesson's own hold no answers."""
        given = "\n".join(cell.source for cell in self.expected)
        self._beside = [name for name in not_gradable(names) if not is_used(name, given)]

    def remarks(self):
        """Return a remark on each notebook that has answers, and one on those not looked at.

        Where the graded one has no answer at all, there is one on files of other kinds as well.
        """
        found = [self._remark(name, answers) for name, answers in self._found.items()]
        if self._unread and self.has_none:
            found.append(self._remark_on_all(self._unread, "Hand in one notebook."))
        if self._beside and self.has_none:
            found.append(self._remark_on_all(self._beside, advice(self._beside, self.name)))
        return found

    def _remark_on_all(self, names, told):
        more = f" and {len(names) - 1} more" if names[1:] else ""
        said = (
            f"{shown(names[0])}{more} couldn't be looked at, and {self.name}, which is "
            f"graded, holds no answer. {told}"
        )
        every = tuple(check for checks in self.checks.values() for check in checks)
        return Remark(shown(names[0]), said, every)

    def _remark(self, name, answers):
        told = ", ".join(answers[:3]) + (", ..." if answers[3:] else "")
        said = (
            f"{shown(name)} holds answers that {self.name}, which is graded, lacks ({told}). "
            "Hand in one notebook, with all answers in it."
        )
        checks = tuple(check for answer in answers for check in self.checks[answer])
        return Remark(shown(name), said, checks)


def is_used(name, text):
    """Tell whether a text names a file, or imports it."""
    stem = re.escape(PurePath(name).stem)
    named = rf"(?<![\w.-]){re.escape(name)}(?!\w)"
    imported = rf"\b(?:import|from)[ \t]+{stem}\b" if name.endswith(".py") else named
    return bool(re.search(f"{named}|{imported}", text))


def _owned(expected):
    """Return {grade_id of an answer: names of its checks}; one that a person marks is its own."""
    found = {name: [expected[n].grade_id for n in at] for name, at in checks_of(expected).items()}
    essays = [
        cell.grade_id for cell in expected if cell.role == "answer" and cell.marks.get("grade")
    ]
    return found | {name: [name] for name in essays}


def _unanswered(cells, expected):
    matching = Matching(cells, expected)
    matching.find_all()
    return unanswered(matching)
