"""Writes the curves of docs/charge.md from what `parchemin bench scale --json` printed.

    python tools/charge.py NOM=MESURE.json [NOM=MESURE.json ...]

One SVG with the CPU per case, lot after lot, a curve per measure; no library draws it.
"""

import json
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "docs" / "charge-cpu.svg"
LOT = 20
LEFT, TOP, WIDTH, HEIGHT = 60, 44, 520, 240
# Told apart in black and white too.
DASHES = ("", "7 4", "2 3", "9 3 2 3", "1 5")

Curve = list[float]


def main(arguments: list[str]) -> None:
    """Read every measure, draw them together."""
    curves = {name: lots(Path(path)) for name, _, path in (one.partition("=") for one in arguments)}
    TARGET.write_text(drawn(curves), encoding="utf-8")


def lots(measure: Path) -> Curve:
    """The seconds of CPU per case of each lot, in the order they were played."""
    rows = json.loads(measure.read_text(encoding="utf-8"))["rows"]
    return [row["ours"] for row in rows if row["name"].startswith("scale.lot.")]


def drawn(curves: dict[str, Curve]) -> str:
    """The SVG: lots across, seconds of CPU per case upwards, from nought."""
    most = max(map(len, curves.values()))
    top = max(1, -(-max(max(curve) for curve in curves.values()) // 1))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 20} '
        f'{TOP + HEIGHT + 60 + 18 * len(curves)}" font-family="sans-serif" font-size="12" '
        'fill="#222">',
        "<title>Processeur par dossier, lot après lot</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="{LEFT}" y="22" font-size="14">Processeur par dossier entier, en secondes</text>',
    ]
    for step in range(5):
        value = top * step / 4
        y = TOP + HEIGHT - HEIGHT * step / 4
        parts.append(f'<path d="M{LEFT} {y:g}h{WIDTH}" stroke="#ccc"/>')
        told = f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:g}" text-anchor="end">{told}</text>')
    for lot in range(1, most + 1):
        x = LEFT + WIDTH * (lot - 0.5) / most
        told = f"{LOT * lot}"
        parts.append(f'<text x="{x:g}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{told}</text>')
    parts.append(
        f'<text x="{LEFT + WIDTH / 2:g}" y="{TOP + HEIGHT + 36}" text-anchor="middle">'
        "dossiers joués depuis le démarrage</text>"
    )
    for number, (name, curve) in enumerate(curves.items()):
        style = f'stroke="#222" stroke-width="1.6" stroke-dasharray="{DASHES[number % 5]}"'
        points = " ".join(
            f"{LEFT + WIDTH * (place + 0.5) / most:.1f},{TOP + HEIGHT - HEIGHT * value / top:.1f}"
            for place, value in enumerate(curve)
        )
        parts.append(f'<polyline points="{points}" fill="none" {style}/>')
        y = TOP + HEIGHT + 56 + 18 * number
        parts.append(f'<path d="M{LEFT} {y - 4}h36" {style}/>')
        parts.append(f'<text x="{LEFT + 44}" y="{y}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    main(sys.argv[1:])
