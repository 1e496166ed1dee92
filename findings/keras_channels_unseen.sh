#!/bin/bash
# A Functional model of three channels takes images of one.
#
# A last axis of size 1 may be there where none was declared, so Keras takes it off the data's shape
# before it compares sizes pairwise. The declared 3 then meets nothing: grey images go through a
# model for colours, and what comes out isn't what `output_shape` says. Two channels, or four, are
# refused. Where a layer counts its channels, as a convolution does, grey images of numbers are
# refused by it, and a symbolic one isn't.
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
from keras import Input, Model, layers

start = Input((8, 8, 3))
model = Model(start, layers.Flatten()(start))
print("promised:", model.output_shape)
for shape in ((5, 8, 8, 3), (5, 8, 8, 1), (5, 8, 8, 2), (5, 8, 8, 4)):
    try:
        print(shape, "gives", model(np.zeros(shape, "float32")).shape)
    except ValueError:
        print(shape, "is refused")
with_filters = Model(start, layers.Conv2D(6, 3)(start))
print("symbolic grey images, filters for 3 channels:", with_filters(Input((8, 8, 1))).shape)
try:
    with_filters(np.zeros((5, 8, 8, 1), "float32"))
except ValueError:
    print("numbers of grey images, filters for 3 channels: refused")
CODE

# What was seen; anything else ends with 1.
diff - seen <<'SEEN'
promised: (None, 192)
(5, 8, 8, 3) gives (5, 192)
(5, 8, 8, 1) gives (5, 64)
(5, 8, 8, 2) is refused
(5, 8, 8, 4) is refused
symbolic grey images, filters for 3 channels: (None, 6, 6, 6)
numbers of grey images, filters for 3 channels: refused
SEEN
echo "as it was: keras channels unseen"
