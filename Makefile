# Gezhi. `make demo` shows it, `make test` proves it; both start from an empty clone with Python >= 3.11 alone.
# What is here already is kept: only what changed is installed, built or compiled again.
#   make demo ARGS="--port 8001 --days 7"    make test    make test-full    make wheel    make lock    make clean

SHELL := /bin/sh
.DEFAULT_GOAL := demo
.DELETE_ON_ERROR:
.PHONY: demo test test-full check product wheel lock clean messages

VENV := .venv
PY := $(VENV)/bin/python
WEB := $(shell find web -path web/node_modules -prune -o -type f -print 2>/dev/null)
BUILT := src/gezhi/interfaces/web/static/build/manifest.json
FONTS := src/gezhi/modules/documents/fonts
NOTO := web/node_modules/@expo-google-fonts/noto-sans-sc

# What does not wait for one another is got at the same time; `make clean test` takes one after the other.
ifeq ($(filter clean,$(MAKECMDGOALS)),)
MAKEFLAGS += --jobs=2
endif

# An empty environment is enough: certificates from the machine, a home for tools that insist on one.
export NODE_USE_SYSTEM_CA := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export NPM_CONFIG_UPDATE_NOTIFIER := false
export PIP_ROOT_USER_ACTION := ignore
export PYTHONUNBUFFERED := 1
# Modules are compiled when they are first imported (below) and must then be kept, or every process does it again.
unexport PYTHONDONTWRITEBYTECODE
ifeq ($(strip $(HOME)),)
export HOME := $(CURDIR)/$(VENV)/home
endif

demo: product
	@$(PY) -m gezhi.interfaces.cli.main demo $(ARGS)

product: $(VENV)/.installed $(BUILT) $(FONTS)/.copied messages

test: check
	$(PY) -m tests.lib.browser
	$(PY) -m pytest -n 3 --dist worksteal -m "not slow" --ignore=tests/journeys $(ARGS)
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow" tests/journeys $(ARGS)

test-full: check
	$(PY) -m tests.lib.browser
	$(PY) -m pytest -n 3 --dist worksteal --ignore=tests/journeys $(ARGS)
	GEZHI_SCREENS=1 $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder tests/journeys $(ARGS)

check: product $(VENV)/.installed-dev
	$(VENV)/bin/ruff check src tests bench
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

# A virtual environment knows its own place: one that was copied or moved here is made anew.
$(VENV)/.place: FORCE
	@if [ "$$(cat $@ 2>/dev/null)" = "$$(pwd -P)" ] && $(PY) -c '' 2>/dev/null; then exit 0; fi; \
	for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "Gezhi needs Python 3.11 or newer; none was found on the PATH." >&2; exit 1; fi; \
	echo "Making $(VENV) with $$($$found --version) …"; rm -rf $(VENV); \
	$$found -m venv $(VENV) && mkdir -p $(VENV)/home && pwd -P > $@
FORCE:

# Most of the modules that come along are never imported: none is compiled here.
PIP_PINNED := $(PY) -m pip install --quiet --no-deps --require-hashes --only-binary :all: --no-compile

$(VENV)/.installed: requirements.txt pyproject.toml $(VENV)/.place
	@echo "Installing what Gezhi needs …"
	@$(PIP_PINNED) -r requirements.txt
	@$(PY) -m pip install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing what the tests need …"
	@$(PIP_PINNED) -r requirements-dev.txt
	@touch $@

web/node_modules/.installed: web/package.json web/package-lock.json | $(VENV)/.installed
	@echo "Getting the front end's parts …"
	@$(PY) -m gezhi.lib.node npm --prefix web ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(BUILT): web/node_modules/.installed $(WEB)
	@echo "Building the front end …"
	@$(PY) -m gezhi.lib.node npm --prefix web run --silent build -- --logLevel warn
	@$(PY) -m whitenoise.compress --quiet $(dir $(BUILT))
	@touch $@

# What documents are printed with: two weights of the package's nine, and their licence (docs/adr/0018).
$(FONTS)/.copied: web/node_modules/.installed
	@mkdir -p $(FONTS)
	@cp $(NOTO)/400Regular/NotoSansSC_400Regular.ttf $(NOTO)/700Bold/NotoSansSC_700Bold.ttf $(FONTS)/
	@cp $(NOTO)/LICENSE_FONT $(FONTS)/OFL.txt
	@touch $@

messages: $(VENV)/.installed
	@$(PY) -m gezhi.lib.messages

wheel: product
	@rm -rf dist
	$(VENV)/bin/hatchling build -t wheel

# The lock names versions and hashes, no addresses: pip settings of the machine must not reach it (docs/adr/0002).
LOCK := UV_SYSTEM_CERTS=1 var/lock/bin/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 $(LOCKARGS)
lock:
	@python3 -m venv var/lock && var/lock/bin/pip install --quiet uv
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -c requirements.txt -o requirements-dev.txt
	$(LOCK) requirements-bench.in -c requirements.txt -o requirements-bench.txt

clean:
	rm -rf $(VENV) dist build web/node_modules src/gezhi/interfaces/web/static/build $(FONTS) var/lock \
	  .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
	find src -name '*.mo' -delete
