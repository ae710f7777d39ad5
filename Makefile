.DEFAULT_GOAL := help
.PHONY: help setup demo serve test test-matrix lint figures docs guide screenshots translations benchmarks package release model-clouds clean

PYTHON := .venv/bin/python
# QGIS takes its Python from the first python3 on PATH, which has to be the system's.
SYSTEM_PATH := /usr/bin:/bin:/usr/sbin:/sbin:$(CURDIR)/.venv/bin

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what development needs: QGIS from apt, the rest into .venv
	@scripts/setup.sh all

demo: ## classify the sample scene
	@scripts/setup.sh demo
	@$(PYTHON) scripts/demo.py

serve: ## serve the operation on this machine, with the sample scene
	@scripts/setup.sh service
	@mkdir -p build/service
	@$(PYTHON) scripts/serve --stores service/sample_stores.json --jobs build/service --port 8080

test: setup ## run the tests, without and with QGIS
	@PATH=$(SYSTEM_PATH) QT_QPA_PLATFORM=offscreen $(PYTHON) scripts/run_tests.py

test-matrix: ## run the tests on QGIS 3.40 and 3.44 too, in chroots of Debian; needs root and debootstrap
	@scripts/test_matrix.sh

lint: ## run every static check, on the sources and on the package; needs no QGIS
	@scripts/setup.sh lint
	@scripts/lint.sh

figures: ## print the size of the sources, room by room
	@python3 scripts/source_figures.py

docs: setup ## write docs/reference from the algorithms and errors
	@PATH=$(SYSTEM_PATH) $(PYTHON) scripts/write_reference.py
	@$(PYTHON) scripts/write_errors.py

guide: ## build the user guide in English and German in resources/help, where the Help buttons look
	@scripts/setup.sh guide
	@$(PYTHON) scripts/build_guide.py resources/help

screenshots: setup ## take the pictures of the user guide in a real desktop, and those of the service in Chromium
	@PATH=$(SYSTEM_PATH) $(PYTHON) scripts/screenshots.py
	@$(PYTHON) scripts/service_screenshots.py

translations: ## bring the catalogues in i18n up to date, and tell what is not translated
	@scripts/setup.sh translations
	@$(PYTHON) scripts/write_translations.py
	@scripts/setup.sh guide
	@$(PYTHON) scripts/build_guide.py --translations

benchmarks: setup ## measure speed and memory against other programs, for about two hours
	@$(PYTHON) -m benchmarks

package: ## make build/classify_pixels.zip of the last commit
	@scripts/setup.sh guide
	@$(PYTHON) scripts/make_package.py build/classify_pixels.zip HEAD

release: ## make a release, as in: make release VERSION=0.1.0
	@$(PYTHON) scripts/release.py $(VERSION)

model-clouds: ## make a cloud model in build/models
	@scripts/setup.sh demo
	@$(PYTHON) scripts/package_cloud_model.py build/models

clean: ## remove what was built, but not .venv
	rm -rf build .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -path ./.venv -prune -o -name __pycache__ -type d -exec rm -rf {} +
