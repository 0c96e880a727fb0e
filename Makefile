# make demo: set up, then read, tag and sum up the articles in examples/
# make test: set up, then run the tests
# make check: format, lint, types, help page
# make bench: speed and memory beside a plain script, fastText and the bare segmenter; make soak: the long tests
PYTHON ?= python3
BIN = .venv/bin
READY = .venv/ready

.PHONY: demo test check train bench soak clean

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("tagger needs Python 3.11 or newer; run: make PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[all,dev]'
	touch $(READY)

demo: $(READY)
	@mkdir -p demo
	$(BIN)/tagger tag examples -o demo/tags.jsonl
	$(BIN)/tagger ledger examples -o demo/ledger.csv
	$(BIN)/tagger coverage examples -o demo/coverage.xlsx
	$(BIN)/tagger coverage demo/tags.jsonl -o demo/coverage.html
	$(BIN)/tagger coverage demo/tags.jsonl
	$(BIN)/tagger summary examples -o demo/report.html
	@echo
	@echo "Open in a browser: every article as printed, marked and explained    demo/report.html"
	@echo "All of them added up                                                 demo/coverage.html"
	@echo "The same as a workbook; every quantity with what it counts           demo/coverage.xlsx, demo/ledger.csv"
	@echo "A row per paragraph, for scripts                                     demo/tags.jsonl"

test: $(READY)
	$(BIN)/pytest -q -n auto

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python docs/write_cli.py --check
	$(BIN)/python docs/write_figures.py --check
	$(BIN)/python docs/write_pictures.py --check

train: $(READY)
	$(BIN)/tagger train

.venv/bench: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	touch .venv/bench

bench: .venv/bench
	$(BIN)/python training/benchmarks/bench.py

soak: $(READY)
	$(BIN)/pytest -q tests/soak/soak_*.py

clean:
	rm -rf .venv demo dist build
