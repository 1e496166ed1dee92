"""What a program may leave behind that others could notice, and a program that leaves all of it."""

import textwrap

#: Prints what a program finds, and what it draws by chance, which is different each time. Needs
#: `folders`, in which it looks.
STATE = textwrap.dedent("""
    import gc, json, os, sys, threading, uuid, warnings
    import keras, matplotlib.pyplot as plt, numpy as np, tensorflow as tf, random

    def target(descriptor):
        try:
            return os.readlink("/proc/self/fd/" + descriptor)
        except OSError:  # It was open for the listing only.
            return ""

    same = {
        "modules": sorted(sys.modules),
        "files": {f: sorted(os.listdir(f)) for f in folders},
        "environment": {n: v for n, v in os.environ.items() if n != "JPY_SESSION_NAME"},
        "path": sys.path,
        "cwd": os.getcwd(),
        "names": [keras.layers.Dense(1).name for _ in range(2)] + [keras.Sequential().name],
        "settings": [keras.config.floatx(), keras.config.dtype_policy().name,
                     keras.config.image_data_format(), keras.config.epsilon()],
        "custom": sorted(keras.saving.get_custom_objects()),
        "numpy": str(np.get_printoptions()) + str(np.geterr()),
        "matplotlib": {n: str(v) for n, v in plt.rcParams.items()},
        "figures": plt.get_fignums(),
        "tensorflow": tf.config.functions_run_eagerly(),
        "warnings": len(warnings.filters),
        "threads": sorted(t.name.split("-")[0] for t in threading.enumerate()),
        "descriptors": sorted(filter(os.path.isabs, map(target, os.listdir("/proc/self/fd")))),
        "limit": sys.getrecursionlimit(),
        "umask": os.umask(0o22),
        "patched": keras.layers.Dense.call.__name__,
    }
    drawn = [random.random(), float(np.random.rand()), float(np.random.default_rng().random()),
             float(tf.random.uniform(())), float(keras.random.uniform(())), uuid.uuid4().hex,
             float(keras.layers.Dense(1).add_weight(shape=(), initializer="glorot_uniform"))]
    print(json.dumps([same, drawn]))
""")
MISCHIEF = textwrap.dedent("""
    import builtins, os, random, sys, threading, time, types, warnings
    import keras, matplotlib.pyplot as plt, numpy as np, tensorflow as tf
    sys.modules["left_behind"] = types.ModuleType("left_behind")
    builtins.left_behind = 1
    open("left_behind.txt", "w").write("x")
    os.environ["LEFT_BEHIND"] = "x"
    sys.path.append("/left/behind")
    os.chdir("/")
    os.umask(0o77)
    random.seed(1); np.random.seed(1); keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    keras.config.set_floatx("float16")
    keras.config.set_dtype_policy("mixed_float16")
    keras.config.set_image_data_format("channels_first")
    keras.saving.get_custom_objects()["left_behind"] = model
    keras.layers.Dense.call = lambda self, x: x
    np.set_printoptions(precision=1); np.seterr(all="raise")
    plt.rcParams["figure.dpi"] = 7; plt.figure()
    tf.config.run_functions_eagerly(True)
    warnings.simplefilter("error")
    sys.setrecursionlimit(5000)
    held = [open("/dev/null") for _ in range(5)]
    threading.Thread(target=time.sleep, args=[1000], daemon=True).start()
    print("done")
""")
