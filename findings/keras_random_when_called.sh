#!/bin/bash
# Called directly, RandomFlip trains; Dropout doesn't.
#
# Outside of a model a layer has to guess whether this is training. Layers that change images at
# random take it for training; Dropout and GaussianNoise don't. What is tried on a picture in a
# cell is flipped and turned, and nothing of it is dropped.
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
from keras import layers

keras.utils.set_random_seed(1)
images = np.arange(24.0, dtype="float32").reshape(1, 2, 4, 3)
for layer in (layers.RandomFlip("horizontal"), layers.RandomRotation(0.3), layers.Dropout(0.5),
              layers.GaussianNoise(1.0)):
    changed = any(not np.array_equal(layer(images), images) for _ in range(20))
    same = all(np.array_equal(layer(images, training=False), images) for _ in range(20))
    print(type(layer).__name__, "changes what it is called on:", changed, "| told not to:", not same)
CODE

# What was seen; anything else ends with 1.
diff - seen <<'SEEN'
RandomFlip changes what it is called on: True | told not to: False
RandomRotation changes what it is called on: True | told not to: False
Dropout changes what it is called on: False | told not to: False
GaussianNoise changes what it is called on: False | told not to: False
SEEN
echo "as it was: keras random when called"
