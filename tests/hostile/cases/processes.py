"""Against the sandbox, the watchdog, and the messages between the kernel and the grader."""

from tests.hostile.cases import FLAGGED, GRADED, case
from tests.hostile.cases.tricks import forging

_EITHER = (GRADED, FLAGGED)

_FOLDER = (
    "import os, time\n"
    "from ipykernel.connect import get_connection_file, get_connection_info\n"
    "folder = os.path.dirname(get_connection_info(unpack=True)['ip']) or '.'\n"
)


@case(may=_EITHER)
def a50_forged_messages(s):
    """The key that signs the kernel's messages is used to forge some, of every kind."""
    s.as_seen()
    s.own(
        "shell = get_ipython()\n"
        "session, socket = shell.kernel.session, shell.kernel.iopub_socket\n"
        "parent = shell.kernel.get_parent()\n"
        "for kind, content in [\n"
        "    ('status', {'execution_state': 'idle'}),\n"
        "    ('status', {'execution_state': 'starting'}),\n"
        "    ('execute_result', {'data': {'text/plain': '10'}, 'metadata': {},\n"
        "                        'execution_count': 10**30}),\n"
        "    ('stream', {'name': 'stdout', 'text': ['a', 'list']}),\n"
        "    ('stream', {'name': 7}), ('display_data', {'data': None}),\n"
        "    ('error', {'ename': [], 'evalue': {}, 'traceback': 'x' * 10**6}),\n"
        "    ('clear_output', {'wait': False}), ('comm_open', {'target_name': 'x'}),\n"
        "    ('update_display_data', {'data': {}, 'transient': {'display_id': []}}),\n"
        "    ('shutdown_reply', {'restart': True}), ('input_request', {'prompt': 'x'}),\n"
        "    ('execute_input', {'code': 'x', 'execution_count': -1}), ('odd', {}),\n"
        "]:\n"
        "    for channel in (socket, shell.kernel.shell_stream):\n"
        "        try: session.send(channel, kind, content, parent=parent)\n"
        "        except Exception: pass"
    )


@case(slow=True, may=_EITHER)
def a51_no_replies(s):
    """The kernel never says that it has finished, and never replies."""
    s.as_seen()
    s.own("get_ipython().kernel.session.send = lambda *args, **kwargs: None")


@case(may=_EITHER)
def a52_raw_bytes(s):
    """What goes out on the kernel's sockets is no message: parts missing, wrong signatures."""
    s.as_seen()
    s.own(
        "import zmq\n"
        "socket = get_ipython().kernel.iopub_socket\n"
        "for parts in ([b''], [b'x'] * 3, [b'<IDS|MSG>'],\n"
        "              [b'a', b'<IDS|MSG>', b'0' * 64, b'{', b'}', b'[', b'null'],\n"
        "              [b'<IDS|MSG>', b'', b'{}', b'{}', b'{}', b'{}'],\n"
        "              [b'\\xff' * 10_000_000]):\n"
        "    try: getattr(socket, 'io_thread', socket).socket.send_multipart(parts)\n"
        "    except Exception as error: print(type(error))"
    )


@case(may=_EITHER)
def a53_takes_over_sockets(s):
    """The kernel's sockets are deleted, and links, pipes and folders stand in their place."""
    s.as_seen()
    s.own(
        _FOLDER + "for number, name in enumerate(sorted(os.listdir(folder))):\n"
        "    path = os.path.join(folder, name)\n"
        "    try:\n"
        "        os.remove(path)\n"
        "        make = [lambda: os.symlink('/etc/passwd', path), lambda: os.mkfifo(path),\n"
        "                lambda: os.mkdir(path), lambda: os.symlink('/root', path)]\n"
        "        make[number % 4]()\n"
        "    except OSError: pass"
    )


@case(may=_EITHER)
def a54_many_small_files(s):
    """The folder of the kernel's sockets gets a hundred thousand empty files."""
    s.own(
        _FOLDER + "try:\n"
        "    for number in range(20_000):\n"
        "        os.close(os.open(f'{folder}/file{number}', os.O_CREAT | os.O_WRONLY))\n"
        "    time.sleep(4)\n"
        "    if folder != '.': print('BREACH: 20,000 files in', folder)\n"
        "except OSError: pass"
    )


@case(may=_EITHER)
def a55_memory_without_pages(s):
    """Memory that no process has mapped: anonymous files, 2.5 GB of them."""
    s.own(
        "import os, time\n"
        "piece, held = bytes(50_000_000), []\n"
        "try:\n"
        "    for number in range(50):\n"
        "        held.append(os.memfd_create(f'm{number}'))\n"
        "        os.write(held[-1], piece)\n"
        "    time.sleep(3)\n"
        "    print('BREACH: 2.5 GB in anonymous files')\n"
        "except OSError: pass"
    )


@case(may=_EITHER)
def a56_shared_memory(s):
    """Memory that no process has mapped: System V segments, 2.5 GB of them."""
    s.own(
        "import ctypes, time\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "libc.shmat.restype = ctypes.c_void_p\n"
        "size, count = 50_000_000, 0\n"
        "for _ in range(50):\n"
        "    segment = libc.shmget(0, size, 0o1600)\n"
        "    address = libc.shmat(segment, None, 0) if segment >= 0 else None\n"
        "    if address in (None, 2**64 - 1): break\n"
        "    ctypes.memset(address, 1, size)\n"
        "    libc.shmdt(ctypes.c_void_p(address))\n"
        "    count += 1\n"
        "time.sleep(3)\n"
        "if count == 50: print('BREACH: 2.5 GB in shared segments')"
    )


@case(may=_EITHER)
def a57_descriptors(s):
    """Looks for descriptors that were left open, and reads and writes all that it finds."""
    s.own(
        "import os\n"
        "for number in os.listdir('/proc/self/fd'):\n"
        "    try: target = os.readlink(f'/proc/self/fd/{number}')\n"
        "    except OSError: continue\n"
        "    inside = ('/box', '/tmp', '/dev', '/proc', 'socket', 'pipe', 'anon', '/usr', '/lib')\n"
        "    if not target.startswith(inside) and '.so' not in target and 'ython' not in target:\n"
        "        print('BREACH: descriptor', number, target)"
    )


@case()
def a58_namespaces(s):
    """Tries to get out: other `namespaces`, mounts, tracing, raw sockets, set-user-id programs."""
    s.own(
        "import ctypes, os, socket, subprocess\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "if libc.unshare(0x10000000) == 0: print('BREACH: a user namespace')\n"
        "if libc.mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0: print('BREACH: a mount')\n"
        "if libc.ptrace(16, os.getppid(), 0, 0) == 0 and os.getppid() != 1:\n"
        "    print('BREACH: tracing', os.getppid())\n"
        "for family in (socket.AF_PACKET, socket.AF_INET):\n"
        "    try: socket.socket(family, socket.SOCK_RAW); print('BREACH: a raw socket', family)\n"
        "    except OSError: pass\n"
        "try: os.setuid(0); print('BREACH: root')\n"
        "except OSError: pass\n"
        "for name in ('su', 'mount', 'sudo', 'bwrap'):\n"
        "    try: subprocess.run([name, '--version'], capture_output=True, timeout=2)\n"
        "    except Exception: pass\n"
        "for path in ('/etc/shadow', '/etc/hostname', '/root/.profile'):\n"
        "    try: print('BREACH:', path, len(open(path).read()))\n"
        "    except OSError: pass"
    )


@case()
def a59_answer_keys(s):
    """Looks for solutions and for the grader among all that can be imported and read."""
    s.own(
        "import importlib, os, sys\n"
        "for name in ('autograder.grade.run.wire', 'autograder.author.build',\n"
        "             'autograder.grade.run.judge', 'tests.hostile.lesson', 'solutions',\n"
        "             'autograder.grade.run.student.agent'):\n"
        "    try: print('BREACH:', importlib.import_module(name).__file__)\n"
        "    except ImportError: pass\n"
        "for entry in {*sys.path, '/', '/box', '/tmp', os.getcwd()}:\n"
        "    for folder in ('solutions', 'tests', 'source', 'submitted'):\n"
        "        path = os.path.join(entry or '.', folder)\n"
        "        if os.path.isdir(path) and os.path.basename(entry) != 'site-packages':\n"
        "            print('BREACH:', path)"
    )


@case(points=3, may=_EITHER)
def a60_dies_at_each_question(s):
    """The process ends at every second question; one answer is right."""
    s.right("conv_out")
    s.own(
        forging(
            "import os\nif request.get('name') in ('model', 'flat_shape', 'scores'): os._exit(1)"
        )
    )


@case(slow=True, may=_EITHER)
def a61_hangs_at_each_question(s):
    """The process hangs at every question, and can't be interrupted."""
    s.own(
        forging(
            "import signal, time\n"
            "while True:\n"
            "    try: time.sleep(1000)\n"
            "    except BaseException: pass"
        )
    )


@case(may=_EITHER)
def a62_other_when_repeated(s):
    """Cells that do something else when they are run again after a restart."""
    s.own(
        "import os, pathlib, time\n"
        "marker = pathlib.Path('/tmp/ran_before')\n"
        "again = marker.exists()\n"
        "marker.touch()\n"
        "if again: os._exit(3)"
    )
    s.answer(model="os._exit(1)")
    s.as_seen("conv_out", "scores")


@case(may=_EITHER)
def a63_control_channel(s):
    """Asks the kernel itself to shut down, to restart, and to debug, while cells are run."""
    s.own(
        "kernel = get_ipython().kernel\n"
        "import threading, time\n"
        "def stop():\n"
        "    time.sleep(1)\n"
        "    kernel.io_loop.add_callback(kernel.io_loop.stop)\n"
        "threading.Thread(target=stop, daemon=True).start()\n"
        "from IPython.display import display\n"
        "kernel.shell.payload_manager.write_payload({'source': 'ask_exit', 'keepkernel': False})\n"
        "kernel.shell.payload_manager.write_payload({'source': 'set_next_input', 'text': '1',\n"
        "                                            'replace': True})\n"
        "time.sleep(2)"
    )


@case(may=_EITHER)
def a64_text_for_terminals(s):
    """Errors, prints and results hold sequences that a terminal would obey."""
    escape = "\\x1b]0;hostile\\x07\\x1b[2J\\x1b]52;c;aG9zdGlsZQ==\\x07\\r\\x08"
    s.own(f"print('{escape}')")
    s.answer(
        conv_out=f"def conv_out(*args):\n    raise ValueError('{escape}')",
        flat_shape=f"flat_shape = ('{escape}', '{escape}')",
        scores=f"class E(BaseException): pass\ndef scores(*args):\n    raise E('{escape}')",
        model=f"raise RuntimeError('{escape}')",
    )
