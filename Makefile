# Deux commandes suffisent : « make demo » et « make test ».
# Chacune dit, avant de commencer, ce qu’elle va installer.

PYTHON ?= python3
BIN := .venv/bin
# Un fichier d’essais par processeur à la fois : ce qu’un fichier prépare ne l’est qu’une fois.
PYTEST := $(BIN)/pytest -n auto --dist loadfile

.PHONY: aide demo test test-long lint clean

aide:
	@echo 'make demo       installe Parchemin dans .venv/ et joue des dossiers entiers dans demo/'
	@echo 'make test       installe ce que les essais demandent, puis les passe tous (les longs en forme courte)'
	@echo 'make test-long  les essais longs en entier (fautes, fuzz, charges)'
	@echo 'make lint       ruff, mypy et import-linter seulement'
	@echo 'make clean      retire ce que ces commandes ont installé ou produit ici'

demo:
	@PYTHON='$(PYTHON)' bash tools/installer.sh demo
	@$(BIN)/parchemin demo demo

test:
	@PYTHON='$(PYTHON)' bash tools/installer.sh test
	@$(MAKE) --no-print-directory lint
	$(PYTEST) -m ''

test-long:
	@PYTHON='$(PYTHON)' bash tools/installer.sh test
	PARCHEMIN_LONG=entier $(PYTEST) -m long

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf .venv demo build dist tests/engines/node_modules *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
