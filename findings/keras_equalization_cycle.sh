#!/bin/bash
# `Equalization` works on images, and in no model: its output is its input.
#
# Where Equalization is called on an Input, it hands the same tensor back, so a Functional model
# that is made of the two is refused as a cycle, and so is a Sequential. On images it works.
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


def functional():
    images = Input((8, 8, 3))
    return Model(images, layers.Equalization()(images))


print("alone:", layers.Equalization()(np.zeros((2, 8, 8, 3), "float32")).shape)
for build in (functional, lambda: Sequential([Input((8, 8, 3)), layers.Equalization()])):
    try:
        build()
    except ValueError as error:
        print(type(error).__name__, "that ends in", str(error)[-19:])
CODE

# What was seen; anything else ends with 1.
diff - seen <<'SEEN'
alone: (2, 8, 8, 3)
ValueError that ends in is part of a cycle.
ValueError that ends in is part of a cycle.
SEEN
echo "as it was: keras equalization cycle"
