"""What every other case is compared with."""

from tests.hostile.cases import case


@case(points=10)
def b00_correct(s):
    """All answers are right."""
    s.right()


@case()
def b01_blank(s):
    """The notebook as it was handed out."""


@case()
def b02_wrong(s):
    """Plainly wrong answers."""
    s.answer(
        flat_shape="flat_shape = (None, 18)",
        model="model = keras.Sequential([keras.Input((4, 4)), layers.Dense(3)])",
        conv_out="def conv_out(size, kernel, stride=1, padding=0):\n    return size",
        scores="def scores(images, weights):\n    return images",
    )


@case()
def b03_as_seen(s):
    """Answers that satisfy the visible tests, and nothing else."""
    s.as_seen()


@case(points=5)
def b04_half(s):
    """Two answers of four are right."""
    s.right("flat_shape", "conv_out")
