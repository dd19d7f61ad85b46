# The chores of the project. `make` alone lists them.
# What a newcomer needs (help, setup, run, test) asks of the machine no more than make and Python:
# those recipes use the shell's own words, so they also work where little else is on the PATH.

BIN := .venv/bin
STAMP := .venv/.installed
FRONTEND := desk/frontend
STYLES := $(FRONTEND)/built/desk.css
PYTHON_CANDIDATES := $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11)
UV := uv==0.13.9

.DEFAULT_GOAL := help
.PHONY: help setup run test lint format bench law requirements clean

help: ## list the chores
	@while IFS= read -r line; do \
		case "$$line" in [a-z]*': '*'## '*) printf '  make %-13s %s\n' "$${line%%:*}" "$${line##*## }";; esac; \
	done < Makefile

setup: $(STAMP) $(STYLES) ## make .venv from the pinned requirements, and the desk's styles

run: setup ## start the whole stack here with a made-up caseload: server, worker, register, desk
	@$(BIN)/python starter.py up --sample

test: lint ## lint, then every test (make test ARGS="-k remand" for some)
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

lint: setup ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup ## put the code in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## measure, and keep the figures in docs/performance.md
	$(BIN)/python -m benchmarks

law: setup ## write docs/law.md, the map from each source of law to its rule and test
	$(BIN)/python -m docs.law

# uv has an environment of its own: nothing else needs it, and it must work when the pins are at fault.
# The pins serve every Python from 3.11 on, on Linux and macOS.
requirements: setup ## pin what pyproject.toml asks for (make requirements UPGRADE=--upgrade for newer)
	$(BIN)/python -m venv --clear .venv/uv
	.venv/uv/bin/python -m pip install -qq --disable-pip-version-check $(UV)
	.venv/uv/bin/uv pip compile $(PIN) $(UPGRADE) --output-file requirements.txt pyproject.toml
	.venv/uv/bin/uv pip compile $(PIN) $(UPGRADE) --output-file requirements-dev.txt \
		--constraints requirements.txt --group dev pyproject.toml

PIN := --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-annotate --no-header

clean: ## remove .venv, what set-up built and the caches; the data in var/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis $(FRONTEND)/node_modules $(FRONTEND)/built
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --clear, because an environment made by another Python or from older pins is not worth mending.
# Wheels only: a package with no wheel for this machine is refused at once, not compiled at length. But docopt, which
# GOV.UK Notify's client asks for, is one file of Python and comes in no other form than its source.
$(STAMP): requirements-dev.txt
	@python=; \
	for candidate in $(PYTHON_CANDIDATES); do \
		if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			python=$$candidate; break; \
		fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Python 3.11 or later is needed; tried: $(PYTHON_CANDIDATES)." >&2; \
		echo "Install one, or say where it is: make setup PYTHON=/path/to/python3" >&2; \
		exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "This Python cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
		exit 1; \
	fi; \
	echo "Setting up .venv (about a minute, once)"; \
	"$$python" -m venv --clear .venv && \
	$(BIN)/python -m pip install -qq --disable-pip-version-check \
		--only-binary :all: --no-binary docopt --require-hashes --requirement requirements-dev.txt && \
	: > $(STAMP)

# Node comes with the environment; its npm is found by the path, for what it starts finds it there too.
$(STYLES): $(STAMP) $(FRONTEND)/package-lock.json $(FRONTEND)/desk.scss
	@echo "Building the desk's styles (seconds)"; \
	cd $(FRONTEND) && PATH="$(CURDIR)/$(BIN):$$PATH" && \
	npm ci --silent && npm run build --silent
