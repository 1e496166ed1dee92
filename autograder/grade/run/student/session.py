"""A student's notebook, running: a Jupyter kernel in a sandbox, which may die, hang or lie.

    session = StudentSession(choose(), files=folder)
    session.start()
    outputs = session.run("x = 6 * 7")
    session.ask({"op": "get", "name": "x"})  # {"value": 42, "warnings": []}
    session.close()

Cells are run one by one; questions are answered by the agent (see `agent`), which is loaded into
the kernel. Whatever comes from there is data of bounded size, and may be anything: a message that
isn't as it should be is passed over, outputs keep text and pictures only, and nothing is ever
unpickled. Neither a kernelspec nor a configuration, a profile or a startup file of a student's
has a say in how the kernel starts.

A kernel that dies is started again, at most `RESTARTS` times, and the cells that it had run are
run again, but for the one that it died of.
"""

import contextlib
import json
import queue
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import zmq
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import LocalProvisioner
from traitlets import Any, Instance

from autograder.grade.run.sandbox import Box, Limits
from autograder.grade.run.sandbox.watchdog import Watchdog
from autograder.grade.run.student import agent_compiled, agent_sources
from autograder.grade.run.student.outputs import Outputs
from autograder.grade.run.wire import Bad

#: How often a kernel that has died is started again.
RESTARTS = 2
#: A kernel that uses more than this share of its memory is too full for the exercises to come.
CROWDED = 0.6
#: Seconds: for a kernel to start, to obey an interrupt, and to say that it is done.
START, GRACE, SETTLE = 120, 3, 5
#: Seconds for it to say so at the beginning, when it may be that nobody has heard it.
GREETING = 0.05
#: Bytes of one message, and by how much our own memory may grow while messages come in.
MESSAGE, GROWTH = 80 << 20, 1 << 30
#: How many messages may be malformed.
MALFORMED = 1000
#: Under which name the agent is known in the kernel, and its reply in a message.
AGENT, REPLY = "autograder_agent", "application/vnd.autograder.reply+json"

# No folder of the student's is on the path until the kernel itself has been imported.
_BOOT = (
    "import sys; sys.path[:] = [p for p in sys.path if p]; "
    "from ipykernel import kernelapp; kernelapp.launch_new_instance()"
)
_OPTIONS = (
    "--InteractiveShellApp.exec_PYTHONSTARTUP=False",
    "--InteractiveShellApp.extensions=[]",
    "--HistoryManager.hist_file=:memory:",
)
# A kernel sets it itself, but that is too late where matplotlib has already been imported.
_ENVIRONMENT = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
_ENVIRONMENT["NBGRADER_EXECUTION"] = "autograde"  # as nbgrader tells cells
_LOAD = """\
import base64, importlib.util, json, marshal, signal, sys, zlib

class Reply:
    def __init__(self, reply):
        self.text = json.dumps(reply)

    def _repr_mimebundle_(self, **options):
        return {{{kind!r}: self.text}}

own, wire = {sources!r}
if importlib.util.MAGIC_NUMBER == {number!r}:
    own, wire = (marshal.loads(zlib.decompress(base64.b64decode(part))) for part in {compiled!r})
parts = {{"__name__": "agent"}}
exec(own, parts)
agent = parts["loaded"](own, wire, get_ipython().user_ns)

def told(text):
    # Outside of cells a kernel leaves interrupts alone.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return Reply(agent.answer(json.loads(text)))
    finally:
        signal.signal(signal.SIGINT, before)

agent.told = told
sys.modules[{name!r}] = agent
"""


class StudentDied(Exception):
    """The student's process has ended; says how."""


class StudentHung(Exception):
    """The student's process took too long, was interrupted and lives on."""


class BoxProvisioner(LocalProvisioner):
    """Starts a kernel in a box: by the backend's command instead of the kernelspec's."""

    backend = Any()
    box = Instance(Box)

    async def pre_launch(self, **kwargs):
        """Prepare the launch; the connection file is written here, so the box comes after it."""
        kwargs = await super().pre_launch(**kwargs)
        kwargs["cmd"] = self.backend.command(kwargs["cmd"], self.box)
        return kwargs


class BoxManager(KernelManager):
    """Manages one kernel of our own making; looks for no kernelspec anywhere."""

    kernel_spec = KernelSpec(
        argv=[sys.executable, "-c", _BOOT, "-f", "{connection_file}", *_OPTIONS],
        display_name="Student",
        language="python",
        interrupt_mode="message",  # a signal would only reach the sandbox around the kernel
    )


class _Watchdog(Watchdog):
    """Also watches ourselves: a message of endless parts is bounded by nothing else."""

    def __init__(self, process, box, growth):
        super().__init__(process, box)
        self._we = psutil.Process()
        self._most = self._we.memory_info().rss + growth

    def look(self):
        if not super().look() and self._we.memory_info().rss > self._most:
            self.reason = "it sent more than can be taken in"
            self.end()
        return self.reason


class StudentSession:
    """A student's kernel.

    Attributes:
        alive: Whether it can be asked and told to run cells.
        reason: Why it isn't alive any more.
        hung: Whether the last cell was stopped because it took too long.
        failed: Whether the last cell raised an error, as the kernel says.
        restarts: How often it has been started again.
    """

    def __init__(self, backend, files=None, limits=None, growth=GROWTH, first=()):
        """Make a session.

        Args:
            backend: Of `autograder.grade.run.sandbox`.
            files: A folder with what was handed in beside the notebook; None for nothing.
            limits: Limits of the box.
            growth: Bytes by which our own memory may grow.
            first: Requests that the agent is asked whenever a kernel has started.
        """
        self.first = first
        self.backend, self.files = backend, files
        self.limits, self.growth = limits or Limits(), growth
        self.alive, self.reason, self.restarts = False, None, 0
        self.hung = self.failed = False
        self._done = []  # (name, source, seconds, seed) of the cells that didn't end the kernel
        self._folder = self._client = self._manager = self._watchdog = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.close()

    # Starting and ending

    def start(self):
        """Start the kernel and load the agent; raise StudentDied if that fails."""
        self._folder = Path(tempfile.mkdtemp(prefix="kernel-"))
        self._context = zmq.Context()
        self._context.setsockopt(zmq.MAXMSGSIZE, MESSAGE)
        box = Box(self.files, sockets=self._folder, limits=self.limits, environment=_ENVIRONMENT)
        self._manager = BoxManager(
            context=self._context,
            transport="ipc",
            ip=str(self._folder / "socket"),
            connection_file=str(self._folder / "connection.json"),
        )
        self._manager.provisioner = BoxProvisioner(
            parent=self._manager,
            kernel_spec=self._manager.kernel_spec,
            backend=self.backend,
            box=box,
        )
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._manager.start_kernel(cwd="/", **quiet)
        self._process = self._manager.provisioner.process
        self._watchdog = _Watchdog(self._process, box, self.growth)
        self._watchdog.__enter__()
        self._client = self._manager.client(context=self._context)
        self._client.start_channels(stdin=False, hb=False, control=False)
        self.alive, self.reason = True, None
        self._greet()
        for request in self.first:
            self.ask(request)
        self._watchdog.look()  # before anything of the student's has run
        self._at_first = self._watchdog.memory()

    def _greet(self):
        deadline = time.monotonic() + START
        compiled, number = agent_compiled()
        parts = {"sources": agent_sources(), "compiled": compiled, "number": number}
        code = _LOAD.format(**parts, name=AGENT, kind=REPLY)
        try:
            # Until it listens, what a kernel publishes is lost; so we ask until we hear it.
            while not self._listen(_Heard(self._client.kernel_info()), 2, GREETING).is_done:
                if time.monotonic() > deadline:
                    self._die("it does not answer")
            # In names of its own: the student's stay as they are.
            loading = f"exec({code!r}, {{'get_ipython': get_ipython}})"
            content = self._settle(self._execute(loading), START)
            if content.get("status") != "ok":
                self._die(f"{content.get('ename')}: {content.get('evalue')}")
        except (StudentHung, StudentDied) as error:
            self._end(str(error))
            raise StudentDied(f"the kernel does not start: {error}") from None

    def close(self):
        """End the kernel and all that runs in its box."""
        self._end("it was closed")

    def _end(self, reason):
        if self._manager is None:
            return
        self.alive, manager = False, self._manager
        self._watchdog.__exit__()
        self.reason, self._manager = self._watchdog.reason or reason, None
        self._client.stop_channels()
        self._process.terminate()  # so every backend can clear up
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        manager.cleanup_resources()
        self._context.destroy(linger=0)
        shutil.rmtree(self._folder, ignore_errors=True)

    # Cells

    def run(self, source, timeout=120, name=None, seed=None):
        """Run a cell; return its outputs, the last of which tells if it died or took too long.

        Args:
            source: The text of the cell.
            timeout: Seconds it may take.
            name: By which `restart_and_replay` can be told to leave it out.
            seed: A number that Keras's seeds are set by first (once Keras has been imported).
        """
        outputs, self.hung, self.failed = Outputs(self.limits.output), False, False
        if not self.alive:
            outputs.add_error("NotRun", f"The cell was not run, for {self.reason}.")
            return outputs.kept
        try:
            if seed is not None:
                self._seed(seed)
            content = self._settle(self._execute(source, silent=False), timeout, outputs)
            self.failed = content.get("status") == "error"
            self._done.append((name, source, timeout, seed))
        except StudentHung:
            self.hung = True
            outputs.add_error("TimeoutError", f"The cell was stopped after {timeout:g} seconds.")
        except StudentDied as error:
            outputs.add_error("StudentDied", f"The cell ended its process: {error}.")
        return outputs.kept

    def seed(self, number):
        """Set Keras's seeds, if Keras has been imported; a kernel that dies of it is dead."""
        with contextlib.suppress(StudentDied, StudentHung):
            self._seed(number)

    def _seed(self, number):
        modules = "__import__('sys').modules"
        code = f"'keras' in {modules} and {modules}['keras'].utils.set_random_seed({number})"
        self._settle(self._execute("", user_expressions={"seeded": code}), SETTLE)

    def is_crowded(self):
        """Tell whether what has run so far has left too little memory for what is to come."""
        if not self.alive:
            return False
        most = self._at_first + CROWDED * (self.limits.memory - self._at_first)
        return self._watchdog.memory(enough=most) > most

    def restart_and_replay(self, without=None):
        """Start a new kernel and run the cells again; return whether there is one.

        Args:
            without: The name of a cell that is left out, as well as that which ended the kernel.
        """
        self._end("it was restarted")
        replay = [cell for cell in self._done if without is None or cell[0] != without]
        while self.restarts < RESTARTS and not self.alive:
            self.restarts += 1
            self._done = []
            with contextlib.suppress(StudentDied):
                self.start()
            for place, (name, source, timeout, seed) in enumerate(replay if self.alive else ()):
                self.run(source, timeout, name, seed)
                if not self.alive:
                    del replay[place]
                    break
        return self.alive

    # Questions

    def ask(self, request, timeout=60):
        """Return the agent's reply to a request, both JSON-ready objects.

        Raises:
            StudentDied: There is no kernel any more.
            StudentHung: It took too long; the kernel lives.
            Bad: What came is no reply.
        """
        if not self.alive:
            raise StudentDied(self.reason)
        text = json.dumps(request)
        expression = f"__import__('sys').modules[{AGENT!r}].told({text!r})"
        message = self._execute("", user_expressions={"reply": expression})
        content = self._settle(message, timeout)
        try:
            reply = json.loads(content["user_expressions"]["reply"]["data"][REPLY])
        except (KeyError, TypeError, ValueError, RecursionError):
            raise Bad("no reply, or a malformed one") from None
        if type(reply) is not dict:
            raise Bad("a reply that is no object")
        return reply

    # Messages

    def _execute(self, source, silent=True, **options):
        options = {"allow_stdin": False, "stop_on_error": False, **options}
        return self._client.execute(source, silent=silent, store_history=not silent, **options)

    def _settle(self, message, timeout, outputs=None):
        """Wait until a request has been carried out; return the content of its reply.

        Raises:
            StudentHung: It took too long, was interrupted, and obeyed.
            StudentDied: It ended meanwhile, or had to be ended.
        """
        heard = _Heard(message, Outputs(self.limits.output) if outputs is None else outputs)
        if not self._listen(heard, timeout).content:
            self._manager.interrupt_kernel()
            if not self._listen(heard, GRACE).content:
                self._die("it took too long, and did not stop when it was told to")
            raise StudentHung(f"it took longer than {timeout:.0f} seconds")
        if heard.asks_to_exit():
            self._die("it asked for its own end")
        return heard.content

    def _listen(self, heard, seconds, settle=SETTLE):
        """Take in messages until a request has been carried out, or time is up.

        Args:
            heard: What has been heard of it so far.
            seconds: How long to wait for the reply.
            settle: Seconds to wait, after it, for what has been printed, which may be on its way.
        """
        deadline, poller = time.monotonic() + seconds, zmq.Poller()
        channels = self._client.iopub_channel, self._client.shell_channel
        for channel in channels:
            poller.register(channel.socket, zmq.POLLIN)
        while not heard.is_done and (left := deadline - time.monotonic()) > 0:
            replied = bool(heard.content)
            ready = dict(poller.poll(min(200, 1000 * left)))
            for channel in channels:
                if channel.socket in ready:
                    heard.take(channel)
            if heard.is_too_much:
                self._die("it printed too much")
            if not ready and self._process.poll() is not None:
                self._die("its process is gone")
            if heard.content and not replied:
                deadline = min(deadline, time.monotonic() + settle)
        return heard

    def _die(self, reason):
        self._end(reason)
        raise StudentDied(self.reason)


class _Heard:
    """What has been heard of one request; each message is believed only to concern that."""

    def __init__(self, message, outputs=None):
        self.message, self.outputs = message, Outputs(0) if outputs is None else outputs
        self.content, self.idle, self.odd = None, False, 0

    @property
    def is_done(self):
        """Whether the reply has come, and all that was printed."""
        return self.content is not None and self.idle

    @property
    def is_too_much(self):
        """Whether it is more than anybody sends by mistake."""
        return self.outputs.is_flood or self.odd > MALFORMED

    def take(self, channel):
        """Take in one message."""
        try:
            found = channel.get_msg(timeout=0)
            kind, content = found["header"]["msg_type"], found["content"]
            ours = found["parent_header"].get("msg_id") == self.message
        except queue.Empty:
            return
        except Exception:  # no message at all, or an unsigned one
            self.odd += 1
            return
        if type(content) is not dict or not ours:
            return
        if str(kind).endswith("_reply"):
            self.content = content
        elif kind == "status":
            self.idle = self.idle or content.get("execution_state") == "idle"
        else:
            self.outputs.add(kind, content)

    def asks_to_exit(self):
        """Tell whether the kernel is about to end, as after `exit()`."""
        payload = self.content.get("payload")
        entries = payload if isinstance(payload, list) else []
        return any(isinstance(e, dict) and e.get("source") == "ask_exit" for e in entries)
