# Needs only make and a Python of 3.11 or newer with its venv module; everything else comes into .venv from
# requirements-dev.lock. PYTHON=/path/to/python chooses the interpreter, INPUT= and OUT= what `make run` reads and
# writes, AGAINST= a revision that `make bench` measures too.

SHELL := /bin/bash
INPUT ?= data/raw
OUT ?= data/out
BIN := .venv/bin
READY := .venv/.ready
CANDIDATES := $(if $(PYTHON),$(PYTHON),python3.13 python3.12 python3.11 python3)

.DEFAULT_GOAL := help
.PHONY: help run test lint bench soak review-soak docs messages lock clean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name what; do \
	  printf '  make %-8s %s\n' "$$name" "$$what"; done

run: $(READY)  ## read every filing in data/raw into data/out
	$(BIN)/jixiao run $(INPUT) --out $(OUT)

test: lint  ## every check: ruff, mypy, import layers, pytest
	$(BIN)/pytest

lint: $(READY)  ## ruff, mypy and import layers only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict
	$(BIN)/lint-imports

bench: $(READY)  ## measure speed and memory beside pdfplumber's own table reading
	$(BIN)/python -m pipeline.bench $(INPUT)
	$(BIN)/python -m pipeline.bench.scans
	$(BIN)/python -m pipeline.bench.faults
	$(BIN)/python -m pipeline.bench.archive
	$(BIN)/python -m pipeline.bench.growth $(INPUT)
	$(if $(AGAINST),$(BIN)/python -m pipeline.bench.against $(AGAINST) $(INPUT) --roads text-layer dump scan)

soak: $(READY)  ## 20,000 hostile files, 1,000 generated ones, 40 killed runs (20 in scans), 20 losses of power
	$(BIN)/python -m tests.soak --inputs 20000 --seconds 7200 --workers 2
	$(BIN)/python -m tests.kills --files 1000 --kills 20 --scans 8 --scan-kills 20
	$(BIN)/python -m tests.losses --files 60 --losses 20
	folder=$$(mktemp -d) && $(BIN)/python -m tests.generator --files 1000 --out "$$folder/archive" --run -- --jobs 2; \
	  code=$$?; rm -rf "$$folder"; exit $$code

docs: build/docs/.ready  ## build the documentation as a site in build/site, in an environment of its own
	NO_MKDOCS_2_WARNING=1 build/docs/bin/mkdocs build --strict --quiet --site-dir build/site
	@echo "make: open build/site/index.html"

messages: $(READY)  ## bring the catalogue of messages up to date with the code, and compile it
	$(BIN)/python tests/catalogue.py

review-soak: $(READY)  ## a reviewer goes through 500 values of a generated archive in a real browser, by keys, and never waits
	$(BIN)/python -m tests.review_soak

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --custom-compile-command "make lock" \
  --no-emit-index-url --no-emit-find-links
NEEDED := --excludes requirements-excluded.txt pyproject.toml requirements.in

lock: $(READY)  ## choose the newest versions that pyproject.toml allows and write the files requirements*.lock
	$(BIN)/python -m pip install --quiet uv
	$(COMPILE) --upgrade $(NEEDED) --extra dev --extra ray --extra postgres -o requirements-dev.lock
	$(COMPILE) --upgrade $(NEEDED) --no-annotate -c requirements-dev.lock -o requirements.lock
	$(COMPILE) --upgrade docs/requirements.in -o requirements-docs.lock

clean:  ## remove the environment, caches and results
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find data/out -mindepth 1 ! -name .gitkeep -delete

build/docs/.ready: requirements-docs.lock $(READY)
	$(BIN)/python -m venv --clear build/docs
	build/docs/bin/pip install --disable-pip-version-check --quiet --no-deps -r requirements-docs.lock
	touch build/docs/.ready

# The stamp is written last: an install that broke off is done again.
$(READY): requirements-dev.lock pyproject.toml
	@set -e; python=; old=; bare=; \
	for each in $(CANDIDATES); do \
	  version=$$("$$each" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue; \
	  if ! "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then old="$$old $$each ($$version)"; continue; fi; \
	  if ! "$$each" -c 'import ensurepip, venv' 2>/dev/null; then bare="$$bare $$each ($$version)"; continue; fi; \
	  python=$$each; break; \
	done; \
	if [ -z "$$python" ]; then \
	  if [ -n "$$bare" ]; then echo "make: found$$bare, but without the venv module." >&2; \
	  elif [ -n "$$old" ]; then echo "make: found only$$old; jixiao needs Python 3.11 or newer." >&2; \
	  else echo "make: no Python found among: $(CANDIDATES)." >&2; fi; \
	  echo "make: on Debian 12 or newer: apt-get install python3 python3-venv make; elsewhere: make PYTHON=/path/to/python3.11" >&2; \
	  exit 1; \
	fi; \
	echo "make: installing into .venv with $$python"; \
	"$$python" -m venv --clear .venv; \
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps -r requirements-dev.lock; \
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .; \
	touch $(READY)
