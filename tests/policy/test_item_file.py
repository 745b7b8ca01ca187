"""Files of servicing items: what is shipped reads; what is wrong is told with its line, its value and the way out."""

from pathlib import Path

import pytest

from domain.errors import RuleBookError
from domain.servicing import Asker, FieldKind, Level
from policy.item_file import ITEMS_FOLDER, load_servicing, read_servicing_item

LOAN = (ITEMS_FOLDER / "policy-loan.yaml").read_text(encoding="utf-8")


def test_an_item_reads_as_it_is_written() -> None:
    loan = load_servicing()["policy-loan"]
    assert (loan.name_zh, loan.act, loan.askers, loan.level) == ("保单贷款", "贷款", (Asker.POLICYHOLDER,), Level.CODE)
    assert (loan.fields[0].kind, loan.fields[0].least_fen, loan.fields[0].most_fact) == (FieldKind.AMOUNT, 10_000, "可借金额")
    assert loan.conditions[0].words == ("有效",) and loan.conditions[2].least == 10_000


@pytest.mark.parametrize(
    ("before", "after", "line", "told"),
    [
        ("办理: 贷款", "办理: 放款", 4, "办理 放款 is not known"),
        ("[投保人]", "[受益人]", 5, "申请人 受益人 is not known"),
        ("身份验证: 验证码", "身份验证: 密码", 6, "身份验证 密码 is not known"),
        ("时限: 1个工作日", "时限: 一天", 8, "时限 一天 is no whole number of 个工作日"),
        ("至多: 可借金额", "至多: 可借金", 10, "可借金 is no amount of a policy"),
        ("至少: 100.00元, 至多", "至少: 100, 至多", 10, "至少 100 is no amount"),
        ("{看: 状态, 是: [有效]", "{看: 状况, 是: [有效]", 13, "状况 is no fact of a policy"),
        ("是: [有效]", "是: [生效]", 13, "状态 生效 is not known"),
        ("{看: 可借金额, 至少: 100.00元", "{看: 可借金额, 是: [有效]", 15, "asks for 至少 or 至多"),
        ("{金额}", "{数额}", 16, "unknown place {数额}"),
        ("{金额}", "{金额", 16, "not closed"),
        ("直办: 是", "直办: 是\n快办: 是", 8, "unknown key 快办"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, before: str, after: str, line: int, told: str) -> None:
    assert before in LOAN
    file = tmp_path / "policy-loan.yaml"
    file.write_text(LOAN.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(RuleBookError) as refused:
        read_servicing_item(file)
    assert told in str(refused.value) and f"policy-loan.yaml:{line}:" in str(refused.value) and " | " in str(refused.value)


def test_a_file_is_named_as_programs_send_it(tmp_path: Path) -> None:
    file = tmp_path / "保单贷款.yaml"
    file.write_text(LOAN, encoding="utf-8")
    with pytest.raises(RuleBookError, match="is no code of an item"):
        read_servicing_item(file)
