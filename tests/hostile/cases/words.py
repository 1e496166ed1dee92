"""Against how points are read off a check, and what is said of one that a person has to judge."""

from tests.hostile.cases import FLAGGED, GRADED, case
from tests.hostile.cases.tricks import forging
from tests.hostile.lesson import RIGHT

_EITHER = (GRADED, FLAGGED)
_ACTS = "<script>hostile()</script><img src=x onerror=hostile()>"
_FOR_TERMINALS = "\\x1b]0;hostile\\x07\\x1b[2J"


# Two of the lesson's checks end in a value, as far as students can see them.


@case(two_pass=True)
def a100_value_before_hidden(s):
    """Right as far as can be seen, where a check ends in a value; wrong in what is hidden."""
    s.as_seen()


@case(may=_EITHER, two_pass=True)
def a101_value_like_points(s):
    """Answers whose values look like points, wherever a check might show them."""
    s.as_seen("flat_shape")
    s.answer(
        conv_out="class Points(int):\n"
        "    __repr__ = __str__ = lambda self: '3.0'\n"
        "def conv_out(size, kernel, stride=1, padding=0):\n"
        "    return Points(8 if stride == 1 else 4)",
        scores="def scores(images, weights):\n    return np.float64(2.0)",
    )


@case(two_pass=True)
def a102_dies_when_hidden(s):
    """Right for what can be seen; for all else the process ends, after the check's value."""
    s.as_seen("flat_shape")
    s.answer(
        conv_out="import os\n"
        "def conv_out(size, kernel, stride=1, padding=0):\n"
        "    if size != 10: os._exit(0)\n"
        "    return 8 if stride == 1 else 4"
    )


@case(may=_EITHER)
def a103_reason_that_acts(s):
    """Answers that can't travel, for reasons that would act in a page and on a terminal."""
    s.own(
        forging(
            "if request['op'] in ('get', 'call'):\n"
            f"    return {{'unsent': {_ACTS!r} + '{_FOR_TERMINALS}', 'warnings': []}}"
        )
    )


@case(may=_EITHER)
def a104_layer_that_acts(s):
    """A model of layers whose classes, names and settings would act in a page."""
    s.own(
        forging(
            f"acts = {_ACTS!r}\n"
            "part = {'module': 'keras.layers', 'class_name': acts, 'registered_name': None,\n"
            "        'config': {'name': acts, acts: 1}}\n"
            "config = {'module': 'keras', 'class_name': 'Sequential', 'registered_name': None,\n"
            "          'config': {'name': acts, 'layers': [part]}}\n"
            "if request['op'] == 'get':\n"
            "    return {'value': {'k': 'model', 'handle': 1, 'config': written(config),\n"
            "                      'weights': []}, 'warnings': []}\n"
            "if request['op'] == 'facts':\n"
            "    return {'unsent': acts, 'warnings': []}"
        )
    )


@case(points=7, may=_EITHER)
def a105_error_that_acts(s):
    """An answer that raises an error whose text would act, as soon as it is looked at."""
    s.right()
    s.answer(
        model="class Odd(keras.Sequential):\n"
        "    @property\n"
        "    def weights(self):\n"
        f"        raise ValueError({_ACTS!r} + '{_FOR_TERMINALS}')\n"
        "    layers = trainable_variables = weights\n"
        "model = Odd()"
    )


@case()
def a106_files_that_act(s):
    """Nothing is answered; files lie beside the notebook whose names would act in a page."""
    for name in (
        _ACTS.replace("/", "&sol;"),
        "![x](x.png)",
        "[x](javascript:hostile())",
        "\x1b[2J",
    ):
        s.file(f".{name}", "")


# Honest models of layers that the grader doesn't put together itself.


@case(points=10, may=_EITHER)
def h100_normalised(s):
    """Right; the model begins with a layer that normalises, by numbers it was given."""
    s.right()
    s.answer(
        model="model = keras.Sequential([keras.Input((4, 4, 1)),\n"
        "    layers.Normalization(mean=0.0, variance=1.0), layers.Flatten(), layers.Dense(10)])"
    )


@case(points=10, may=_EITHER)
def h101_flipped(s):
    """Right; the model flips pictures at random while it is trained."""
    s.right()
    s.answer(
        model="model = keras.Sequential([keras.Input((4, 4, 1)),\n"
        "    layers.RandomFlip('horizontal'), layers.Flatten(), layers.Dense(10)])"
    )


@case(points=7, may=_EITHER)
def h102_adapted(s):
    """The model has learnt numbers to normalise by, which are parameters too many."""
    s.right()
    s.answer(
        model="norm = layers.Normalization()\n"
        "norm.adapt(np.arange(32.0).reshape(2, 4, 4, 1))\n"
        "model = keras.Sequential([keras.Input((4, 4, 1)), norm, layers.Flatten(),\n"
        "                          layers.Dense(10)])"
    )


@case(points=7, may=_EITHER)
def h103_half_precision(s):
    """The model computes in bfloat16, whose numbers NumPy doesn't have; the rest is right."""
    s.right()
    s.answer(model=RIGHT["model"].replace("Dense(10)", "Dense(10, dtype='bfloat16')"))
