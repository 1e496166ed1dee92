#!/bin/bash
# Normalization of a flat array of numbers makes each of them 0.
#
# Five numbers in a row are taken for one sample of five features, by `adapt` as by the call: each
# number is its own mean. As a column they are five samples of one feature. Everywhere else in
# Keras the first axis is the batch.
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
from keras import layers

numbers = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
for name, x in [("flat", numbers), ("column", numbers[:, None])]:
    layer = layers.Normalization()
    layer.adapt(x)
    means = np.size(layer.mean)
    print(name, f"has {means} means:", np.round(layer(x).astype(float), 1).ravel().tolist())
CODE

# What was seen; anything else ends with 1.
diff - seen <<'SEEN'
flat has 5 means: [0.0, 0.0, 0.0, 0.0, 0.0]
column has 1 means: [-1.4, -0.7, 0.0, 0.7, 1.4]
SEEN
echo "as it was: keras normalization flat"
