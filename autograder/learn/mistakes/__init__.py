"""Mistaken rules: what someone who believes something untrue would answer, for any layers.

Nothing here knows an exercise. A rule is a small function with a docstring that gives an example
of the belief and, where it is known, the document or thread in which it was met; `diagnose.py`
looks for the rules that lead to a learner's answer. What a rule's function takes and gives
depends on its kind:

- "layer": f(layer, before, after) -> the shape this layer is believed to give, or None where the
  belief says nothing of this layer. `after` is what Keras (or an earlier belief) makes of
  `before`; a rule changes its own axes only, and the rest of the stack is worked out by Keras,
  so beliefs combine.
- "start": f(shape) -> the shape that is believed to enter the stack, or None.
- "count": f(layer, before, count) -> the Formula believed to give this layer's number of
  parameters, or None; `count` is Keras's (or an earlier belief's), of which a rule changes its
  own part. `count.parts` holds the factors of each weight, as in {"kernel": (4, 3), "bias": (3,)};
  `count.with_part(bias=None)` is the same without a bias, `count.times(5)` five times as much.
- "input count": f(shape) -> the Formula of the parameters that a model's input is believed to
  have, or None.
- "reading": f(truth, answer) -> True if the answer is the true shape misread. For beliefs that
  leave a size open (any batch size, say).
- "value", about a question's class: f(question) -> the believed answer to that question, or
  None where the belief says nothing of it.
- "function", about a topic: f(*args) -> what a function written with this belief gives, or the
  error that it raises. A topic stands for one right function, such as "flatten" for NumPy's way
  to do what Flatten does.
- "error": f(type name, message) -> True if this is behind an exception; see errors.py.
- "input", "output", "params", "numbers": f(facts) -> True if this is behind a model that declares
  a wrong shape, gives one, has a wrong number of parameters, or computes wrong numbers.

All but errors and topics are about Keras alone, and tried only where Keras was asked; a rule that
isn't (`general`), and all rules of a lesson's own, are tried on whatever was asked.

A belief that says something of shapes and of counts has a side for each (see `also`).
Explanations that are equally simple come in the order of the imports below; one by a rule that is
marked as weak is told only where there is no other.
"""

from autograder.learn.mistakes import flatten, windows, dense  # noqa: F401, I001  (order matters)
from autograder.learn.mistakes import recurrent, pooling, reshaping  # noqa: F401, I001
from autograder.learn.mistakes import batch, axes, counts, contract, order, weights, models  # noqa: F401, I001
from autograder.learn.mistakes import normalisation, inputs, training, places, frames  # noqa: F401, I001
from autograder.learn.mistakes import targets, loading  # noqa: F401, I001
from autograder.learn.mistakes import spellings, slips, errors, pieces  # noqa: F401, I001  (sides of the above)
from autograder.learn.mistakes import causes  # noqa: F401, I001
from autograder.learn.mistakes.rule import Rule, rules

__all__ = ["Rule", "rules"]
