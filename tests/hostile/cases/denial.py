"""Denial of service: loops, memory, processes, floods. All is bounded, in case nothing stops it."""

from tests.hostile.cases import FLAGGED, GRADED, case

_EITHER = (GRADED, FLAGGED)


@case(points=7, slow=True)
def d01_loop(s):
    """An endless loop in one answer; the others are right."""
    s.right()
    s.answer(model="while True:\n    pass")


@case(slow=True)
def d02_loop_that_goes_on(s):
    """An endless loop that can't be interrupted."""
    s.own(
        "import signal\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    )


@case(points=5)
def d03_exits(s):
    """One answer ends its process at once; two others are right."""
    s.right("flat_shape", "conv_out")
    s.answer(model="import os\nos._exit(0)")


@case(points=7)
def d04_system_exit(s):
    """One answer raises `SystemExit`; the others are right."""
    s.right()
    s.answer(model="import sys\nsys.exit(0)")


@case(points=7, may=_EITHER)
def d05_much_memory(s):
    """One answer asks for 64 GB, piece by piece; the others are right."""
    s.right()
    s.answer(model="pieces = []\nfor _ in range(1000):\n    pieces.append(bytearray(2**26))")


@case()
def d06_fifty_processes(s):
    """Fifty processes in sessions of their own, which sleep."""
    s.own(
        "import os, time\n"
        "for _ in range(50):\n"
        "    if os.fork() == 0:\n"
        "        os.setsid()\n        time.sleep(90)\n        os._exit(0)"
    )


@case()
def d07_fills_disk(s):
    """Writes 200 MB into its folder and 200 MB into the folder for temporary files."""
    s.own(
        "import tempfile\n"
        "for place in ('.', tempfile.gettempdir()):\n"
        "    try:\n"
        "        for number in range(4):\n"
        "            with open(f'{place}/large{number}', 'wb') as file:\n"
        "                for _ in range(50): file.write(bytes(10**6))\n"
        "        print('BREACH: 200 MB in', place)\n"
        "    except OSError: pass"
    )


@case()
def d08_prints_much(s):
    """Prints 200 MB."""
    s.own("line = 'x' * 999\nfor _ in range(200_000):\n    print(line)")


@case()
def d09_kills_parent(s):
    """Sends `SIGKILL` to its parent, the grader."""
    s.own("import os, signal\nif os.getppid() > 1:\n    os.kill(os.getppid(), signal.SIGKILL)")


@case(slow=True)
def d10_stops_itself(s):
    """Stops its own process, which then neither works nor ends."""
    s.own("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)")


@case()
def d11_locks_gradebook(s):
    """A process left behind holds a lock on the gradebook."""
    s.own(
        "import os, sqlite3, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    book = sqlite3.connect('../../../gradebook.db', isolation_level=None)\n"
        "    book.execute('BEGIN EXCLUSIVE')\n"
        "    time.sleep(60)\n"
        "    os._exit(0)\n"
        "time.sleep(1)"
    )


@case(slow=True)
def d12_prints_on(s):
    """Prints without end, and goes on when it is interrupted."""
    s.own(
        "import time\n"
        "end = time.time() + 20\n"
        "while time.time() < end:\n"
        "    try:\n"
        "        while time.time() < end: print('more and more')\n"
        "    except KeyboardInterrupt: pass"
    )


@case()
def d13_waits_for_the_end(s):
    """A process left behind waits until grading is over, then edits the gradebook."""
    s.own(
        "import os, sqlite3, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    for _ in range(40):\n"
        "        time.sleep(1)\n"
        "        try:\n"
        "            book = sqlite3.connect('../../../gradebook.db')\n"
        "            book.execute('UPDATE grade SET manual_score = 9, needs_manual_grade = 0')\n"
        "            book.commit()\n"
        "        except Exception: pass\n"
        "    os._exit(0)"
    )


@case()
def d14_never_leaves(s):
    """A thread and an exit handler that don't end when the process should."""
    s.own(
        "import atexit, signal, threading, time\n"
        "threading.Thread(target=time.sleep, args=(120,)).start()\n"
        "atexit.register(time.sleep, 120)\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    )


@case()
def d15_rich_output(s):
    """Displays 60 MB of HTML, and a picture that is none."""
    s.own(
        "from IPython.display import HTML, display\n"
        "display(HTML('<b>' + 'x' * 60_000_000 + '</b>'))\n"
        "display({'image/png': 'x' * 5_000_000}, raw=True)"
    )


@case()
def d16_memory_in_children(s):
    """Four processes hold 600 MB each, which no limit of one process sees."""
    s.own(
        "import os, time\n"
        "reading, writing = os.pipe()\n"
        "for _ in range(4):\n"
        "    if os.fork() == 0:\n"
        "        held = b'x' * 600_000_000\n"
        "        os.write(writing, b'1')\n"
        "        time.sleep(20)\n"
        "        os._exit(0)\n"
        "for _ in range(4): os.read(reading, 1)\n"
        "time.sleep(6)\n"
        "print('BREACH: more than 2 GB in use')"
    )


@case()
def d17_fills_sockets(s):
    """Fills every folder that it can write in, that of the kernel's sockets first."""
    s.own(
        "import os, time\n"
        "from ipykernel.connect import get_connection_info\n"
        "folder = os.path.dirname(get_connection_info(unpack=True)['ip'])\n"
        "written = 0\n"
        "try:\n"
        "    for number in range(8):\n"
        "        with open(f'{folder}/fill{number}', 'wb') as file:\n"
        "            for _ in range(30): written += file.write(bytes(10**6))\n"
        "    time.sleep(3)\n"
        "    print('BREACH: 240 MB in', folder)\n"
        "except OSError: pass"
    )


@case()
def d18_floods_descriptors(s):
    """Writes 100 MB to the descriptors 1 and 2 of its process, past Python."""
    s.own(
        "import os\n"
        "for descriptor in (1, 2, 3, 4):\n"
        "    try:\n"
        "        for _ in range(50): os.write(descriptor, b'x' * 10**6)\n"
        "    except OSError: pass"
    )


@case(slow=True, may=_EITHER)
def d19_two_thousand_cells(s):
    """Two thousand cells without marks, each like an answer, and each a little other."""
    for cell in s.cells:
        cell["metadata"] = {}
        cell.pop("id")
    text = "conv_out size kernel stride padding return scores images weights model layers\n" * 20
    for number in range(1900):
        s.own(f"'''{number}\n{text}'''\n")


@case()
def d20_long_lines(s):
    """Texts of 190,000 characters that make careless patterns take for ever."""
    s.own("a, " * 60_000 + "b")
    s.own("a" * 190_000, before="conv_out")
    s.answer(scores=" " * 190_000 + "\nraise NotImplementedError")
    for odd in ("[", "*a **b ", "![](", "<a ", "`", "\\(", "> "):
        s.last(odd * (50_000 // len(odd)), kind="markdown")


@case()
def d21_forks_on(s):
    """Processes that beget the next one and end, so that none is there for long."""
    s.own(
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    for _ in range(400):\n"
        "        if os.fork() > 0: os._exit(0)\n"
        "        os.setsid()\n"
        "        time.sleep(.05)\n"
        "    os._exit(0)"
    )


@case(points=7)
def d22_long_prose(s):
    """Three right answers, and a text of 190,000 harmless words' characters in prose."""
    s.right("flat_shape", "conv_out", "scores")
    s.last("A shape is a tuple of sizes. " * 6_500, kind="markdown")


@case(points=7)
def d23_much_prose(s):
    """Three right answers, and seven hundred texts with formulas, lists and tables."""
    s.right("flat_shape", "conv_out", "scores")
    for number in range(700):
        s.last(f"- **{number}** $x^{number}$\n\n| a | b |\n|---|---|\n| 1 | `2` |", kind="markdown")


@case(points=7)
def d24_empty_files(s):
    """Three right answers, and six thousand empty files beside them."""
    s.right("flat_shape", "conv_out", "scores")
    for number in range(6_000):
        s.file(f"note-{number}.txt")


@case(points=7)
def d25_empty_folders(s):
    """Three right answers, and a thousand folders with an empty file in each."""
    s.right("flat_shape", "conv_out", "scores")
    for number in range(1_000):
        s.file(f"{number}/note.txt")
