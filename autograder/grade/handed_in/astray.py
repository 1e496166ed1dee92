"""Answers that stand where their checks don't see them: below a check, or in a cell at the end.

What is graded stays as it is. A person gets to know, and no point is lost in silence.
"""

import ast
import re
import warnings
from functools import cached_property

from autograder.grade.handed_in.expected import bound_names, checks_of, squeezed


def unanswered(matching):
    """Return the places of answers that hold none."""
    return [
        place
        for place, cell in enumerate(matching.expected)
        if cell.role == "answer"
        and (place not in matching.found or cell.is_unanswered(matching.answer(place)))
    ]


def answers(matching):
    """Yield (cell, sentence, checks) for each answer that stands in another cell than its own.

    An answer that a person marks is its own check. In words it has no names to know it by: any
    words of the student's may be it.
    """
    owned, layout = checks_of(matching.expected), _Layout(matching)
    for place in unanswered(matching):
        cell = matching.expected[place]
        checks = [matching.expected[check] for check in owned[cell.grade_id]]
        if not checks:
            if cell.marks.get("grade") and (number := layout.beside(place)) is not None:
                sentence = (
                    "The cell for this answer holds none, and what stands in cell "
                    f"{number + 1} of the notebook may be it. Write the answer into its own cell."
                )
                yield cell.grade_id, sentence, (cell.grade_id,)
            continue
        names = set(cell.names) or _used(checks, matching.expected)
        found = [n for n in range(len(matching.cells)) if layout.defined(n, names, place)]
        if found and not any(layout.is_seen(n, place, owned[cell.grade_id][0]) for n in found):
            told = ", ".join(sorted(layout.defined(found[-1], names, place)))
            sentence = (
                f"{told} stands in cell {found[-1] + 1} of the notebook, where the check doesn't "
                "see it, and the cell for the answer holds none. Write it into that cell"
            )
            yield cell.grade_id, f"{sentence}.", tuple(check.grade_id for check in checks)


def _used(checks, cells):
    """Return the names that checks use, and that the lesson itself doesn't define."""
    words = {word for check in checks for word in re.findall(r"[^\W\d]\w*", check.source)}
    codes = [cell for cell in cells if cell.kind == "code"]
    return words - {name for cell in codes for name in {*cell.names, *bound_names(cell.source)}}


class _Layout:
    """Where the student's cells come in the lesson's order."""

    def __init__(self, matching):
        self.matching = matching
        texts = (text for c in matching.expected for text in (c.given or "", c.source))
        self.known = {"", *map(squeezed, texts)}
        self.places = {n: place for place, found in matching.found.items() for n in found}
        self.above, above = {}, -1
        for number in range(len(matching.cells)):
            above = self.places.get(number, above)
            self.above[number] = above

    @cached_property
    def bound(self):
        """The names that each of the student's cells binds."""
        return [bound_names(text) for text in self.matching.texts]

    def defined(self, number, names, place):
        """Return which names of an answer a cell defines that is neither its own nor as given."""
        at = self.places.get(number)
        if at == place:
            return set()
        text = self.matching.texts[number]
        given = self.matching.expected[place if at is None else at]
        if given.is_given(text):
            return set()
        # What a cell of the lesson defines anyway is no answer to another.
        known = set() if at is None else bound_names(given.given or given.source)
        return (self.bound[number] & names) - known

    def is_seen(self, number, place, check):
        """Tell whether a cell runs after an answer's own cell and before its first check."""
        at = self.places.get(number)
        if at is None:
            return self.matching.cells[number]["cell_type"] == "code" and (
                place <= self.above[number] < check
            )
        return self.matching.expected[at].role in ("answer", "plain") and place < at < check

    def beside(self, place):
        """Return the cell that may hold an answer a person marks; None if there is none."""
        found = [n for n in range(len(self.matching.cells)) if self._may_answer(n, place)]
        return next((n for n in found if self.above[n] == place), found[-1] if found else None)

    def _may_answer(self, number, place):
        cell, text = self.matching.expected[place], self.matching.texts[number]
        is_code = self.matching.cells[number]["cell_type"] == "code"
        if number in self.matching.free:
            is_near = self.above[number] in (place - 1, place)
            if squeezed(text) in self.known:
                return False
            return is_near or cell.kind == "code" or not is_code or _is_words(text)
        at = self.places.get(number)
        given = None if at is None or is_code else self.matching.expected[at]
        if given is None or given.role == "answer" or given.is_given(text):
            return False
        # A lesson's text that was added to; another one is that of another edition.
        return bool(given.given) and all(line in text for line in given.given.splitlines())


def _is_words(text):
    """Tell whether the text of a code cell is no program: comments, strings, or words."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escape sequences
        try:
            body = ast.parse(text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return True
    return all(isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant) for n in body)
