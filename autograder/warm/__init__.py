"""Processes that start with the libraries already there.

Importing TensorFlow and Keras takes seconds, for each kernel anew. A *parent* (see `parent`) does
it once; what is asked for is forked from it, and starts in a fraction of a second. It never runs
the code of a lesson or of a student itself, so each starts from the same state.

Fork is to be had on Linux; elsewhere everything starts as it always did.
"""

import os
import sys
from importlib.metadata import entry_points

#: What Jupyter calls the provisioner and the kernel.
NAME = "keras-warm"
_VARIABLE, _GROUP = "JUPYTER_DEFAULT_PROVISIONER_NAME", "jupyter_client.kernel_provisioners"


def use():
    """Let the kernels that this process starts from now on be forked, where that is to be had.

    A provisioner that somebody has chosen stays.
    """
    if sys.platform.startswith("linux") and entry_points(group=_GROUP, name=NAME):
        os.environ.setdefault(_VARIABLE, NAME)
