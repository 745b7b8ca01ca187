"""The outside world from the command line, for trying an installation by hand (docs/deployment.md): a bank, customers, their claims.

python -m sandbox.outside people 6 > people.json      the insureds, policies and hospitals, for `app.py data import`
python -m sandbox.outside bank 8700 bank.db           a payment gateway, until Ctrl-C
python -m sandbox.outside webhooks 8800 whsec_…       a channel's server that takes webhooks and tells which are genuine, until Ctrl-C
python -m sandbox.outside claims URL 6 < secret       claims with electronic papers, by the app of that secret
"""

import json
import signal
import sys
from pathlib import Path

import httpx
from pydantic import TypeAdapter

from domain.errors import InputError
from sandbox.bank import SandboxBank
from sandbox.electronic.habits import Habits
from sandbox.electronic.pdf import write_pdf
from sandbox.portfolio import Portfolio, build_portfolio
from sandbox.scenario import Scenario
from sandbox.scenes import clean_inpatient
from sandbox.webhook_receiver import WebhookReceiver


def main(words: list[str]) -> None:
    """Do what the first word says.

    Raises:
        InputError: it says nothing we know.
    """
    match words:
        case ["people", count]:
            portfolio = build_portfolio(_scenarios(int(count)))
            sys.stdout.write(TypeAdapter(Portfolio).dump_json(portfolio).decode() + "\n")
        case ["bank", port, book]:
            bank = SandboxBank(Path(book), port=int(port))
            bank.start()
            sys.stdout.write(f"the bank answers at {bank.url}\n")
            sys.stdout.flush()
            signal.pause()
        case ["webhooks", port, secret]:
            receiver = WebhookReceiver(secret, int(port), told=lambda line: sys.stdout.write(line + "\n"))
            receiver.start()
            sys.stdout.write(f"webhooks are taken at {receiver.url}\n")
            sys.stdout.flush()
            signal.pause()
        case ["claims", url, count]:
            send_claims(url, sys.stdin.readline().strip(), int(count))
        case _:
            raise InputError(f"{' '.join(words)!r} says nothing", "say people N, bank PORT FILE, webhooks PORT SECRET or claims URL N")


def send_claims(url: str, secret: str, count: int) -> None:
    """Send that many claims for a stay in hospital, their papers as PDFs with text, and tell the number of each."""
    with httpx.Client(base_url=url, timeout=60, headers={"Authorization": f"Bearer {secret}"}) as client:
        for scenario in _scenarios(count):
            payload = json.dumps(dict(scenario.main.payload), default=str)
            papers = [
                ("files", (f"{each.filename}.pdf", write_pdf([each.page.draw()], Habits()), "application/pdf"))
                for each in scenario.main.files
            ]
            answer = client.post("/v1/claims", files=[("claim", ("claim.json", payload, "application/json")), *papers])
            answer.raise_for_status()
            sys.stdout.write(f"{answer.json()['claim_id']}\n")


def _scenarios(count: int) -> list[Scenario]:
    return [clean_inpatient.stage(number) for number in range(1, count + 1)]


if __name__ == "__main__":
    main(sys.argv[1:])
