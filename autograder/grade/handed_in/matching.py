"""Find, in what a student sent, the cells of the lesson.

The signs, the surest first: the mark that nbgrader gave the cell, its id, its text, the name that
it defines, its neighbours. No sign is believed further than that: what a cell may do follows from
the lesson.
"""

import re
from collections import Counter

from autograder.grade.handed_in.expected import defined_names, squeezed

# How much two texts must have in common (0 to 1) to be taken for one cell, and for copies.
_ALIKE = 0.5
_COPY = 0.7
# As much of a text is compared; it bounds the time that many long cells can take.
_COMPARED = 4000

_CONTINUES = re.compile(r"[ \t)\]}]|(?:else|elif|except|finally)\b")
_OPEN_ENDS = (":", ",", "(", "[", "{", "\\")
_ROLES = ("answer", "check", "locked", "plain")


class Matching:
    """Which of the student's cells stand for which cell of the lesson.

    Positions in the lesson are called `place`, those in the student's notebook `number`.

    Attributes:
        found: {place: numbers of the cells that stand for it}; for an answer they are joined.
        free: numbers of the cells that are the student's own.
        noticed: {place: sentences}.
        unmarked: how many cells were found without nbgrader's mark.
    """

    def __init__(self, cells, expected):
        self.cells, self.expected = cells, expected
        self.texts = [cell["source"] for cell in cells]
        self.names = [set(defined_names(text)) for text in self.texts]
        self.words = [_words(text) for text in self.texts]
        self.free = set(range(len(cells)))
        self.found, self.noticed, self.unmarked = {}, {}, 0
        self._text = {}

    def find_all(self):
        """Find each cell of the lesson."""
        self.find_by_sure_signs()
        self._choose_among_several()
        self._find_by_name()
        self._find_by_neighbours()
        self._find_in_other_cells()
        self._join_continued()

    def find_by_sure_signs(self):
        """Find the cells that have their mark, their id or their text."""
        self._find_by_mark()
        self._find_by_id()
        self._find_by_text()

    def answer(self, place):
        """Return the text that stands for a place."""
        if place not in self._text:
            text = "\n".join(self.texts[number] for number in self.found[place])
            self._text[place] = self._without_checks(place, text)
        return self._text[place]

    def is_out_of_order(self):
        """Tell whether the student moved cells of the lesson."""
        clear = [p for p in sorted(self.found) if self.found[p] and p not in self.noticed]
        numbers = [self.found[place][0] for place in clear]
        return numbers != sorted(numbers)

    def _missing(self, *roles):
        return [
            place
            for place, cell in enumerate(self.expected)
            if cell.role in roles and place not in self.found
        ]

    def _take(self, place, number, unmarked=True):
        self.found.setdefault(place, []).append(number)
        self.free.discard(number)
        self.unmarked += unmarked and self.expected[place].grade_id is not None

    def _notice(self, place, sentence):
        self.noticed.setdefault(place, []).append(sentence)

    # The sure signs.

    def _find_by_mark(self):
        places = {cell.grade_id: place for place, cell in enumerate(self.expected) if cell.grade_id}
        for number, cell in enumerate(self.cells):
            name = marks(cell).get("grade_id")
            if isinstance(name, str) and name in places:
                self._take(places[name], number, unmarked=False)

    def _find_by_id(self):
        ids = {cell["id"]: number for number, cell in enumerate(self.cells) if "id" in cell}
        for place in self._missing(*_ROLES):
            number = ids.get(self.expected[place].id)
            if number in self.free:
                self._take(place, number)

    def _find_by_text(self):
        numbers = {}
        for number in sorted(self.free, reverse=True):
            numbers.setdefault(squeezed(self.texts[number]), []).append(number)
        for place in self._missing(*_ROLES):
            cell = self.expected[place]
            for text in {squeezed(cell.given or ""), squeezed(cell.source)} - {""}:
                if numbers.get(text):
                    self._take(place, numbers[text].pop())
                    break

    # The weaker signs.

    def _find_by_name(self):
        for place in self._missing("answer"):
            cell, gap = self.expected[place], self._gap(place)
            numbers = [n for n in sorted(self.free) if self._defined(n, cell)]
            if numbers:
                near = [number for number in numbers if number in gap]
                self._take(place, self._last_touched(near or numbers, cell))

    def _find_by_neighbours(self):
        for place in self._missing(*_ROLES):
            cell = self.expected[place]
            words = _words(cell.given or cell.source)
            share = {n: _share(self.words[n], words) for n in self._gap(place) if n in self.free}
            alike = [number for number in share if share[number] >= _ALIKE]
            if not alike and cell.role == "answer":
                # It may have nothing in common with what was there, above all if it is in words.
                same_kind = [n for n in share if self.cells[n]["cell_type"] == cell.kind]
                if cell.names:
                    sure = self._has(place - 1) and self._has(place + 1) and len(same_kind) == 1
                    alike = same_kind if sure else []
                else:
                    alike = (same_kind or list(share))[:1]
            if alike:
                self._take(place, max(alike, key=share.get))

    def _gap(self, place):
        """Return the numbers of the student's cells between the neighbours of a place."""
        before = next((self.found[p][-1] for p in range(place - 1, -1, -1) if self._has(p)), -1)
        places = range(place + 1, len(self.expected))
        after = next((self.found[p][0] for p in places if self._has(p)), len(self.cells))
        return range(before + 1, after)

    def _has(self, place):
        return bool(self.found.get(place))

    def _defined(self, number, cell):
        return self.names[number] & set(cell.names)

    def _last_touched(self, numbers, cell):
        touched = [n for n in numbers if not cell.is_given(self.texts[n])]
        return (touched or numbers)[-1]

    # Several cells for one.

    def _choose_among_several(self):
        for place, numbers in sorted(self.found.items()):
            if len(numbers) > 1 and self.expected[place].role == "answer":
                self._choose_answer(place, numbers)
            elif len(numbers) > 1:
                self._choose_fixed(place, numbers)

    def _choose_fixed(self, place, numbers):
        """Take one of several copies of a cell that students don't write; drop those alike."""
        cell = self.expected[place]
        same = [n for n in numbers if cell.is_given(self.texts[n])]
        chosen = (same or numbers)[-1]
        self.found[place] = [chosen]
        self.free |= set(numbers) - set(same) - {chosen}
        self._notice(
            place, f"The cell is there {len(numbers)} times and counts once. Delete the others."
        )

    def _choose_answer(self, place, numbers):
        """Take the copy that was worked on, the last of these, and join the parts of a split."""
        cell = self.expected[place]
        chosen = self._last_touched([n for n in numbers if self._defined(n, cell)] or numbers, cell)
        joined = self._joined(chosen, numbers, cell)
        self.found[place] = joined
        others = [n for n in numbers if n not in joined]
        copies = [n for n in others if self._is_copy(n, joined, cell)]
        self.free |= set(others) - set(copies)
        if len(joined) > 1:
            self._notice_split(place)
        if any(not cell.is_given(self.texts[n]) for n in copies):
            self._notice(
                place, "There are several answers; the last one was taken. Delete the others."
            )
        elif copies:
            self._notice(
                place,
                "The cell is there more than once; the one that was worked on was taken. "
                "Delete the others.",
            )

    def _notice_split(self, place):
        self._notice(place, "The cell was split into several; they were put together again.")

    def _joined(self, chosen, numbers, cell):
        """Return the cells around the chosen one that are parts of the same answer.

        What stands above an answer that defines all its names is an earlier try, which may fail.
        """
        run = [chosen]
        is_complete = bool(cell.names) and self._defined(chosen, cell) == set(cell.names)
        for step in (1,) if is_complete else (-1, 1):
            number = chosen + step
            while number in numbers and not self._is_copy(number, run, cell):
                run.append(number)
                number += step
        return sorted(run)

    def _is_copy(self, number, others, cell):
        """Tell whether a cell says again what others say, or nothing."""
        mine = self._defined(number, cell)
        if cell.is_given(self.texts[number]) or any(mine & self.names[n] for n in others):
            return True
        return any(_share(self.words[number], self.words[n]) >= _COPY for n in others)

    def _join_continued(self):
        """Join to an answer the cells around it without which it makes no sense."""
        for place, numbers in self.found.items():
            cell = self.expected[place]
            if cell.role != "answer" or cell.kind != "code" or not numbers:
                continue
            while self._belongs(number := numbers[-1] + 1, self.answer(place), below=True):
                numbers.append(number)
                self._join(place, number, f"{self.answer(place)}\n{self.texts[number]}")
            while self._belongs(number := numbers[0] - 1, self.answer(place), below=False):
                numbers.insert(0, number)
                self._join(place, number, f"{self.texts[number]}\n{self.answer(place)}")

    def _join(self, place, number, text):
        self._text[place] = text
        self.free.discard(number)
        if place not in self.noticed:
            self._notice_split(place)

    def _belongs(self, number, text, below):
        """Tell whether a free cell above or below a text belongs to the same statement."""
        if number not in self.free or self.cells[number]["cell_type"] != "code":
            return False
        first, second = (text, self.texts[number]) if below else (self.texts[number], text)
        if not first.strip() or not second.strip():
            return False
        last_line = first.rstrip().rpartition("\n")[2].partition("#")[0].rstrip()
        return bool(_CONTINUES.match(second.lstrip("\n"))) or last_line.endswith(_OPEN_ENDS)

    # One cell for several.

    def _without_checks(self, place, text):
        """Return an answer's text without the checks that were merged into it."""
        if self.expected[place].role == "plain":
            return text
        for other in {place, *self._missing("check", "locked")}:
            cell = self.expected[other]
            if cell.role != "answer" and cell.given.strip():
                text = text.replace(cell.given.strip(), "").rstrip()
        return text

    def _find_in_other_cells(self):
        """Find answers in the cells of other answers, or written over a cell of the lesson."""
        for place in self._missing("answer"):
            names = set(self.expected[place].names)
            hosts = [host for host in self.found if self._may_hold(host)]
            host = next((h for h in hosts if names & set(defined_names(self.answer(h)))), None)
            if host is not None:
                self._move_out(host, place)

    def _may_hold(self, host):
        cell, numbers = self.expected[host], self.found[host]
        changed = numbers and not cell.is_given(self.texts[numbers[0]])
        return cell.role == "answer" or (cell.role in ("check", "locked") and changed)

    def _move_out(self, host, place):
        """Give a place the part of a host's text that defines its names."""
        self.found[place] = []
        self._notice(
            place,
            f"The answer stood in the cell {self.expected[host].grade_id}; "
            "it was moved to a cell of its own.",
        )
        text = self.answer(host)
        if self.expected[host].role != "answer":
            self._text[place] = text
            return
        mine, others = (self._first_line(text, p) for p in (place, host))
        lines = text.split("\n")
        if mine == others:  # as in `a, b = 1, 2`: the first of the two cells gets it
            first, second = sorted((host, place))
            self._text[first] = text
            self._text[second] = f"# This is answered in {self.expected[first].grade_id}."
        elif others is None or others < mine:
            self._text[host] = "\n".join(lines[:mine]).rstrip()
            self._text[place] = "\n".join(lines[mine:])
        else:
            self._text[place] = "\n".join(lines[:others]).rstrip()
            self._text[host] = "\n".join(lines[others:])

    def _first_line(self, text, place):
        """Return the line where the answer to a place begins, with what belongs to it above."""
        defined, lines = defined_names(text), text.split("\n")
        places = [defined[name] for name in self.expected[place].names if name in defined]
        if not places:
            return None
        line = min(places)
        while line > 0 and lines[line - 1].startswith(("@", "#")):
            line -= 1
        return line


def marks(cell):
    """Return what nbgrader notes in a cell of a student's, {} if nothing."""
    found = cell.get("metadata", {}).get("nbgrader")
    return found if isinstance(found, dict) else {}


def _words(text):
    return Counter(re.findall(r"\w+", text[:_COMPARED]))


def _share(words, others):
    """Return how much two texts have in common, from 0 to 1, whatever the order."""
    if len(words) > len(others):
        words, others = others, words
    common = sum(min(count, others[word]) for word, count in words.items() if word in others)
    return 2 * common / max(1, words.total() + others.total())
