"""Which mistaken rules can be told apart? Writes docs/confusion.md.

    python -m tests.learn.confusion

For every rule about shapes and counts, models are made up at random until the rule gives another
answer than Keras does; that answer is diagnosed, and what the diagnosis names is counted. Rules
are taken from the register, so a new one is in the table as soon as it is written. The same
seeds are used each time: a changed table means changed rules.
"""

import itertools
import math
import os
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import keras

from autograder.learn.diagnose import all_beliefs, diagnose
from autograder.learn.mistakes import rules
from autograder.learn.questions import Params, Shape
from tests.learn.generate import SIZES, chain, strided

TABLE = Path(__file__).parents[2] / "docs" / "confusion.md"

#: How often each rule is tried, and how many models are made up at most to find the occasions: of
#: all kinds, and then of one that some rules wait for.
TRIES = 100
MODELS = 6000
STRIDED = 2000


@dataclass
class Record:
    """What became of one rule's answers to one kind of question.

    alone, tied, lost: how often the diagnosis named the rule and no other, several of which it
    was one, or only others. others: how often which others were named beside it or instead.
    """

    code: str
    asked: str
    alone: int = 0
    tied: int = 0
    lost: int = 0
    others: Counter = field(default_factory=Counter)

    @property
    def tried(self):
        """How often the rule was tried."""
        return self.alone + self.tied + self.lost

    @property
    def share(self):
        """The part of the answers that was named, alone or in a tie."""
        return (self.alone + self.tied) / self.tried if self.tried else 0.0

    def add(self, named):
        """Count one diagnosis, given the codes that it names."""
        if named == (self.code,):
            self.alone += 1
        elif self.code in named:
            self.tied += 1
        else:
            self.lost += 1
        others = [code for code in named if code != self.code]
        self.others.update(others or (["nothing"] if not named else []))


def records(tries=TRIES):
    """Try every rule about shapes and counts so often; return a Record for each side of each."""
    found, known = {}, {}
    for belief in all_beliefs():
        for asked in _sides(belief):
            found[belief.first.code, asked] = Record(belief.first.code, asked)
    for rule in rules("reading"):
        found.setdefault((rule.code, "shape"), Record(rule.code, "shape"))
    for seed in range(MODELS + STRIDED):
        if all(record.tried >= tries for record in found.values()):
            break
        rng = random.Random(seed)
        end = chain(rng, depth=1 + seed % 4) if seed < MODELS else strided(rng)
        counted = end._keras_history.operation  # the last layer
        if rng.random() < 0.5:
            counted = keras.Model(keras.utils.get_source_inputs(end), end)
        start = keras.utils.get_source_inputs(end)[0]
        questions = {"shape": Shape(end), "count": Params(counted), "bare shape": Shape(start)}
        for code, asked, answer in _answers(questions, found, rng, tries):
            asked_before = (seed, asked, answer)
            if asked_before not in known:
                known[asked_before] = diagnose(questions[asked], answer)
            diagnosis = known[asked_before]
            side = "shape" if asked == "bare shape" else asked
            found[code, side].add(diagnosis.codes if diagnosis else ())
    return list(found.values())


def _sides(belief):
    kinds = {rule.kind for rule in belief.rules}
    if kinds & {"layer", "start"}:
        yield "shape"
    if kinds & {"count", "input count"}:
        yield "count"


def _answers(questions, found, rng, tries):
    """Yield (code, asked, answer) for the rules that still want answers to such questions."""
    for belief in all_beliefs():
        for asked in _sides(belief):
            if found[belief.first.code, asked].tried < tries:
                answer = questions[asked].believed((belief,))
                if answer not in (None, questions[asked].truth):
                    yield belief.first.code, asked, answer
    for rule in rules("reading"):
        asked = "bare shape" if rule.bare else "shape"
        truth = questions[asked].truth
        if found[rule.code, "shape"].tried < tries:
            fitting = [a for a in _edits(truth, rng) if a != truth and rule.apply(truth, a)]
            if fitting:
                yield rule.code, asked, rng.choice(fitting)


def _edits(shape, rng):
    """Return shapes that are made from this one by a slip, each once."""
    n = rng.choice(SIZES)
    found = [shape[1:], (None, *shape), (None, n, *shape[1:]), shape[::-1]]
    found.append((shape[0], n, *shape[1:-1]))
    found += [(*shape[:i], *shape[i + 1 :]) for i in range(len(shape))]
    for new in (1, n, None, 32):
        found += [(*shape[:i], new, *shape[i:]) for i in range(len(shape) + 1)]
        found += [(*shape[:i], new, *shape[i + 1 :]) for i in range(len(shape))]
    found.append(tuple(n if size is None and i else size for i, size in enumerate(shape)))
    found.append(tuple(n if size is None else size for size in shape))
    found.append(tuple(-1 if size is None else size for size in shape))
    found.append(tuple(0 if size is None else size for size in shape))
    if None not in shape[1:]:
        found += [(math.prod(shape[1:]),), (shape[0], math.prod(shape[1:]))]
    if len(shape) <= 4:
        found += itertools.permutations(shape)
    return [answer for answer in dict.fromkeys(found) if answer]


def as_table(found):
    """Return the whole page, Markdown."""
    lines = [
        "# Which mistakes can be told apart",
        "",
        "Written by `python -m tests.learn.confusion`; do not edit.",
        "",
        "Each mistaken rule about shapes and numbers of parameters is tried on models made up at "
        "random, on which it gives another answer than Keras. That answer is then diagnosed, as "
        "a learner's would be. *Alone*: the diagnosis names this rule and no other. *In a tie*: it "
        "names several that all lead to this answer, and this is one of them. *Lost*: it names "
        "others only. *Others* are those named beside it or instead of it, the most frequent "
        "first.",
        "",
        f"{len(found)} rows, {sum(r.tried for r in found):,} answers: "
        f"{_percent(sum(r.alone for r in found), found)} alone, "
        f"{_percent(sum(r.tied for r in found), found)} in a tie, "
        f"{_percent(sum(r.lost for r in found), found)} lost.",
        "",
        "| rule | asked for | tried | alone | in a tie | lost | named | others |",
        "|---|---|--:|--:|--:|--:|--:|---|",
    ]
    for r in found:
        others = ", ".join(f"{code} {n}" for code, n in r.others.most_common(3))
        lines.append(
            f"| `{r.code}` | {r.asked} | {r.tried} | {r.alone} | {r.tied} | {r.lost} "
            f"| {100 * r.share:.0f} % | {others} |"
        )
    return "\n".join(lines) + "\n"


def _percent(part, found):
    return f"{100 * part / max(1, sum(r.tried for r in found)):.1f} %"


def main():
    """Write the page."""
    TABLE.parent.mkdir(exist_ok=True)
    new = TABLE.with_suffix(".new")
    new.write_text(as_table(records()), encoding="utf-8")
    os.replace(new, TABLE)
    print(f"Wrote {TABLE.relative_to(TABLE.parents[1])}.")


if __name__ == "__main__":
    main()
