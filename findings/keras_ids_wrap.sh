#!/bin/bash
# Ids beyond 32 bits become other ids without a word.
#
# Keras makes 32-bit numbers of NumPy's 64-bit ones, where NumPy or JAX is the backend: 2**32 + 7
# is then 7, and an Embedding (on JAX) or a CategoryEncoding takes the row of a user, a word or a
# product that nobody asked for. An array that has been made a tensor by TensorFlow keeps its 64
# bits.
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
from keras import layers, ops

ids = np.array([2**32 + 7])
print(keras.backend.backend(), "tensor:", np.array(ops.convert_to_tensor(ids)).tolist())
hot = layers.CategoryEncoding(10, output_mode="one_hot")(ids)
print(keras.backend.backend(), "CategoryEncoding:", np.array(hot).argmax(axis=-1).tolist())
if keras.backend.backend() == "jax":
    rows = layers.Embedding(10, 1)
    print("jax Embedding:", bool(rows(ids)[0, 0] == rows(np.array([7]))[0, 0]))
CODE
for backend in numpy jax; do KERAS_BACKEND=$backend env/bin/python -W ignore code.py; done >seen

# What was seen; anything else ends with 1.
diff - seen <<'SEEN'
numpy tensor: [7]
numpy CategoryEncoding: [7]
jax tensor: [7]
jax CategoryEncoding: [7]
jax Embedding: True
SEEN
echo "as it was: keras ids wrap"
