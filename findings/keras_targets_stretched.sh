#!/bin/bash
# Targets of another size are stretched to fit, and the loss is of something else.
#
# A model with one output per sample is scored against three targets per sample, and against an
# array of targets that isn't as long as the batch: no error, no warning, a plausible number. Each
# target is compared with an output that it doesn't belong to. TensorFlow and JAX do the same.
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
import keras
import numpy as np

model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
model.compile(loss="mse", metrics=["mae"])
x = np.array([[1.0], [2.0], [3.0], [4.0]])
def score(targets):
    return [round(float(number), 4) for number in model.evaluate(x, targets, verbose=0)]


print("one target each:", score(x))
print("three targets each:", score(np.tile([0.0, 1.0, 2.0], (4, 1))))
outputs, targets = np.ones((4, 3)), np.array([1.0, 2.0, 3.0])
loss = keras.losses.MeanSquaredError()(targets, outputs)
print("3 targets, 4 samples:", round(float(loss), 4))
CODE

# What was seen; anything else ends with 1.
diff - seen <<'SEEN'
one target each: [0.0, 0.0]
three targets each: [4.1667, 1.6667]
3 targets, 4 samples: 1.6667
SEEN
echo "as it was: keras targets stretched"
