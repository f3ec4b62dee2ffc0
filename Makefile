.DEFAULT_GOAL := help
.PHONY: help install demo test check format docs messages bench faults pictures

help:  ## show these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install:  ## set up everything that development needs
	uv sync --all-extras --all-groups

demo:  ## build the demonstration network and serve it
	uv run tessera demo

test:  ## run the tests on SQLite
	uv run pytest

check:  ## run everything that gates a landing
	uv run tools/check.py

format:  ## lay out the code and mend what ruff can mend
	uv run --group lint ruff check --fix .
	uv run --group lint ruff format .

docs:  ## build the documentation into docs/_build
	uv run --group docs sphinx-build -W -n docs docs/_build

messages:  ## collect new wording into the message catalogues (needs GNU gettext)
	cd src/tessera && uv run django-admin makemessages --all --no-location --no-wrap
	cd src/tessera/apps/dialogue/templates/dialogue/resident && uv run django-admin makemessages --all --no-location --no-wrap

pictures:  ## walk through the tutorials in a browser and take their pictures
	TESSERA_TAKE_PICTURES=1 uv run --all-groups pytest tests/browser/test_review_journey.py \
		tests/browser/test_tutorial_by_phone.py -k "with and not without"

bench:  ## measure the engines and the pages, and write their figures into docs/reference
	OPENBLAS_NUM_THREADS=1 uv run --all-extras python -m benchmarks.index_engine --write
	OPENBLAS_NUM_THREADS=1 uv run --all-extras python -m benchmarks.opinion_engine --write
	uv run python -m benchmarks.pages --write

faults:  ## kill the database under votes, in full, attack every table, and write docs/reference/vote-times.md
	PYTHONPATH=tools uv run --all-groups python -m tests.faults.vote_times --write
	TESSERA_FAULTS=full uv run --all-groups pytest tests/engines/opinion/disclosure/test_protect.py
