"""Numbers that are well formed and can belong to nobody: each lives in a range that no authority hands out."""

from datetime import date

from domain.identity import id_check_character, luhn_check_digit

REGION = "990101"  # GB/T 2260 assigns no region 99
PHONE_PREFIX = "154"  # no Chinese network has this prefix
ACCOUNT_PREFIX = "990000"  # no card issuer: ISO/IEC 7812 numbers that start with 9 are national, and China assigns none in 99
INVOICE_CODE = "99010126"  # the first two digits of a medical invoice code are the region


def id_number(birth_date: date, order: int) -> str:
    """Make a resident ID number (GB 11643); `order` 0–999 tells people of one birthday apart, odd for men."""
    first_17 = f"{REGION}{birth_date:%Y%m%d}{order:03d}"
    return first_17 + id_check_character(first_17)


def phone(number: int) -> str:
    """Make a mobile number of eleven digits."""
    return f"{PHONE_PREFIX}{number:08d}"


def account_number(number: int) -> str:
    """Make a bank account of nineteen digits with a right Luhn digit."""
    first_18 = f"{ACCOUNT_PREFIX}{number:012d}"
    return first_18 + luhn_check_digit(first_18)


def invoice_number(number: int) -> str:
    """Make a medical invoice number of ten digits."""
    return f"99{number:08d}"


def check_code(number: int) -> str:
    """Make an invoice's check code of six digits."""
    return f"{number * 7919 % 1_000_000:06d}"
