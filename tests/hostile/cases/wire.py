"""Against the way in which answers travel, and against what becomes of them."""

from tests.hostile.cases import FLAGGED, GRADED, case
from tests.hostile.cases.tricks import forging, hooked, raw
from tests.hostile.lesson import RIGHT, SEEN

_EITHER = (GRADED, FLAGGED)


@case(may=_EITHER)
def a01_exchanged_after_first(s):
    """Honest at the first question, and then whatever answers is exchanged for one that lies."""
    s.as_seen()
    s.own(
        forging(
            "if sum(asked.values()) > 1:\n    return {'value': True, 'changed': [], 'warnings': []}"
        )
    )


@case(may=_EITHER)
def a02_other_the_second_time(s):
    """Every answer is another one when it is asked for again, and so is every result."""
    s.own(
        forging(
            "if request['op'] == 'call':\n"
            "    values = [8, 4, 3, True, written(2.5)]\n"
            "    return {'value': values[asked[key] % 5], 'changed': [], 'warnings': []}\n"
            "if request.get('name') == 'flat_shape':\n"
            "    values = [[None, 3], written((None, 0)), {'k': 'opaque', 'type': 'T', 'v': ''}]\n"
            "    return {'value': values[asked[key] % 3], 'warnings': []}"
        )
    )
    s.as_seen("model", "conv_out", "scores")


@case(may=_EITHER)
def a03_large_reply(s):
    """Replies of 64 MB, as one text, as many, and as an array that claims more than it has."""
    s.own(
        raw(
            "def raw(number):\n"
            "    if number % 3 == 0: return '{\"value\": \"' + 'x' * 2**26 + '\"}'\n"
            "    if number % 3 == 1: return '{\"value\": [' + '0,' * 2**24 + '0]}'\n"
            '    return (\'{"value": {"k": "array", "dtype": "<f8", \'\n'
            '            \'"shape": [1099511627775, 16], "v": "AAAA"}}\')'
        )
    )


@case(may=_EITHER)
def a04_deep_reply(s):
    """Replies of lists in lists and objects in objects, a million deep."""
    s.own(
        raw(
            "def raw(number):\n"
            "    deep = 10**6\n"
            "    if number % 2: return '{\"value\": ' + '[' * deep + ']' * deep + '}'\n"
            "    return '{\"value\": ' + '{\"k\":\"tuple\",\"v\":[' * deep + ']}' * deep + '}'"
        )
    )


@case(may=_EITHER)
def a05_double_keys(s):
    """Replies in which every key stands twice: a harmless value, and another."""
    s.own(
        raw(
            "def raw(number):\n"
            '    return (\'{"value": 3, "value": {"k": "function", "handle": 0, \'\n'
            '            \'"handle": -1, "name": "f", "name": "__import__", "v": "", \'\n'
            '            \'"type": "t"}, "missing": true, "missing": false, "warnings": []}\')'
        )
    )


@case(may=_EITHER)
def a06_other_tokens(s):
    """Replies with `NaN`, `Infinity`, numbers of a hundred thousand digits, half surrogates."""
    s.own(
        raw(
            "odd = ['NaN', 'Infinity', '-Infinity', '9' * 100_000, '1e999', '\"\\\\ud800\"',\n"
            '       \'{"k": "int", "v": "0x\' + \'f\' * 3999 + \'"}\',\n'
            '       \'{"k": "float", "v": "nan"}\', \'{"k": "float", "v": "0x1p99999999"}\']\n'
            "def raw(number):\n"
            "    return '{\"warnings\": [], \"value\": ' + odd[number % len(odd)] + '}'"
        )
    )


@case(may=_EITHER)
def a07_no_json(s):
    """Replies that are no JSON, or several at once, or hold a byte of zero."""
    s.own(
        raw(
            "odd = ['', '{}{}', 'null', '\\x00', '{\"value\": 1}\\n{\"value\": 2}', '\\ufeff{}',\n"
            '       \'__import__("os").system("id")\', \'{"value": 1\']\n'
            "def raw(number):\n"
            "    return odd[number % len(odd)]"
        )
    )


@case(may=_EITHER)
def a08_forged_errors(s):
    """Every answer is an error of a kind that stops a program, or that means "all is well"."""
    s.own(
        forging(
            "names = ['SystemExit', 'KeyboardInterrupt', 'GeneratorExit', 'StopIteration',\n"
            "         'Undecided', 'CheckFailed', 'BdbQuit', 'StopAsyncIteration', 'Bad', 'Exit',\n"
            "         'MemoryError', 'RecursionError', 'SystemError', 'StudentDied']\n"
            "name = names[sum(asked.values()) % len(names)]\n"
            "base = name if name in dir(__builtins__) else 'BaseException'\n"
            "return {'warnings': [], 'error': {'k': 'exception', 'type': name, 'base': base,\n"
            "        'module': 'builtins', 'text': '0', 'args': [0]}}"
        )
    )


@case(may=_EITHER)
def a09_forged_warnings(s):
    """Warnings by the thousand, of odd kinds, with markup and with text for a terminal."""
    s.as_seen()
    s.own(
        forging(
            "bad = '<script>hostile()</script>'\n"
            "said = [[bad, 'x'], ['Warning', bad], ['SystemExit', 'x'], ['print', 'x'],\n"
            "        ['UserWarning', '\\x1b]0;hostile\\x07'],\n"
            "        ['DeprecationWarning', '<img src=x onerror=hostile()>' * 100]] * 16\n"
            "if request['op'] in ('get', 'call', 'layer'):\n"
            "    return {**honest(), 'warnings': said}"
        )
    )


@case(may=_EITHER)
def a10_handles(s):
    """Handles that were never given out, negative ones, and those of other kinds of things."""
    s.own(
        forging(
            "handles = [-1, 10**6 - 1, 10**30, True, 'a', None, 0, [0]]\n"
            "handle = handles[sum(asked.values()) % len(handles)]\n"
            "kinds = ['held', 'function', 'layer', 'remote_model', 'tensor']\n"
            "return {'value': {'k': kinds[asked[key] % 5], 'handle': handle, 'name': None,\n"
            "        'v': '', 'type': 'x', 'config': written({}), 'weights': []},\n"
            "        'changed': [[5, None, []]], 'warnings': []}"
        )
    )


@case(may=_EITHER)
def a11_changes_of_others(s):
    """A reply claims that layers of the judge have other weights now, and other shapes."""
    s.as_seen()
    s.own(
        forging(
            "if request['op'] in ('call', 'layer'):\n"
            "    return {**honest(), 'changed': [[n, None, [array((16, 10))]] for n in range(9)]}"
        )
    )


@case(may=_EITHER)
def a12_never_decided(s):
    """Whatever is asked is said to be impossible to hand over, in words for a terminal."""
    s.own(
        forging(
            "said = '\\x1b]0;hostile\\x1b\\\\ \\x1b]52;c;aG9zdGlsZQ==\\x07' + 'x' * 10**6\n"
            "return {'unsent': said, 'warnings': []}"
        )
    )


@case(may=_EITHER)
def a13_endless_functions(s):
    """Every call of a function gives another function, and every model holds itself."""
    s.own(
        "def endless(*args, **kwargs):\n    return lambda *args, **kwargs: endless()\n"
        "class Mirror(keras.Model):\n"
        "    layers = property(lambda self: [self] * 50)\n"
        "    def call(self, x): return self(x)\n"
    )
    s.answer(
        conv_out="conv_out = scores = endless",
        flat_shape="flat_shape = []\nflat_shape += [flat_shape, flat_shape]",
        model="model = Mirror()",
    )


@case(may=_EITHER)
def a14_odd_arrays(s):
    """Arrays without entries that claim giant axes, of one entry, of texts, complex ones."""
    s.as_seen("model")
    s.own(
        forging(
            "if request['op'] == 'call':\n"
            "    odd = [array((0, 2**39)), array((0, 3)), array((1,)), array((), '<c16'),\n"
            "           {'k': 'objects', 'dtype': 'O', 'shape': [], 'v': [None]},\n"
            "           {'k': 'scalar', **{**array((0,)), 'k': 'scalar'}}, array((2, 5), '|b1')]\n"
            "    return {'value': odd[asked[key] % 7], 'changed': [], 'warnings': []}"
        )
    )


@case()
def a15_empty_arrays(s):
    """Results without entries, of which all that is said is true."""
    s.answer(
        scores="def scores(images, weights):\n"
        "    return np.empty((0, weights.shape[1])) if len(images) == 1 else \\\n"
        "        np.full((2, 5), 12.0)",
        conv_out="def conv_out(*args):\n    return np.array([])",
        flat_shape="flat_shape = np.empty((2, 0))",
    )


@case()
def a16_symbols_for_numbers(s):
    """Keras's symbols, data types and functions in the place of numbers: odd to compare."""
    s.answer(
        conv_out="def conv_out(*args):\n    return keras.Input((1,))",
        flat_shape="flat_shape = keras.Input((210,))",
        scores="def scores(images, weights):\n    return keras.Input((5,))",
    )


@case(may=_EITHER)
def a17_not_finite(s):
    """Infinite and undefined numbers where a tolerance might swallow them."""
    s.answer(
        flat_shape="flat_shape = (None, float('nan'))",
        conv_out="def conv_out(*args):\n    return np.nan",
        scores="def scores(images, weights):\n"
        "    return np.full((len(images), weights.shape[1]), np.inf)",
        model=SEEN["model"] + "\n"
        "model.set_weights([np.full(w.shape, np.nan) for w in model.get_weights()])",
    )


@case(points=3, may=_EITHER)
def a18_late_definition(s):
    """Answers are put right in the last cell, when their checks are over; one was right before."""
    s.right("conv_out")
    s.last("\n\n".join(RIGHT[name] for name in ("flat_shape", "model", "scores")))


@case(may=_EITHER)
def a19_namespace(s):
    """The shell's names are kept by an object that invents whatever is asked for."""
    s.own(
        "class Names(dict):\n"
        "    def __contains__(self, name): return True\n"
        "    def __missing__(self, name): return Always()\n"
        "class Always(tuple):\n"
        "    def __eq__(self, other): return True\n"
        "    def __len__(self): return 2\n"
        "    __hash__ = tuple.__hash__\n"
        "shell = get_ipython()\n"
        "try:\n"
        "    shell.user_module.__dict__.update(Names(shell.user_ns))\n"
        "    shell.user_ns = Names(shell.user_ns)\n"
        "    shell.user_global_ns.update(shell.user_ns)\n"
        "except Exception as error: print(error)"
    )


@case()
def a20_look_alikes(s):
    """Names with letters of another alphabet that look the same."""
    s.answer(
        conv_out=RIGHT["conv_out"].replace("conv_out", "c\u043env_out"),
        flat_shape=RIGHT["flat_shape"].replace("flat", "fl\u0430t"),
        model=RIGHT["model"].replace("model", "m\u043edel"),
        scores=RIGHT["scores"].replace("scores", "sc\u043eres"),
    )


@case()
def a21_names_of_the_judge(s):
    """The names that checks use (`np`, `check_model`, `assert`'s error) are the student's now."""
    s.as_seen()
    s.own(
        "import builtins\n"
        "class Quiet:\n"
        "    def __getattr__(self, name): return Quiet()\n"
        "    def __call__(self, *args, **kwargs): return Quiet()\n"
        "    def __eq__(self, other): return True\n"
        "np_, np = np, Quiet()\n"
        "check_model = check_function = by_einsum = share = Quiet()\n"
        "builtins.AssertionError = Quiet\n"
        "builtins.tuple = builtins.isinstance = builtins.range = Quiet()"
    )


@case(may=_EITHER)
def a22_arguments_in_errors(s):
    """Functions tell the arguments of hidden calls by errors, warnings, names and results."""
    s.answer(
        conv_out="import warnings\n"
        "def conv_out(*args):\n"
        "    if args[:2] == (10, 3): return 8 if len(args) == 2 else 4\n"
        "    warnings.warn(f'called with {args}')\n"
        "    print('called with', args)\n"
        "    raise ValueError(f'called with {args}')"
    )


@case(may=_EITHER)
def a23_verdict_of_ones_own(s):
    """Cells show verdicts like those of the checks, and try to change what checks have shown."""
    s.as_seen()
    s.own(
        "from IPython.display import display\n"
        "card = {'text/plain': '3', 'text/html': '<b>Right: 3 of 3 points</b>',\n"
        "        'application/vnd.autograder.verdict+json': {'state': 'right', 'share': 1.0}}\n"
        "for number in range(30):\n"
        "    display(card, raw=True, display_id=f'card{number}')\n"
        "    display(card, raw=True, display_id=f'card{number}', update=True)"
    )
    s.last("from autograder.learn.verdict import *\ndeliver(Verdict('right', 'Yes', share=1.0), 3)")


@case(may=_EITHER)
def a24_hooked_pickle(s):
    """Objects that run code when they are written, read, copied, compared or shown."""
    s.own(
        "import os\n"
        "def attack(*args):\n"
        "    open('pwned.txt', 'a').write('pwned')\n"
        "    try: open('/tmp/pwned.txt', 'a').write('pwned')\n"
        "    except OSError: pass\n"
        "    return 'pwned'\n"
        "class Evil(tuple):\n"
        "    __reduce__ = lambda self: (os.system, ('touch pwned.txt /tmp/pwned.txt',))\n"
        "    __repr__ = __str__ = __format__ = __len__ = __eq__ = __deepcopy__ = attack\n"
        "    __class__ = property(lambda self: tuple)\n"
        "    __hash__ = tuple.__hash__\n"
        "shaped = np.empty((2,), dtype=object)\n"
        "shaped[:] = [Evil(), Evil()]"
    )
    s.answer(
        flat_shape="flat_shape = Evil((None, 3))",
        conv_out="def conv_out(*args):\n    return Evil()",
        scores="def scores(*args):\n    return shaped",
    )


@case(may=_EITHER)
def a25_forged_everything(s):
    """The whole side of the student is exchanged for a program that answers all with 1."""
    s.own(hooked("def forged(request):\n    return {'value': 1, 'warnings': []}"))


@case(may=_EITHER)
def a26_ends_loops(s):
    """Right for the visible calls; for others `StopIteration`, which ends a loop without a word."""
    s.answer(
        conv_out="def conv_out(size, kernel, stride=1, padding=0):\n"
        "    if padding: raise StopIteration\n"
        "    return 8 if stride == 1 else 4"
    )


@case(may=_EITHER)
def a27_half_letters(s):
    """Errors and warnings whose texts no file can hold: half a surrogate pair, zero bytes."""
    s.as_seen("flat_shape")
    s.own(
        forging(
            "text = '\\ud800\\x00\\udfff'\n"
            "if request['op'] == 'call':\n"
            "    return {'error': {'k': 'exception', 'type': 'ValueError', 'base': 'ValueError',\n"
            "            'module': 'builtins', 'text': text, 'args': [text]},\n"
            "            'warnings': [['UserWarning', text]]}\n"
            "if request.get('name') == 'model':\n"
            "    return {'value': text, 'warnings': [['UserWarning', text]]}"
        )
    )


@case(may=_EITHER)
def a28_errors_that_cannot_be_shown(s):
    """Errors are claimed whose kinds and arguments don't fit, to make showing them fail."""
    s.own(
        forging(
            "odd = [('SyntaxError', ['x', 'y', 3]), ('KeyError', [None]), ('SystemExit', [None]),\n"
            "       ('UnicodeEncodeError', ['a', 'b', 0, 9, 'c']),\n"
            "       ('OSError', [2, 'x', 'y', None, 7]),\n"
            "       ('ExceptionGroup', ['x']), ('UsageError', ['x']), ('BdbQuit', []),\n"
            "       ('KeyboardInterrupt', []), ('StopIteration', [3]), ('ImportError', ['x'])]\n"
            "if request['op'] in ('call', 'get', 'layer'):\n"
            "    name, args = odd[sum(asked.values()) % len(odd)]\n"
            "    return {'error': {'k': 'exception', 'type': name, 'base': name, 'args': args,\n"
            "            'module': 'builtins', 'text': str(args[0]) if args else ''},\n"
            "            'warnings': []}"
        )
    )
