"""Which bank issued a card, by the first digits of its number (发卡行标识, BIN), and how many digits its cards have.

The common debit cards of the large banks, as public programs list them; a prefix that is not here says nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Issuer:
    """A bank, and the number of digits of its cards with a prefix."""

    bank_name: str
    digits: int


def _listed(bank_name: str, digits: int, prefixes: str) -> dict[str, Issuer]:
    return dict.fromkeys(prefixes.split(), Issuer(bank_name, digits))


_ISSUERS: Mapping[str, Issuer] = {
    **_listed("中国工商银行", 19, "622200 622202 622203 622208 621225 621226"),
    **_listed("中国农业银行", 19, "622841 622845 622846 622848 622849"),
    **_listed("中国银行", 19, "621660 621661 621662 621663 621665 621666 621667 621668 621669"),
    **_listed("中国建设银行", 19, "621700 622700"),
    **_listed("交通银行", 19, "622260 622261 622262"),
    **_listed("中国邮政储蓄银行", 19, "621098 621799 622188"),
    **_listed("招商银行", 16, "621286 621483 621485 621486 622580 622588 622609"),
    **_listed("广发银行", 19, "622568"),
    **_listed("兴业银行", 18, "622908 622909"),
    **_listed("示例银行", 19, "990000"),  # of the demo: China assigns no prefix that begins with 99
}
_LENGTH = 6


def issuer_of(number: str) -> Issuer | None:
    """Tell who issued a card; None for a prefix that is not listed."""
    return _ISSUERS.get(number[:_LENGTH])


def is_same_bank(printed: str, listed: str) -> bool:
    """Tell whether a printed name means a bank: 工商银行 and 中国工商银行股份有限公司 are one, 中国银行 is another."""
    return _short(printed) == _short(listed)


def _short(name: str) -> str:
    short = name.removeprefix("中国").split("股份")[0].split("银行")[0]
    return short or "中国"  # 中国银行 itself
