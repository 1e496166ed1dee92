#!/bin/bash
# A Sequential of one input that is handed several arrays takes the first and drops the others.
#
# Two images in a list, as they come out of a loop, are two inputs to Keras, and not two samples.
# A Functional model with one input refuses them. A Sequential, built in the same way, answers for
# the first alone: `predict` gives one row for two images.
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
from keras import Input, Model, Sequential, layers

images = [np.full((1, 2), 1.0), np.full((1, 2), 5.0)]
start = Input((2,))
for model in (
    Sequential([start, layers.Dense(1, kernel_initializer="ones")]),
    Model(start, layers.Dense(1, kernel_initializer="ones")(start)),
):
    try:
        print(type(model).__name__, "predicts", model.predict(images, verbose=0).tolist())
    except ValueError as error:
        said = "expects 1 named input(s)" in str(error)
        print(type(model).__name__, "refuses, for it expects 1:", said)
CODE

# What was seen; anything else ends with 1.
diff - seen <<'SEEN'
Sequential predicts [[2.0]]
Functional refuses, for it expects 1: True
SEEN
echo "as it was: keras lists dropped"
