"""pyHanko’s own command line, whole, without the half second its modules take to load each time.

A server loads them once; each command runs in a child forked from it, as a program of its own.
"""

import io
import multiprocessing
import sys
from contextlib import redirect_stderr, redirect_stdout
from multiprocessing.connection import Connection

# multiprocessing’s own server, told what to load before its first child is forked.
_children = multiprocessing.get_context("forkserver")
_children.set_forkserver_preload(["pyhanko.__main__", "pyhanko.cli.commands.signing", __name__])


def run(arguments: list[str], seconds: float) -> tuple[int, str]:
    """Its exit code and all it printed."""
    ours, theirs = _children.Pipe(duplex=False)
    child = _children.Process(target=_command, args=(arguments, theirs))
    child.start()
    theirs.close()
    try:
        if not ours.poll(seconds):
            raise TimeoutError(f"pyhanko {' '.join(arguments)}: more than {seconds} s")
        code, printed = ours.recv()
    finally:
        child.kill()
        child.join()
        child.close()
        ours.close()
    return code, printed


def _command(arguments: list[str], answer: Connection) -> None:
    from pyhanko.__main__ import launch

    sys.argv = ["pyhanko", *arguments]
    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    code: object = 0
    try:
        with redirect_stdout(printed), redirect_stderr(printed):
            launch()
    except SystemExit as ended:
        code = ended.code
    except BaseException as error:
        code = f"{type(error).__name__}: {error}"
    printed.flush()
    said = printed.buffer.getvalue().decode()
    number = code if isinstance(code, int) else 0 if code is None else 1
    answer.send((number, said if isinstance(code, int | None) else f"{said}{code}"))
