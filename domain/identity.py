"""Numbers that carry their own proof: ID numbers (GB 11643), bank cards (Luhn), phones; and how they are masked.

The demo's people live in region 99, which no authority assigns, so their numbers belong to nobody.
"""

import re
from datetime import date

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK_CHARACTERS = "10X98765432"


def id_check_character(first_17: str) -> str:
    """Compute the 18th character of a resident ID number from its first 17 digits (GB 11643, ISO 7064 MOD 11-2)."""
    return _ID_CHECK_CHARACTERS[sum(int(d) * w for d, w in zip(first_17, _ID_WEIGHTS, strict=True)) % 11]


def is_id_number(text: str) -> bool:
    """Tell whether a text is an 18-character ID number with a real birth date and a right check character."""
    if not re.fullmatch(r"\d{17}[\dXx]", text, re.ASCII) or birth_date_of(text) is None:
        return False
    return id_check_character(text[:17]) == text[17].upper()


def birth_date_of(id_number: str) -> date | None:
    """Read the birth date out of an ID number; None when its digits are no date."""
    digits = id_number[6:14]
    if not re.fullmatch(r"\d{8}", digits, re.ASCII):  # int() would take "1_99" and " 199"
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def luhn_check_digit(digits: str) -> str:
    """Compute the last digit of a bank card from all digits before it (ISO/IEC 7812-1)."""
    total = 0
    for place, character in enumerate(reversed(digits)):
        digit = int(character) * (2 if place % 2 == 0 else 1)
        total += digit - 9 if digit > 9 else digit
    return str(-total % 10)


def is_bank_card(text: str) -> bool:
    """Tell whether a text is 12–19 digits with a right Luhn digit."""
    return re.fullmatch(r"\d{12,19}", text, re.ASCII) is not None and luhn_check_digit(text[:-1]) == text[-1]


def mask_id_number(text: str) -> str:
    """990101199001011234 -> 9901**********1234."""
    return text[:4] + "*" * max(0, len(text) - 8) + text[-4:] if len(text) > 8 else "*" * len(text)


def mask_tail(text: str, shown: int = 4) -> str:
    """Show only the last characters of a phone or an account: 6222…1234 -> ****1234."""
    return "*" * max(0, len(text) - shown) + text[-shown:] if len(text) > shown else "*" * len(text)


def mask_name(name: str) -> str:
    """张三丰 -> 张**."""
    return name[:1] + "*" * (len(name) - 1)
