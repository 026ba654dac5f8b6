# Python 3.11 or newer and make are all that is needed: the first target sets up .venv with everything else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO := fixtures/demo-support-assistant

.PHONY: demo test lint types pytest golden schema docs screenshot build mutants bench clean

demo: $(STAMP)  ## check a project that breaks its licenses
	@code=0; (cd $(DEMO) && "$(CURDIR)/$(BIN)/caveat" check --as-of 2026-11-22) || code=$$?; \
	echo; echo "caveat ended with exit code $$code (0 pass, 1 fail, 2 could not be evaluated, 3 review)."; \
	test $$code -eq 1

test: lint types pytest  ## everything that must hold before a change is merged

lint: $(STAMP)
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

pytest: $(STAMP)
	$(BIN)/python -m pytest

golden: $(STAMP)  ## write what the fixtures are expected to give; read the difference before you commit it
	CAVEAT_GOLDEN=1 $(BIN)/python -m pytest tests/test_fixtures.py
	$(BIN)/python tools/docs.py

schema: $(STAMP)  ## write rules/schema/ from the code
	$(BIN)/python tools/schemas.py

docs: $(STAMP)  ## write the generated pages of docs/ and blocks of README.md
	$(BIN)/python tools/docs.py

screenshot: $(STAMP)  ## write the pictures of the README; needs chromium
	$(BIN)/python tools/screenshot.py

build: $(STAMP)  ## build the sdist and the wheel into dist/
	$(BIN)/python -m build

mutants: $(STAMP)  ## break every clause kind on purpose and list what no example notices
	$(BIN)/python tools/mutate.py

bench: $(STAMP)  ## measure whole processes
	$(BIN)/python benchmarks/bench.py

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis rules/compiled.pack
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@
