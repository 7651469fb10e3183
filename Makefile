# `make` alone lists what there is. Every target sets up what it needs; nothing but Python 3.11+, git and make is asked of the machine.
PYTHON  ?= python3
UV_PIN  := 0.13.9
UV      := .uv/bin/uv
BIN     := .venv/bin
STAMP   := .venv/.ready
ENGINES := .venv/.ready-with-engines
export UV_PYTHON_DOWNLOADS = never
export UV_LINK_MODE = copy

.DEFAULT_GOAL := help
.PHONY: help setup report test lint bench reference docs schemas snapshots alliances lab soak clean

help:  ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(STAMP)  ## make .venv from the lock (the other targets call this)

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "mel needs Python 3.11 or newer; say which with: make PYTHON=python3.12 setup"; exit 2; }
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --target .uv uv==$(UV_PIN)

$(STAMP): uv.lock pyproject.toml $(UV)
	$(UV) sync --locked --extra lab --quiet --python $(PYTHON)
	@touch $(STAMP)

# The engines that only tests and large registers need (Spark alone is 450 MB) stay out of the way to a report.
$(ENGINES): $(STAMP)
	$(UV) sync --locked --all-extras --quiet --python $(PYTHON)
	@touch $(STAMP) $(ENGINES)

report: $(STAMP)  ## render a mid-term review for each invented alliance into reports/
	$(BIN)/mel report data/alliances/*

test: $(ENGINES)  ## all tests but the long ones
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(STAMP)  ## formatting, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(STAMP)  ## speed, as ratios measured side by side in one run
	$(BIN)/python bench/run.py

reference: $(STAMP)  ## make the reference numbers again with R and its package survey
	@command -v Rscript >/dev/null || { echo "R is not here; Debian's packages are r-base-core, r-cran-survey, r-cran-lme4, r-cran-rpart and r-cran-jsonlite"; exit 1; }
	@for script in $$(find tests/reference -name '*.R'); do echo $$script; (cd $$(dirname $$script) && Rscript $$(basename $$script)) || exit 1; done

docs: $(STAMP)  ## write docs/reference.md from the map and the docstrings
	$(BIN)/python docs/make.py

schemas: $(STAMP)  ## write data/schemas/ from the models
	$(BIN)/python -c "from pathlib import Path; from mel.formats.schemas import write_schemas; write_schemas(Path('data/schemas'))"

snapshots: $(STAMP)  ## accept the error texts as they now are (then read the diff)
	$(BIN)/python tests/spec/errors/snapshot.py

alliances: $(STAMP)  ## draw the invented alliances again from their seeds
	$(BIN)/python data/generate.py

lab: $(STAMP)  ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab --LabApp.news_url=None --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate notebooks

soak: $(ENGINES)  ## the full numbers of what `make test` samples
	$(BIN)/python -m pytest tests/soak -o addopts="-ra --strict-markers --import-mode=importlib"

clean:  ## remove what was made (never data)
	rm -rf .venv .uv .pytest_cache .mypy_cache .ruff_cache reports/*/
