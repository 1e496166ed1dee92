"""Which of a lesson's cells a student's kernel has to run, and which are demonstrations.

A *demonstration* is a cell of the lesson on which no answer depends. What answers depend on is
worked out for the answers handed in, backwards from them: cells that bind a name which they read,
that may change the object behind it, and the same for all that those cells read in turn. Where
that can't be read off the text, everything is run, and the reason is told. Nothing here decides on
a mark: checks run in a process of their own, which this has no part in.
"""

import builtins
from dataclasses import dataclass
from itertools import chain

from autograder.grade.handed_in.expected import read_edition
from autograder.grade.run import ways
from autograder.grade.run.effects import FILES, INNER, SETTINGS, effects_of, tree_of
from autograder.grade.run.judge.names import ANSWER, AUTHOR, CHECK, Lesson

#: What students may import without a doubt: it does nothing but what it is called for.
_MODULES = """
    keras. tensorflow. numpy. matplotlib. math. itertools. functools. collections. typing. string.
    warnings. autograder.learn.
"""
_MODULES = tuple(_MODULES.split())
#: Modules that lie within those, and lead to everything.
_INNER = ("sys", "os", "builtins", "gc", "inspect", "importlib", "subprocess", "io", "types", INNER)
#: Words for chance.
_CHANCE = ("random", "default_rng", "seed", "shuffle", "set_random_seed", "SeedGenerator")
#: How many cells an author is told.
_SHOWN = 5


@dataclass(frozen=True)
class Slice:
    """What needn't be run.

    Attributes:
        skipped: The ids of the demonstrations, none where everything is to be run.
        doubt: Why everything is run, None if it isn't.
    """

    skipped: frozenset = frozenset()
    doubt: str | None = None


@dataclass(frozen=True)
class _Step:
    """A code cell that a student's kernel may run.

    place: Of the lesson, None for a student's own. is_theirs: whether its text is a student's.
    """

    id: str
    effects: object
    place: object
    is_theirs: bool


def slice_of(lesson, handed_in):
    """Return the Slice of a notebook.

    Args:
        lesson: The `judge.names.Lesson`.
        handed_in: [(id, source)] of its code cells, in their order, repaired: the ids are those of
            the lesson, but for a student's own cells.
    """
    steps = list(_steps(lesson, handed_in))
    if doubt := _of_lesson(lesson) or _of_student(lesson, steps):
        return Slice(doubt=doubt)
    kept = _kept(lesson, steps)
    skipped = frozenset(s.id for n, s in enumerate(steps) if n not in kept)
    for step in steps:
        if skipped and step.id not in skipped and "clear_session" in step.effects.words:
            return Slice(doubt=f"cell {step.id} is needed, and numbers the names of Keras anew")
    return Slice(skipped)


def demonstrations(lesson):
    """Return the Slice for the lesson's own solution, which tells an author what it is made of."""
    return slice_of(lesson, [(cell.name or cell.id, cell.source) for cell in lesson.cells])


def told(path):
    """Return a sentence for the author of a solved notebook: which of its cells are run.

    It is empty for a page without exercises, which nobody hands in.
    """
    lesson = Lesson(read_edition(path))
    if not any(cell.role == ANSWER for cell in lesson.cells):
        return ""
    found = demonstrations(lesson)
    if found.doubt:
        return f"when it is graded, all of its cells are run: {found.doubt}"
    own = [cell for cell in lesson.cells if cell.role == AUTHOR and not cell.locked]
    run = [cell for cell in own if (cell.name or cell.id) not in found.skipped]
    lines = [f"`{cell.source.strip().splitlines()[0]}`" for cell in run if cell.source.strip()]
    shown = ", ".join(lines[:_SHOWN]) + (f" and {len(lines) - _SHOWN} more" * (len(lines) > _SHOWN))
    counts = f"{len(found.skipped)} of its {len(own)} open cells are demonstrations"
    besides = f", but for those that begin with {shown}" if lines else ""
    return f"{counts}, which can be left out when answers are graded{besides}"


def _steps(lesson, handed_in):
    for name, source in handed_in:
        place = lesson.place(name)
        if place and place.role == CHECK:
            continue
        is_theirs = not place or place.role == ANSWER
        is_theirs = is_theirs or tree_of(source) != tree_of(place.source)
        yield _Step(name, effects_of(source), place, is_theirs)


# Doubts


def _of_lesson(lesson):
    """Return why nothing of a lesson can be left out, None if something can."""
    if not ways.is_for_apart(lesson):
        return "the lesson isn't written for a judge in a process apart"
    for cell in lesson.cells:
        if cell.role == CHECK:
            continue
        found = effects_of(cell.source)
        if why := found.unreadable or _of_builtins(found):
            return f"cell {cell.name or cell.id} of the lesson can't be followed: {why}"
    return None


def _of_builtins(effects):
    """Return what a cell does to names that are Python's own, which nobody follows."""
    taken = sorted(effects.binds & set(dir(builtins)))
    return f"it gives {taken[0]}, which is Python's, another meaning" if taken else None


def _of_student(lesson, steps):
    """Return why nothing can be left out for what a student has written, None if something can."""
    known = set(dir(builtins)).union(*(step.effects.binds for step in steps))
    for step in steps:
        if step.is_theirs and (why := _why(lesson, step, steps, known)):
            return f"cell {step.id} can't be followed: {why}"
    return None


def _why(lesson, step, steps, known):
    found = step.effects
    if why := found.unreadable or _of_builtins(found):
        return why
    if step.place and step.place.locked:
        return "it is the lesson's and was changed"
    for origin in found.imports.values():
        if not f"{origin}.".startswith(_MODULES):
            return f"it imports {origin}"
    if found.words & set(_INNER) or found.has_inner:
        return "it uses inner parts of something"
    if FILES in found.touches:
        return "it may have to do with files"
    if SETTINGS in found.touches or found.changes & _imported(steps):
        return "it changes how a library goes on"
    if found.words & set(_CHANCE):
        return "it has to do with chance"
    if found.numbered or "clear_session" in found.words:
        return "it asks for names that Keras numbers"
    if strange := (found.reads | found.late) - known - {SETTINGS}:
        return f"nothing binds {sorted(strange)[0]}, which it reads"
    return _of_ours(lesson, step, steps)


def _of_ours(lesson, step, steps):
    """Return what a student's cell does to names and objects that the lesson made, if anything."""
    places = (one.place for one in steps if one.place)
    ours = [effects_of(place.source) for place in places if place.role == AUTHOR]
    solved = effects_of(step.place.source) if step.place else None
    bound = set().union(*(one.binds for one in ours))
    same = {
        name
        for name, origin in step.effects.imports.items()
        if all(one.imports.get(name) == origin for one in ours if name in one.binds)
    }
    mine = solved.binds if solved and step.place.role == ANSWER else frozenset()
    if taken := (step.effects.binds & bound) - same - mine:
        return f"it binds {sorted(taken)[0]} anew, which is the lesson's"
    allowed = solved.touches | solved.changes if mine else frozenset()
    objects = bound - _imported(steps) - set().union(*(one.made for one in ours))
    touched = step.effects.touches & objects | step.effects.changes & bound
    if touched := touched - mine - allowed:
        return f"it may change {sorted(touched)[0]}, which is the lesson's"
    return None


def _imported(steps):
    return set().union(*(step.effects.imports for step in steps))


# What is needed


def _kept(lesson, steps):
    """Return the numbers of the steps that are to be run."""
    group = _groups(steps)
    late_of = _late_of(steps)
    imported = _imported(steps)
    answers = {n for c in lesson.cells if c.role == ANSWER for n in effects_of(c.source).binds}
    answers |= set().union(*(step.effects.binds for step in steps if step.is_theirs))
    of_answers = _of_answers(lesson, steps, answers, group)

    def touched(effects):
        return effects.touches | set(chain.from_iterable(map(late_of, effects.reads)))

    always = {n for n, step in enumerate(steps) if _is_always(step, touched, imported, of_answers)}
    late, kept = set(answers), set()
    while True:
        before = set(kept), set(late)
        wanted = set()
        for number in reversed(range(len(steps))):
            effects = steps[number].effects
            every = wanted | late
            objects = {group(name) for name in every - imported}
            changes = {group(name) for name in touched(effects) - imported}
            if number in always or effects.binds & every or changes & objects:
                kept.add(number)
                may_fail = steps[number].is_theirs or steps[number].place.may_fail
                wanted = (wanted - (frozenset() if may_fail else effects.sure)) | effects.reads
                late |= effects.late
        if (kept, late) == before:
            return kept


def _is_always(step, touched, imported, of_answers):
    """Tell whether a cell is run whatever the answers are."""
    effects = step.effects
    if step.is_theirs or step.place.locked or effects.changes & imported:
        return True
    return SETTINGS in effects.touches or bool((effects.reads | touched(effects)) & of_answers)


def _of_answers(lesson, steps, answers, group):
    """Return the names whose objects an answer, solved or handed in, has made or may change."""
    theirs = [step.effects for step in steps if step.is_theirs]
    theirs += [effects_of(cell.source) for cell in lesson.cells if cell.role == ANSWER]
    imported = _imported(steps)
    made = set().union(*(step.effects.made for step in steps))
    touched = answers | set().union(*(one.touches for one in theirs)) - imported - made
    groups = {group(name) for name in touched - {FILES, SETTINGS}}
    names = set().union(*(s.effects.binds | s.effects.reads for s in steps))
    return {name for name in names - imported - made - {FILES, SETTINGS} if group(name) in groups}


def _groups(steps):
    """Return a function that gives, for a name, what stands for all whose objects may share parts.

    Modules, functions and classes are nobody's parts.
    """
    leaders = {}

    def leader(name):
        while leaders.get(name, name) != name:
            name = leaders[name]
        return name

    apart = set().union(*(s.effects.made | set(s.effects.imports) for s in steps))
    for found in chain.from_iterable(step.effects.together for step in steps):
        first, *others = sorted(found - apart) or [None]
        for other in others:
            leaders[leader(other)] = leader(first)
    return leader


def _late_of(steps):
    """Return a function that gives the names which something of this name may read when called."""
    direct = {}
    for step in steps:
        for name in step.effects.binds:
            direct.setdefault(name, set()).update(step.effects.late)
    found = {}

    def late_of(name):
        if name not in found:
            found[name], left = set(), [name]
            while left:
                new = direct.get(left.pop(), set()) - found[name]
                found[name] |= new
                left += new
        return found[name]

    return late_of
