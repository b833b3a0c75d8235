"""poppler's GLib library (the one behind Evince and Atril), filling by field name.

Each filling runs `poppler_script.py` under Debian's own Python, whose bindings a virtual
environment does not see. poppler does not name a radio's options: pikepdf says where each is.
"""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tests.engines.filling import Answer, Answers, FillingError, content
from tests.engines.values import Widget, widgets

DEBIAN_PYTHON = "/usr/bin/python3"
FILL_SECONDS = 180


class Poppler:
    """Stateless: one short process per filling."""

    name = "poppler"

    def fill(self, pdf: bytes | Path, answers: Answers) -> bytes:
        """Answer field by field and save; FillingError when a field is unknown or locked."""
        boxes = widgets(pdf)
        acts = [_act(name, value, boxes) for name, value in answers.items()]
        with tempfile.TemporaryDirectory(prefix="parchemin-poppler-") as folder:
            source, target = Path(folder, "source.pdf"), Path(folder, "target.pdf")
            source.write_bytes(content(pdf))
            done = subprocess.run(
                [DEBIAN_PYTHON, str(Path(__file__).with_name("poppler_script.py")), source, target],
                input=json.dumps(acts),
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=FILL_SECONDS,
                check=False,
            )
            if done.returncode != 0 or not target.exists():
                raise FillingError(done.stdout.strip() or done.stderr.strip())
            return target.read_bytes()


def _act(name: str, value: Answer, boxes: list[Widget]) -> dict[str, Any]:
    named = [box for box in boxes if box.name == name]
    if not named:
        known = ", ".join(dict.fromkeys(box.name for box in boxes))
        raise FillingError(f"{name}: no such field; the form has: {known}")
    box, state, index = named[0], value, list[int]()
    if box.kind == "radio" or (box.kind == "checkbox" and isinstance(value, str)):
        matching = [candidate for candidate in named if candidate.option == value]
        if not matching:
            options = ", ".join(str(candidate.option) for candidate in named)
            raise FillingError(f"{name}: no such option; it has: {options}")
        box, state = matching[0], True
    elif box.kind == "choice":
        chosen = value if isinstance(value, list) else [str(value)]
        index = [box.choices.index(item) for item in chosen]
    return {
        "name": name,
        "kind": box.kind,
        "page": box.page,
        "rect": box.rect,
        "value": state,
        "index": index,
    }
