"""Each question finds its place: the index points to sections that exist, quotes what Keras says,
and is found by words that aren't its own."""

import re
from urllib.parse import unquote

import keras
import nbformat
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from autograder.author.links import anchor
from autograder.learn import reads
from tests.lessons import asked
from tests.lessons.pages import LESSONS, ROOT, sections

#: How somebody else would ask, and a place where the answer is.
PARAPHRASES = [
    (
        "My black and white photos have no colour channel, does a convolution mind?",
        "03: Which axes",
    ),
    (
        "ValueError: Kernel shape must have the same length as input. I used shape=data.shape",
        "03: Who",
    ),
    ("conv1d on a plain list of readings: expected min_ndim=3, found ndim=2", "03b: Which axes"),
    (
        "Arguments `target` and `output` must have the same shape. My labels are one column",
        "08: What",
    ),
    ("the network has three outputs but there are only two classes", "08: What"),
    ("Received a label value of 27 which is outside the valid range of [0, 10)", "08: What if"),
    ("trained on small images, fails on larger images of another size", "02: What if the sizes"),
    ("labels in the same dict as the inputs: Invalid input shape for input", "09: Case 9"),
    ("does Keras match inputs by their names when I pass a dict?", "09: Case 9"),
    ("The structure of `inputs` doesn't match the expected structure", "09: Case 9"),
    ("stateful recurrent network, predict with fewer samples in a batch", "09: Case 10"),
    (
        "Flatten behind an Embedding: Shapes used to initialize variables must be fully-defined",
        "02:",
    ),
    ("TextVectorization returns shape None for a sentence", "09: Case 10"),
    ("can key and query have other widths in attention", "09: Case 5"),
    ("which shape must an attention mask have", "09: Case 5"),
    (
        "Lambda layer: We could not automatically infer the shape of the Lambda's output",
        "09: Case 11",
    ),
    ("summary of my own model subclass shows question marks", "09: Case 11"),
    ('Layer "dense" expects 1 input(s), but it received 3 input tensors', "09: What if a layer"),
    ("a backbone with two outputs nested in a Sequential", "09: What if a layer"),
    ("can I call tf.shape on the output of a layer of a functional model", "06: TensorFlow"),
    ("two heads: where do I name the losses of several outputs", "08: Two answers"),
    ("Invalid `metrics`. accuracy for two heads", "08: And a metric"),
    (
        "keras Precision metric with integer class labels and softmax over classes",
        "08: Is accuracy",
    ),
    (
        "by mistake the images were used as targets: Incompatible shapes: [6,20,20,3] vs. [6,3]",
        "05:",
    ),
    ("segmentation masks were saved in colour, the net gives one channel", "08: Pictures"),
    ("custom training loop, the loss doesn't go down, predictions equal the mean", "08: What goes"),
    (
        "kernel bigger than the feature map: Computed output size would be zero or negative",
        "03: Who",
    ),
    ("how many numbers come out of Flatten if the batch is fixed", "01: One-dimensional?"),
    ("Concatenate a vector with a matrix", "07: Case 2"),
    ("concatenate feature maps along the channels, which axis", "07: Case 2"),
    ("autoencoder for odd image sizes returns a smaller image", "09: Case 4"),
    ("does channels_first work, how do I convert my images", "02: What does data_format"),
    ("load_weights fails for a grey version of a three-channel net", "09: Case 7"),
    ("second LSTM on top of the first: expected ndim=3, found ndim=2", "03b: What does return"),
    ("number of parameters of a Dense after return_sequences", "05: Who sees whom?"),
    (
        "validation set has other columns: Dimensions must be equal, but are 34 and 4",
        "03: How strict",
    ),
    ("there is an extra dimension 1 in my output: must have the same rank (ndim)", "05: What if"),
    ("Data cardinality is ambiguous after reshape", "09: Are there"),
    ("predict a single row: Invalid input shape for input", "06: What may you"),
    ("video frames through a CNN and then an LSTM: expected ndim=3, found ndim=5", "09: Case 10"),
    ("return_state=True in a Sequential", "09: What if a layer"),
    ("are the units of an RNN the number of time steps", "03b: Which axes does a sequence"),
    ("calling build twice: has already been configured to use input shape", "04: Will build()"),
    ("fit([a, b], y) on a Sequential gives a warning", "09: "),
    ("forgot the brackets: The `data_format` argument must be one of", "01: What does Flatten"),
    ("Why does mse accept a single number for several units", "08: What shape does a target"),
    ("is -1 in a Reshape open like None", "02: What else is Flatten?"),
    ("length of a Conv1D result with causal padding and dilation", "02: The example"),
    ("my generator yields one image, and the model complains", "09: Case 3"),
    ("Graph execution error, what is that", "09: Case 8"),
    ("one sigmoid or two softmax units for yes and no", "08: Yes or no"),
    ("from_logits true or false", "08: Scores"),
]
#: How far down a reader looks.
FIRST = 3

_LINK = r"\]\((\w+\.ipynb)#(\S*?)\)(?=[\s.,;:)|<*]|$)"
PLACES = sorted({place for entry in asked.everything() for place in entry.places})


@pytest.mark.parametrize("question, place", PARAPHRASES)
def test_a_question_in_other_words_is_found(question, place):
    found = [p for entry in asked.look_up(question)[:FIRST] for p in entry.places]
    assert any(p.startswith(place) for p in found), found


@pytest.mark.parametrize("place", PLACES)
def test_each_place_is_a_section(place):
    assert place.split(": ", 1)[1] in {s.title for s in sections(asked.lesson_of(place))}
    assert not set('="<>') & set(anchor(place)), "no link can point there"


@pytest.mark.parametrize("entry", asked.MESSAGES, ids=lambda entry: entry.words[:40])
def test_keras_says_so(entry):
    keras.utils.clear_session()
    names = {"keras": keras, "layers": layers, "np": np, "tf": tf}
    with pytest.raises(Exception) as raised:
        exec(entry.code, names)
    said = " ".join(str(raised.value).split()) + " ".join(reads(raised.value).split())
    assert " ".join(entry.words.split()) in said


def test_the_short_answers_print_what_they_say():
    cells = [part for s in sections("answers") for part in s.parts if part.kind == "code"]
    wrong = [
        part.source
        for part in cells
        if (said := re.findall(r"# → (.*)", part.source)) and "\n".join(said) not in part.outputs
    ]
    assert wrong == []
    assert sum("→" in part.source for part in cells) > 10


def test_the_page_is_current():
    text = asked.PAGE.read_text(encoding="utf-8")
    assert text == asked.in_page(text), "run python -m tests.lessons.asked"


@pytest.mark.parametrize("lesson", LESSONS)
def test_links_between_lessons_lead_to_headings(lesson):
    text = (ROOT / "solutions" / f"{lesson}.py").read_text(encoding="utf-8")
    lost = []
    for page, fragment in re.findall(r"\]\((\w*)(?:\.ipynb)?#([^\s]*?)\)(?=[\s.,;:)|<*]|$)", text):
        titles = {anchor(s.title) for s in sections(page or lesson)}
        lost += [] if unquote(fragment) in titles else [(page, fragment)]
    assert lost == []


@pytest.mark.parametrize("room", ["solutions", "notebooks"])
def test_links_of_the_editions_lead_to_cells_that_are_there(room):
    """And hold the heading that the text links to."""
    editions = {path.name: nbformat.read(path, 4) for path in (ROOT / room).glob("*.ipynb")}
    cells = {(name, c.id): c.source for name, book in editions.items() for c in book.cells}
    followed = 0
    for path in (ROOT / "solutions").glob("*.py"):
        wanted = re.findall(_LINK, path.read_text(encoding="utf-8"))
        text = "\n".join(c.source for c in editions[f"{path.stem}.ipynb"].cells)
        for (page, title), (target, fragment) in zip(wanted, re.findall(_LINK, text), strict=True):
            there = cells[target, fragment.removeprefix("cell-id=")]
            found = [anchor(line.lstrip("# ")) for line in there.splitlines() if line[:1] == "#"]
            assert page == target
            assert any(each.removesuffix("-★") == unquote(title) for each in found), (page, title)
            followed += 1
    assert followed > 100
