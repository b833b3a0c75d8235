"""Makes the shared fixtures known: outside engines, and the test authorities."""

pytest_plugins = ["tests.engines.fixtures", "tests.pki.fixtures"]
