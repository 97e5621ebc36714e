# Everything that is done with this repository, from a fresh clone on. `make help` lists it.
# No step is repeated without need: .venv/.run, .learn and .dev mark what has been installed, demo/.done what was made.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help demo test check format golden sheet catalogue bench lock clean

BIN := .venv/bin
DEMO_PER_CLASS ?= 500
DEMO_BACKBONE ?= small
PYTEST_ARGS ?=
SOURCES := $(shell find src -type f -not -name '*.pyc')

help:  ## list the commands
	@sed -nE 's/^([a-z]+):.*  ## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

demo: demo/.done  ## make a small dataset, a contact sheet and a classifier from the embedded models, in demo/
	@echo "$(CURDIR)/demo/sheet.png"

test: check adapter  ## make check, then all tests
	$(BIN)/pytest $(PYTEST_ARGS)

check: .venv/.dev  ## lint, format, types, import layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/.dev  ## mend what ruff can mend by itself
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

golden: .venv/.dev adapter  ## draw the golden images anew; look at each before committing it
	$(BIN)/python -m tests.render.golden

sheet: .venv/.run adapter  ## draw the README's contact sheet anew
	$(BIN)/python tools/readme_sheet.py docs/images/sheet.jpg

catalogue: .venv/.run adapter  ## draw docs/catalogue.md and its sheets anew
	$(BIN)/python tools/catalogue_sheets.py docs --pages

bench: .venv/.run adapter  ## images per second on this machine
	$(BIN)/diorama bench

lock: .venv/.run  ## resolve the newest versions that pyproject.toml allows, and write them to the lock files
	$(BIN)/python tools/lock.py

clean:  ## remove all that can be made again
	rm -rf .venv demo .failures build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find src tests tools -name __pycache__ -prune -exec rm -rf {} +

demo/.done: .venv/.learn $(SOURCES) | adapter
	rm -rf demo
	$(BIN)/diorama generate --recipe best --out demo/data --classes cat,dog,bike,car --per-class $(DEMO_PER_CLASS)
	$(BIN)/diorama preview --recipe best --classes cat,dog,bike,car --out demo/sheet.png
	$(BIN)/diorama train demo/data --out demo/model --backbone $(DEMO_BACKBONE) --validation 0.2 \
	  --epochs 16 --schedule cosine --lr 0.003 --batch 32
	@touch $@

.PHONY: adapter
adapter: .venv/.run
	@tools/adapter

.venv/.run: tools/environment requirements.lock pyproject.toml
	tools/environment requirements.lock
	@touch $@

.venv/.learn: .venv/.run requirements-learn.lock
	tools/environment requirements-learn.lock
	@touch $@

.venv/.dev: .venv/.learn requirements-dev.lock
	tools/environment requirements-dev.lock
	@touch $@
