#!/bin/bash
# A model of two inputs that is fed a dict with one entry too many takes them by the alphabet.
#
# Keras goes through such a dict in the order of its keys, and not by the names of the Inputs: the
# first two entries go in, whatever they are called. The right names are there, and the numbers that
# come out are others. Keras only warns that the structure isn't the one it expected; a dict with
# exactly the two names is taken by name.
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
KERAS_BACKEND=numpy env/bin/python - >seen <<'CODE'
import warnings
import numpy as np
from keras import Input, Model

price, rooms = Input((1,), name="price"), Input((1,), name="rooms")
model = Model({"price": price, "rooms": rooms}, 10 * price + rooms)
two = {"price": np.array([[3.0]]), "rooms": np.array([[4.0]])}
three = {"area": np.array([[100.0]]), **two}
print("the two:", model.predict(two, verbose=0).tolist())
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print("and one more:", model.predict(three, verbose=0).tolist())
print("warned:", any("structure of `inputs`" in str(one.message) for one in caught))
CODE

# What was seen; anything else ends with 1.
diff - seen <<'SEEN'
the two: [[34.0]]
and one more: [[1003.0]]
warned: True
SEEN
echo "as it was: keras dict by alphabet"
