"""Throw-away authorities for every test of the project; their keys live in pytest's own folders.

`OpensslAuthority` makes PKCS#12 files with the openssl command line, as a company or a jury member
would bring them. `ServedAuthority` is a certomancer architecture (ARCHITECTURE below, a recipe in
text) with OCSP, CRL and time-stamps answered on loopback. `tests.pki.fixtures` lists both as
session fixtures for `pytest_plugins`.
"""

from tests.pki.openssl import Identity, OpensslAuthority
from tests.pki.served import ServedAuthority

__all__ = ["Identity", "OpensslAuthority", "ServedAuthority"]
