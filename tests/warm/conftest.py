import sys

#: Elsewhere nothing is forked; all kernels are ordinary ones.
collect_ignore_glob = [] if sys.platform.startswith("linux") else ["*"]
