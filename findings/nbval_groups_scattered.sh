#!/bin/bash
# With pytest 9.2, pytest-xdist scatters the cells of a notebook over processes.
#
# Cells of one notebook are marked as one group, as `--dist loadgroup` asks, from a conftest.py.
# With pytest 9.1 each notebook stays in one process. With 9.2 the marks have no effect, nothing
# is said, and a cell that needs a name from an earlier one fails in some runs.
#
# Seen with nbval 0.11.0, pytest-xdist 3.8.0, ipykernel 7.4.0, pytest 9.1.1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet nbval==0.11.0 pytest-xdist==3.8.0 ipykernel==7.4.0 pytest==9.1.1
export HOME="$folder"
unset PYTHONPATH JUPYTER_DEFAULT_PROVISIONER_NAME
cat >conftest.py <<'CODE'
import os

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.xdist_group(item.path.name))


def pytest_runtest_logreport(report):
    if report.when == "call" and hasattr(report, "node"):
        with open("where", "a") as file:
            file.write(f"{report.nodeid.partition('::')[0]} {report.node.gateway.id}\n")
CODE
env/bin/python - <<'CODE'
import nbformat
from nbformat.v4 import new_code_cell, new_notebook

spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
cells = [new_code_cell(f"print({number})") for number in range(10)]
nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": spec}), "lesson.ipynb")
CODE
for version in 9.1.1 9.2.0; do
  env/bin/pip install --quiet pytest==$version
  rm -f where
  env/bin/python -m pytest --nbval -q -n 2 --dist loadgroup lesson.ipynb >/dev/null
  echo "pytest $version: cells of one notebook in $(sort -u where | wc -l) process(es)"
done >seen

# What was seen; anything else ends with 1.
diff - seen <<'SEEN'
pytest 9.1.1: cells of one notebook in 1 process(es)
pytest 9.2.0: cells of one notebook in 2 process(es)
SEEN
echo "as it was: nbval groups scattered"
