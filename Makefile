# make demo and make test set up everything they need; only Python 3.11+ and make are assumed.
PYTHON ?= $(shell .ci/python)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# Where a release is built; and the locks of what the jobs of a mesh repository install.
DIST := dist
SCAFFOLD := reconciler/scaffold/files

.PHONY: golden demo test clients dist sbom image release-check check lint types format soak bench mutate mutate-changed setup lock clean

demo: setup
	@$(BIN)/meshform demo

# Two workers; the tests of one file share a simulated AWS, so they stay together. ROOM="access plan/gates" tests these.
test: setup
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder $(ROOM:%=tests/%) $(PYTEST)

# Other people's clients against `meshform sandbox serve`, each in its own environment: half a gigabyte of packages.
clients: $(VENV)/clients/current/.installed $(VENV)/clients/data-mesh-utils/.installed $(VENV)/clients/iceberg/.installed $(VENV)/clients/dbt/.installed
	$(BIN)/python -m pytest -q -m clients tests/clients

$(VENV)/clients/%/.installed: tests/clients/requirements/%.lock $(STAMP)
	$(PYTHON) -m venv --without-pip $(@D)
	$(BIN)/uv pip install --quiet --python $(@D)/bin/python --require-hashes -r $<
	@touch $@

# The wheel and the source archive of this commit: the same bytes wherever they are built.
dist: setup
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m hatchling build --directory $(DIST)

# What an installation with all that jobs need consists of, as CycloneDX.
sbom: dist $(VENV)/release/.installed
	$(PYTHON) -m venv --clear --without-pip $(VENV)/shipped
	$(BIN)/uv pip install --quiet --python $(VENV)/shipped/bin/python --require-hashes -r $(SCAFFOLD)/requirements.lock
	$(BIN)/uv pip install --quiet --python $(VENV)/shipped/bin/python --no-deps --offline $(DIST)/*.whl
	mkdir -p sbom
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(VENV)/release/bin/cyclonedx-py environment --pyproject pyproject.toml \
	  --output-reproducible --output-file sbom/meshform.cdx.json $(VENV)/shipped

# The image of this commit, with what it is made of and how attached to it. CONTAINER: docker with buildx.
CONTAINER ?= docker
image: dist
	$(CONTAINER) buildx build --file Containerfile --tag meshform:$$(git rev-parse --short HEAD) \
	  --build-arg VERSION=$$($(BIN)/python -m hatchling version) --build-arg REVISION=$$(git rev-parse HEAD) \
	  --build-arg CREATED=$$(git log -1 --format=%cI) --sbom=true --provenance=mode=max .

# What a release is held to; nothing is published. Needs the network: it installs on an empty machine.
release-check: $(STAMP) $(VENV)/release/.installed
	$(BIN)/python -m pytest -q -m release tests/release $(PYTEST)

$(VENV)/release/.installed: requirements-release.lock $(STAMP)
	$(PYTHON) -m venv --without-pip $(@D)
	$(BIN)/uv pip install --quiet --python $(@D)/bin/python --require-hashes -r $<
	@touch $@

# The documentation as a site, in .venv/docs/site: every warning is an error.
docs: $(VENV)/docs/.installed
	$(VENV)/docs/bin/sphinx-build -q -W --keep-going -b html docs $(VENV)/docs/site

$(VENV)/docs/.installed: docs/requirements.lock $(STAMP)
	$(PYTHON) -m venv --without-pip $(@D)
	$(BIN)/uv pip install --quiet --python $(@D)/bin/python --require-hashes -r $<
	@touch $@

# What people see has changed on purpose: write it anew and review the diff.
golden: setup
	GOLDEN=refresh $(BIN)/python -m pytest -q tests/report/test_golden.py tests/report/test_pictures.py \
	  tests/sandbox/test_page.py tests/plan/test_rulebook.py tests/plan/test_gate_words.py \
	  tests/access/test_words.py
	SNAPSHOTS=refresh $(BIN)/python -m pytest -q tests/cli/test_snapshots.py tests/cli/test_demo.py

check: setup lint types test

# The tests again, with branch coverage.
coverage: setup
	$(MAKE) test PYTEST="--cov --cov-report=term:skip-covered"

# What the tests of a room do not notice (docs/mutation.md): ROOM="access plan", EVERY=16 for one mutant of so many, or
# SAMPLE=80 SEED=1 for so many drawn uniformly. It goes on where it was; AGAIN=--again runs survivors again; JOBS=2: two
# at once.
# mutate-changed: of files that differ from BASE.
MUTANTS = --every $(or $(EVERY),1) $(if $(SAMPLE),--sample $(SAMPLE) --seed $(or $(SEED),0)) $(AGAIN) $(JOBS:%=--jobs %)
mutate: setup
	for room in $(or $(ROOM),access plan owners grants checks); do \
	  nice -n 19 $(BIN)/python -m bench.mutation $$room $(MUTANTS) || exit 1; done
	$(BIN)/python -m bench.mutation.results

mutate-changed: setup
	for room in $(or $(ROOM),access plan owners grants checks); do \
	  nice -n 19 $(BIN)/python -m bench.mutation $$room $(MUTANTS) --changed $(or $(BASE),main) || exit 1; done
	$(BIN)/python -m bench.mutation.results --changed

# Every measurement whose result is kept under docs/performance/, one after another; a quarter of an hour on an idle
# machine with two cores, half of it the comparable scenario and its 50 ms a call.
bench: setup
	$(BIN)/python -m bench.start_up
	$(BIN)/python -m bench.comparable
	$(BIN)/python -m bench.writers
	$(BIN)/python -m bench.stages
	$(BIN)/python -m bench.access_difference
	$(BIN)/python -m bench.policies
	$(BIN)/python -m bench.catalog_site --history
	$(BIN)/python -m bench.import_estate 1000 100000 26 > docs/performance/import-estate.json
	$(BIN)/python -m bench.many_accounts 300 > docs/performance/many-accounts.json
	$(BIN)/python -m bench.sandbox_calls > docs/performance/sandbox.json

# Long runs, kept out of make test.
# Hours. It ends with the first that does not hold; campaigns that were broken off go on where they were (JOBS=4: four parts at once).
soak: setup
	$(BIN)/python -m tests.campaigns.soak $(JOBS:%=--jobs %)
	$(BIN)/python -m pytest -q -x -m soak

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci reconciler/scaffold/files/gitlab/gitlab-ci.yml
	$(BIN)/actionlint
	$(BIN)/zizmor --quiet --offline --persona=auditor .

types: setup
	$(BIN)/mypy

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

setup: $(STAMP)

# Tests start dozens of processes: each would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

# Certificates of the machine, also where uv would bring its own.
export UV_SYSTEM_CERTS = 1
export UV_NATIVE_TLS = 1

# uv installs the 100 pinned packages in a third of pip's time; pip alone would do.
$(STAMP): requirements.lock requirements-uv.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-uv.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

lock: setup
	printf "furo\nmyst-parser\nsphinx\n" | $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --quiet - -o docs/requirements.lock
	echo "uv>=0.9,<1" | $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate --quiet - -o requirements-uv.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --no-annotate --extra policy --extra site --group build --quiet pyproject.toml -o $(SCAFFOLD)/requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --no-annotate --extra sandbox --extra policy --extra site --group build --constraint $(SCAFFOLD)/requirements.lock \
	  --quiet pyproject.toml -o $(SCAFFOLD)/requirements-sandbox.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --all-extras --group dev --quiet pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --no-annotate --group release --quiet -o requirements-release.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
