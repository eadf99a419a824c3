# Buurtboom: `make` lists what there is.
PORT ?= 8000
venv := .venv/bin
python := $(venv)/python
compile := $(python) -m uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header $(if $(UPGRADE),--upgrade)

# Settings of another project in your shell must not reach this one; `make run DEBUG=1` still does.
settings := SECRET_KEY DEBUG AT_HOME ALLOWED_HOSTS PUBLIC_URL SELF_URL DATABASE_URL REDIS_URL STATIC_ROOT TIME_ZONE LOG_LEVEL \
	PRACTICE_HOURS PRESENT_MINUTES EMAIL_URL EMAIL_FROM HSTS_SECONDS DJANGO_SETTINGS_MODULE PYTHONPATH PYTHONHOME \
	PYTHONDONTWRITEBYTECODE
$(foreach name,$(settings),$(if $(filter command,$(origin $(name))),,$(eval unexport $(name))))

# What was typed behind `make`; a shell may have a NAME of its own.
typed = $(if $(filter command,$(origin $(1))),$($(1)))

.NOTPARALLEL:
.PHONY: help run demo password backup test test-long all units postgres browser faults check bench env env-dev tools lock clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

run: env ## Start Buurtboom on this computer (PORT=8000)
	@exec $(python) manage.py start --port="$(PORT)"

demo: env ## The same, with a practice session and 24 simulated phones
	@exec $(python) manage.py start --demo --port="$(PORT)"

password: env ## A new password for the facilitator of this computer (NAME="..." for another account)
	@$(python) manage.py new_password --name="$(call typed,NAME)"

backup: env ## Copy all that is kept on this computer (TO=/media/stick), also while Buurtboom runs
	@$(python) manage.py backup --to="$(call typed,TO)"

test: tools all ## Every check and every test: what CI runs

test-long: tools env-dev ## What takes long, played in full: hundreds of kills, forty pages, large hypothesis profiles
	TEST_LONG=1 $(python) -m pytest -q -n 4 $(by_file) -m "(long or slow) and not postgres" --ignore tests/e2e
	TEST_LONG=1 $(python) -m pytest -q -n 4 $(by_file) -m "long or slow" tests/e2e
	$(python) -m tests.on_postgres -q -n 4 $(by_file) -m "not slow" $(all_on_postgres)

units: env-dev tools
	$(python) -m pytest -q -n 3 $(by_file) -m "not postgres and not slow" --ignore tests/e2e --ignore tests/faults
postgres: env-dev tools
	$(python) -m tests.on_postgres -q -n 2 $(by_file) -m "not slow" $(on_postgres)
browser: env-dev tools
	$(python) -m pytest -q -n 3 $(by_file) $(in_order) -m "not slow" tests/e2e
faults: env-dev tools ## Kill servers in the middle of a vote, cut wires, fill disks: a part of `make test`
	$(python) -m pytest -q -n 3 $(by_file) $(in_order) -m "not slow" tests/faults
# Browsers and faults wait much; what only computes is nice and fills the time that they leave.
all: env-dev tools
	@mkdir -p test-results
	@nice $(MAKE) -k check units postgres >test-results/units.log 2>&1 & units=$$!; \
	$(MAKE) faults >test-results/faults.log 2>&1 & faults=$$!; \
	$(MAKE) browser; failed=$$?; \
	wait $$faults || failed=1; cat test-results/faults.log; \
	wait $$units || failed=1; cat test-results/units.log; exit $$failed

check: env-dev ## The checks alone, without the tests
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(venv)/lint-imports
	$(python) -m mypy content sessions facilitation
	$(python) -m djlint --lint --quiet templates
	$(at_home) manage.py makemigrations --check --dry-run
	$(at_home) manage.py check_content
	$(hosted) manage.py check --deploy --fail-level WARNING

bench: env-dev tools ## Measure the speed beside a baseline and the floor: about a quarter of an hour, on a quiet machine
	$(python) -m tests.load.bench

# Two cores play more than two tests at a time: much of a test is waiting. A file is the unit, for its tests share a server.
by_file := --dist loadfile
# By default the files with one long test come last, and everybody waits for them.
in_order := --no-loadscope-reorder

# What writes, and what one writer sees of another, also has to hold on PostgreSQL. What only reads is played there in full
# by `make test-long`.
on_postgres := tests/content/test_editions.py \
	$(addprefix tests/sessions/,writing test_door.py test_migrations.py test_open_steps.py) tests/facilitation/test_guesses.py
all_on_postgres := $(on_postgres) tests/sessions $(addprefix tests/facilitation/test_,access.py rights.py) \
	tests/facilitation/live/test_live.py \
	$(addprefix tests/facilitation/views/test_,phone.py console.py overview.py plan_page.py summary_page.py \
	  evaluation_page.py reminders.py)

# The tests keep away from your data.
test test-long all units postgres browser faults check: export BUURTBOOM_DATA := $(CURDIR)/test-results/data
# Django's own checks need no data: a database in memory, and settings as in docker-compose.yml.
at_home := DATABASE_URL=sqlite:///:memory: SECRET_KEY=only-for-the-checks-of-make-in-a-database-in-memory $(python)
hosted := PUBLIC_URL=https://buurtboom.example ALLOWED_HOSTS=buurtboom.example $(at_home)

env:
	@sh scripts/make_env.sh base
env-dev:
	@sh scripts/make_env.sh dev
tools:
	@sh scripts/get_test_tools.sh

lock: env-dev ## Write the lock files anew (UPGRADE=1 takes newer releases)
	$(compile) requirements/base.in --output-file requirements/base.txt
	$(compile) requirements/dev.in --output-file requirements/dev.txt

clean: ## Remove what was built; your data stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis test-results static_collected
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
