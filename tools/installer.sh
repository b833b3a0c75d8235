#!/usr/bin/env bash
# Prépare « make demo » ou « make test » : annonce ce qui manque, puis l’installe, et rien d’autre.
# Usage : installer.sh demo|test   (PYTHON choisit l’interpréteur, python3 par défaut)
set -euo pipefail
cd "$(dirname "$0")/.."

but=${1:?demo ou test}
python=${PYTHON:-python3}
venv=.venv
temoin=$venv/.installe-$but

echec() {
  printf 'Installation impossible : %s\nÀ faire : %s\n' "$1" "$2" >&2
  exit 1
}

# Les paquets Debian que les essais emploient, chacun reconnu à ce qu’il apporte.
paquets_manquants() {
  local paquet
  while read -r paquet commande; do
    command -v "$commande" >/dev/null || echo "$paquet"
  done <<'LISTE'
bindfs bindfs
chromium chromium
ghostscript gs
libnss3-tools pk12util
libreoffice-writer-nogui soffice
mupdf-tools mutool
nodejs node
npm npm
openssl openssl
pdftk-java pdftk
poppler-utils pdfsig
qpdf qpdf
strace strace
systemd systemd-analyze
softhsm2 softhsm2-util
default-jre-headless java
ecj ecj
LISTE
  [ -e /usr/share/java/pdfbox2.jar ] || echo libpdfbox2-java
  # Debian range ses programmes par version, hors du chemin de recherche.
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || echo postgresql
  [ -e /usr/share/java/bcpkix.jar ] || echo libbcpkix-java
  /usr/bin/python3 -c 'import gi; gi.require_version("Poppler", "0.18")' 2>/dev/null ||
    printf '%s\n' python3-gi gir1.2-poppler-0.18
  [ -e /usr/lib/libreoffice/program/libsdlo.so ] || echo libreoffice-draw-nogui
}

a_jour() { # $1 : témoin ; il porte les empreintes des fichiers dont l’installation dépend
  [ -f "$1" ] && sha256sum --status --check "$1" 2>/dev/null && "$venv/bin/python" -c '' 2>/dev/null
}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
  echec "« ${python} » n’est pas un Python 3.11 ou plus récent." \
    "installez-en un, ou donnez-le : make $but PYTHON=/chemin/vers/python3.12"
"$python" -m pip --version >/dev/null 2>&1 ||
  echec "« ${python} » n’a pas pip." "apt-get install python3-pip"

paquets=()
if [ "$but" = test ]; then mapfile -t paquets < <(paquets_manquants); fi
installer_python=oui
if a_jour "$temoin" || { [ "$but" = demo ] && a_jour "$venv/.installe-test"; }; then
  installer_python=non
fi
installer_node=non
if [ "$but" = test ] && ! { a_jour "$temoin" && [ -d tests/engines/node_modules ]; }; then
  installer_node=oui
fi

if [ ${#paquets[@]} -eq 0 ] && [ "$installer_python$installer_node" = nonnon ]; then
  exit 0
fi

echo "« make ${but} » va installer :"
if [ ${#paquets[@]} -gt 0 ]; then
  echo "  - sur cette machine, les paquets Debian : ${paquets[*]}"
fi
if [ "$installer_python" = oui ]; then
  if [ "$but" = test ]; then quoi="Parchemin, ses bibliothèques et celles des essais"; else quoi="Parchemin et ses bibliothèques"; fi
  echo "  - dans ${venv}/ : $quoi (liste dans pyproject.toml et docs/dependances.md)"
fi
if [ "$installer_node" = oui ]; then
  echo "  - dans tests/engines/node_modules/ : pdf.js et playwright-core"
fi
echo

if [ ${#paquets[@]} -gt 0 ]; then
  commande="apt-get install --no-install-recommends ${paquets[*]}"
  command -v apt-get >/dev/null ||
    echec "cette machine n’a pas apt-get." "installez l’équivalent de : ${paquets[*]}"
  [ "$(id -u)" -eq 0 ] ||
    echec "il manque des paquets Debian, que seul root peut installer." "sudo $commande"
  export DEBIAN_FRONTEND=noninteractive
  journal=$(mktemp)
  if ! { apt-get update -q && $commande -q -y; } </dev/null >"$journal" 2>&1; then
    tail -n 20 "$journal" >&2
    echec "apt-get a échoué (journal : $journal)." "$commande"
  fi
  rm -f "$journal"
fi

if [ "$installer_python" = oui ]; then
  # --without-pip : Debian range ensurepip dans python3-venv, qui peut manquer ; le pip du système
  # pose alors celui de l’environnement.
  "$venv/bin/python" -c '' 2>/dev/null || {
    rm -rf "$venv"
    "$python" -m venv --without-pip "$venv"
  }
  "$venv/bin/python" -m pip --version >/dev/null 2>&1 ||
    "$python" -m pip --python "$venv/bin/python" install --quiet --disable-pip-version-check pip
  if [ "$but" = test ]; then cible='.[test,postgresql]'; else cible=.; fi
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --editable "$cible"
fi

if [ "$installer_node" = oui ]; then
  (cd tests/engines && npm install --no-package-lock --omit=optional --no-audit --no-fund --loglevel=error)
fi

sha256sum pyproject.toml tests/engines/package.json >"$temoin"
