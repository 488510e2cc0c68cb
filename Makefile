.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
T ?= tests
WORKERS ?= 2

.PHONY: help setup extras fast demo serve test compiled slow lint types contracts bench docs format lock clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/runtime.stamp: requirements.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed: apt install python3.11-venv, or set PYTHON=..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "The venv module is missing: apt install python3-venv"; exit 1; }
	@echo "  packages (locked and hashed)"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/pip install -q --disable-pip-version-check --no-build-isolation --no-deps --no-index -e .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/runtime.stamp requirements-dev.txt
	@echo "  packages for tests and checks"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

setup: $(VENV)/runtime.stamp ## Make the virtual environment, the database and everything else that is needed
	@$(BIN)/tongwen setup

extras: $(VENV)/runtime.stamp ## Add LDAP and SAML (needs libldap-dev, libsasl2-dev, gcc, python3-dev; xmlsec1 to run)
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-extras.txt

fast: $(VENV)/dev.stamp ## Compile what loading spends its time in (needs gcc and python3-dev)
	@$(BIN)/python tools/compile.py

demo: $(VENV)/runtime.stamp ## Set up twelve demo libraries with real records and serve them (TONGWEN_PORT, TONGWEN_HOME)
	@exec $(BIN)/tongwen demo

serve: $(VENV)/runtime.stamp ## Serve this installation: portal, workers, database
	@exec $(BIN)/tongwen serve

test: $(VENV)/dev.stamp ## Run all tests, or T=path
	@$(BIN)/python -m pytest $(T) -q -n $(WORKERS) --dist worksteal -m "not slow"

compiled: fast ## Run the tests of the compiled modules in their compiled form
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal -m "not slow" \
	  tests/standards tests/core/search tests/domain/catalogue/rules tests/domain/discovery tests/domain/catalogue/services

slow: $(VENV)/dev.stamp ## Run the long trials (kills, floods)
	@$(BIN)/python -m pytest $(T) -q -m slow

lint: $(VENV)/dev.stamp ## Check style, templates and the architecture's contracts
	@$(BIN)/ruff check src tests bench samples tools
	@$(BIN)/ruff format --check src tests bench samples tools
	@$(BIN)/djlint --lint --quiet src/tongwen/web src/tongwen/api
	@$(MAKE) -s contracts

contracts: $(VENV)/dev.stamp ## Check the floors, rooms and front doors
	@$(BIN)/lint-imports

types: $(VENV)/dev.stamp ## Check types (mypy --strict on standards, core, domain)
	@$(BIN)/mypy

format: $(VENV)/dev.stamp ## Format the sources
	@$(BIN)/ruff check --fix-only -q src tests bench samples tools
	@$(BIN)/ruff format -q src tests bench samples tools

bench: fast ## Measure everything (bench/README.md), with Zebra as the peer
	@$(BIN)/python -m bench

docs: $(VENV)/dev.stamp ## Take the screenshots of docs/ anew from the demo's data
	@$(BIN)/python docs/take_screenshots.py

lock: ## Renew the locked requirements (pip-tools on the PATH, on Debian 12's Python 3.11.2, the oldest that is supported)
	@pip-compile -q --allow-unsafe --generate-hashes --strip-extras --no-emit-index-url --no-emit-trusted-host \
	  --no-emit-find-links --no-header --no-annotate -o requirements.txt pyproject.toml
	@pip-compile -q --allow-unsafe --generate-hashes --strip-extras --extra dev -c requirements.txt --no-emit-index-url \
	  --no-emit-trusted-host --no-emit-find-links --no-header --no-annotate -o requirements-dev.txt pyproject.toml
	@pip-compile -q --allow-unsafe --generate-hashes --strip-extras --extra ldap --extra saml -c requirements-dev.txt \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header --no-annotate \
	  -o requirements-extras.txt pyproject.toml

clean: ## Remove the virtual environment and what tools left behind; var/ stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .import_linter_cache .hypothesis
