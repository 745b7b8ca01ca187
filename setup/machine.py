"""What the operating system must bring, how to tell, and the command that brings it."""

import ctypes
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Stage = Literal["build", "run", "test"]
"""When a need arises: while the .venv is made, while the system runs, or for some tests only."""

CHINESE_FONTS = (  # the ones that sandbox/font.py draws with; Pillow is not there yet when we are asked
    Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"),
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/System/Library/Fonts/PingFang.ttc"),
    Path("/System/Library/Fonts/Hiragino Sans GB.ttc"),
    Path("/System/Library/Fonts/STHeiti Light.ttc"),
    Path("/Library/Fonts/Arial Unicode.ttf"),
)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ON_MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


@dataclass(frozen=True)
class Need:
    """One thing the operating system must bring, and the packages that bring it."""

    name: str
    purpose: str
    stage: Stage
    is_met: Callable[[], bool]
    apt: tuple[str, ...] = ()
    brew: tuple[str, ...] = ()


def list_needs() -> tuple[Need, ...]:
    """Everything asked of the operating system, for the running Python."""
    minor = f"python3.{sys.version_info.minor}"
    return (
        Need("venv", "makes the .venv", "build", has_venv, apt=(f"{minor}-venv",)),
        Need("C compiler", "compiles durable_rules", "build", has_compiler, apt=("gcc", "libc6-dev")),
        Need("Python headers", "compile durable_rules", "build", has_python_headers, apt=(f"{minor}-dev",)),
        Need("OpenMP", "LightGBM's threads", "run", has_openmp, apt=("libgomp1",), brew=("libomp",)),
        Need("tesseract", "the second reader of documents", "run", has_tesseract, apt=("tesseract-ocr",), brew=("tesseract",)),
        Need(
            "tesseract chi_sim",
            "its simplified Chinese",
            "run",
            has_tesseract_chinese,
            apt=("tesseract-ocr-chi-sim",),
            brew=("tesseract-lang",),
        ),
        Need("Chinese font", "renders the demo's documents", "run", has_chinese_font, apt=("fonts-wqy-microhei",)),
        Need("chromium", "browser tests; they are skipped without it", "test", has_chromium, apt=("chromium",)),
    )


def has_venv() -> bool:
    """Tell whether this Python can make a virtual environment with pip in it (Debian ships that apart)."""
    try:
        import ensurepip  # noqa: F401 - its absence is the question
        import venv  # noqa: F401
    except ImportError:
        return False
    return True


def has_compiler() -> bool:
    """Tell whether the compiler that built this Python, or `cc`, is there, with the C library's headers."""
    built_with = (sysconfig.get_config_var("CC") or "cc").split()[0]
    if not (shutil.which(built_with) or shutil.which("cc")):
        return False
    if sys.platform == "darwin":
        return _run_quietly("xcode-select", "-p") is not None
    return Path("/usr/include/stdio.h").exists()


def has_python_headers() -> bool:
    """Tell whether Python.h of this Python is there."""
    return (Path(sysconfig.get_paths()["include"]) / "Python.h").exists()


def has_openmp() -> bool:
    """Tell whether the OpenMP library that LightGBM's wheel links to can be loaded."""
    if sys.platform == "darwin":
        return any(Path(prefix, "opt/libomp/lib/libomp.dylib").exists() for prefix in ("/opt/homebrew", "/usr/local"))
    try:
        ctypes.CDLL("libgomp.so.1")
    except OSError:
        return False
    return True


def has_tesseract() -> bool:
    """Tell whether the tesseract program is on the PATH."""
    return shutil.which("tesseract") is not None


def has_tesseract_chinese() -> bool:
    """Tell whether tesseract lists simplified Chinese among its languages."""
    languages = _run_quietly("tesseract", "--list-langs") or ""
    return "chi_sim" in languages.split()


def has_chinese_font() -> bool:
    """Tell whether one of the Chinese fonts we draw with is installed."""
    return any(font.is_file() for font in CHINESE_FONTS)


def has_chromium() -> bool:
    """Tell whether a Chromium or Chrome is installed."""
    return any(shutil.which(name) for name in CHROMIUM_NAMES) or CHROMIUM_ON_MACOS.exists()


def find_unmet(stages: Iterable[Stage]) -> list[Need]:
    """The needs of these stages that this machine does not meet."""
    wanted = set(stages)
    return [need for need in list_needs() if need.stage in wanted and not need.is_met()]


def find_packager() -> Literal["apt", "brew", ""]:
    """The package manager of this machine that we know how to ask."""
    if sys.platform == "darwin":
        return "brew" if shutil.which("brew") else ""
    return "apt" if shutil.which("apt-get") else ""


def name_packages(needs: Iterable[Need]) -> list[str]:
    """The packages that meet these needs, by this machine's names, each once."""
    brew = sys.platform == "darwin"
    return list(dict.fromkeys(package for need in needs for package in (need.brew if brew else need.apt)))


def tell_install_command(needs: Iterable[Need]) -> str:
    """The one command, for a person to paste, that brings what is missing."""
    needs = list(needs)
    if sys.platform == "darwin":
        return _tell_command_on_macos(needs)
    if _is_ubuntu() and any(need.stage == "test" for need in needs):
        return "sudo snap install chromium"
    packages = " ".join(name_packages(needs))
    if find_packager() == "apt":
        sudo = "" if os.geteuid() == 0 else "sudo "
        return f"{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {packages}"
    return f"install with this system's package manager what Debian calls: {packages}"


def is_installable(need: Need) -> bool:
    """Tell whether our package manager has it: Ubuntu's chromium is a snap, which no apt-get brings."""
    if sys.platform == "darwin":
        return bool(need.brew)
    return bool(need.apt) and not (need.name == "chromium" and _is_ubuntu())


def _tell_command_on_macos(needs: list[Need]) -> str:
    packages = name_packages(needs)
    commands = [f"brew install {' '.join(packages)}"] if packages else []
    if any(need.name == "C compiler" for need in needs):
        commands.append("xcode-select --install")
    if any(need.name == "chromium" for need in needs):
        commands.append("brew install --cask google-chrome")
    return " && ".join(commands)


def _is_ubuntu() -> bool:
    try:
        return platform.freedesktop_os_release().get("ID") == "ubuntu"
    except OSError:
        return False


def _run_quietly(*command: str) -> str | None:
    """What the command printed; None if it is not there, fails or takes over ten seconds."""
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
