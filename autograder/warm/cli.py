"""The command `autograder kernel`."""

import json
import os
import sys
import tempfile
from pathlib import Path

from autograder.warm import NAME

_ABOUT = "Python 3 with Keras loaded"


def add_commands(commands):
    """Add `kernel` to the subparsers of the command `autograder`."""
    parser = commands.add_parser(
        "kernel",
        help="offer JupyterLab a kernel that starts with Keras already there",
        description="Put a kernel beside those that JupyterLab of this environment offers: the "
        "same Python, but all kernels after the first one start with Keras already imported (on "
        "Linux; elsewhere it's an ordinary kernel).",
    )
    parser.set_defaults(run=run)


def run(args):
    """Write the kernel's specification into this environment."""
    # It takes a while to load, which other commands do without.
    from ipykernel.kernelspec import get_kernel_dict
    from jupyter_client.kernelspec import KernelSpecManager

    specification = get_kernel_dict()
    metadata = {**specification["metadata"], "kernel_provisioner": {"provisioner_name": NAME}}
    specification |= {"display_name": _ABOUT, "metadata": metadata}
    with tempfile.TemporaryDirectory() as folder:
        text = json.dumps(specification, indent=1)
        (Path(folder) / "kernel.json").write_text(text, encoding="utf-8")
        os.chmod(folder, 0o755)  # others who use this environment are to find it as well
        place = KernelSpecManager().install_kernel_spec(folder, NAME, prefix=sys.prefix)
    print(f"JupyterLab now offers the kernel {_ABOUT!r} ({place}).")
    return 0
