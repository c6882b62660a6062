# The one entry point. `make` alone explains itself.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

# Kept between runs and shared between clones: compiled code, Debian roots, the tests' database cluster.
export PEERAGE_CACHE := $(shell scripts/cache-dir)
export CARGO_TARGET_DIR ?= $(PEERAGE_CACHE)/target
# Rust as rustup installs it, also where the shell does not know it.
export PATH := $(PATH):$(or $(CARGO_HOME),$(HOME)/.cargo)/bin

CARGO_TEST := cargo test --locked --no-fail-fast
CLIPPY_FLAGS := -D warnings

.PHONY: help
help: ## show this help
	@printf 'Peerage: Asterisk reads its agents and phones from Postgres.\n\n'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24
	@printf '\nCache: %s   Compiled code: %s\n' '$(PEERAGE_CACHE)' '$(CARGO_TARGET_DIR)'

.PHONY: run
run: install ## start everything, with a real Asterisk and a sample call centre
	@scripts/run

.PHONY: stop
stop: ## stop what `make run` and the tests left running
	@scripts/run stop
	@scripts/test-cluster stop

.PHONY: test
test: install-test lab ## run every test; install what is missing
	@status=0; $(CARGO_TEST) --workspace || status=$$?; scripts/test-cluster stop; scripts/prove short || status=$$?; exit $$status

.PHONY: prove
prove: install-test lab ## run whole suites on the newest PostgreSQL too, and long runs
	@scripts/prove

.PHONY: test-unit
test-unit: install ## run the tests that need only Rust
	@$(CARGO_TEST) --workspace --exclude peerage-testkit --exclude peerage-tests --lib --bins

.PHONY: test-db
test-db: install-test ## run the tests that need no Asterisk
	@$(CARGO_TEST) --workspace --exclude peerage-ami --exclude peerage-testkit --exclude peerage-tests

.PHONY: test-asterisk
test-asterisk: install-test lab ## run the tests with a real Asterisk
	@$(CARGO_TEST) --package peerage-ami --package peerage-testkit --package peerage-tests

.PHONY: test-browser
test-browser: install-test lab ## run the console's tests in a real browser
	@$(CARGO_TEST) --package peerage-testkit --test browser
	@$(CARGO_TEST) --package peerage-tests --test browser

.PHONY: screenshots
screenshots: install-test lab ## update docs/screenshots; look at them before you commit
	@PEERAGE_WRITE_SCREENSHOTS=1 $(CARGO_TEST) --package peerage-tests --test browser -- pictures_of_the_main_pages

.PHONY: check
check: install-test ## check format, lints, docs, dependencies and licenses, SQL, links, OpenAPI, functions
	@cargo fmt --all --check
	@scripts/check-edges
	@scripts/check-dependencies
	@scripts/check-sql
	@scripts/check-docs
	@scripts/check-openapi
	@cargo clippy --locked --workspace --all-targets -- $(CLIPPY_FLAGS)
	@RUSTDOCFLAGS='-D warnings' cargo doc --locked --workspace --no-deps
	@status=0; $(CARGO_TEST) --package peerage-views --test views -- plpgsql || status=$$?; scripts/test-cluster stop; exit $$status

.PHONY: advisories
advisories: ## look for known vulnerabilities in dependencies; needs the network
	@if cargo audit --version >/dev/null 2>&1; then cargo audit; \
	elif cargo deny --version >/dev/null 2>&1; then cargo deny check advisories; \
	else printf 'advisories: error: neither cargo-audit nor cargo-deny is installed; run: cargo install --locked cargo-audit\n' >&2; exit 1; fi

.PHONY: bench
bench: install-test ## measure the performance budgets on this machine
	@scripts/bench

.PHONY: schema
schema: install-test ## update schema/canonical.sql after changing the schema
	@PEERAGE_WRITE_SCHEMA=1 $(CARGO_TEST) --package peerage-views --test views -- the_migrations_make_the_schema

.PHONY: reference
reference: install ## update docs/reference after changing the command line or the API
	@PEERAGE_WRITE_REFERENCE=1 $(CARGO_TEST) --package peerage --bins -- the_written_reference_is_what_help_says
	@PEERAGE_WRITE_REFERENCE=1 $(CARGO_TEST) --package peerage-service --test http -- the_written_reference_is_the_document

.PHONY: docs
docs: install ## build the documentation of the code
	@cargo doc --locked --workspace --no-deps
	@printf 'Open %s/doc/peerage/index.html\n' '$(CARGO_TARGET_DIR)'

.PHONY: lab
lab: install-test ## install Debian roots with a real Asterisk 16 and 22
	@contrib/lab/lab install all

.PHONY: install
install: ## install what building and `make run` need, from Debian
	@scripts/install run

.PHONY: install-test
install-test:
	@scripts/install test

.PHONY: clean
clean: ## remove compiled code and the tests' databases; the Debian roots stay
	@scripts/test-cluster remove
	@cargo clean
