"""What people ask of shapes in Keras, and the place in the lessons that answers it.

    python -m tests.lessons.asked

MESSAGES are pieces of what Keras says, each with code that makes Keras say it; QUESTIONS are in the
words in which people ask. Both point to sections of lessons. This script writes them, as tables,
into the page solutions/questions.py.
"""

import re
from dataclasses import dataclass

from autograder.author.links import anchor
from tests.lessons.pages import ROOT, sections

PAGE = ROOT / "solutions" / "questions.py"
MARKS = "# <!-- {}: begin -->\n", "# <!-- {}: end -->\n"


@dataclass(frozen=True)
class Asked:
    """A question, or a piece of a message, and where it is answered.

    words: the question, or a piece of the message. about: the answer in short, or what the message
    often means. places: "NN: title of a section", each. code: raises the message.
    """

    words: str
    about: str
    places: tuple
    code: str = ""


def _m(words, code, about, *places):
    return Asked(words, about, places, code)


def _q(words, about, *places):
    return Asked(words, about, places)


_FIT = "m.compile('sgd', {loss!r}); m.fit(np.ones({x}), np.ones({y}), verbose=0)"


def _fit(stack, loss, x, y):
    """Return code that trains a stack of layers on ones of the shapes x and y."""
    return f"m = keras.Sequential([{stack}])\n" + _FIT.format(loss=loss, x=x, y=y)


_ROW = "keras.Input((4,)), layers.Dense(3, 'softmax')"

MESSAGES = [
    _m(
        "`target` and `output` must have the same shape",
        _fit(_ROW, "categorical_crossentropy", (8, 4), (8, 1)),
        "labels are whole numbers in a column and the loss wants one-hot rows; or there are more "
        "units than classes",
        "08: What shape does a target have?",
        "08: Whole numbers, or one-hot rows?",
    ),
    _m(
        "`target` and `output` must have the same shape",
        _fit(
            "keras.Input((8, 8, 1)), layers.Conv2D(1, 1)",
            "binary_crossentropy",
            (2, 8, 8, 1),
            (2, 8, 8, 3),
        ),
        "targets are pictures: masks read in colour, or a decoder or autoencoder that gives "
        "another size",
        "08: Pictures as targets?",
        "09: Case 4: a decoder whose sizes don't meet again",
    ),
    _m(
        "`target` and `output` must have the same rank (ndim)",
        _fit(
            "keras.Input((1, 4)), layers.Dense(3, 'softmax')",
            "categorical_crossentropy",
            (8, 1, 4),
            (8, 3),
        ),
        "labels are whole numbers, `(n,)`, and the loss wants one-hot rows; or the output has an "
        "axis too many, perhaps of size 1: a Flatten is missing, so there is an answer for each "
        "row or step",
        "05: What if Flatten is forgotten?",
        "08: What shape does a target have?",
    ),
    _m(
        "Argument `output` must have rank (ndim) `target.ndim - 1`",
        _fit(_ROW, "sparse_categorical_crossentropy", (8, 4), (8, 3)),
        "a sparse loss is given one-hot rows",
        "08: Whole numbers, or one-hot rows?",
        "05: What if Flatten is forgotten?",
    ),
    _m(
        "Received a label value of 3 which is outside the valid range of [0, 3)",
        "m = keras.Sequential([keras.Input((4,)), layers.Dense(3, 'softmax')])\n"
        "m.compile('sgd', 'sparse_categorical_crossentropy')\n"
        "m.fit(np.ones((4, 4)), np.array([0, 1, 2, 3]), verbose=0)",
        "labels or class numbers larger than the units of the last layer allow, such as classes "
        "counted from 1",
        "08: What if the classes run from 1 to n?",
    ),
    _m(
        "Graph execution error",
        "m = keras.Sequential([keras.Input((4,)), layers.Dense(3, 'softmax')])\n"
        "m.compile('sgd', 'sparse_categorical_crossentropy')\n"
        "m.fit(np.ones((4, 4)), np.array([0, 1, 2, 3]), verbose=0)",
        "the reason stands in the last lines",
        "09: Case 8: what is a Graph execution error?",
    ),
    _m(
        "Incompatible shapes: [6,20,20,3] vs. [6,3]",
        _fit(
            "keras.Input((20, 20, 3)), layers.Flatten(), layers.Dense(3)",
            "mse",
            (6, 20, 20, 3),
            (6, 20, 20, 3),
        ),
        "target and output can't be subtracted: the target is an image and the output a row, or "
        "there is an answer for each row",
        "05: When do targets fit?",
        "08: Pictures as targets?",
    ),
    _m(
        "expected min_ndim=4, found ndim=3",
        "layers.Conv2D(8, 3)(keras.Input((32, 32)))",
        "a convolution wants a channel axis, for grey images too; or one picture lacks its batch "
        "axis",
        "03: Which axes does an image have?",
        "07: Case 1: which of the two faults comes first?",
    ),
    _m(
        "expected min_ndim=4, found ndim=2",
        "layers.Conv2D(8, 3)(layers.Flatten()(keras.Input((32, 32, 1))))",
        "Flatten stands before the convolution",
        "07: Case 1: which of the two faults comes first?",
        "05: At the beginning, or at the end?",
    ),
    _m(
        "expected min_ndim=3, found ndim=2",
        "layers.Conv1D(8, 3)(keras.Input((30,)))",
        "Conv1D wants a series or sequence as steps and features: (30, 1)",
        "03b: Which axes does a sequence have?",
    ),
    _m(
        "expected ndim=3, found ndim=2",
        "layers.LSTM(8)(layers.LSTM(16)(keras.Input((20, 3))))",
        "stacked LSTM, GRU or RNN without `return_sequences=True`; or a table in place of a "
        "sequence",
        "03b: What does return_sequences change?",
        "03b: Which axes does a sequence have?",
    ),
    _m(
        "expected ndim=3, found ndim=5",
        "layers.LSTM(8)(layers.TimeDistributed(layers.Conv2D(4, 3))(keras.Input((None, 8, 8, 3))))",
        "a CNN, pretrained or not, in TimeDistributed gives an LSTM maps, not a row of features",
        "09: Case 10: words, films, and sequences that go on",
    ),
    _m(
        "expected axis -1 of input shape to have value",
        "d = layers.Dense(2); d(np.ones((1, 4))); d(np.ones((1, 5)))",
        "a Dense, often behind Flatten, meets another size than it was built for, such as images "
        "of any size",
        "02: What if the sizes are unknown?",
        "09: Case 6: a model that was made for other pictures",
    ),
    _m(
        "Kernel shape must have the same length as input",
        "layers.Conv2D(8, 3)(keras.Input((50, 32, 32, 1)))",
        "the number of samples was written into the input shape, as with `x.shape`",
        "03: Who decides how large a batch is?",
        "01: The axis that you didn't write",
    ),
    _m(
        "Invalid input shape for input",
        "keras.Sequential([keras.Input((78,)), layers.Dense(2)]).predict(np.ones(78), verbose=0)",
        "the data don't have the shape that the model declares: one sample without its batch axis, "
        "a Dataset or generator that yields one image after the other, a dict with one key too "
        "many",
        "03: Who decides how large a batch is?",
        "06: What may you hand to a model?",
        "09: Case 3: a Dataset, with and without batches",
        "09: Case 9: several inputs: a list, or a dict?",
    ),
    _m(
        "Dimensions must be equal, but are",
        "m = keras.Sequential([keras.Input((1, 4)), layers.LSTM(8), layers.Dense(1)])\n"
        "m.compile('sgd', 'mse'); m.evaluate(np.ones((5, 1, 34)), np.ones((5, 1)), verbose=0)",
        "a Sequential let data of another width in, for instance validation data with other "
        "columns or features than the train data; or a metric such as Precision is given class "
        "numbers where it wants one-hot rows",
        "03: How strict is the promise?",
        "08: Is accuracy spared?",
    ),
    _m(
        "Shapes used to initialize variables must be fully-defined",
        "layers.Dense(1)(layers.Flatten()(keras.Input((None, 8))))",
        "Flatten of an open length, for example behind an Embedding without input_length, and then "
        "Dense",
        "02: What if the sizes are unknown?",
        "03b: Must all sequences have the same length?",
    ),
    _m(
        "Computed output size would be zero or negative",
        "layers.Conv2D(8, 5)(keras.Input((4, 4, 3)))",
        "a kernel or window larger than the image or map that it meets, or channels in front",
        "03: Who checks the shapes, and when?",
        "07: Case 4: who scrambled the pictures?",
    ),
    _m(
        "requires inputs with matching shapes except for the concatenation axis",
        "layers.Concatenate()([keras.Input((8, 8)), keras.Input((5,))])",
        "Concatenate joins a map and a row (a vector and a table), sizes that differ by one pixel, "
        "or goes along another axis than was meant",
        "07: Case 2: why can't the two be joined?",
        "09: Case 4: a decoder whose sizes don't meet again",
    ),
    _m(
        "The total size of the tensor must be unchanged",
        "layers.Reshape((16, 16, 1))(keras.Input((196,)))",
        "Reshape can't make numbers",
        "07: Case 3: what did the decoder forget?",
    ),
    _m(
        "Data cardinality is ambiguous",
        _fit("keras.Input((4,)), layers.Dense(1)", "mse", (40, 4), (50, 1)),
        "`x` and `y` have different numbers of samples, perhaps because `reshape(-1, …)` changed "
        "the number of images",
        "09: Are there as many targets as samples?",
    ),
    _m(
        "must match. variable.shape=",
        "import tempfile\nf = tempfile.mkdtemp() + '/w.weights.h5'\n"
        "keras.Sequential([keras.Input((4,)), layers.Dense(1)]).save_weights(f)\n"
        "keras.Sequential([keras.Input((5,)), layers.Dense(1)]).load_weights(f)",
        "weights are loaded into a model with other shapes, for example three channels into one",
        "09: Case 7: saved, and loaded again?",
    ),
    _m(
        "expects 1 input(s), but it received",
        "keras.Sequential([keras.Input((5, 2)), layers.LSTM(4, return_state=True), "
        "layers.Dense(1)])",
        "a layer in a Sequential gives several tensors: `return_state=True`, or a nested base "
        "model with two outputs",
        "09: What if a layer gives more than one tensor?",
    ),
    _m(
        "have different structures",
        "i = keras.Input((4,)); m = keras.Model(i, [layers.Dense(1)(i), layers.Dense(1)(i)])\n"
        "m.compile('sgd', ['mse', 'mse']); m.fit(np.ones((8, 4)), np.ones((8, 2)), verbose=0)",
        "a model with two outputs wants two targets",
        "08: Two answers for one sample?",
    ),
    _m(
        "Invalid `metrics`",
        "i = keras.Input((4,)); m = keras.Model(i, [layers.Dense(1)(i), layers.Dense(1)(i)])\n"
        "m.compile('sgd', ['mse', 'mse'], metrics=['accuracy'])\n"
        "m.fit(np.ones((8, 4)), [np.ones((8, 1))] * 2, verbose=0)",
        "a metric such as accuracy for several outputs",
        "08: And a metric for each?",
    ),
    _m(
        "Missing data for input",
        "a, b = keras.Input((1,), name='a'), keras.Input((1,), name='b')\n"
        "keras.Model([a, b], layers.Add()([a, b]))({'a': np.ones((1, 1))})",
        "a dict of inputs without all the names",
        "09: Case 9: several inputs: a list, or a dict?",
    ),
    _m(
        "named input(s) with keys",
        "a, b = keras.Input((1,)), keras.Input((1,))\n"
        "keras.Model([a, b], layers.Add()([a, b]))(np.ones((1, 1)))",
        "a model with two inputs is given one array",
        "09: Case 9: several inputs: a list, or a dict?",
    ),
    _m(
        "Unrecognized data type",
        "keras.Sequential([keras.Input((3,)), layers.Dense(2)]).predict([[1, 2, 3]], verbose=0)",
        "data in lists: predict, fit and evaluate want arrays",
        "06: What may you hand to a model?",
    ),
    _m(
        "Cannot convert '4' to a shape",
        "keras.Input(shape=(4))",
        "the comma is missing: `(4,)` is a tuple, `(4)` a number",
        "03: Build: a row of numbers",
    ),
    _m(
        "got an unexpected keyword argument",
        "keras.Input(input_shape=(4,))",
        "an argument that isn't there, or is no longer",
        "03: Where is InputShape?",
        "06: Who is speaking?",
    ),
    _m(
        "has no defined input shape yet",
        "keras.Sequential([layers.Dense(1)]).input_shape",
        "the model has no Input, and has been given no data so far",
        "04: Does a finished model bring its Input along?",
        "04: How many ways are there to write one network?",
    ),
    _m(
        "Layers added to a Sequential model should have a single positional argument",
        "keras.Sequential([layers.Dense(8), keras.Input((8,))])(np.ones((2, 4)))",
        "an Input stands further down the list of a Sequential",
        "04: May Input stand further down the list?",
    ),
    _m(
        "Only input tensors may be passed as positional arguments",
        "layers.Dense(1)(layers.InputLayer((4,)))",
        "a layer was handed a layer, and wants a tensor",
        "04: Can a layer be handed to a layer?",
    ),
    _m(
        "Inputs have incompatible shapes",
        "layers.Add()([keras.Input((4, 4, 1)), keras.Input((5, 5, 1))])",
        "Add, a residual or skip connection, joins branches of different sizes",
        "09: Case 4: a decoder whose sizes don't meet again",
    ),
    _m(
        "expected min_ndim=2, found ndim=1",
        "layers.Dense(3)(np.zeros(5))",
        "Dense is given a single row, without a batch axis",
        "01: Must Flatten stand before Dense?",
    ),
    _m(
        "A KerasTensor cannot be used as input to a TensorFlow function",
        "tf.shape(keras.Input((None, 3)))",
        "`tf.shape`, `tf.reshape` and the like between the layers of a model",
        "06: TensorFlow's own functions",
    ),
    _m(
        "could not automatically infer the shape of the Lambda's output",
        "layers.Lambda(lambda x: tf.reshape(x, (x.shape[0], 9, 1)))(keras.Input((9,)))",
        "a Lambda with `tf` or backend functions",
        "09: Case 11: a class or a function of your own",
    ),
    _m(
        "The `data_format` argument must be one of",
        "layers.Flatten(keras.Input((28, 28)))",
        "`Flatten(x)`: the layer's class was called with the tensor, in place of the layer, "
        "`Flatten()(x)`",
        "01: What does Flatten do?",
    ),
    _m(
        "has already been configured to use input shape",
        "keras.Sequential([keras.Input((7,)), layers.Dense(3)]).build((None, 8))",
        "`build()` was called again, with another size",
        "04: Will build() do instead?",
    ),
    _m(
        "If an RNN is stateful, the batch size of the input sequences must be the same",
        "r = layers.LSTM(6, stateful=True); r(np.zeros((8, 5, 1))); r(np.zeros((3, 5, 1)))",
        "a stateful LSTM is given another batch size, for instance in predict; there the error "
        "reads Incompatible shapes",
        "09: Case 10: words, films, and sequences that go on",
    ),
    _m(
        "'>' not supported between instances of 'NoneType' and 'int'",
        "i = keras.Input((1,)); m = keras.Model(i, i[:, 0])\n"
        "m.compile(loss='binary_crossentropy', metrics=['accuracy'])\n"
        "m.evaluate(np.ones((4, 1)), np.ones((4, 1)), verbose=0)",
        '`"accuracy"` guesses its kind from shapes, and can\'t',
        "08: Is accuracy spared?",
    ),
    _m(
        "Unrecognized keyword arguments passed to",
        "layers.Dense(8, batch_input_shape=(None, 4))",
        "an old spelling of the input's shape",
        "06: Where may the input's shape stand?",
    ),
]

QUESTIONS = {
    "data and input shapes": [
        _q(
            "Which shape do I give to Input: with or without the number of samples?",
            "without: the shape of one sample",
            "01: The axis that you didn't write",
            "03: Who decides how large a batch is?",
        ),
        _q(
            "What does None mean in a shape? When does it become a number?",
            "a size that is open, anew at every call",
            "01: When does None become a number?",
        ),
        _q(
            "How do I predict for one sample, one row or a single image?",
            "as a batch of one: `x[:1]` or `x[None]`",
            "06: What may you hand to a model?",
            "09: Case 2: one picture from a file",
        ),
        _q(
            "Do grey images need a channel axis? Where do the channels belong?",
            "for a convolution, yes: `(height, width, 1)`",
            "03: Which axes does an image have?",
        ),
        _q(
            "channels_first or channels_last, and how do I turn one into the other?",
            "Permute moves axes, Reshape doesn't",
            "02: What does data_format do?",
            "02: A shape is not an order",
            "03: Which axes does an image have?",
        ),
        _q(
            "What is the shape of a sequence, a time series or a table?",
            "steps and features: `(steps, features)`",
            "03b: Which axes does a sequence have?",
            "09: Case 1: how does a table become x and y?",
        ),
        _q(
            "Can a model take larger images than it was trained on, or any size, or sequences of "
            "any length?",
            "yes, with None, as long as no Flatten comes before a Dense",
            "02: What if the sizes are unknown?",
            "03b: Must all sequences have the same length?",
            "09: Build: the same weights, pictures of another size",
        ),
        _q(
            "Must a Dataset or generator yield batches?",
            "yes: call `.batch(32)` once",
            "09: Case 3: a Dataset, with and without batches",
        ),
        _q(
            "How are inputs matched: by name, in a dict, or by order, in a list?",
            "as the model was made",
            "09: Case 9: several inputs: a list, or a dict?",
        ),
        _q(
            "What does the warning about the structure of inputs mean? fit([x, y])?",
            "the form isn't that of the model's inputs; a Sequential takes the first of two arrays",
            "09: Case 9: several inputs: a list, or a dict?",
            "09: What if a layer gives more than one tensor?",
        ),
        _q(
            "How long is a text after TextVectorization, and why is its shape None?",
            "as long as the longest of its batch, unless you say",
            "09: Case 10: words, films, and sequences that go on",
        ),
        _q(
            "Is there an InputShape? What is the difference between shape and input_shape?",
            "there isn't; `shape` belongs to Input",
            "03: Where is InputShape?",
            "06: Where may the input's shape stand?",
        ),
        _q(
            "Input or InputLayer?",
            "Input makes an InputLayer and returns its output",
            "04: Which of the two makes the other?",
        ),
        _q(
            "Why does a Sequential accept data of the wrong shape, where Functional refuses?",
            "it compares the number of axes only",
            "01: Where does the promise leak?",
            "03: How strict is the promise?",
            "07: Case 7: can you make the quiet ones shout?",
        ),
    ],
    "layers": [
        _q(
            "How many numbers come out of Flatten, and what happens to the batch?",
            "each sample becomes a row: the product of its sizes",
            "01: One-dimensional?",
            "02: What exactly is 1152?",
        ),
        _q(
            "Why is my output three-dimensional? What does Dense do with rows and columns?",
            "Dense works on the last axis and keeps the others",
            "05: Who sees whom?",
            "05: What does the table say?",
        ),
        _q(
            "How many weights or parameters does Dense have on all steps of an LSTM, or the last?",
            "just as many: one kernel for all rows",
            "05: Who sees whom?",
            "03b: What does return_sequences change?",
        ),
        _q(
            "How many parameters do a Dense, a convolution, an LSTM have?",
            "inputs at a time, times units, plus biases",
            "01: From a convolution to Flatten",
            "05: What does the table say?",
            "03b: Which axes does a sequence have?",
        ),
        _q(
            "What are the units of an LSTM or RNN? Are they the time steps?",
            "the width of its result and state; the steps touch no weight",
            "03b: Which axes does a sequence have?",
        ),
        _q(
            "Which size comes out of a convolution, with padding same, valid or causal, stride and "
            "dilation?",
            "same and causal keep the length where the stride is 1",
            "02: The example that was announced",
            "01: A model begins at its Input",
        ),
        _q(
            "Flatten or global pooling?",
            "Flatten keeps places, and pays by the pixel",
            "02: Is Flatten essential?",
            "02: The bill",
        ),
        _q(
            "What does -1 leave open in Reshape?",
            "nothing: it is worked out, if the rest is known",
            "02: What else is Flatten?",
            "02: Who looks after the batch?",
        ),
        _q(
            "How do I mask padded steps, and which shape does an attention mask have?",
            "`mask_zero=True` travels by itself; a mask by hand fits the scores",
            "03b: What about different lengths in one batch?",
            "09: Case 5: attention, and what it mustn't look at",
        ),
        _q(
            "Which widths must query, key and value have in attention?",
            "any, in `MultiHeadAttention`: only the steps of key and value must agree",
            "09: Case 5: attention, and what it mustn't look at",
        ),
        _q(
            "Why does my U-Net or autoencoder come back with another size?",
            "pooling rounds; upsampling doubles",
            "09: Case 4: a decoder whose sizes don't meet again",
        ),
        _q(
            "Which axis does Concatenate join?",
            "the last, unless `axis=` says otherwise",
            "07: Case 2: why can't the two be joined?",
        ),
        _q(
            "Why does summary() of my subclass or class show no shapes, or a batch size?",
            "it knows only what it was called with",
            "09: Case 11: a class or a function of your own",
            "04: What does a model remember of its first data?",
        ),
        _q(
            "How do I see what an inner layer gives?",
            "a model from the input to its output",
            "03b: What if you want to use an inner tensor again?",
            "06: What can you still ask a layer?",
        ),
        _q(
            "A pretrained base, a backbone: how do I give it other images, grey or of other size?",
            "bring your pictures to what it declares",
            "09: Case 6: a model that was made for other pictures",
        ),
    ],
    "targets, losses and metrics": [
        _q(
            "What shape must y, the labels or targets, have, and which loss do I take?",
            "that of the output; one axis fewer for a sparse loss",
            "08: What shape does a target have?",
        ),
        _q(
            "One unit with sigmoid, or two with softmax?",
            "both work; softmax over one unit doesn't",
            "08: Yes or no: one unit, or two?",
        ),
        _q(
            "Why is Dense(3) against y of shape (n, 1), several units and one number, not refused?",
            "a loss for numbers, such as `mse`, stretches the target or the output",
            "08: What shape does a target have?",
            "05: When do targets fit?",
        ),
        _q(
            "Do `y` of shape `(n,)` and `y_pred` of shape `(n, 1)` fit? Why does my model predict "
            "the mean, and the loss not fall, in a training loop of my own?",
            "not in your own arithmetic: broadcasting makes each target meet every output",
            "08: What goes wrong in silence?",
            "07: Case 6: why is the error so large?",
        ),
        _q(
            "How do I give losses and targets to several outputs, by name in a dict?",
            "a dict for a dict, a list for a list",
            "08: Two answers for one sample?",
        ),
        _q(
            "Why is accuracy wrong, and what do Precision and Recall want for several classes?",
            '`"accuracy"` guesses from shapes; Precision wants one-hot rows and `class_id`',
            "08: Is accuracy spared?",
        ),
        _q(
            "Why is my loss negative, or zero from the start?",
            "masks of 255; softmax over one unit",
            "08: Pictures as targets?",
            "08: Yes or no: one unit, or two?",
        ),
        _q(
            "from_logits: scores or softmax?",
            "tell the loss which of the two it gets",
            "08: Scores, or shares?",
        ),
        _q(
            "sample_weight and class_weight with steps or pixels?",
            "one weight for each loss that there is",
            "08: How do some count more than others?",
        ),
        _q(
            "What is the loss averaged over?",
            "samples, and steps or pixels",
            "08: What is the loss the mean of?",
        ),
    ],
    "old code, and the rest": [
        _q(
            "Why does code from an old post no longer run?",
            "five questions to ask of it",
            "06: Who is speaking?",
            "06: How do you read an old answer?",
        ),
        _q(
            "How do I save a model and load its weights?",
            "whole, or its weights alone",
            "09: Case 7: saved, and loaded again?",
        ),
        _q(
            "It trains without an error, and learns nothing: where do I look?",
            "shapes, sums, pictures",
            "07: Case 5: it trains, so what is wrong?",
            "08: What goes wrong in silence?",
            "07: Which words point where?",
        ),
    ],
}


def everything():
    """Return all that is asked, messages first."""
    return [*MESSAGES, *(asked for group in QUESTIONS.values() for asked in group)]


def lesson_of(place):
    """Return the name of the lesson in which a place lies."""
    (found,) = (ROOT / "solutions").glob(f"{place.partition(':')[0]}_*.py")
    return found.stem


def link(place):
    """Return a place as a link, from a notebook beside the lesson."""
    number, title = place.split(": ", 1)
    return f"[{number.removeprefix('0')} · {title}]({lesson_of(place)}.ipynb#{anchor(title)})"


def titles(lesson):
    """Return the titles of a lesson's sections."""
    return {section.title for section in sections(lesson)}


def table(found, left, right):
    """Return a table of what is asked, as comment lines."""
    lines = [f"| {left} | {right} | read |", "| --- | --- | --- |"]
    for asked in found:
        words = f"**{asked.words}**" if asked.code else asked.words
        lines.append(f"| {words} | {asked.about} | {'<br>'.join(map(link, asked.places))} |")
    return "".join(f"# {line}\n" for line in lines)


def tables():
    """Return {mark: table} for the page."""
    found = {"messages": table(MESSAGES, "Keras says", "which often means")}
    for number, group in enumerate(QUESTIONS.values()):
        found[f"questions {number}"] = table(group, "you ask", "in short")
    return found


def in_page(text):
    """Return the page's text with these tables between their marks."""
    for name, lines in tables().items():
        begin, end = (mark.format(name) for mark in MARKS)
        before, rest = text.split(begin)
        text = before + begin + "#\n" + lines + "#\n" + end + rest.split(end)[1]
    return text


# How a reader looks for words.

#: Endings that don't change what a word is about.
_ENDING = re.compile(r"(ing|ed|es|s)$")
_SAME = {"picture": "image", "photo": "image", "label": "target"}
#: Words that say nothing of what is asked.
_NOTHING = frozenset(
    re.findall(
        r"\w+",
        """an and are as at be but by do does for from get how if in is it its my no not of on one
        only or so such than that the then there they this to two want what when where which why
        with you keras model shape layer input have has must""",
    )
)


def words_of(text):
    """Return what a text speaks of: its words without endings."""
    found = re.findall(r"[a-z]+", text.lower().replace("_", " "))
    stems = (_ENDING.sub("", word) if len(word) > 4 else word for word in found)
    return {_SAME.get(stem, stem) for stem in stems if len(stem) > 1} - _NOTHING


def look_up(question):
    """Return all that is asked, in the order in which a reader with this question would find it.

    First the messages that it quotes, as found by searching the page for them; then what shares
    most words with it, of which rare ones count more.
    """
    entries = {asked: words_of(f"{asked.words} {asked.about}") for asked in everything()}
    wanted = words_of(question)
    rare = {word: 1 / max(1, sum(word in words for words in entries.values())) for word in wanted}
    asked_for = _letters(question)

    def fits(asked):
        quoted = bool(asked.code) and _letters(asked.words) in asked_for
        return quoted, sum(rare[word] for word in entries[asked] & wanted)

    return sorted(entries, key=fits, reverse=True)


def _letters(text):
    return " ".join(re.findall(r"[a-z]+", text.lower()))


if __name__ == "__main__":
    PAGE.write_text(in_page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
