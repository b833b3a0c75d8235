"""The tasks of a fork server that reads returns, as the daemon’s own would."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PATHS = frozenset({"prints"})


def returned(file: Path, params: Mapping[str, Any]) -> dict[str, Any]:
    from forms.returns.geometry import layout_of
    from forms.returns.understanding import understand

    layouts = [layout_of(Path(one).read_bytes()) for one in params.get("prints") or ()]
    found = understand(file.read_bytes(), {one.imprint.serial: one for one in layouts})
    return found.model_dump(mode="json")


def unwrapped(file: Path, params: Mapping[str, Any]) -> dict[str, Any]:
    from forms.returns.wrapped import unwrap

    pieces = unwrap(file.read_bytes())
    return {
        "pieces": [
            {"name": p.name, "within": p.within, "data": base64.b64encode(p.data).decode()}
            for p in pieces
        ]
    }


TASKS = {"returned": returned, "unwrapped": unwrapped}


def preload() -> None:
    from forms.returns.understanding import preload as load

    load()
