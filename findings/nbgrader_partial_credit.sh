#!/bin/bash
# A check that ends in half of its points as NumPy writes them gets all of them.
#
# nbgrader reads partial credit from what a check's last line shows, as a text. NumPy 2 shows
# `np.float64(1.0)` where NumPy 1 showed 1.0: that is no number, and what is no number counts in
# full. So does a last line that is False. `nbgrader validate` says success to both.
#
# Seen with nbgrader 0.9.6, ipykernel 7.4.0, numpy 2.4.6.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet nbgrader==0.9.6 ipykernel==7.4.0 numpy==2.4.6
export HOME="$folder"
unset PYTHONPATH JUPYTER_DEFAULT_PROVISIONER_NAME
cat >write.py <<'CODE'
import nbformat
from nbformat.v4 import new_code_cell, new_notebook

role = {"schema_version": 3, "grade": True, "solution": False, "locked": False, "points": 2}
for number, check in enumerate([
    "import numpy as np\nfloat(2 * np.mean([True, False]))",
    "import numpy as np\n2 * np.mean([True, False])",
    "answer = 3\nanswer == 4",
]):
    cell = new_code_cell(check)
    cell.metadata["nbgrader"] = {**role, "grade_id": "check", "cell_type": "code"}
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=[cell], metadata={"kernelspec": spec})
    nbformat.write(notebook, f"{number}.ipynb")
CODE
env/bin/python write.py

for number in 0 1 2; do
  env/bin/nbgrader validate $number.ipynb 2>/dev/null >said || true
  grep -oE "VALIDATION FAILED|Success" said
done >seen

# What was seen; anything else ends with 1.
diff - seen <<'SEEN'
VALIDATION FAILED
Success
Success
SEEN
echo "as it was: nbgrader partial credit"
