"""Cheating that knows how answers are asked for: forged answers, configurations and arguments."""

from tests.hostile.cases import FLAGGED, GRADED, case
from tests.hostile.cases.tricks import forging, hooked
from tests.hostile.lesson import RIGHT

_EITHER = (GRADED, FLAGGED)


@case(may=_EITHER)
def c24_forged_callable(s):
    """Every answer is claimed to be a function, and every call to give True."""
    s.own(
        forging(
            "if request['op'] == 'get':\n"
            "    return {'value': {'k': 'function', 'handle': 1, 'name': 'f', 'type': 'function',\n"
            "                      'v': 'f'}, 'warnings': []}\n"
            "return {'value': True, 'changed': [], 'warnings': []}"
        )
    )


def _config(config):
    return forging(
        "if request['op'] == 'get' and request['name'] == 'model':\n"
        f"    config = {config}\n"
        "    return {'value': {'k': 'model', 'handle': 1, 'config': written(config),\n"
        "                      'weights': []}, 'warnings': []}"
    )


_SEQUENTIAL = (
    "{{'module': 'keras', 'class_name': 'Sequential', 'registered_name': None,\n"
    "  'config': {{'name': 'm', 'layers': [{}]}}}}"
)


@case(may=_EITHER)
def c25_evil_config(s):
    """A forged configuration of a model with a `Lambda` layer whose code is sent along."""
    evil = (
        "{'module': 'keras.layers', 'class_name': 'Lambda', 'registered_name': None, 'config':\n"
        "  {'function': {'class_name': '__lambda__', 'config': {'code':\n"
        "   '4wEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADzAAAAAA==', 'defaults': None,\n"
        "   'closure': None}}}}"
    )
    s.own(_config(_SEQUENTIAL.format(evil)))


@case(may=_EITHER)
def c26_bomb_config(s):
    """A forged configuration of a model with layers of ten million units."""
    bomb = (
        "*[{'module': 'keras.layers', 'class_name': 'Dense', 'registered_name': None,\n"
        "   'config': {'name': f'd{i}', 'units': 9_999_999}} for i in range(9)]"
    )
    first = (
        "{'module': 'keras.layers', 'class_name': 'InputLayer', 'registered_name': None,\n"
        " 'config': {'batch_shape': (None, 9_999_999), 'dtype': 'float32', 'name': 'i'}}, "
    )
    s.own(_config(_SEQUENTIAL.format(first + bomb)))


_INPUT = (
    "{{'module': 'keras.layers', 'class_name': 'InputLayer', 'registered_name': None,\n"
    " 'config': {{'batch_shape': {}, 'dtype': 'float32', 'name': 'i'}}}}, "
)


@case(may=_EITHER)
def c45_no_initialisers(s):
    """A forged configuration of layers of 90,000 units whose weights have no initialiser."""
    bomb = (
        "*[{'module': 'keras.layers', 'class_name': 'Dense', 'registered_name': None, 'config':\n"
        "   {'name': f'd{i}', 'units': 90_000, 'kernel_initializer': None}} for i in range(3)]"
    )
    s.own(_config(_SEQUENTIAL.format(_INPUT.format("(None, 90_000)") + bomb)))


@case(may=_EITHER)
def c46_weights_without_a_setting(s):
    """A forged configuration of a layer that has a weight for each of 900,000,000 inputs."""
    bomb = (
        "{'module': 'keras.layers', 'class_name': 'RMSNormalization', 'registered_name': None,\n"
        " 'config': {'name': 'r', 'axis': [1, 2]}}"
    )
    s.own(_config(_SEQUENTIAL.format(_INPUT.format("(None, 30_000, 30_000)") + bomb)))


@case(may=_EITHER)
def c47_spoils_arguments(s):
    """A function sets its arguments to zero, and so all that a check computes from them then."""
    s.answer(
        scores="def scores(images, weights):\n"
        "    images *= 0\n"
        "    weights *= 0\n"
        "    return np.zeros((len(images), weights.shape[1]))"
    )


@case(may=_EITHER)
def c48_lies_about_arguments(s):
    """It is claimed of every call that it has emptied the arguments, and gives zeros."""
    s.own(
        forging(
            "if request['op'] == 'call' and len(request['args']) == 2:\n"
            "    images, weights = [a['v'] for a in request['args']]\n"
            "    empty = [[a['n'], array(a['v']['shape'], a['v']['dtype'])]\n"
            "             for a in request['args']]\n"
            "    value = array((images['shape'][0], weights['shape'][1]), '<f8')\n"
            "    return {'value': value, 'shared': {'changes': empty}, 'warnings': []}"
        )
    )
    s.answer(scores="def scores(images, weights):\n    return 0")


_SPY = (
    "seen = []\n"
    "def conv_out(*args, **kwargs):\n"
    "    seen.append(args)\n"
    "    open('seen.txt', 'a').write(repr(args))\n"
)


@case(two_pass=True)
def c27_argument_spy(s):
    """A function records the arguments of hidden calls; a later cell prints them."""
    s.answer(conv_out=_SPY + "    return 3")
    s.last("import pathlib\nprint(seen)\nprint(pathlib.Path('seen.txt').read_text())")


@case(may=_EITHER)
def c28_corrupt_replies(s):
    """Replies are malformed: lists, wrong types, nothing, texts of 20 MB."""
    s.own(
        hooked(
            "odd = [[], None, 7, 'text', {}, {'value': {'k': 'array'}},\n"
            "       {'value': 'x' * 20_000_000}, {'value': {'k': ['list']}}, {'error': 3},\n"
            "       {'value': {'k': 'tuple', 'v': {}}},\n"
            "       {'value': None, 'warnings': 'none'}, {'missing': 1}]\n"
            "turn = iter(odd * 1000)\n"
            "def forged(request):\n"
            "    return next(turn)"
        )
    )


@case(may=_EITHER)
def c29_odd_data(s):
    """Answers are not numbers, numbers of a million digits, nested a hundred deep."""
    s.answer(
        flat_shape="flat_shape = None\nfor _ in range(100):\n    flat_shape = (None, flat_shape)",
        model="model = 10 ** 1_000_000",
        conv_out="def conv_out(*args):\n    return float('nan')",
        scores="def scores(images, weights):\n"
        "    return np.full((len(images), weights.shape[1]), np.nan, dtype='float16')",
    )


@case(points=3, two_pass=True)
def c30_argument_spy_who_is_right(s):
    """The function is right, and records the arguments of hidden calls all the same."""
    s.answer(conv_out=_SPY + "    return right(*args, **kwargs)")
    s.own(RIGHT["conv_out"].replace("def conv_out", "def right"), before="conv_out")
    s.last("import pathlib\nprint(seen)\nprint(pathlib.Path('seen.txt').read_text())")


@case(points=3, two_pass=True)
def c33_arguments_in_a_later_error(s):
    """The arguments of hidden calls stand in the error by which a later check fails in the open."""
    s.answer(
        conv_out=_SPY + "    return right(*args, **kwargs)",
        scores="def scores(*args):\n    raise ValueError(f'{seen}')",
    )
    s.own(RIGHT["conv_out"].replace("def conv_out", "def right"), before="conv_out")


@case(points=5, two_pass=True)
def c34_arguments_in_a_later_warning(s):
    """A later check is passed, with a warning that tells the arguments of hidden calls."""
    s.answer(
        conv_out=_SPY + "    return right(*args, **kwargs)",
        scores=(
            "import warnings\n\n"
            "def scores(images, weights):\n"
            "    warnings.warn(f'{seen}')\n"
            "    return images.reshape(len(images), -1) @ weights"
        ),
    )
    s.own(RIGHT["conv_out"].replace("def conv_out", "def right"), before="conv_out")


# Two submissions that are graded at the same time: one tells, one listens


def _tells(s, how):
    s.answer(
        conv_out=(
            "def conv_out(size, kernel, stride=1, padding=0):\n"
            "    if size > 1000 and not told:\n"
            "        told.append(tell())\n"
            "        time.sleep(10)\n"
            "    return (size - kernel + 2 * padding) // stride + 1"
        )
    )
    s.own(f"import fcntl, struct, time\ntold = []\ndef tell():\n    {how}", before="conv_out")


def _listens(s, how):
    s.own(
        "import fcntl, struct, time\n"
        "shared = open(keras.__file__)\n"
        f"def is_told():\n    {how}\n"
        "for _ in range(120):\n"
        "    if is_told():\n"
        "        print('BREACH: a classmate told of a hidden test')\n"
        "        break\n"
        "    time.sleep(0.1)"
    )


@case(points=3, two_pass=True)
def c41_tells_by_a_lock(s):
    """A right function that, when hidden tests call it, locks a file that classmates see."""
    _tells(s, "shared = open(keras.__file__); fcntl.flock(shared, fcntl.LOCK_EX); return shared")


@case(two_pass=True)
def c42_listens_to_a_lock(s):
    """A cell looks for twelve seconds whether a classmate has locked that file."""
    _listens(
        s,
        "try: fcntl.flock(shared, fcntl.LOCK_SH | fcntl.LOCK_NB)\n"
        "    except OSError: return True\n"
        "    fcntl.flock(shared, fcntl.LOCK_UN)",
    )


@case(points=3, two_pass=True)
def c43_tells_by_a_record_lock(s):
    """A right function that, when hidden tests call it, locks a part of such a file."""
    _tells(s, "shared = open(keras.__file__); fcntl.lockf(shared, fcntl.LOCK_SH); return shared")


@case(two_pass=True)
def c44_listens_to_a_record_lock(s):
    """A cell asks for twelve seconds whether a classmate has locked a part of that file."""
    _listens(
        s,
        "lock = struct.pack('hhqqi', fcntl.F_WRLCK, 0, 0, 0, 0)\n"
        "    return struct.unpack_from('h', fcntl.fcntl(shared, fcntl.F_GETLK, lock))[0]"
        " != fcntl.F_UNLCK",
    )
