"""Take the pictures of the workbench anew: `.venv/bin/python docs/images/take.py`.

It plays the dozen claims of the demo in a folder of its own, opens the pages in Debian's Chromium, and writes the pictures beside
this file, in so few colours that they stay small. `simulation.png` is no page: how its report is made stands in docs/rules/simulation.md.
"""

import io
import json
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
HOME = HERE.parents[1]
COLOURS = 96


def main() -> None:
    """Take every picture."""
    with play() as (url, claims), sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = chromium.new_context(base_url=url, viewport={"width": 1440, "height": 900}, locale="zh-CN")
        page = context.new_page()
        log_in(page, "senior")
        page.set_viewport_size({"width": 1280, "height": 760})
        page.goto("/?filter=all")
        keep(page, "queue")
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"/claims/{claims['duplicate-invoice']}")
        page.wait_for_function("[...document.images].every(each => each.complete || each.loading === 'lazy')")
        keep(page, "claim")
        chromium.close()


@contextmanager
def play() -> Iterator[tuple[str, dict[str, str]]]:
    """Run the demo; gives where it serves, and the number of the claim that each scenario became."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-u", "app.py", "demo", "--json", "--port", str(port), "--folder", f"{folder}/demo"]
        demo = subprocess.Popen(command, cwd=HOME, stdout=subprocess.PIPE, text=True)
        try:
            told: dict[str, Any] = json.loads(demo.stdout.readline() if demo.stdout else "")  # printed once all is played
            if odd := [each["scenario"] for each in told["claims"] if not each["as_expected"]]:
                sys.exit(f"not as the demo ends elsewhere: {', '.join(odd)} | take them again while the machine is less busy")
            yield f"http://127.0.0.1:{port}", {each["scenario"]: each["id"] for each in told["claims"]}
        finally:
            demo.terminate()
            demo.wait(timeout=60)


def log_in(page: Page, user_name: str) -> None:
    """Log in as one of the demo's people."""
    page.goto("/login")
    page.fill("[name=user_name]", user_name)
    page.fill("[name=password]", "mingbai-demo")
    page.keyboard.press("Enter")
    page.wait_for_selector(".queue")


def keep(page: Page, name: str) -> None:
    """Write what the window shows."""
    page.wait_for_load_state("load")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    path = HERE / f"{name}.png"
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(HOME)}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
