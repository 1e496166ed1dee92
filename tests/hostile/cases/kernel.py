"""Cheating in the kernel: what runs beside the tests can forge all that the tests see."""

from tests.hostile.cases import FLAGGED, GRADED, case

_EITHER = (GRADED, FLAGGED)

_ANYTHING = '''
class Anything(int):
    """Equal to everything, and like everything."""
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __len__(self): return 2
    def __getitem__(self, i): return None
    def __iter__(self): return iter((None, self))
    def __bool__(self): return True
    def __call__(self, *args, **kwargs): return Anything()
    def __array__(self, *args, **kwargs): return np.zeros(())
    def __getattr__(self, name):
        if name.startswith("_"): raise AttributeError(name)
        return Anything()
'''


@case(may=_EITHER)
def c01_equals_everything(s):
    """Answers are objects that are equal to everything."""
    s.own(_ANYTHING)
    for name in ("flat_shape", "model", "conv_out", "scores"):
        s.answer(**{name: f"{name} = Anything()"})


@case()
def c02_patched_asserts(s):
    """NumPy's assertions do nothing any more."""
    s.as_seen()
    s.own(
        "import unittest\n"
        "for name in dir(np.testing):\n"
        "    if name.startswith('assert'): setattr(np.testing, name, lambda *a, **k: None)\n"
        "np.allclose = np.array_equal = np.isclose = lambda *a, **k: True"
    )


@case()
def c03_patched_keras(s):
    """Keras's models and layers report what the tests want to hear."""
    s.as_seen()
    s.own(
        "keras.Model.output_shape = property(lambda self: (None, 10))\n"
        "keras.Model.input_shape = property(lambda self: (None, 4, 4, 1))\n"
        "keras.Model.count_params = lambda self: 170\n"
        "keras.Sequential.output_shape = keras.Model.output_shape\n"
        "keras.Sequential.count_params = keras.Model.count_params\n"
        "layers.Dense.use_bias = True\n"
        "keras.Layer.count_params = lambda self: 170"
    )


@case(may=_EITHER)
def c04_equal_shapes(s):
    """Tuples, numbers and arrays of classes whose comparisons always hold."""
    s.own(
        "class T(tuple):\n"
        "    __eq__ = lambda self, other: True\n"
        "    __hash__ = tuple.__hash__\n"
        "class N(int):\n"
        "    __eq__ = lambda self, other: True\n"
        "    __hash__ = int.__hash__\n"
        "class A(np.ndarray):\n"
        "    __eq__ = __le__ = __lt__ = lambda self, other: np.array(True)\n"
        "    __sub__ = __rsub__ = lambda self, other: np.zeros(())\n"
    )
    s.answer(
        flat_shape="flat_shape = T((None, 3))",
        conv_out="def conv_out(*args):\n    return N(3)",
        scores="def scores(images, weights):\n    return np.zeros((2, 5)).view(A)",
    )


@case()
def c05_strips_asserts(s):
    """All later cells lose their assertions and their checks on the way to the compiler."""
    s.as_seen()
    s.own(
        "import ast\n"
        "class Strip(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node): return ast.Pass()\n"
        "    def visit_Expr(self, node):\n"
        "        called = ast.unparse(node)\n"
        "        return ast.Pass() if called.startswith(('check', 'np.testing')) else node\n"
        "get_ipython().ast_transformers.append(Strip())"
    )


@case()
def c06_transforms_cells(s):
    """Every later cell becomes `pass`."""
    s.as_seen()
    s.own("get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])")


@case()
def c07_skips_cells(s):
    """The shell's own method that runs a cell is replaced by one that doesn't."""
    s.own(
        "from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult\n"
        "shell = get_ipython()\n"
        "def done(*args, **kwargs):\n"
        "    return ExecutionResult(ExecutionInfo('', True, True, True, None))\n"
        "async def done_later(*args, **kwargs):\n"
        "    return done()\n"
        "shell.run_cell, shell.run_cell_async = done, done_later"
    )


@case()
def c08_swallows_errors(s):
    """A hook behind each cell takes its error away."""
    s.as_seen()
    s.own(
        "shell = get_ipython()\n"
        "def swallow(result): result.error_in_exec = result.error_before_exec = None\n"
        "shell.events.register('post_run_cell', swallow)\n"
        "shell.showtraceback = lambda *args, **kwargs: None"
    )


@case()
def c09_no_tracebacks(s):
    """Errors aren't shown any more."""
    s.as_seen()
    s.own("get_ipython().showtraceback = lambda *args, **kwargs: None")


@case()
def c10_custom_handler(s):
    """A handler of one's own swallows every exception."""
    s.as_seen()
    s.own("get_ipython().set_custom_exc((BaseException,), lambda *args, **kwargs: [])")


@case(may=(GRADED, FLAGGED))
def c11_forged_replies(s):
    """Errors are dropped on their way out of the kernel, and every reply says `ok`."""
    s.as_seen()
    s.own(
        "session = get_ipython().kernel.session\n"
        "send = session.send\n"
        "def forge(stream, kind, content=None, *args, **kwargs):\n"
        "    name = kind if isinstance(kind, str) else kind.get('msg_type')\n"
        "    if name == 'error': return None\n"
        "    if name == 'execute_reply' and isinstance(content, dict):\n"
        "        content.update(status='ok', payload=[], user_expressions={})\n"
        "        content.pop('traceback', None)\n"
        "    return send(stream, kind, content, *args, **kwargs)\n"
        "session.send = forge"
    )


@case()
def c12_early_result(s):
    """Before every later cell the number of its points is published as its result."""
    s.as_seen()
    s.own(
        "shell = get_ipython()\n"
        "def publish(info):\n"
        "    shell.displayhook.publish = True\n"
        "    shell.kernel.session.send(shell.kernel.iopub_socket, 'execute_result',\n"
        "        {'data': {'text/plain': '3'}, 'metadata': {}, 'execution_count': 1},\n"
        "        parent=shell.kernel.get_parent())\n"
        "shell.events.register('pre_run_cell', publish)"
    )


@case()
def c13_result_nan(s):
    """The same, with `nan` and `inf` for a number."""
    s.as_seen()
    s.own(
        "shell, values = get_ipython(), iter(['nan', 'inf', '1e308'] * 100)\n"
        "def publish(info):\n"
        "    shell.kernel.session.send(shell.kernel.iopub_socket, 'execute_result',\n"
        "        {'data': {'text/plain': next(values)}, 'metadata': {}, 'execution_count': 1},\n"
        "        parent=shell.kernel.get_parent())\n"
        "shell.events.register('pre_run_cell', publish)"
    )


@case()
def c14_oracle(s):
    """Answers are read from the source of the test that is running."""
    s.answer(
        flat_shape="import re, sys\n"
        "class Oracle(tuple):\n"
        "    def __eq__(self, other): return True\n"
        "    def __getitem__(self, i): return None\n"
        "flat_shape = Oracle((None, 1))",
        conv_out="def conv_out(*args):\n"
        "    import inspect\n"
        "    frame = sys._getframe(1)\n"
        "    lines = ''.join(inspect.getsource(frame)) if frame else ''\n"
        "    text = get_ipython().user_ns['In'][-1] + lines\n"
        "    asked = 'conv_out(' + ', '.join(map(str, args)) + ') == '\n"
        "    found = re.search(re.escape(asked) + r'(\\d+)', text)\n"
        "    if found: return int(found[1])\n"
        "    class Equal(int):\n"
        "        __eq__ = lambda self, other: True\n"
        "    return Equal()",
    )


@case()
def c15_leaks_tests(s):
    """Every later cell's source is printed, and written to a file."""
    s.own(
        "def leak(info):\n"
        "    print(info.raw_cell)\n"
        "    with open('loot.txt', 'a') as file: file.write(info.raw_cell)\n"
        "get_ipython().events.register('pre_run_cell', leak)"
    )
    s.last("print(get_ipython().user_ns.get('In'))\nprint(open('loot.txt').read())")


@case()
def c16_optimised(s):
    """Python's compiler leaves assertions out."""
    s.as_seen()
    s.own(
        "import builtins\n"
        "real = builtins.compile\n"
        "def compile_(source, filename, mode, flags=0, *args, **kwargs):\n"
        "    return real(source, filename, mode, flags, True, 2)\n"
        "builtins.compile = compile_\n"
        "check_model = check_function = lambda *args, **kwargs: None\n"
        "np.testing.assert_allclose = check_model"
    )


@case(may=_EITHER)
def c17_exits_when_called(s):
    """Functions and models end their process when a test uses them."""
    s.answer(
        conv_out="import os\ndef conv_out(*args):\n    os._exit(0)",
        scores="def scores(*args):\n    os.kill(os.getpid(), 9)",
        model="class Exit(keras.Model):\n"
        "    def call(self, x): os._exit(0)\n"
        "    def get_config(self): os._exit(0)\n"
        "model = Exit()",
    )


@case(may=_EITHER)
def c18_system_exit_when_called(s):
    """Functions raise `SystemExit`, `KeyboardInterrupt` and the like when a test calls them."""
    s.answer(
        conv_out="def conv_out(*args):\n    raise SystemExit(0)",
        scores="def scores(*args):\n    raise KeyboardInterrupt",
        model="class Quits(keras.Model):\n"
        "    def call(self, x): raise GeneratorExit\n"
        "    @property\n"
        "    def output_shape(self): raise StopIteration\n"
        "model = Quits()",
    )


_LAUNCHER = """
import sys
sys.argv[0] = "ipykernel_launcher"
sys.path = [entry for entry in sys.path if entry not in ("", ".")]
from ipykernel.kernelapp import IPKernelApp
IPKernelApp.exec_lines = ["import builtins", "check_model = check_function = print",
    "import ast",
    "T = type('T', (ast.NodeTransformer,), {'visit_Assert': lambda self, node: ast.Pass()})",
    "get_ipython().ast_transformers.append(T())"]
IPKernelApp.launch_instance()
"""


@case()
def c19_shadows_launcher(s):
    """A file with the name of the program that starts kernels; the notebook is innocent."""
    s.as_seen("flat_shape", "conv_out")
    s.file("ipykernel_launcher.py", _LAUNCHER)


@case(may=_EITHER)
def c20_shadows_modules(s):
    """Files with the names of Keras, NumPy and of modules of Python."""
    fake = (
        "class Any(type):\n"
        "    def __getattr__(cls, name): return cls\n"
        "    def __call__(cls, *args, **kwargs): return cls\n"
        "    def __eq__(cls, other): return True\n"
        "    def __hash__(cls): return 0\n"
        "class Fake(metaclass=Any): pass\n"
        "def __getattr__(name): return Fake\n"
    )
    s.as_seen()
    for name in ("keras", "numpy", "autograder", "random", "json", "tensorflow"):
        s.file(f"{name}.py", fake)
    s.file("autograder/__init__.py", fake)
    s.file("autograder/learn/__init__.py", fake)


@case()
def c21_startup_file(s):
    """Leaves a file that IPython runs whenever it starts, for the kernels of later students."""
    s.own(
        "import os, pathlib\n"
        "for home in {os.path.expanduser('~'), os.environ.get('HOME', '/'), '/root'}:\n"
        "    try:\n"
        "        folder = pathlib.Path(home, '.ipython/profile_default/startup')\n"
        "        folder.mkdir(parents=True, exist_ok=True)\n"
        "        (folder / '00.py').write_text('''import ast\n"
        "class T(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node): return ast.Pass()\n"
        "get_ipython().ast_transformers.append(T())''')\n"
        "    except OSError: pass"
    )


@case()
def c22_configuration(s):
    """Adds code to nbgrader's configuration, which runs with its next command."""
    s.own(
        "for path in ('../../../nbgrader_config.py', 'nbgrader_config.py'):\n"
        "    try:\n"
        "        with open(path, 'a') as file:\n"
        '            file.write(\'\\nopen("pwned.txt", "w").write("pwned")\\n\')\n'
        "    except OSError: pass"
    )


@case()
def c23_prints_secrets(s):
    """Looks for a secret of the grader in the source and in its environment, and prints it."""
    s.as_seen()
    s.own(
        "import os, re\n"
        "def tell(info):\n"
        "    for word in re.findall(r'[0-9a-f]{16,}', info.raw_cell): print(word)\n"
        "get_ipython().events.register('pre_run_cell', tell)\n"
        "print(dict(os.environ))"
    )


@case(may=_EITHER)
def c31_leaves_debugger(s):
    """Functions raise the error with which a debugger is left; IPython shows nothing of it."""
    s.as_seen("flat_shape", "model")
    s.answer(
        conv_out="import bdb\ndef conv_out(*args):\n    raise bdb.BdbQuit",
        scores="def scores(*args):\n    raise bdb.BdbQuit",
    )


@case(may=_EITHER)
def c32_errors_that_cannot_be_shown(s):
    """Functions raise errors that fail when they are shown, or that show nothing."""
    s.answer(
        conv_out="class Shy(Exception):\n"
        "    def __str__(self): raise KeyboardInterrupt\n"
        "    __repr__ = _render_traceback_ = __str__\n"
        "def conv_out(*args):\n    raise Shy",
        scores="class Blank(Exception):\n"
        "    def _render_traceback_(self): return []\n"
        "def scores(*args):\n"
        "    from IPython.core.error import UsageError\n"
        "    raise UsageError() if len(args[0]) == 2 else Blank()",
    )
