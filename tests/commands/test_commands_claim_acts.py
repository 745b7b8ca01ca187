"""`claim reopen | withdraw | merge`: the page's functions by command, with a log-in; each refusal names the way out."""

from pathlib import Path

import pytest

from commands.plant import database_of
from domain.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from domain.states import ClaimState
from storage import audit, claims, registry
from tests.commands.test_commands_ledger import config  # noqa: F401  # a fixture
from tests.commands.test_commands_retention import house, run  # noqa: F401  # a fixture
from tests.storage.storage_samples import ACTOR, new_claim, person


@pytest.fixture
def claimed(house: Path) -> Path:  # noqa: F811
    with database_of(house) as database, database.write() as tx:
        registry.save_people(tx, [person()])
        for number, state in ((1, ClaimState.REPORTED), (2, ClaimState.REPORTED), (3, ClaimState.CLOSED)):
            claims.add_claim(tx, new_claim(number, state=state), ACTOR)
    return house


def state_of(house: Path, claim_id: str) -> str:  # noqa: F811
    with database_of(house) as database, database.read() as tx:
        assert audit.find_break(tx, claim_id) is None
        return claims.get_claim(tx, claim_id).state


def test_a_claim_is_withdrawn_once_and_only_before_its_decision(claimed: Path) -> None:
    words = ("--reason", "客户来电", "--as", "gao", "--config", claimed)
    assert run("claim", "withdraw", "C1", *words).output.startswith("C1  withdrawn by gao")
    assert state_of(claimed, "C1") == ClaimState.WITHDRAWN
    for claim_id in ("C1", "C3"):
        with pytest.raises(ConflictError, match="changed by reopening"):
            run("claim", "withdraw", claim_id, *words)


def test_a_claim_is_reopened_on_a_ground(claimed: Path) -> None:
    words = ("--reason", "漏算", "--as", "gao", "--config", claimed)
    assert run("claim", "reopen", "C3", "--ground", "error", *words).output == "C3  IN_REVIEW, reopened by gao\n"
    with pytest.raises(ConflictError, match="only a claim that is paid or closed"):
        run("claim", "reopen", "C1", "--ground", "appeal", *words)
    with pytest.raises(InputError, match="appeal, error, new_evidence"):
        run("claim", "reopen", "C1", "--ground", "mood", *words)


def test_a_claim_is_merged_into_another(claimed: Path) -> None:
    words = ("--as", "gao", "--config", claimed)
    assert run("claim", "merge", "C1", "--into", "c2", *words).output.startswith("C1  merged by gao into")
    assert state_of(claimed, "C1") == ClaimState.DUPLICATE
    with pytest.raises(InputError, match="no duplicate of itself"):
        run("claim", "merge", "C2", "--into", "C2", *words)


@pytest.mark.parametrize("words", [
    ("withdraw", "C1", "--reason", "x"), ("merge", "C1", "--into", "C2"), ("reopen", "C3", "--ground", "error", "--reason", "x"),
])  # fmt: skip
def test_an_operator_alone_may_not_and_no_claim_is_no_claim(claimed: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(NotAllowedError, match="it takes one of: adjuster"):
        run("claim", *words, "--as", "yun", "--config", claimed)
    with pytest.raises(NotFoundError, match="no claim C9"):
        run("claim", words[0], "C9", *words[2:], "--as", "gao", "--config", claimed)
