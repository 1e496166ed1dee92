"""Against what stands for a student's layers and models, and against what vets them."""

from tests.hostile.cases import FLAGGED, GRADED, case
from tests.hostile.cases.tricks import forging
from tests.hostile.lesson import RIGHT, SEEN

_EITHER = (GRADED, FLAGGED)

_INPUT = (
    "{'module': 'keras.layers', 'class_name': 'InputLayer', 'registered_name': None,\n"
    " 'config': {'batch_shape': [None, 4, 4, 1], 'dtype': 'float32', 'name': 'i'}}"
)


def _forged_model(entries, weights="[]", before=""):
    """Return source that answers with a Sequential of these configurations and weights."""
    return forging(
        "if request['op'] == 'get' and request['name'] == 'model':\n"
        "    def layer(kind, name, **config):\n"
        "        return {'module': 'keras.layers', 'class_name': kind, 'registered_name': None,\n"
        "                'config': {'name': name, **config}}\n"
        f"    first = {_INPUT.replace(chr(10), '')}\n"
        f"    {before or 'pass'}\n"
        f"    config = {{'module': 'keras', 'class_name': 'Sequential', 'registered_name': None,\n"
        f"              'config': {{'name': 'm', 'layers': [first, *{entries}]}}}}\n"
        f"    return {{'value': {{'k': 'model', 'handle': 1, 'config': written(config),\n"
        f"                      'weights': {weights}}}, 'warnings': []}}"
    )


@case(may=_EITHER)
def a30_wrong_weights(s):
    """A model's weights are one too many, of other shapes, of other types, by the thousand."""
    s.own(
        _forged_model(
            "[layer('Flatten', 'f'), layer('Dense', 'd', units=10)]",
            "[[array((16, 10))], [array((16, 10))] * 1000, [array((3,))] * 2, [1, 2],\n"
            "  [array((16, 10), '<c16'), array((10,))]][asked[key] % 5]",
        )
    )


@case(may=_EITHER)
def a31_million_nested(s):
    """A model in a model in a model, a million deep, and one of fifty thousand layers."""
    s.own(
        _forged_model(
            "[layer('Flatten', 'f')] + [layer('Identity', f'n{i}') for i in range(50_000)]",
        )
    )
    s.answer(
        model="model = keras.Sequential([keras.Input((4, 4, 1)), layers.Flatten()])\n"
        "for _ in range(300):\n    model = keras.Sequential([model])"
    )


@case(may=_EITHER)
def a32_slow_to_compute(s):
    """A small model of Keras's own layers that would fill the memory when it is called."""
    s.answer(
        model="model = keras.Sequential([keras.Input((4, 4, 1))]\n"
        "    + [layers.UpSampling2D(32) for _ in range(3)]\n"
        "    + [layers.GlobalMaxPooling2D(), layers.Dense(10)])"
    )


@case(may=_EITHER)
def a33_names_of_keras(s):
    """Classes of the student's own have the names of Keras's, and lie about what they are."""
    s.answer(
        model="class Dense(keras.Layer):\n"
        "    units, use_bias = 10, True\n"
        "    def call(self, x): return keras.ops.zeros((keras.ops.shape(x)[0], 10))\n"
        "    def compute_output_shape(self, shape): return (None, 10)\n"
        "    def count_params(self): return 170\n"
        "    def get_config(self): return {'units': 10, 'name': 'dense'}\n"
        "Dense.__module__ = Dense.__qualname__ = 'keras.layers.Dense'\n"
        "model = keras.Sequential([keras.Input((4, 4, 1)), layers.Flatten(), Dense()])"
    )


@case(may=_EITHER)
def a34_lies_about_shape(s):
    """What stands for a model says the right shapes and sizes, but computes something else."""
    s.own(
        forging(
            "def symbol(*shape):\n"
            "    return {'k': 'keras_tensor', 'shape': list(shape), 'dtype': 'float32',\n"
            "            'name': 'x'}\n"
            "facts = {'k': 'remote_model', 'handle': 1, 'class': 'Sequential', 'name': 'm',\n"
            "         'built': True, 'trainable': [True, True], 'names': ['kernel', 'bias'],\n"
            "         'weights': [array((16, 10)), array((10,))], 'activation': None,\n"
            "         'parts': [], 'ends': [[symbol(None, 4, 4, 1)], [symbol(None, 10)]]}\n"
            "if request.get('name') == 'model':\n"
            "    return {'value': facts, 'warnings': []}\n"
            "if request['op'] == 'layer':\n"
            "    return {'value': {**array((8, 10)), 'k': 'tensor'}, 'warnings': []}"
        )
    )


@case(may=_EITHER)
def a35_changes_shape(s):
    """What stands for a model has other weights and other parts after every call."""
    s.own(
        forging(
            "count = sum(asked.values())\n"
            "facts = {'k': 'remote_model', 'handle': 1, 'class': 'Sequential', 'name': 'm',\n"
            "         'built': True, 'trainable': [True] * count, 'names': ['w'] * count,\n"
            "         'weights': [array((count, 10))] * count, 'activation': 'relu',\n"
            "         'parts': [], 'ends': None}\n"
            "if request.get('name') == 'model':\n"
            "    return {'value': facts, 'warnings': []}\n"
            "if request['op'] == 'layer':\n"
            "    return {'value': array((1, 10)), 'facts': facts, 'warnings': []}"
        )
    )


@case(may=_EITHER)
def a36_code_in_activation(s):
    """Activations and penalties of the student's own, that run code."""
    s.answer(
        model="def attack(*args, **kwargs):\n"
        "    open('/tmp/pwned.txt', 'a').write('pwned')\n"
        "    return args[0] if args else 0\n"
        "keras.saving.register_keras_serializable('keras')(attack)\n"
        "model = keras.Sequential([keras.Input((4, 4, 1)), layers.Flatten(),\n"
        "    layers.Dense(9, activation=attack, kernel_regularizer=attack)])"
    )


@case(may=_EITHER)
def a37_modules_in_config(s):
    """Configurations name modules, functions, types and bytes that Keras would import."""
    s.own(
        _forged_model(
            "[odd[asked[key] % 7]]",
            before="odd = [{'module': 'os', 'class_name': 'system', 'config': 'id', "
            "'registered_name': 'system'}, "
            "{'module': 'builtins', 'class_name': 'function', 'config': 'eval', "
            "'registered_name': 'function'}, "
            "layer('Activation', 'a', activation={'module': 'builtins', 'class_name': 'function', "
            "'config': 'exec', 'registered_name': 'function'}), "
            "layer('Dense', 'd', units={'class_name': '__typespec__', 'spec_name': 'system', "
            "'module': 'os', 'spec': ['id']}), "
            "layer('TorchModuleWrapper', 't', module={'class_name': '__bytes__', 'value': 'x'}), "
            "layer('TFSMLayer', 't', filepath='/etc'), "
            "layer('Dense', 'd', units=10, kernel_initializer={'module': 'keras.initializers', "
            "'class_name': 'Constant', 'registered_name': 'autograder>Bounded', "
            "'config': {'initializer': 'ones', 'budget': 10**9}})]",
        )
    )


@case(may=_EITHER)
def a38_markup_in_names(s):
    """Layers, models, functions and errors have names and texts that are scripts."""
    bad = "<script>hostile()</script>"
    s.answer(
        model=f"model = keras.Sequential([keras.Input((4, 4, 1)), layers.Flatten()],\n"
        f"                         name={bad.replace('/', ' ')!r})",
        conv_out=f"def conv_out(*args):\n    raise ValueError('{bad}' + \"<img src=x \"\n"
        "                     'onerror=hostile()>')",
        scores=f"class Bad(list):\n    __repr__ = __str__ = lambda self: '{bad}'\n"
        "def scores(images, weights):\n    return Bad()\n"
        f"scores.__name__ = scores.__qualname__ = '{bad}'",
        flat_shape=f"flat_shape = (None, '{bad}')",
    )


@case()
def a39_slow_calls(s):
    """Every call takes almost as long as a cell may take, and there are many of them."""
    s.as_seen()
    s.answer(
        conv_out="import time\ndef conv_out(*args):\n"
        "    time.sleep(6)\n    return 8 if len(args) == 2 else 4",
        scores="def scores(images, weights):\n    time.sleep(6)\n    return np.full((2, 5), 12.0)",
    )


@case(may=_EITHER)
def a40_seen_then_hidden(s):
    """Functions count their calls: right as long as the tests are those that can be seen."""
    s.answer(
        conv_out="calls = 0\n"
        + RIGHT["conv_out"].replace(
            "    return",
            "    global calls\n    calls += 1\n    if calls > 3: return -1\n    return",
        ),
        scores=SEEN["scores"],
    )


@case(points=10, may=_EITHER)
def a41_own_layers_that_are_right(s):
    """Right, and honest: a layer of the student's own in the place of Flatten."""
    s.right()
    s.answer(
        model="class Flat(keras.Layer):\n"
        "    def call(self, x):\n"
        "        return keras.ops.reshape(x, (-1, 16))\n"
        "model = keras.Sequential([keras.Input((4, 4, 1)), Flat(), layers.Dense(10)])"
    )


@case(may=_EITHER)
def a42_equals_everything(s):
    """Objects that say of themselves that they are equal to all, in all, and above all."""
    s.answer(
        conv_out="class Any:\n    __eq__ = __lt__ = __gt__ = __contains__ = lambda *_: True\n"
        "    __ne__ = lambda *_: False\n    __hash__ = lambda self: 1\n"
        "def conv_out(*args, **options):\n    return Any()",
        flat_shape="class Any(list):\n    __eq__ = lambda *_: True\n    __len__ = lambda _: 2\n"
        "    __getitem__ = lambda *_: None\n    __iter__ = lambda _: iter([None, 0])\n"
        "flat_shape = Any()",
    )


@case(may=_EITHER)
def a43_lies_about_its_shape(s):
    """A model of a class of their own whose methods say what they should, and do it not."""
    s.answer(
        model="class Mine(keras.Model):\n"
        "    def call(self, x):\n        return keras.ops.zeros((len(x), 10))\n"
        "    def compute_output_shape(self, shape):\n        return shape[0], 10\n"
        "    def predict(self, x, **options):\n        return np.zeros((len(x), 10))\n"
        "    def count_params(self):\n        return 170\n"
        "model = Mine()"
    )
