"""Compile the hot modules with mypyc into this Python environment: `make fast` (ADR 0009).

The list stands in `pyproject.toml` under `[tool.tongwen.compiled]`. What is compiled is the source as it is; after a
change it is left aside until it is compiled anew.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
import time
import tomllib
from pathlib import Path

from tongwen import compiled

ROOT = Path(__file__).parents[1]
_MYPY = """
[mypy]
python_version = 3.11
mypy_path = {sources}
namespace_packages = true
explicit_package_bases = true
ignore_missing_imports = true
follow_imports = silent
cache_dir = {cache}
"""


def modules() -> list[str]:
    """Return the modules that are compiled."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        settings = tomllib.load(file)
    return [str(name) for name in settings["tool"]["tongwen"]["compiled"]["modules"]]


def build(target: Path, names: list[str]) -> None:
    """Compile the modules into the folder. Ends the program where mypyc or the C compiler refuses."""
    from mypyc.build import mypycify
    from setuptools import setup

    sources = [str((compiled.SOURCES / f"{name.replace('.', '/')}.py").relative_to(Path.cwd())) for name in names]
    configuration = target / "mypy.ini"
    configuration.write_text(_MYPY.format(sources=compiled.SOURCES, cache=target / "cache"))
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):  # Its hints about style are for the lint, not for who compiles.
            extensions = mypycify(
                [f"--config-file={configuration}", *sources],
                opt_level="3",
                debug_level="0",
                target_dir=str(target / "c"),
            )
    except SystemExit:
        print(said.getvalue())
        raise
    built = ["--build-lib", str(target / "lib"), "--build-temp", str(target / "objects"), "--parallel", "2"]
    setup(name="tongwen-compiled", packages=[], ext_modules=extensions, script_args=["-q", "build_ext", *built])


def install(built: Path, names: list[str]) -> Path:
    """Put what was built in the place where `tongwen.compiled` looks, manifest last; returns the place."""
    place = compiled.folder()
    scratch = place.with_name(f"{place.name}.{os.getpid()}")
    shutil.copytree(built, scratch)
    suffix = next(iter(scratch.rglob("*.so"))).name.partition(".")[2]
    files = {
        str(path.relative_to(scratch)).removesuffix(f".{suffix}").replace("/", "."): str(path.relative_to(scratch))
        for path in scratch.rglob("*.so")
    }
    manifest = {
        "python": sys.implementation.cache_tag,
        "sources": {name: compiled.digest(name) for name in names},
        "files": files,
    }
    (scratch / compiled.MANIFEST).write_text(json.dumps(manifest, indent=1))
    shutil.rmtree(place, ignore_errors=True)
    scratch.rename(place)
    return place


def main() -> None:
    """Compile, install, say what was done."""
    if shutil.which(os.environ.get("CC", "cc")) is None:
        sys.exit("A C compiler is needed: apt install gcc python3-dev, or go on without (only speed is lost).")
    began = time.monotonic()
    os.chdir(ROOT)
    names = modules()
    with tempfile.TemporaryDirectory(prefix="tongwen-compile-") as scratch:
        build(Path(scratch), names)
        install(Path(scratch) / "lib", names)
    print(f"  {len(names)} modules compiled in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
