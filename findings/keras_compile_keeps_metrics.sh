#!/bin/bash
# After `compile`, the first evaluation still counts the data of the one before.
#
# A metric that is handed to `compile` a second time keeps its state, and the first `evaluate`
# after it doesn't begin anew: predictions without any error get a mean error of 5, half of the 10
# of the earlier data. The second evaluation is right. With JAX the first one is right, too; with
# TensorFlow it isn't.
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
cat >code.py <<'CODE'
import keras
import numpy as np

model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
metric = keras.metrics.MeanAbsoluteError()
x, errors = np.zeros((4, 1)), []
for targets in (x + 10, x):
    model.compile(loss="mse", metrics=[metric])
    errors.append(model.evaluate(x, targets, verbose=0)[1])
errors.append(model.evaluate(x, x, verbose=0)[1])
print(keras.backend.backend(), errors)
CODE
for backend in numpy jax; do KERAS_BACKEND=$backend env/bin/python -W ignore code.py; done >seen

# What was seen; anything else ends with 1.
diff - seen <<'SEEN'
numpy [10.0, 5.0, 0.0]
jax [10.0, 0.0, 0.0]
SEEN
echo "as it was: keras compile keeps metrics"
