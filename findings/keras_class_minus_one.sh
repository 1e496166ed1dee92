#!/bin/bash
# `to_categorical` makes the last class of a label of -1.
#
# -1 stands for "no label" in many a data set. `to_categorical` counts it from the end, and the
# sample is taught as one of the last class; `ops.one_hot` gives it a row of zeros with JAX. A
# label that is too large is an error here.
#
# Seen with keras 3.15.1, jax 0.10.2, numpy 2.4.6, scipy 1.17.1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet keras==3.15.1 jax==0.10.2 numpy==2.4.6 scipy==1.17.1
export HOME="$folder"
unset PYTHONPATH JUPYTER_DEFAULT_PROVISIONER_NAME
KERAS_BACKEND=jax env/bin/python -W ignore - >seen <<'CODE'
import keras
import numpy as np

labels = np.array([0, -1])
print("to_categorical:", keras.utils.to_categorical(labels, 3).astype(int).tolist())
print("one_hot:", np.array(keras.ops.one_hot(labels, 3)).astype(int).tolist())
try:
    keras.utils.to_categorical([3], 3)
except IndexError as error:
    print("3 of 3 classes:", error)
CODE

# What was seen; anything else ends with 1.
diff - seen <<'SEEN'
to_categorical: [[1, 0, 0], [0, 0, 1]]
one_hot: [[1, 0, 0], [0, 0, 0]]
3 of 3 classes: index 3 is out of bounds for axis 1 with size 3
SEEN
echo "as it was: keras class minus one"
