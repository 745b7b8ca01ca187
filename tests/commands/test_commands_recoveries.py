"""`claim owed | demand | write-off | offset`, `ledger receive`: who may, and what is said."""

from pathlib import Path

import pytest

from domain.errors import AmountError, InputError, NotAllowedError, NotFoundError, SetupError
from tests.commands.test_commands_ledger import config  # noqa: F401  # a fixture
from tests.commands.test_commands_retention import house, run  # noqa: F401  # a fixture


def test_nothing_owed_is_a_list_of_nothing(house: Path) -> None:  # noqa: F811
    assert run("claim", "owed", "--config", house).output == "0 claims, 0.00 in all\n"
    assert run("claim", "owed", "--json", "--config", house).output == "[]\n"


@pytest.mark.parametrize(("words", "may_not", "told"), [
    (("ledger", "receive", "C0", "--amount", "1.00", "--reference", "IN-1"), "gao", "it takes one of: operator"),
    (("claim", "write-off", "C0", "--reason", "失联"), "yun", "it takes one of: adjuster, senior_adjuster"),
    (("claim", "offset", "C0", "--from", "C1", "--amount", "1.00", "--reason", "同意"), "yun", "it takes one of: adjuster"),
    (("claim", "offset", "C0", "--cancel"), "yun", "it takes one of: adjuster"),
])  # fmt: skip
def test_each_has_its_roles(house: Path, words: tuple[str, ...], may_not: str, told: str) -> None:  # noqa: F811
    with pytest.raises(NotAllowedError, match=told):
        run(*words, "--as", may_not, "--config", house)
    with pytest.raises(NotFoundError, match="no claim C"):
        run(*words, "--as", "gao" if may_not == "yun" else "yun", "--config", house)


def test_asking_needs_an_account_to_pay_back_to(house: Path) -> None:  # noqa: F811
    words = ("claim", "demand", "C0", "--reason", "重复计算", "--as", "gao", "--config", house)
    with pytest.raises(SetupError, match=r"letters\.repay_to is not set"):
        run(*words)
    house.write_text(house.read_text() + "letters: {repay_to: 示例银行 99000001}\n")
    with pytest.raises(NotFoundError, match="no claim C0"):
        run(*words)


def test_amounts_and_claims_are_checked_before_anything(house: Path) -> None:  # noqa: F811
    with pytest.raises(AmountError):
        run("ledger", "receive", "C0", "--amount", "viel", "--reference", "IN-1", "--as", "yun", "--config", house)
    with pytest.raises(InputError, match="add --from CLAIM"):
        run("claim", "offset", "C0", "--as", "gao", "--config", house)
