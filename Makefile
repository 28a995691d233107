# Every target installs what it misses (scripts/bootstrap) and works as root or with sudo, offline from the second time on.

.DEFAULT_GOAL := help
.PHONY: help build demo test check format bench proof fuzz clean

# What the program is built with, and which one the demo runs.
export CONFIGURATION ?= release
# make demo: EXIT=1 stops when everything is processed; DIR is where its database lives; DEMO_ARGS is passed on as it is.
export DEVICES ?=
export SEED ?=
export RATE ?=
export EXIT ?=
export DIR ?=
export DEMO_ARGS ?=
# make test: a regular expression of the tests to run, as `swift test --filter` takes it.
export TESTS ?=

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build the program (CONFIGURATION=debug|release)
	@scripts/bootstrap
	@scripts/build

demo: ## run everything with a simulated fleet (EXIT=1, DEVICES=, SEED=, RATE=, DIR=, DEMO_ARGS=)
	@scripts/bootstrap
	@scripts/demo

test: ## run the tests on the embedded broker and on an independent one (TESTS=regular-expression)
	@scripts/bootstrap
	@scripts/test

check: ## what continuous integration runs: format, build, test
	@scripts/bootstrap
	@scripts/check

format: ## format all Swift sources
	swift format --in-place --parallel --recursive Sources Tests Fuzz Measuring migrations Package.swift

bench: ## measure, and print the ratios
	@scripts/bootstrap measuring
	@scripts/bench

proof: ## the checks at full size, an hour at most for each
	@scripts/bootstrap measuring
	@scripts/proof

fuzz: ## search for documents that stop the JSON reader or the DTDL engine (TARGET=json|dtdl, FUZZ_SECONDS=)
	@scripts/bootstrap
	@scripts/fuzz "$(or $(TARGET),json)" "$(or $(FUZZ_SECONDS),60)"

clean: ## remove what was built, and the demo's database
	rm -rf .build .build-*
