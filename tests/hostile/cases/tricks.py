"""Source that gets between a student's objects and whoever asks for them, for several cases."""

import textwrap

# Finds the module that answers requests wherever it is kept, replaces what it answers with, and
# looks again before and after each cell and now and then, in case a new one has been loaded.
_HOOK = '''
import gc, threading, time, types

def _agents():
    found = [x for x in gc.get_objects() if type(x) is types.ModuleType]
    return [x for x in found if callable(vars(x).get("answer")) and "kept" in vars(x)]

_hooked = {}

def _hook(*args):
    for module in _agents():
        if vars(module).get("answer") is not _hooked.get(id(module)):
            _hooked[id(module)] = module.answer = _made(module, module.answer)

def _hook_on():
    while True:
        time.sleep(0.2)
        _hook()

def written(value):
    """Write a value as the module that answers requests would."""
    if isinstance(value, dict):
        return {"k": "dict", "v": {key: written(v) for key, v in value.items()}}
    if isinstance(value, tuple):
        return {"k": "tuple", "v": [written(v) for v in value]}
    if isinstance(value, float):
        return {"k": "float", "v": value.hex()}
    return [written(v) for v in value] if isinstance(value, list) else value

def array(shape, dtype="<f4", fill=0):
    import base64, math
    data = np.full(shape, fill, dtype).tobytes()
    return {"k": "array", "dtype": dtype, "shape": list(shape),
            "v": base64.b64encode(data).decode()}

for _event in ("pre_execute", "post_execute"):
    get_ipython().events.register(_event, _hook)
threading.Thread(target=_hook_on, daemon=True).start()
'''


def hooked(source):
    """Return source that answers requests by `forged(request)`, which `source` defines."""
    made = "\ndef _made(module, answer):\n    return lambda request: forged(request)\n"
    return f"{source}\n{made}{_HOOK}_hook()"


def forging(body):
    """Return source that answers requests by `body`; where that returns nothing, honestly.

    The body's names: `request`, `honest` (a function that gives the honest reply), `asked` (how
    often each request has come).
    """
    body = textwrap.indent(body, " " * 8)
    made = (
        "\nasked = {}\n"
        "def _made(module, answer):\n"
        "    def forged(request):\n"
        "        honest = lambda: answer(request)\n"
        "        key = (request['op'], request.get('name', request.get('handle')))\n"
        "        asked[key] = asked.get(key, 0) + 1\n"
        f"{body}\n"
        "        return honest()\n"
        "    return forged\n"
    )
    return f"{made}{_HOOK}_hook()"


# Writes text of its own in the place of each reply that goes out as JSON.
_RAW = """
import json
_dumps, _dump_count = json.dumps, [0]

def _raw(value, *args, **kwargs):
    is_reply = isinstance(value, dict) and "warnings" in value and len(value) <= 5
    if is_reply and ("value" in value or "error" in value or "missing" in value):
        _dump_count[0] += 1
        return raw(_dump_count[0])
    return _dumps(value, *args, **kwargs)

json.dumps = _raw
"""


def raw(source):
    """Return source that sends `raw(number)`, which `source` defines, for each reply."""
    return f"{source}\n{_RAW}"
