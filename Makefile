# The commands of Keras Shapes. `make` alone prints them.
# A fresh machine needs Python 3.10 to 3.13, make and git; everything else goes into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
OTTER := build/otter/bin/python
BACKENDS := build/jax/ready build/torch/ready
PROXY := build/classroom/ready
# Jupyter refuses to serve as root, the usual user in a container, unless told to.
ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# An environment works only in the folder for which it was made, and with the Python it came from.
MOVED := $(shell test ! -e $(READY) || { test -x $(BIN)/python && \
  test "$$(cat $(READY))" = "$(CURDIR)"; } || echo moved)
ON_LINUX := [ "$$(uname)" = Linux ]
COURSE ?= ../keras-shapes-course

.DEFAULT_GOAL := help
.PHONY: help moved env lab test test-all test-rest test-grader test-browser test-classroom test-backends build check tables bench course lint lock clean

help:
	@echo "Keras Shapes. What there is to make:"
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s%s\n", $$1, $$2 }' Makefile

lab: $(READY)  ## open JupyterLab at the page Start here
	@echo "Opening JupyterLab at the page Start here. If no browser opens, copy the last line into one."
	@echo "It goes on until you press Ctrl+C here."
	@JUPYTER_CONFIG_PATH="$(CURDIR)/deploy/lab$${JUPYTER_CONFIG_PATH:+:$$JUPYTER_CONFIG_PATH}" \
	  $(BIN)/jupyter lab $(ROOT) --log-level=ERROR --LabApp.log_level=ERROR \
	  --ServerApp.root_dir=notebooks --LabApp.default_url=/lab/tree/00_start_here.ipynb $(LAB)

env: $(READY)  ## make .venv and install what requirements.txt locks (once; 2 to 6 minutes)

$(READY): requirements.txt pyproject.toml $(MOVED)
	@command -v $(firstword $(PYTHON)) >/dev/null || { \
	  echo "There is no $(PYTHON): install Python 3.10 to 3.13 (python.org/downloads), or name the one" \
	    "you have, for example: make env PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) install.py

# Kernels that are forked (on Linux) start with Keras already there.
test test-all test-rest: export JUPYTER_DEFAULT_PROVISIONER_NAME = keras-warm
PYTEST = $(BIN)/python -m pytest -n auto --dist loadgroup --no-loadscope-reorder
# While some tests wait for a kernel, a box or a browser, others work: one more than there are cores.
ONE_MORE := PYTEST_XDIST_AUTO_NUM_WORKERS=$$(( $$(getconf _NPROCESSORS_ONLN) + 1 ))
# Else each process compiles all tests anew.
test test-all test-rest: export PYTHONDONTWRITEBYTECODE =

test: CHOSEN := not long
test: $(READY)  ## pass the tests, each kind of them, and run every lesson again (10 to 20 minutes)
test-all: CHOSEN := long or not long
test-all: OPTIONS := --hypothesis-profile=large
test-all: $(READY)  ## pass all tests, the long ones too (2 hours)
test test-all:
	@echo "1 of 2: are the committed editions what their text builds?"
	@$(BIN)/autograder build --check
	@echo "2 of 2: the autograder; exercises with right and wrong answers; every lesson run again;"
	@echo "        hostile submissions in the sandbox; lessons and a class in real browsers."
	@$(BIN)/autograder sandbox || { without=" and (browser or not sandbox)"; \
	  echo "LEFT OUT, for no sandbox works here: the tests of grading strangers' work." >&2; }; \
	if ! $(ON_LINUX); then without="$$without and not browser and not classroom"; \
	  echo "LEFT OUT, for they are tried on Linux only: lessons and a class in a browser." >&2; \
	elif [ -n "$$CI" ] || command -v npm >/dev/null; then \
	  $(MAKE) --no-print-directory $(PROXY) || exit 1; \
	else without="$$without and not classroom"; \
	  echo "LEFT OUT, for it needs Node.js with npm: a class in a JupyterHub." >&2; fi; \
	$(ONE_MORE) $(PYTEST) $(OPTIONS) --nbval -m "($(CHOSEN))$$without" solutions tests

# Each day begins elsewhere, so that whatever doesn't fit into the time is run within a week.
MINUTES ?= 40
test-rest: $(READY)  ## pass what `make test` leaves to `make test-all`, for MINUTES=40, day by day
	@$(PYTEST) --hypothesis-profile=large --minutes $(MINUTES) -m "long or examples" tests

# Needs Linux with bubblewrap (apt install bubblewrap).
test-grader: $(READY)  ## pass all tests of grading in a sandbox (about an hour)
	@$(PYTEST) -m sandbox tests

# Needs Chromium or Chrome. What was seen is kept in build/pictures.
test-browser: $(READY)  ## use the lessons in JupyterLab, in a real browser, also with axe (10 minutes)
	@$(BIN)/python -m pytest -m browser tests

# Needs Node.js with npm, Chromium, and Linux with bubblewrap.
test-classroom: $(READY) $(PROXY)  ## take a class through JupyterHub, in real browsers (5 minutes)
	@$(BIN)/python -m pytest -m classroom tests/classroom

# JupyterHub's proxy, which is no Python program.
$(PROXY): tests/classroom/package.json tests/classroom/package-lock.json
	@command -v npm >/dev/null || { \
	  echo "npm is not installed. On Debian or Ubuntu: sudo apt install nodejs npm" >&2; exit 1; }
	@mkdir -p $(@D) && cp $^ $(@D)
	@cd $(@D) && npm ci --no-audit --no-fund --silent
	@touch $@

build: $(READY)  ## build the lessons' editions from solutions/*.py
	@$(BIN)/autograder build

check: $(READY) lint  ## tell whether every edition is current and the code is tidy
	@$(BIN)/autograder build --check

lint: $(READY)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check autograder tests

tables: $(READY)  ## write the tables anew: questions, coverage, exercises, confusion, checks, cards
	@$(BIN)/python -m tests.lessons.asked
	@$(BIN)/python -m tests.lessons.coverage
	@$(BIN)/python -m tests.lessons.table
	@$(BIN)/python -m tests.learn.confusion
	@$(BIN)/python -m tests.learn.checks_page
	@$(BIN)/python -m tests.learn.why.page

# Needs Linux with bubblewrap, and a machine with nothing else to do.
bench: $(READY) $(OTTER)  ## measure how long lessons and classes take, beside other graders (2 hours)
	@$(BIN)/python -m tests.benchmarks.learn
	@$(BIN)/python -m tests.benchmarks.grade --students 20 --rounds 1 --otter $(OTTER)
	@$(BIN)/python -m tests.benchmarks.grade --students 130 --rounds 2 --few --chart
	@$(BIN)/python -m tests.benchmarks.grade --students 10 --rounds 1 --few --lesson 03_input_shape
	@$(BIN)/python -m tests.benchmarks.growth
	@$(BIN)/python -m tests.benchmarks.starts

# otter-grader, in an environment of its own that sees ours behind it.
$(OTTER): $(READY)
	@$(BIN)/python -m venv build/otter
	@$(BIN)/python -c 'import site; print(site.getsitepackages()[0])' > \
	  "$$($@ -c 'import site; print(site.getsitepackages()[0])')/ours.pth"
	@$@ -m pip install --quiet otter-grader==7.0.0

# Keras on JAX and on PyTorch, each in an environment of its own that sees ours behind it.
test-backends: $(BACKENDS)  ## explain the faults of our tests with Keras on JAX and on PyTorch
	@for backend in jax torch; do \
	  KERAS_BACKEND=$$backend build/$$backend/bin/python -m pytest -q tests/learn/why/test_why.py \
	    -k test_the_cause_is_named || exit 1; \
	done

build/jax/ready: PACKAGE := jax==0.10.2
build/torch/ready: PACKAGE := torch==2.13.0
$(BACKENDS): $(READY)
	@$(BIN)/python -m venv $(@D)
	@$(BIN)/python -c 'import site; print(site.getsitepackages()[0])' > \
	  "$$($(@D)/bin/python -c 'import site; print(site.getsitepackages()[0])')/ours.pth"
	@$(@D)/bin/python -m pip install --quiet $(PACKAGE)
	@touch $@

course: $(READY)  ## lay out an nbgrader course directory; make course COURSE=../my-course
	@$(BIN)/autograder course $(COURSE) $(if $(EXCHANGE),--exchange $(EXCHANGE))

# uv is needed for this one only; the lock holds for every platform.
lock:  ## lock requirements.txt anew from pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.10 --generate-hashes --no-annotate --no-header \
	  --no-strip-extras --group dev --upgrade pyproject.toml -o requirements.txt

clean:  ## remove .venv and what tests leave
	rm -rf $(VENV) *.egg-info .pytest_cache .ruff_cache build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
