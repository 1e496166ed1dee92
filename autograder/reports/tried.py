"""Do right and wrong answers to a lesson get what they should?"""

from dataclasses import asdict, dataclass, field
from pathlib import Path

import nbformat

from autograder import junit
from autograder.answers import lesson_of, read_answers
from autograder.author.editions import learner_edition
from autograder.errors import UserError
from autograder.grade.screen import printable
from autograder.reports import exercises, workbook
from autograder.states import NOT_ATTEMPTED


@dataclass(frozen=True)
class Fault:
    """What is wrong with an answer, or with an exercise (then without a source)."""

    exercise: str
    sentence: str
    source: str = ""

    def __str__(self):
        where = f" ({self.source.strip().splitlines()[0][:60]})" if self.source.strip() else ""
        return f"{self.exercise}{where}: {self.sentence}"


@dataclass(frozen=True)
class Tried:
    """What came of a file of answers. right, wrong: how many of them there are."""

    file: str
    notebook: str
    right: int
    wrong: int
    faults: list = field(default_factory=list)

    def as_dict(self):
        """Return it as JSON-ready data."""
        return asdict(self) | {"passes": not self.faults}


def notebook_for(file, root):
    """Return the solved notebook that a file of answers is for: above it, or below `root`."""
    place = Path("solutions") / f"{lesson_of(file)}.ipynb"
    folders = [*Path(file).absolute().parents, Path(root)]
    found = next((folder / place for folder in folders if (folder / place).is_file()), None)
    if found is None:
        raise UserError(
            f"there is no {place.as_posix()} above {file} or in {root}: build the lesson, or name "
            "its solved notebook before --answers"
        )
    return found


def try_answers(file, notebook):
    """Try all answers of a file on the lesson's solved notebook; return a Tried."""
    answers, book = read_answers(file), workbook.open_workbook(notebook)
    faults = [Fault(*said.split(": ", 1)) for said in workbook.not_tried(book, answers)]
    known = {name: each for name, each in answers.items() if name in book.exercises()}
    trials = list(workbook.try_all(book, known))
    faults += [Fault(t.exercise, t.fault, t.source) for t in trials if t.fault]
    gaps = [book.try_answer(name, source) for name, source in _gaps(notebook) if name in known]
    faults += [Fault(gap.exercise, said) for gap in gaps if (said := _said_of_gap(gap))]
    alike = "its message is that of another mistake, so learners can't tell which is theirs"
    same = workbook.read_alike(trials, by_mistake=True)
    faults += [Fault(t.exercise, alike, t.source) for t in same]
    faults += [
        Fault(t.exercise, "its message tells the right answer", t.source)
        for t in trials
        if t.code is not None and known[t.exercise].right
        if workbook.tells_answer(t, known[t.exercise].right[0])
    ]
    wrong = sum(trial.code is not None for trial in trials)
    return Tried(str(file), str(notebook), len(trials) - wrong, wrong, faults)


def _gaps(notebook):
    """Yield (exercise, source) of the answer cells as they are handed out."""
    for cell in learner_edition(nbformat.read(notebook, as_version=4)).cells:
        yield cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source


def _said_of_gap(trial):
    """Return what is wrong with what nobody's answer gets, as a sentence; "" if nothing is."""
    if trial.earned:
        return f"as it is handed out, it gets {trial.earned:g} of {trial.worth:g} points"
    if trial.failed and trial.failed.state != NOT_ATTEMPTED:
        return (
            f"as it is handed out, it is told: {trial.failed.message} Begin the check with what "
            "says NOT_ATTEMPTED where nobody has written an answer"
        )
    return ""


# How it is told.


def as_text(tried):
    """Return a line for each fault, and one at the end."""
    lines = [tried.file, *(f"  ✘ {printable(' '.join(str(f).split()))}" for f in tried.faults)]
    answers = f"{tried.right} right and {tried.wrong} wrong answers"
    end = f"{len(tried.faults)} to be mended" if tried.faults else "each gets what it should"
    return "\n".join([*lines, f"  {answers}: {end}"])


def as_cases(tried):
    """Return the faults as cases of JUnit; one that passes where there is none."""
    group = Path(tried.notebook).stem
    cases = [
        junit.Case(f"{group}.{f.exercise}", f.source, junit.FAILED, str(f)) for f in tried.faults
    ]
    return cases or [junit.Case(group, "all answers")]


def as_table(tried, page):
    """Return the page on all exercises of the repository that holds a lesson."""
    root = Path(tried.notebook).absolute().parents[1]
    command = "autograder validate --answers FILE --table PAGE"
    return exercises.as_table(exercises.read_lines(root), page.absolute(), root, command)
