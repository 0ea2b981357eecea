# What a contributor can do. `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
SWIFT ?= swift
CONFIGURATION ?= release
BUILD := $(SWIFT) build -c $(CONFIGURATION)
BIN := .build/$(CONFIGURATION)
OUT ?= out
SECONDS ?= 60

.PHONY: help setup build demo test fuzz bench bench-api bench-estimator bench-rehearsal bench-render format lint clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | while IFS=$$'\t' read -r name text; do printf '  make %-15s %s\n' "$$name" "$$text"; done

setup: ## Install what is missing: SQLite's headers, kubectl, Envoy in .venv
	@scripts/setup

build: setup ## Build everything (CONFIGURATION=debug for a quicker first build)
	$(BUILD)

demo: build ## A push on a small news fleet: reactive and prescaled, side by side
	@mkdir -p $(OUT)
	$(BIN)/sakigake demo --report $(OUT)/demo.html

test: setup ## Build and run all tests
	$(SWIFT) build -c $(CONFIGURATION) --build-tests
	SAKIGAKE_BIN=$(abspath $(BIN)) $(SWIFT) test -c $(CONFIGURATION) --skip-build --no-parallel

fuzz: setup ## Look for inputs that break the readers and the server (SECONDS=60 each)
	$(BUILD) --product fuzz
	$(BIN)/fuzz all --seconds $(SECONDS)

bench: build ## Measure the API server, and pushes from POST to floors
	@scripts/bench $(BIN)

bench-api: build ## Measure the API server; KUBECONFIG= (and URL=) measure another, PID= is its process
	$(BIN)/sakigake bench-api $(if $(filter command,$(origin KUBECONFIG)),--kubeconfig $(KUBECONFIG)) $(if $(URL),--url $(URL)) $(if $(PID),--pid $(PID))

bench-estimator: build ## Measure bin packing, placing pods and node autoscaling
	$(BIN)/sakigake bench-estimator

bench-rehearsal: build ## Measure the rehearsal: its speed over growing fleets, and the demo lived and rehearsed
	$(BIN)/sakigake bench-rehearsal $(PARTS)

bench-render: build ## Measure rendering: kustomizations beside kubectl, and 500 services (PARTS=services)
	$(BIN)/sakigake bench-render $(PARTS)

format: ## Format the sources in place
	$(SWIFT) format --in-place --recursive --configuration .swift-format Sources Tests examples Package.swift

lint: ## Check the format
	$(SWIFT) format lint --strict --recursive --configuration .swift-format Sources Tests examples Package.swift

clean: ## Remove build products and the demo's report
	rm -rf .build $(OUT)
