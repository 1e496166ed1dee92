#!/bin/bash
# A right model gets no points, because Keras remarks on its spelling.
#
# A check that writes anything to stderr counts as failed in nbgrader, a warning as much as an
# error. Keras warns of `input_shape=` when a layer is made, so a check that calls the learner's
# function takes all points from a model that is right in every number.
#
# Seen with nbgrader 0.9.6, ipykernel 7.4.0, keras 3.15.1, jax 0.10.2, numpy 2.4.6, scipy 1.17.1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet nbgrader==0.9.6 ipykernel==7.4.0 keras==3.15.1 jax==0.10.2 numpy==2.4.6 scipy==1.17.1
export HOME="$folder"
unset PYTHONPATH JUPYTER_DEFAULT_PROVISIONER_NAME
cat >write.py <<'CODE'
import nbformat
from nbformat.v4 import new_code_cell, new_notebook

role = {"schema_version": 3, "grade": True, "solution": False, "locked": False, "points": 2}
for number, check in enumerate([
    "from keras import Input, Sequential, layers\n"
    "model = Sequential([Input((3,)), layers.Dense(1)])\n"
    "assert model.output_shape == (None, 1)",
    "from keras import Input, Sequential, layers\n"
    "model = Sequential([layers.Dense(1, input_shape=(3,))])\n"
    "assert model.output_shape == (None, 1)",
    "import warnings\n"
    "warnings.simplefilter('ignore')\n"
    "from keras import Input, Sequential, layers\n"
    "model = Sequential([layers.Dense(1, input_shape=(3,))])\n"
    "assert model.output_shape == (None, 1)",
]):
    cell = new_code_cell(check)
    cell.metadata["nbgrader"] = {**role, "grade_id": "check", "cell_type": "code"}
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=[cell], metadata={"kernelspec": spec})
    nbformat.write(notebook, f"{number}.ipynb")
CODE
env/bin/python write.py

export KERAS_BACKEND=numpy
for number in 0 1 2; do
  env/bin/nbgrader validate $number.ipynb 2>/dev/null >said || true
  grep -oE "VALIDATION FAILED|Success" said
done >seen

# What was seen; anything else ends with 1.
diff - seen <<'SEEN'
Success
VALIDATION FAILED
Success
SEEN
echo "as it was: nbgrader keras warning"
