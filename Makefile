# `make demo` and `make test` work on a fresh machine: they set up what they need first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SEVEN := count_up,stream_annotations,retry,parallel_map,pinned_loader,singleton,inference_server
STAMP := $(VENV)/.installed

.PHONY: demo test lint bench stubs setup pins clean

demo: setup
	$(BIN)/autograde grade course/samples --only $(SEVEN) --out demo-out

test: setup
	$(BIN)/python -m pytest -n auto -q
	$(BIN)/autograde audit
	$(MAKE) --no-print-directory lint

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/autograde stubs --check

bench: setup
	$(BIN)/python -m bench

stubs: setup
	$(BIN)/autograde stubs

setup: $(STAMP)
	@sh scripts/install-bubblewrap.sh

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

# Write constraints.txt anew from what is installed.
pins: setup
	{ echo "# Every pin, so that two machines install the same. Written by \`make pins\`."; \
	  $(BIN)/pip freeze --exclude-editable | sed 's/^\(torch==[0-9.]*\)+cpu/\1/'; } > constraints.txt

clean:
	rm -rf $(VENV) demo-out out .pytest_cache .mypy_cache .ruff_cache
