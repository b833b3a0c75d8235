"""Writes the curves of docs/charge.md from what `parchemin bench scale|idle --json` printed.

    python tools/charge.py lots NOM=MESURE.json ...       processeur par dossier, lot après lot
    python tools/charge.py stores NOMBRE=MESURE.json ...  chaque mesure, selon les dossiers déjà là

Each SVG stands in docs/; no library draws it.
"""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
LOT = 20
LEFT, TOP, WIDTH, HEIGHT = 60, 44, 520, 240
# Told apart in black and white too.
DASHES = ("", "7 4", "2 3", "9 3 2 3", "1 5")

Curve = Sequence[float | None]
Rows = dict[str, float]

# File, title, then the name of each curve and the rows it reads, the first that was measured.
STORES: tuple[tuple[str, str, dict[str, Sequence[str]]], ...] = (
    (
        "charge-base-cpu.svg",
        "Processeur par dossier entier, en secondes",
        {"par dossier": ["scale.cpu_per_case"]},
    ),
    (
        "charge-base-debit.svg",
        "Dossiers entiers par seconde",
        {"deux processus de travail": ["scale.cases_per_second"]},
    ),
    (
        "charge-base-recus.svg",
        "Du dépôt au reçu, cent fichiers ou plus d’un coup, en secondes",
        {"médiane": ["scale.receipt.p50"], "p99": ["scale.receipt.p99"]},
    ),
    (
        "charge-base-memoire.svg",
        "Mémoire de tous les processus, au plus, en Mo",
        {"deux processus de travail": ["scale.memory_peak"]},
    ),
    (
        "charge-base-depot.svg",
        "Processeur d’une seule inscription déposée, en secondes",
        {"tableau compris": ["idle.drop.cpu"]},
    ),
    (
        "charge-base-repos.svg",
        "Processeur d’une minute où rien ne se passe, en secondes",
        {"veilleur et processus de travail": ["idle.cpu_per_minute"]},
    ),
    (
        "charge-base-demarrage.svg",
        "Démarrage et état, en secondes",
        {
            "du démarrage au repos, processeur": ["idle.until_at_rest.cpu"],
            "du démarrage au premier reçu, attente": ["idle.restart", "scale.restart"],
            "parchemin status, processeur": ["idle.status.cpu", "scale.status.cpu"],
        },
    ),
)


def main(arguments: list[str]) -> None:
    """Read the measures, draw what they hold."""
    kind, *named = arguments
    given = [(name, rows(Path(path))) for name, _, path in (one.partition("=") for one in named)]
    if kind == "lots":
        curves = {name: lots(found) for name, found in given}
        marks = [f"{LOT * lot}" for lot in range(1, max(map(len, curves.values())) + 1)]
        title = "Processeur par dossier entier, en secondes"
        svg = drawn(title, marks, "dossiers joués depuis le démarrage", curves)
        (DOCS / "charge-cpu.svg").write_text(svg, encoding="utf-8")
        return
    for file, title, wanted in STORES:
        of = {c: [_first(found, names) for _, found in given] for c, names in wanted.items()}
        held = [n for n in range(len(given)) if any(v[n] is not None for v in of.values())]
        if held:
            marks = [f"{int(given[n][0]):,}".replace(",", " ") for n in held]
            curves = {curve: [values[n] for n in held] for curve, values in of.items()}
            svg = drawn(title, marks, "dossiers déjà dans la base", curves)
            (DOCS / file).write_text(svg, encoding="utf-8")


def rows(measure: Path) -> Rows:
    """What was measured, by name."""
    read = json.loads(measure.read_text(encoding="utf-8"))["rows"]
    return {row["name"]: row["ours"] for row in read}


def _first(found: Rows, names: Sequence[str]) -> float | None:
    return next((found[name] for name in names if name in found), None)


def lots(found: Rows) -> Curve:
    """The seconds of CPU per case of each lot, in the order they were played."""
    return [value for name, value in found.items() if name.startswith("scale.lot.")]


def drawn(title: str, marks: Sequence[str], below: str, curves: dict[str, Curve]) -> str:
    """The SVG: the marks across, evenly, values upwards from nought."""
    top = scale(max(value for curve in curves.values() for value in curve if value is not None))

    def across(place: int) -> float:
        return LEFT + WIDTH * (place + 0.5) / len(marks)

    def upwards(value: float) -> float:
        return TOP + HEIGHT - HEIGHT * value / top

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 20} '
        f'{TOP + HEIGHT + 60 + 18 * len(curves)}" font-family="sans-serif" font-size="12" '
        'fill="#222">',
        f"<title>{title}</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="{LEFT}" y="22" font-size="14">{title}</text>',
    ]
    for step in range(5):
        y = upwards(top * step / 4)
        parts.append(f'<path d="M{LEFT} {y:g}h{WIDTH}" stroke="#ccc"/>')
        told = f"{top * step / 4:.3f}".rstrip("0").rstrip(".").replace(".", ",")
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:g}" text-anchor="end">{told}</text>')
    # As many marks as can be read; the last one always.
    apart = -(-len(marks) // 10)
    for place, mark in enumerate(marks):
        if (len(marks) - 1 - place) % apart:
            continue
        told = f'text-anchor="middle">{mark}</text>'
        parts.append(f'<text x="{across(place):g}" y="{TOP + HEIGHT + 18}" {told}')
    parts.append(
        f'<text x="{LEFT + WIDTH / 2:g}" y="{TOP + HEIGHT + 36}" text-anchor="middle">'
        f"{below}</text>"
    )
    for number, (name, curve) in enumerate(curves.items()):
        parts += _curve(number, name, curve, across, upwards)
    return "\n".join([*parts, "</svg>", ""])


def scale(most: float) -> float:
    """The least round value that all stand below, of which a quarter is easily read."""
    step = 10.0**-3
    while True:
        for times in (1, 2, 4, 6, 8):
            if times * step >= most:
                return times * step
        step *= 10


def _curve(
    number: int,
    name: str,
    curve: Curve,
    across: Callable[[int], float],
    upwards: Callable[[float], float],
) -> list[str]:
    style = f'stroke="#222" stroke-width="1.6" stroke-dasharray="{DASHES[number % 5]}"'
    held = [
        (across(place), upwards(value)) for place, value in enumerate(curve) if value is not None
    ]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in held)
    dot = 2.6 if len(held) <= 10 else 1.3
    y = TOP + HEIGHT + 56 + 18 * number
    return [
        f'<polyline points="{points}" fill="none" {style}/>',
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{dot}"/>' for x, y in held),
        f'<path d="M{LEFT} {y - 4}h36" {style}/>',
        f'<text x="{LEFT + 44}" y="{y}">{name}</text>',
    ]


if __name__ == "__main__":
    main(sys.argv[1:])
