"""Jupyter kernels that are forked are as good as others; where they can't be, others start."""

import functools
import json
import os
import subprocess
import sys
import textwrap
from importlib.metadata import entry_points
from pathlib import Path

import psutil
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

from autograder import cli, warm
from autograder.warm import provisioner
from autograder.warm.provisioner import WarmProvisioner
from autograder.warm.start import Parent
from tests.warm.state import MISCHIEF, STATE

SECONDS = 120
#: What takes a second to import, where it doesn't matter what a parent has imported.
FEW = ("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell")


class Kernel:
    """A running kernel, in which cells can be run."""

    def __init__(self, kind=WarmProvisioner, **options):
        self.manager = KernelManager(kernel_name="python3", transport_encryption="auto")
        self.manager.provisioner = kind(
            parent=self.manager,
            kernel_spec=self.manager.kernel_spec,
            kernel_id=self.manager.kernel_id,
        )
        # A history in a file would be shared.
        history = ["--HistoryManager.hist_file=:memory:"]
        self.manager.start_kernel(extra_arguments=history, **options)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(SECONDS)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    @property
    def process(self):
        return self.manager.provisioner.process

    def run(self, source):
        """Run a cell; return what it printed and what else it showed, by type."""
        shown = []

        def show(message):
            content = message["content"]
            if message["msg_type"] == "stream":
                shown.append(content["text"])
            elif message["msg_type"] == "error":
                shown.append(content["ename"])
            elif "data" in content:
                shown.append(sorted(content["data"]))

        source = textwrap.dedent(source)
        self.client.execute_interactive(source, output_hook=show, timeout=SECONDS)
        return shown


@pytest.fixture(scope="module")
def kernel():
    """A kernel for tests that leave it alive."""
    with Kernel() as kernel:
        yield kernel


def test_it_starts_with_keras_and_without_names():
    with Kernel() as kernel:
        assert kernel.run("import sys; print('keras' in sys.modules)") == ["True\n"]
        assert kernel.run("print(__name__, [n for n in dir() if not n.startswith('_')])") == [
            "__main__ ['In', 'Out', 'exit', 'get_ipython', 'open', 'quit', 'sys']\n"
        ]


def test_figures_are_shown_where_they_are_drawn(kernel):
    cell = "import matplotlib.pyplot as plt; plt.plot([1, 2]);"
    assert kernel.run(cell) == [["image/png", "text/plain"]]


def test_what_is_printed_by_whatever_means_is_shown(kernel):
    assert kernel.run("import asyncio; await asyncio.sleep(0.01); print('later')") == ["later\n"]
    assert kernel.run("import sys; print('wrong', file=sys.stderr)") == ["wrong\n"]


def test_nothing_leaks_from_one_kernel_to_the_next(tmp_path):
    def state(kernel):
        return json.loads("".join(kernel.run("folders = ['.']\n" + STATE)))  # may come in parts

    # The first of all makes files that libraries keep.
    with Kernel(cwd=str(tmp_path)) as kernel:
        state(kernel)
    with Kernel(cwd=str(tmp_path)) as kernel:
        before, drawn = state(kernel)
        assert kernel.run(MISCHIEF)[0] == "done\n"
        after, _ = state(kernel)
        changed = {name for name in before if before[name] != after[name]}
        assert changed == before.keys() - {"figures"}  # A kernel closes those by itself.
    (tmp_path / "left_behind.txt").unlink()  # A folder of one's own is no state of a kernel.
    with Kernel(cwd=str(tmp_path)) as kernel:
        again, drawn_again = state(kernel)
    assert again == before
    assert set(drawn).isdisjoint(drawn_again)


def test_what_other_programs_print_is_listened_to():
    # With this variable, ipykernel leaves them alone.
    environment = {n: v for n, v in os.environ.items() if n != "PYTEST_CURRENT_TEST"}
    with Kernel(env=environment) as kernel:
        cell = "import os; print(os.readlink('/proc/self/fd/1').split(':')[0])"
        assert kernel.run(cell) == ["pipe\n"]


def test_an_interrupt_stops_a_cell_and_nothing_else(kernel):
    kernel.run("x = 6")
    endless = "print('begun'); import time\nwhile True: time.sleep(0.01)"
    kernel.client.execute(endless, stop_on_error=False)  # What comes next is to be run.
    while True:
        message = kernel.client.get_iopub_msg(timeout=SECONDS)
        if message["content"].get("text") == "begun\n":
            kernel.manager.interrupt_kernel()
        if message["msg_type"] == "error":
            break
    assert message["content"]["ename"] == "KeyboardInterrupt"
    assert kernel.run("print(x * 7)") == ["42\n"]


def test_a_death_is_noticed_and_it_can_be_started_again():
    with Kernel() as kernel:
        dead = kernel.process
        kernel.client.execute("import os; os._exit(3)")
        assert dead.wait(SECONDS) == 3
        assert not kernel.manager.is_alive()
        # The dead one is asked to shut down. On a busy machine, that request lives as long.
        kernel.manager._control_socket.linger = SECONDS * 1000
        kernel.manager.restart_kernel()
        kernel.client.wait_for_ready(SECONDS)
        assert kernel.process.pid != dead.pid
        assert kernel.run("import time; time.sleep(0.5); print('here')") == ["here\n"]


def test_it_takes_no_port_that_another_program_may_have_taken_meanwhile(monkeypatch, tmp_path):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / ("long" * 30)))
    with Kernel() as kernel:
        connections = psutil.Process(kernel.process.pid).net_connections("tcp")
        listening = [place for place in connections if place.status == psutil.CONN_LISTEN]
        assert len(listening) <= 1  # A debugger's, which is chosen when it listens.
        folder = Path(kernel.manager.ip).parent
        assert kernel.run("print('heard')") == ["heard\n"]
        assert len(list(folder.iterdir())) == 5
        assert folder.stat().st_mode & 0o777 == 0o700
        kernel.manager.restart_kernel(now=True)
        kernel.client.wait_for_ready(SECONDS)
        assert kernel.run("print('again')") == ["again\n"]
        assert Path(kernel.manager.ip).parent == folder
    assert not folder.exists()


@pytest.mark.parametrize("now", [True, False])
def test_nothing_is_left_after_a_shutdown(now):
    with Kernel() as kernel:
        process = psutil.Process(kernel.process.pid)
        left = [process, process.parent()]
        kernel.manager.shutdown_kernel(now=now)
        assert psutil.wait_procs(left, SECONDS)[1] == []
        assert not kernel.manager.is_alive()


def test_after_the_end_of_the_parent_there_is_another(monkeypatch):
    monkeypatch.setattr(provisioner, "_parent", None)
    monkeypatch.setattr(provisioner, "Parent", functools.partial(Parent, modules=FEW))
    with Kernel() as kernel:
        parent = psutil.Process(kernel.process.pid).parent().parent()
        assert parent.pid == provisioner._parent._process.pid
        parent.kill()
        provisioner._parent._process.wait()
        assert kernel.run("print('still here')") == ["still here\n"]
        with Kernel() as another:
            assert psutil.Process(another.process.pid).parent().parent() != parent


MANAGES = f"""
import functools, psutil, sys, time
from jupyter_client.manager import start_new_kernel
from autograder.warm import provisioner
provisioner.Parent = functools.partial(provisioner.Parent, modules={FEW})
manager, client = start_new_kernel(kernel_name="python3")
client.execute("while True: pass")
print(manager.provisioner.process.pid, flush=True)
sys.stdin.read()
"""


def test_nothing_is_left_of_a_manager_that_is_killed():
    chosen = {**os.environ, "JUPYTER_DEFAULT_PROVISIONER_NAME": warm.NAME}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    command = [sys.executable, "-c", MANAGES]
    with subprocess.Popen(command, env=chosen, text=True, **pipes) as process:
        kernel = psutil.Process(int(process.stdout.readline()))
        left = [kernel, *kernel.parents()[:2]]
        assert "parent.py" in " ".join(left[2].cmdline())
        process.kill()
        assert psutil.wait_procs(left, SECONDS)[1] == []


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"env": {**os.environ, "KERAS_BACKEND": "numpy"}}, "another KERAS_BACKEND"),
        ({"env": {**os.environ, "PYTHONHASHSEED": "1"}}, "another PYTHONHASHSEED"),
        ({"stdout": subprocess.PIPE}, "its output is to go into a pipe"),
        ({"independent": True}, "when whoever starts it has ended"),
    ],
)
def test_where_it_would_be_another_kernel_an_ordinary_one_starts(options, reason, caplog):
    with Kernel(**options) as kernel:
        assert isinstance(kernel.process, subprocess.Popen)
        assert kernel.run("import sys; print('keras' in sys.modules)") == ["False\n"]
    assert reason in caplog.text


def test_where_there_is_no_fork_an_ordinary_one_starts(monkeypatch, caplog):
    monkeypatch.setattr(provisioner, "_said", set())
    command = [sys.executable, "-m", "ipykernel_launcher"]
    with monkeypatch.context() as patched:
        patched.setattr(sys, "platform", "darwin")
        with pytest.raises(provisioner.NotForked, match="only Linux"):
            provisioner._fork(command, {})
        patched.setattr(sys, "platform", "linux")
        with pytest.raises(provisioner.NotForked, match="isn't a kernel of this Python"):
            provisioner._fork(["R", *command[1:]], {})


def test_jupyter_knows_the_provisioner(monkeypatch):
    (found,) = entry_points(group="jupyter_client.kernel_provisioners", name=warm.NAME)
    assert found.load() is WarmProvisioner
    assert issubclass(WarmProvisioner, LocalProvisioner)
    monkeypatch.delenv("JUPYTER_DEFAULT_PROVISIONER_NAME", raising=False)
    warm.use()
    assert KernelProvisionerFactory().default_provisioner_name == warm.NAME
    monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", "local-provisioner")
    warm.use()
    assert KernelProvisionerFactory().default_provisioner_name == "local-provisioner"


def test_a_kernel_is_offered_to_jupyterlab(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert cli.main(["kernel"]) == 0
    assert "Keras loaded" in capsys.readouterr().out
    kernels = KernelSpecManager(kernel_dirs=[str(tmp_path / "share" / "jupyter" / "kernels")])
    specification = kernels.get_kernel_spec(warm.NAME)
    assert os.stat(specification.resource_dir).st_mode & 0o777 == 0o755  # others find it as well
    manager = KernelManager(kernel_name=warm.NAME, kernel_spec_manager=kernels)
    assert specification.metadata["kernel_provisioner"]["provisioner_name"] == warm.NAME
    manager.start_kernel()
    assert isinstance(manager.provisioner, WarmProvisioner)
    assert not isinstance(manager.provisioner.process, subprocess.Popen)
    manager.shutdown_kernel(now=True)
