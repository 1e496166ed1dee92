#!/bin/bash
# Keras on NumPy can't be imported without SciPy and JAX, which it doesn't install.
#
# NumPy as the backend is what one chooses to have little to install. Its module imports SciPy's
# linear algebra and, for Fourier transforms, the whole backend for JAX; neither is among the
# packages that Keras asks for, nor named in an error of its own.
#
# Seen with keras 3.15.1, numpy 2.4.6.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet keras==3.15.1 numpy==2.4.6
export HOME="$folder"
unset PYTHONPATH JUPYTER_DEFAULT_PROVISIONER_NAME
export KERAS_BACKEND=numpy
for package in nothing scipy==1.17.1 jax==0.10.2; do
  if [ $package != nothing ]; then env/bin/pip install --quiet $package; fi
  if env/bin/python -c "import keras" 2>error; then echo "with $package: imported"; else
    echo "with $package: $(tail -1 error)"
  fi
done >seen

# What was seen; anything else ends with 1.
diff - seen <<'SEEN'
with nothing: ModuleNotFoundError: No module named 'scipy'
with scipy==1.17.1: ModuleNotFoundError: No module named 'jax'
with jax==0.10.2: imported
SEEN
echo "as it was: keras numpy backend"
