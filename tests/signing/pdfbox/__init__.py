"""Apache PDFBox and Bouncy Castle (Debian's libpdfbox2-java), as one more checker of signatures."""

import subprocess
from pathlib import Path

_JARS = ("pdfbox2", "fontbox2", "commons-logging", "bcprov", "bcpkix", "bcutil")
_PATH = ":".join(f"/usr/share/java/{jar}.jar" for jar in _JARS)


class PdfBox:
    """Compiled once, by ecj, in `directory`; then asked about several files at a time."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        source = Path(__file__).with_name("Verdicts.java")
        self._run("ecj", "-11", "-proc:none", "-nowarn", "-cp", _PATH, "-d", directory, source)

    def says(self, *files: Path) -> dict[str, list[str]]:
        """By the file’s name, « intacte » or « rompue » for each signature, in their order."""
        said = self._run("java", "-cp", f"{_PATH}:{self.directory}", "Verdicts", *files)
        found: dict[str, list[str]] = {file.name: [] for file in files}
        for line in said.splitlines():
            path, _, verdict = line.split("\t")
            found[Path(path).name].append(verdict)
        return found

    @staticmethod
    def _run(*command: object) -> str:
        done = subprocess.run(
            [str(word) for word in command], capture_output=True, text=True, timeout=120,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
