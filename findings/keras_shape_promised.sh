#!/bin/bash
# A Functional model promises one shape and gives another.
#
# `adaptive_average_pool` of a sequence counts one axis too many when it works out the shape ahead
# of the data, `quantile` forgets the axis in front for a list of one quantile, and `Bidirectional`
# doubles the units of its forward half, whatever the backward half has. All are right on data. What
# is built on the promise fails only when data come: here a Dense.
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
from keras import Input, Model, Sequential, layers, ops

x = np.ones((4, 9, 2), "float32")
sequence = Input((9, 2))
pooled = Model(sequence, ops.adaptive_average_pool(sequence, (3,)))
print("pooled to 3 steps: promised", pooled.output_shape, "given", pooled(x).shape)
for q in ([0.5], [0.25, 0.5]):
    made = Model(sequence, ops.quantile(sequence, q, axis=-1))
    print(f"quantiles {q}: promised", made.output_shape, "given", made(x).shape)


def both_ways():
    back = layers.LSTM(5, go_backwards=True)
    return layers.Bidirectional(layers.LSTM(3), backward_layer=back)


model = Sequential([Input((9, 2)), both_ways()])
print("3 and 5 units: promised", model.output_shape, "given", model(x).shape)
model = Sequential([Input((9, 2)), both_ways(), layers.Dense(1)])
print("with a Dense on top: promised", model.output_shape)
try:
    model(x)
except ValueError as error:
    print("given a ValueError that names 6 and 8:", "value 6" in str(error), "(4, 8)" in str(error))
CODE

# What was seen; anything else ends with 1.
diff - seen <<'SEEN'
pooled to 3 steps: promised (None, 9, 3, 2) given (4, 3, 2)
quantiles [0.5]: promised (None, 9) given (1, 4, 9)
quantiles [0.25, 0.5]: promised (2, None, 9) given (2, 4, 9)
3 and 5 units: promised (None, 6) given (4, 8)
with a Dense on top: promised (None, 1)
given a ValueError that names 6 and 8: True True
SEEN
echo "as it was: keras shape promised"
