#!/bin/bash
# A due date that is moved leaves the penalty for lateness as it was, in nbgrader's own gradebook.
#
# nbgrader works a penalty out when it autogrades, and keeps it. Whoever gets a later date afterwards
# is no longer late, by nbgrader's own count of seconds, and still loses the points; a second
# `nbgrader autograde` leaves it at that. With `--force` the penalty goes.
#
# Seen with nbgrader 0.9.6, ipykernel 7.4.0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet nbgrader==0.9.6 ipykernel==7.4.0
export HOME="$folder" PATH="$folder/env/bin:$PATH"
unset PYTHONPATH JUPYTER_DEFAULT_PROVISIONER_NAME
mkdir -p source/one submitted/ada/one
cat >nbgrader_config.py <<'CODE'
c = get_config()
c.LateSubmissionPlugin.penalty_method = "zero"
CODE
cat >write.py <<'CODE'
import nbformat
from nbformat.v4 import new_code_cell, new_notebook

role = {"schema_version": 3, "grade": True, "solution": False, "locked": True, "points": 2}
cell = new_code_cell("assert True")
cell.metadata["nbgrader"] = {**role, "grade_id": "check", "cell_type": "code"}
spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
notebook = new_notebook(cells=[cell], metadata={"kernelspec": spec})
nbformat.write(notebook, "source/one/one.ipynb")
CODE
cat >due.py <<'CODE'
import sys

from nbgrader.api import Gradebook

with Gradebook("sqlite:///gradebook.db") as gradebook:
    gradebook.update_or_create_assignment("one", duedate=sys.argv[1])
CODE
cat >tell.py <<'CODE'
import sys

from nbgrader.api import Gradebook

with Gradebook("sqlite:///gradebook.db") as gradebook:
    work = gradebook.find_submission("one", "ada")
    late = f"{work.total_seconds_late:g} seconds late"
    print(f"{sys.argv[1]}: {late}, {work.score:g} points, {work.late_submission_penalty:g} taken off")
CODE
{
  python write.py
  nbgrader generate_assignment one
  cp release/one/one.ipynb submitted/ada/one
  echo "2030-01-02 00:00:00 UTC" >submitted/ada/one/timestamp.txt
  python due.py "2030-01-01 00:00:00 UTC"
  nbgrader autograde one --create
} >log 2>&1
python tell.py "due the day before" >seen
python due.py "2030-01-03 00:00:00 UTC"
nbgrader autograde one >>log 2>&1
python tell.py "due the day after" >>seen
nbgrader autograde one --force >>log 2>&1
python tell.py "graded by force" >>seen

# What was seen; anything else ends with 1.
diff - seen <<'SEEN'
due the day before: 86400 seconds late, 2 points, 2 taken off
due the day after: 0 seconds late, 2 points, 2 taken off
graded by force: 0 seconds late, 2 points, 0 taken off
SEEN
echo "as it was: nbgrader penalty kept"
