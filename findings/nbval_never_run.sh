#!/bin/bash
# nbval passes a cell that was never run, whatever it gives.
#
# An author who saves without running a cell stores neither a number nor outputs for it. nbval
# runs the cell and compares nothing, so that a notebook in which no cell was run is green from
# end to end.
#
# Seen with nbval 0.11.0, pytest 9.1.1, ipykernel 7.4.0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet nbval==0.11.0 pytest==9.1.1 ipykernel==7.4.0
export HOME="$folder"
unset PYTHONPATH JUPYTER_DEFAULT_PROVISIONER_NAME
env/bin/python - <<'CODE'
import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
for name, number in [("run", 1), ("never_run", None)]:
    outputs = [] if number is None else [new_output("stream", name="stdout", text="6\n")]
    cell = new_code_cell("print(2 + 3)", execution_count=number, outputs=outputs)
    nbformat.write(new_notebook(cells=[cell], metadata={"kernelspec": spec}), f"{name}.ipynb")
CODE
for name in run never_run; do
  env/bin/python -m pytest --nbval -q $name.ipynb >said || true
  grep -oE "[0-9]+ (passed|failed)" said
done >seen

# What was seen; anything else ends with 1.
diff - seen <<'SEEN'
1 failed
1 passed
SEEN
echo "as it was: nbval never run"
