#!/bin/bash
# With JAX, a label that no class has costs nothing: its loss is 0.
#
# Three classes are 0, 1 and 2. A label of 3, as where classes are counted from 1, or of -1, gets
# the smallest loss there is, so a model can be trained on such labels and looks the better for
# it. With NumPy as the backend 3 is an error, and -1 costs nothing either; TensorFlow refuses
# both.
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

scores = np.full((1, 3), 1 / 3, "float32")
for label in (2, 3, -1):
    try:
        loss = keras.losses.sparse_categorical_crossentropy(np.array([label]), scores)
        print(keras.backend.backend(), label, abs(round(float(loss[0]), 4)))
    except IndexError as error:
        print(keras.backend.backend(), label, type(error).__name__)
CODE
for backend in numpy jax; do KERAS_BACKEND=$backend env/bin/python -W ignore code.py; done >seen

# What was seen; anything else ends with 1.
diff - seen <<'SEEN'
numpy 2 1.0986
numpy 3 IndexError
numpy -1 0.0
jax 2 1.0986
jax 3 0.0
jax -1 0.0
SEEN
echo "as it was: keras jax labels"
