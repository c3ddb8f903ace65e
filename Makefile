# Two commands do everything on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test check lock clean

run: .venv/run.stamp  ## ingest, then the Slack bot when tokens are set, else a conversation here
	@$(BIN)/smallprint run

test: .venv/test.stamp check  ## formatting, lint, types, then every test
	$(BIN)/python -m pytest

check: .venv/test.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# torch goes first and by itself: it may need packages that the lock must not name (see the file).
.venv/run.stamp: requirements-torch.txt requirements.lock pyproject.toml
	@echo "Installing Smallprint into .venv (about 2 GB, a few minutes on first run) ..." >&2
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Smallprint needs Python 3.11 or newer; set PYTHON=... to name one.")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) install -r requirements-torch.txt
	$(PIP) install --no-deps --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

.venv/test.stamp: .venv/run.stamp requirements-dev.lock
	$(PIP) install --no-deps --require-hashes -r requirements-dev.lock
	touch $@

# Renews both locks for every platform; no addresses are written into them.
COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-package torch --no-header --quiet
lock: .venv/run.stamp
	$(PIP) install 'uv>=0.9,<1'
	$(COMPILE) --constraint requirements-torch.txt --output-file requirements.lock
	$(COMPILE) --constraint requirements-torch.txt --constraint requirements.lock \
		--group dev --output-file requirements-dev.lock

clean:
	rm -rf .venv var build dist *.egg-info
