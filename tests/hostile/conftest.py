import sys

#: The sandbox is Linux' own; on other systems nothing of this can be tried.
collect_ignore_glob = [] if sys.platform.startswith("linux") else ["*"]
