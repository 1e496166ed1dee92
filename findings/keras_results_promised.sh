#!/bin/bash
# A Functional model promises one result of one type, and gives another.
#
# `ops.where(condition)` alone gives a tuple with one array of indices for each axis. Ahead of the
# data it promises a single tensor of the shape of the condition, so a Functional model keeps the
# first of the arrays and drops the others without a word. `ops.multi_hot` promises whole numbers
# and gives floats.
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
KERAS_BACKEND=numpy env/bin/python -W ignore - >seen <<'CODE'
import numpy as np
from keras import Input, Model, ops

x = np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 0.0]])
rows = Input((3,))
model = Model(rows, ops.where(rows > 0))
print("where, on data:", [part.tolist() for part in ops.where(x > 0)])
print("where, in a model: promised", model.output_shape, "given", model(x).tolist())

ids = Input((2,), dtype="int32")
model = Model(ids, ops.multi_hot(ids, 4))
print("multi_hot: promised", model.output.dtype, "given", model(np.array([[0, 1]])).dtype)
CODE

# What was seen; anything else ends with 1.
diff - seen <<'SEEN'
where, on data: [[0, 0, 1], [1, 2, 0]]
where, in a model: promised (None, 3) given [0, 0, 1]
multi_hot: promised int32 given float32
SEEN
echo "as it was: keras results promised"
