# `make` alone lists what there is to do.
SHELL := /bin/sh
UV := .uv/bin/uv
RUN := .venv/bin

.PHONY: help env demo test check bench migration messages assets

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

env: .venv/ready  ## install what the project needs into .venv

.venv/ready: pyproject.toml uv.lock .python-version scripts/env
	@sh scripts/env
	@touch $@

demo: env  ## build the demo district and serve it; the address and the sign-ins are printed
	@$(RUN)/chibo demo --serve

test: env  ## run the tests
	@sh scripts/tools
	@$(RUN)/pytest -n auto --dist loadscope -q

check: env  ## style, types, rooms, templates, migrations, translations
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy chibo tests conftest.py scripts
	$(RUN)/lint-imports
	$(RUN)/djlint chibo --lint --quiet
	$(RUN)/chibo makemigrations --check --dry-run
	$(RUN)/python scripts/untranslated.py

bench: env  ## the month at 300 and 30,000 units; the tree beside two others; 2025 in full; 100,000 members; scores; opinions; search; programmes; dues; courses; growth
	@$(RUN)/python -m tests.bench
	@$(RUN)/python -m tests.bench_tree
	@$(RUN)/python -m tests.bench_reorganisation
	@$(RUN)/python -m tests.bench_people
	@$(RUN)/python -m tests.bench_scoring
	@$(RUN)/python -m tests.bench_opinions
	@$(RUN)/python -m tests.bench_search
	@$(RUN)/python -m tests.bench_programmes
	@$(RUN)/python -m tests.bench_dues
	@$(RUN)/python -m tests.bench_courses
	@$(RUN)/python -m tests.bench_admissions

migration: env  ## write a migration: make migration APP=tasks NAME=what_changes
	$(RUN)/chibo makemigrations $(APP) --name $(NAME)

messages: env  ## read the sentences out of the code into each app's catalogue, and compile them
	$(RUN)/python scripts/untranslated.py --write

assets:  ## build the style sheet and the scripts (needs Node); the result is committed
	cd frontend && npm ci && npm run build
