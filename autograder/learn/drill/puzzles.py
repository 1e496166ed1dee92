"""Puzzles about shapes, made up at random: layers, a question, and the check of the answer."""

import ast
import html
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import keras

from autograder.learn.checks import check_accepts, check_count, check_shape
from autograder.learn.diagnose import all_beliefs, asks_for_counts
from autograder.learn.drill.breaks import REASONS, Break, Breaks, check_breaks
from autograder.learn.drill.stacks import (
    DoesNotFit,
    Stack,
    draw_doubtful,
    draw_sizes,
    draw_stack,
    spec,
)
from autograder.learn.mistakes import rules
from autograder.learn.questions import Accepts, Params, Shape

#: What puzzles are about.
TOPICS = (
    "input",
    "flatten",
    "convolution",
    "pooling",
    "dense",
    "recurrent",
    "embedding",
    "reshape",
)
#: From one layer with its defaults to five with strides, padding and open sizes.
LEVELS = (1, 2, 3, 4, 5)
#: The longest text that is read as an answer.
LONGEST = 200

_TRIES = 300  # most draws are good at once
_LETTERS = "abcdefgh"


class Unreadable(ValueError):
    """An answer that can't be read; carries a sentence that says what is expected."""


@dataclass(frozen=True, eq=False, repr=False)
class Puzzle:
    """One puzzle. It shows as text, and as HTML in a notebook.

    topic, level: what it was drawn for. kind: "shape", "count", "accepts" or "breaks".
    code: the lines that are shown. ask: the question. form: how to write an answer.
    questions: what Keras is asked. judge: answer -> Verdict.
    choices: (letter, words, value) of a multiple choice, or of the batches to pick from.
    model: what can be explained, None if there is none.
    """

    topic: str
    level: int
    kind: str
    code: str
    ask: str
    form: str
    questions: tuple
    judge: Callable
    choices: tuple = ()
    model: keras.Model | None = None

    @property
    def truth(self):
        """Keras's answer, worked out now."""
        found = [question.truth for question in self.questions]
        return found if self.kind == "accepts" else found[0]

    @cached_property
    def traps(self):
        """{code: believed answer} of the mistaken rules that don't lead to Keras's answer."""
        return traps(self.kind, self.questions)

    def read(self, answer):
        """Return an answer that may have been typed as text; raise Unreadable."""
        if self.kind in ("accepts", "breaks") and isinstance(answer, str):
            return self._read_letters(answer)
        if self.kind == "breaks" and not isinstance(answer, Break):
            raise Unreadable(f"Answer with one of the letters {self._letters()}.")
        return _read_literal(answer, self.form) if isinstance(answer, str) else answer

    def _letters(self):
        return ", ".join(letter for letter, *_ in self.choices)

    def _read_letters(self, text):
        text = text.strip(" \t\n'\"").lower()
        picked = set("" if text in ("-", "none") else re.sub(r"[\s,.;)]|\band\b", "", text))
        known = {letter: value for letter, _, value in self.choices}
        if self.kind == "breaks" and len(picked) == 1 and picked <= known.keys():
            return known[picked.pop()]
        if self.kind == "accepts" and ("true" in text or "false" in text):
            return _read_literal(text.title(), self.form)
        if self.kind == "accepts" and text and picked <= known.keys():
            return [letter in picked for letter in known]
        raise Unreadable(f"The letters are {self._letters()}. {self.form}")

    def as_text(self):
        """Return the puzzle as plain text."""
        code = "\n".join(f"    {line}" for line in self.code.split("\n"))
        choices = "\n".join(f"  {letter}  {words}" for letter, words, _ in self.choices)
        return "\n\n".join(part for part in (self.ask, code, choices, self.form) if part)

    def as_html(self):
        """Return the puzzle as an HTML card for light and dark themes and screen readers."""
        choices = "".join(
            f"<li><b>{letter}</b>&ensp;{_inline(words)}</li>" for letter, words, _ in self.choices
        )
        if choices:
            listed = "list-style:none;margin:0 0 .6em;padding-left:1em"
            choices = f"<ul style='{listed}'>{choices}</ul>"
        return (
            "<div role='group' aria-label='Puzzle' style='border-left:.4em solid #5f8fb3;"
            f"padding:.4em .8em;max-width:46em'><p style='margin:0'><b>{_inline(self.ask)}</b></p>"
            "<pre style='margin:.6em 0;padding-left:1em;background:none;color:inherit'>"
            f"{html.escape(self.code)}</pre>{choices}"
            f"<p style='margin:0'>{_inline(self.form)}</p></div>"
        )

    def __repr__(self):
        return self.as_text()

    def _repr_html_(self):
        return self.as_html()


def _inline(text):
    """Return text as HTML, with `code` between backticks; a shape is not broken into lines."""
    pieces = html.escape(text, quote=False).split("`")
    code = "<code style='white-space:nowrap'>"
    return "".join(f"{code}{p}</code>" if i % 2 else p for i, p in enumerate(pieces))


class _Sums(ast.NodeTransformer):
    """Works out 3 * 3 * 8 + 8: nobody should need a calculator beside a text field."""

    _HOW = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}

    def visit_BinOp(self, node):
        self.generic_visit(node)
        sides = [getattr(side, "value", None) for side in (node.left, node.right)]
        if type(node.op) not in self._HOW or any(type(side) is not int for side in sides):
            return node
        return ast.copy_location(ast.Constant(self._HOW[type(node.op)](*sides)), node)


def _read_literal(text, form):
    """Return the value that a text writes down; nothing in it is run, only sums are worked out."""
    tidy = re.sub(r"\bnone\b", "None", text.strip(), flags=re.IGNORECASE).replace("×", "*")
    if re.fullmatch(r"\d{1,3}(,\d{3})+", tidy):
        tidy = tidy.replace(",", "")  # 18,464 as a number
    try:
        written = ast.parse(tidy if len(tidy) <= LONGEST else "", mode="eval")
        return ast.literal_eval(_Sums().visit(written))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        raise Unreadable(f"I can't read that as an answer. {form}") from None


# --- which mistaken rules a puzzle would show -------------------------------------------------


def traps(kind, questions):
    """Return {code: believed answer} of the mistaken rules that don't lead to Keras's answer."""
    truth, found = [question.truth for question in questions], {}
    # Without layers there is nothing to work out, only a shape to be read.
    if kind == "breaks" or (kind != "accepts" and questions[0].chain.steps):
        beliefs = all_beliefs(asks_for_counts(questions))
        found = {b.first.code: [q.believed((b,)) for q in questions] for b in beliefs}
    for rule in rules("value", about=type(questions[0])):
        found[rule.code] = [rule.apply(question) for question in questions]
    found = {code: answer for code, answer in found.items() if None not in answer}
    found = {code: answer for code, answer in found.items() if answer != truth}
    if kind == "accepts":
        return found
    found = {code: answer[0] for code, answer in found.items()}
    return {**_misreadings(truth[0]), **found} if kind == "shape" else found


def _misreadings(truth):
    """Return {code: answer} of the rules by which this shape can be misread.

    Such a rule only tells whether an answer is a misreading, so likely ones are tried.
    """
    batch, sample = truth[0], truth[1:]
    tried = [sample, (*truth, 1), (None, *truth), (None, 60, *sample)]
    tried += [(size, *sample) for size in (1, None, 32)]
    tried += [(batch, *sample[-1:], *sample[:-1]), (batch, *sample[1:2], *sample[:1], *sample[2:])]
    tried += [(batch, *sample[::-1]), (batch, *sample[1:], *sample[:1])]
    return {
        rule.code: answer
        for rule in rules("reading")
        for answer in reversed(tried)
        if answer != truth and rule.apply(truth, answer)
    }


# --- puzzles drawn at random ------------------------------------------------------------------


def draw(topic, level, rng):
    """Return a Puzzle about a topic. rng: a random.Random; the same state draws the same one."""
    for _ in range(_TRIES):
        make = rng.choice(_MAKERS[topic][level > 1])
        try:
            return make(topic, level, rng)
        except ValueError:
            continue  # Keras refuses these layers
    raise RuntimeError(f"no puzzle about {topic} at level {level} came about")


def _as_calls(start, specs):
    """Return the lines that call one layer after the other."""
    first = f"keras.Input(shape={start[1:]})" if start[0] is None else f"np.zeros({start})"
    return "\n".join([f"x = {first}", *(f"x = {spec}(x)" for spec in specs)])


def _as_model(start, specs, marked=None):
    """Return the lines of a model, and a mark behind one of its layers."""
    lines = [f"    {s}," + ("  # this one" if s is marked else "") for s in specs]
    first = f"    keras.Input(shape={start[1:]}),"
    return "\n".join(["model = keras.Sequential([", first, *lines, "])"])


def _shape_puzzle(topic, level, rng):
    stack, _ = draw_stack(topic, level, rng, companions=level - 1)
    model = stack.model()
    return Puzzle(
        *(topic, level, "shape", _as_calls(stack.start, stack.specs)),
        ask="What is the shape of `x` after the last line?",
        form="Answer with a tuple, such as `(None, 5)`.",
        questions=(Shape(model),),
        judge=lambda answer: check_shape.judge(answer, of=model),
        model=model,
    )


def _count_puzzle(topic, level, rng):
    drawn, at = draw_stack(topic, level, rng, companions=level - 1)
    stack = _again((None, *drawn.start[1:]), drawn.specs)  # a model is shown with its Input
    model = stack.model()
    weighted = [i for i, layer in enumerate(stack.layers) if i >= at and layer.count_params()]
    if weighted and rng.random() < 0.8:
        at = weighted[0]
    elif at not in weighted and (rng.random() < 0.7 or level > 3):
        raise DoesNotFit("nothing to count, once too often")
    whole = len(stack.layers) > 2 and rng.random() < 0.3
    asked, marked = (model, None) if whole else (stack.layers[at], stack.specs[at])
    if sum(spec is marked for spec in stack.specs) > 1:
        raise DoesNotFit("two layers alike")
    return Puzzle(
        *(topic, level, "count", _as_model(stack.start, stack.specs, marked)),
        ask=f"How many parameters does {'this model' if whole else 'the marked layer'} have?",
        form="Answer with a whole number.",
        questions=(Params(asked),),
        judge=lambda answer: check_count.judge(answer, of=asked, among=model),
        model=model,
    )


#: How many of the puzzles on what breaks are kept, by reason; the others come up less often.
_KEPT = {"": 0.3, "few": 0.5, "other": 0}


def _breaks_puzzle(topic, level, rng):
    start, specs = draw_doubtful(topic, level, rng)
    question = Breaks(start, tuple(s.build(i) for i, s in enumerate(specs)))
    truth = question.truth
    if rng.random() > _KEPT.get(truth.reason, 1):
        raise DoesNotFit("a reason that comes up all the time")
    choices = _choices(question, specs, rng)
    if len(choices) < 3:
        raise DoesNotFit("not much of a choice")
    return Puzzle(
        *(topic, level, "breaks", _as_calls(start, specs)),
        ask="Does one of these lines raise an error? Which, and why?",
        form="Answer with one letter, such as `a`.",
        questions=(question,),
        judge=lambda answer: check_breaks.judge(answer, of=question),
        choices=choices,
        model=_up_to(start, specs[: truth.at if truth.reason else None]),
    )


def _choices(question, specs, rng):
    """Return the choices of a Breaks: the truth, nothing, what rules say, and what may be."""
    wrong = {Break(), *traps("breaks", (question,)).values()} - {question.truth}
    wrong = sorted(b for b in wrong if b.reason != "other")
    others = [Break(i, reason) for i, s in enumerate(specs) for reason in _reasons(s.kind)]
    rng.shuffle(others)
    wrong += [b for b in others if b != question.truth and b not in wrong]
    picked = sorted([question.truth, *wrong[:4]])
    return tuple((letter, _say(b, specs), b) for letter, b in zip(_LETTERS, picked, strict=False))


def _reasons(kind):
    """Return the reasons for which a layer of this kind may well refuse what arrives."""
    if "Conv" in kind or "Pool" in kind:
        return ("few", "many", "window")
    if kind in ("LSTM", "GRU", "SimpleRNN", "Bidirectional"):
        return ("few", "many")
    return {"Dense": ("many", "open"), "Reshape": ("fit",), "Flatten": ("few",)}.get(kind, ())


def _say(found, specs):
    if found == Break():
        return "no: Keras runs them all"
    # Lines are counted from 1, and the first is the input.
    return f"line {found.at + 2}, {specs[found.at].kind}: {REASONS[found.reason]}"


def _up_to(start, specs):
    """Return the model of these layers, None if there are none."""
    return _again(start, specs).model() if specs else None


def _again(start, specs):
    """Return a new Stack of these layers."""
    stack = Stack(start)
    for new in specs:
        stack.add_spec(new)
    return stack


def _input_puzzle(topic, level, rng):
    sample = (*draw_sizes(rng, level, rng.randint(0, 2)), rng.choice((1, 3, 4, 5, 8)))
    batch = rng.choice((None, None, 4, 16)) if level >= 3 else None
    tensor = keras.Input(shape=sample, batch_size=batch, name="puzzle_input")
    size = f", batch_size={batch}" if batch else ""
    return Puzzle(
        *(topic, level, "shape", f"x = keras.Input(shape={sample}{size})"),
        ask="What is the shape of `x`?",
        form="Answer with a tuple, such as `(None, 5)`.",
        questions=(Shape(tensor),),
        judge=lambda answer: check_shape.judge(answer, of=tensor),
    )


def _accepts_puzzle(topic, level, rng):
    sample = [rng.choice((2, 3, 4, 6)) for _ in range(rng.randint(1, 2 if level < 3 else 3))]
    start = (None, *sample, 1) if rng.random() < 0.4 else (None, *sample)
    specs = [spec("Flatten")] * (len(start) > 2) + [spec("Dense", rng.choice((4, 10)))]
    in_a_row = level >= 3 and rng.random() < 0.4
    model = _in_a_row(start, specs) if in_a_row else _up_to(start, specs)
    batches = _batches(start[1:], rng, 3 if level < 3 else 4)
    return Puzzle(
        *(topic, level, "accepts", (_as_model if in_a_row else _as_functional)(start, specs)),
        ask="Which of these batches does `model` take?",
        form="Answer with all their letters, such as `ab`, or `-` for none of them.",
        questions=tuple(Accepts(model, batch) for batch in batches),
        judge=lambda answer: check_accepts.judge(answer, model=model, shapes=batches),
        choices=tuple(
            (letter, f"`np.zeros({batch})`", batch)
            for letter, batch in zip(_LETTERS, batches, strict=False)
        ),
        model=model,
    )


def _in_a_row(start, specs):
    """Return a Sequential model; it is less strict than others about what it takes."""
    first = keras.Input(start[1:], name="puzzle_input")
    return keras.Sequential([first, *(s.build(i) for i, s in enumerate(specs))], name="puzzle")


def _as_functional(start, specs):
    lines = _as_calls(start, specs).split("\n")
    lines[0] = lines[0].replace("x", "start", 1)
    lines[1] = lines[1].replace("(x)", "(start)")
    return "\n".join([*lines, "model = keras.Model(start, x)"])


def _batches(sample, rng, number):
    """Return so many different shapes to feed to a model for samples of one shape."""
    many = rng.choice((2, 5, 7))
    shapes = [(many, *sample), (1, *sample), sample, (many, *sample, 1), (many, *sample[::-1])]
    shapes += [(many, *sample[:-1], sample[-1] + 1), (many, *sample[:-1])]
    shapes += [(many, sample[0] * sample[-1], *sample[1:-1])] if len(sample) > 1 else []
    shapes = list(dict.fromkeys(shapes))
    rng.shuffle(shapes)
    return shapes[:number]


def because(batch, declared, taken):
    """Return why a model that declares a shape takes a batch, or refuses it."""
    wanted, samples = declared[1:], "one sample" if batch[0] == 1 else f"{batch[0]} samples"
    if taken:
        if len(batch) != len(declared):
            does = "drops the" if len(batch) > len(declared) else "adds an"
            return f"{samples}; Keras {does} axis of size 1 at the end"
        if batch[1:] == wanted:
            return f"{samples} of that shape"
        return "a Sequential model doesn't compare the sizes, and its layers can work with these"
    if batch == wanted:
        return "this is one sample without a batch axis"
    if len(batch) != len(declared):
        axes = f"{len(batch)} {'axis' if len(batch) == 1 else 'axes'} in place of {len(declared)}"
        return f"{axes}; only an axis of size 1 at the end may be missing or too many"
    return f"samples of shape {batch[1:]} in place of {wanted}"


#: For each topic: the makers at level 1, and those above it, as often as they are to come up.
_MAKERS = {
    "input": ([_input_puzzle, _accepts_puzzle], [_input_puzzle, _accepts_puzzle, _accepts_puzzle]),
    **dict.fromkeys(
        ("flatten", "pooling", "reshape"),
        (
            [_shape_puzzle] * 5 + [_count_puzzle],
            [_shape_puzzle] * 5 + [_count_puzzle] * 2 + [_breaks_puzzle] * 2,
        ),
    ),
    **dict.fromkeys(
        ("convolution", "dense", "recurrent", "embedding"),
        (
            [_shape_puzzle, _count_puzzle],
            [_shape_puzzle] * 4 + [_count_puzzle] * 3 + [_breaks_puzzle] * 2,
        ),
    ),
}
