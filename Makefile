# `make demo` and `make test` work on a fresh machine: they set up what they need first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Tests wait half of their time, for sleeps, deadlines and processes that start.
WORKERS := $(shell $(PYTHON) -c 'import os; print(2 * (os.cpu_count() or 1))')
SEVEN := count_up,stream_annotations,retry,parallel_map,pinned_loader,singleton,inference_server

# Every start would compile what it imports: half of the time of a short one.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo notebooks site test test-all sample lint audit bench fuzz stubs generated wheels setup tools pins clean

# One of the sample's archives is hostile and refused, so that grading ends with exit code 3.
demo: setup
	$(BIN)/autograde grade course/samples --only $(SEVEN) --out demo-out || [ $$? -eq 3 ]
	@$(MAKE) --no-print-directory notebooks

# The same marks in nbgrader's gradebook: build, release, grade (from the store), feedback, export.
notebooks: setup
	@sh scripts/notebook-road.sh $(BIN) demo-out

# The course as a static site: build/site/index.html. A second build runs only changed lessons.
site: setup
	$(BIN)/autograde build site

test: setup tools
	$(BIN)/python -m pytest -n $(WORKERS) --no-loadscope-reorder -q
	@$(MAKE) --no-print-directory -j 2 sample lint

# With the few that take longest, such as JupyterLab in a browser.
test-all:
	KATA_ALL_TESTS=1 $(MAKE) --no-print-directory test

# Some right and wrong answers of each exercise, drawn at random.
sample: setup
	$(BIN)/autograde audit --quick --sample 1 --jobs 4

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/autograde stubs --check

# Every right answer, and every wrong one against all checks.
audit: setup
	$(BIN)/autograde audit --jobs 4

bench: setup
	$(BIN)/python -m bench

# A few seconds of this are part of the tests.
fuzz: setup
	$(BIN)/python -m tests.fuzz 100000

stubs: setup
	$(BIN)/autograde stubs

# What is drawn or listed from the code: the architecture page, the schema of results.jsonl.
generated: setup
	$(BIN)/python -m scripts.generated

# The engine and the course, to install together: pip install dist/*.whl
wheels: setup
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .
	$(BIN)/python -m build --wheel --no-isolation --outdir dist packaging/kata-course

setup: $(STAMP)
	@sh scripts/install.sh bwrap bubblewrap "Grading"

# For tests only: where these are missing, the tests that need them are skipped.
tools:
	-@sh scripts/install.sh chromium chromium "Testing pages in a browser"
	-@sh scripts/install.sh tmux tmux "Testing at a real terminal"
	-@sh scripts/install.sh ip iproute2 "Testing a cluster of several hosts"
	-@sh scripts/install.sh pg_ctlcluster postgresql "Testing with a database server"

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	$(BIN)/python -m compileall -q autograder
	@touch $@

# Write constraints.txt anew from what is installed.
pins: setup
	{ echo "# Every pin, so that two machines install the same. Written by \`make pins\`."; \
	  $(BIN)/pip freeze --exclude-editable | sed 's/^\(torch==[0-9.]*\)+cpu/\1/'; } > constraints.txt

clean:
	rm -rf $(VENV) demo-out out .pytest_cache .mypy_cache .ruff_cache
