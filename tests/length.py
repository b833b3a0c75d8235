"""How far the long tests go: a sample of each in « make test », all of it in « make test-long »."""

import os

WHOLE = os.environ.get("PARCHEMIN_LONG") == "entier"
