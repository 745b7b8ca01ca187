"""Installs what the operating system lacks, when that is permitted without a question."""

import os
import shutil

from domain.errors import SetupError
from setup import machine
from setup.running import read_tail, run, say


def install_system_packages(stages: list[machine.Stage], *, wish_for_browser: bool = False) -> None:
    """Install what the operating system lacks; a browser that cannot be had is done without.

    Raises:
        SetupError: we may not install, or the package manager failed.
    """
    required = machine.find_unmet(stages)
    wished = machine.find_unmet(["test"]) if wish_for_browser else []
    installable = [need for need in required + wished if machine.is_installable(need)]
    if os.environ.get("SYSTEM_PACKAGES") == "no" or not (required or installable):
        return
    _install(required, installable)
    _check_nothing_is_missing(stages)


def _install(required: list[machine.Need], installable: list[machine.Need]) -> None:
    command = _find_permitted_installer()
    packages = machine.name_packages(installable)
    if not command:
        if required:
            raise SetupError(f"this machine lacks {_name(required)}, and installing needs your permission", _tell_way_out(required))
        return
    if not packages:
        return  # what no packager brings (Xcode's tools) is told by the check that follows
    say(f"installing system packages: {' '.join(packages)}")
    if machine.find_packager() == "apt":
        run([*command, "update", "-qq"], check=False)
    if run([*command, *_install_words(), *packages], check=False) != 0 and required:
        raise SetupError(f"installing {' '.join(packages)} failed:\n{read_tail()}", _tell_way_out(required))


def _check_nothing_is_missing(stages: list[machine.Stage]) -> None:
    still = machine.find_unmet(stages)
    if still:
        raise SetupError(f"this machine still lacks {_name(still)}", _tell_way_out(still))


def _find_permitted_installer() -> list[str]:
    """The command line that installs without a question; empty when there is none."""
    packager = machine.find_packager()
    if packager == "brew":
        return ["brew"]
    if packager == "apt" and os.geteuid() == 0:
        return ["apt-get"]
    if packager == "apt" and shutil.which("sudo") and run(["sudo", "-n", "true"], check=False) == 0:
        return ["sudo", "-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    return []


def _install_words() -> list[str]:
    if machine.find_packager() == "brew":
        return ["install", "--quiet"]
    return ["install", "-y", "-qq", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]


def _tell_way_out(needs: list[machine.Need]) -> str:
    return f"{machine.tell_install_command(needs)}\n  (or go on without: make setup SYSTEM_PACKAGES=no)"


def _name(needs: list[machine.Need]) -> str:
    return ", ".join(need.name for need in needs)
