"""Policy loans from the quote to the endorsement: the limit to the fen, the bank once, the books in pairs."""

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from adjudicator.chores import do_chores
from adjudicator.verifying_policies import iter_books, verify_policy
from domain.contract import EntryKind
from domain.errors import ConflictError, InputError, NotFoundError
from domain.money import format_fen, parse_fen
from domain.servicing import TransactionState
from policy.facts import Look
from storage import endorsements, servicing
from tests.adjudicator.servicing_world import ACCOUNT, NOBODY, TODAY, Servicing, begin, endowment, universal
from tests.adjudicator.world import World


@pytest.fixture
def desk(world: World) -> Servicing:
    return begin(world)


def loan(desk: Servicing, number: str, amount_fen: int):  # type: ignore[no-untyped-def]
    return desk.quote(number, "policy-loan", amount=format_fen(amount_fen, grouped=False), account=ACCOUNT)


def test_a_loan_goes_from_the_quote_to_the_endorsement(desk: Servicing) -> None:
    number = endowment(desk)
    signed = desk.sign(loan(desk, number, 100_000))
    assert signed.state is TransactionState.MOVING
    assert all(each.kind is not EntryKind.LOAN for each in desk.entries(number))
    do_chores(desk.system)
    done = desk.find(signed.transaction_id)
    assert done.state is TransactionState.DONE
    assert [(each.kind, each.amount_fen, each.value_date) for each in desk.entries(number)][-1] == (EntryKind.LOAN, 100_000, TODAY)
    assert [each.amount_fen for each in desk.bank.booked.values()] == [100_000]
    with desk.system.database.read() as tx:
        files = endorsements.of_transaction(tx, done.transaction_id)
        signature = servicing.find_signature(tx, done.transaction_id)
        assert signature is not None and servicing.is_sealed(tx, signature)
    page = next(desk.system.blobs.get(each.sha256).decode() for each in files if each.format == "html")
    assert "提供保单贷款1,000.00元" in page and signature.text_sha256 in page and ACCOUNT not in page


def test_the_most_may_be_borrowed_and_one_fen_above_it_may_not(desk: Servicing) -> None:
    number = endowment(desk)
    most_fen = desk.look(number).lendable_fen
    assert most_fen
    with pytest.raises(InputError, match="above the most") as refused:
        loan(desk, number, most_fen + 1)
    assert refused.value.field == "fields/amount" and format_fen(most_fen) in refused.value.advice_zh
    assert desk.do(number, "policy-loan", amount=format_fen(most_fen, grouped=False), account=ACCOUNT).state is TransactionState.DONE
    assert (desk.look(number).lendable_fen or 0) * 4 < most_fen  # the clause: of what is left, again four fifths


def test_what_the_bank_refuses_has_moved_nothing(desk: Servicing) -> None:
    number = endowment(desk)
    before = desk.entries(number)
    desk.bank.mishaps.append("reject")
    ended = desk.do(number, "policy-loan", amount="1000", account=ACCOUNT)
    assert (ended.state, ended.reason) == (TransactionState.REFUSED, "账号不存在")
    assert desk.entries(number) == before and not desk.bank.booked


def test_an_answer_that_is_lost_pays_once(desk: Servicing) -> None:
    number = endowment(desk)
    desk.bank.mishaps.append("lost after")
    moving = desk.do(number, "policy-loan", amount="1000", account=ACCOUNT)
    assert moving.state is TransactionState.MOVING
    desk.go_to(TODAY, 11)
    do_chores(desk.system)
    assert desk.find(moving.transaction_id).state is TransactionState.DONE
    assert len([each for each in desk.bank.calls if each.startswith("pay")]) == 1


@pytest.mark.parametrize(
    ("item", "made", "most_fen", "kind"),
    [
        ("policy-loan", endowment, lambda look: look.lendable_fen, EntryKind.LOAN),
        ("account-withdrawal", universal, lambda look: look.withdrawable_fen, EntryKind.ACCOUNT_WITHDRAWAL),
    ],
)
def test_of_two_at_once_that_take_all_there_is_one_is_done(
    desk: Servicing, item: str, made: Callable[[Servicing], str], most_fen: Callable[[Look], int | None], kind: EntryKind
) -> None:
    number = made(desk)
    most = format_fen(most_fen(desk.look(number)) or 0, grouped=False)
    quotes = [desk.quote(number, item, amount=most, account=ACCOUNT) for _ in range(2)]
    codes = [desk.code(each) for each in quotes]
    errors: list[Exception] = []

    def sign(place: int) -> None:
        try:
            desk.sign(quotes[place], code=codes[place])
        except ConflictError as error:
            errors.append(error)

    threads = [threading.Thread(target=sign, args=(place,)) for place in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    do_chores(desk.system)
    assert len(errors) == 1 and len(desk.bank.booked) == 1
    assert [each.amount_fen for each in desk.entries(number) if each.kind is kind] == [parse_fen(most)]


def test_a_repayment_pays_interest_first_and_the_books_stay_sound_after_a_term(desk: Servicing) -> None:
    number = endowment(desk)
    desk.do(number, "policy-loan", amount="10000", account=ACCOUNT)
    desk.go_to(TODAY + timedelta(days=200))
    loan = desk.look(number).loan
    assert loan.added and loan.added[0][0] == TODAY + timedelta(days=180)
    done = desk.do(number, "loan-payoff", account=ACCOUNT)
    assert done.state is TransactionState.DONE and desk.look(number).loan.total_fen == 0
    kinds = {each.kind for each in desk.entries(number)}
    assert {EntryKind.LOAN_INTEREST_ADDED, EntryKind.LOAN_INTEREST_PAID, EntryKind.LOAN_REPAID} <= kinds
    assert [found for books in iter_books(desk.system.database) for found in verify_policy(books)] == []
    assert [each.amount_fen for each in desk.bank.taken.values()] == [loan.total_fen]


def test_a_repayment_of_one_fen_too_much_is_refused_and_a_debit_without_cover_changes_nothing(desk: Servicing) -> None:
    number = endowment(desk)
    desk.do(number, "policy-loan", amount="1000", account=ACCOUNT)
    with pytest.raises(InputError, match="above the most"):
        desk.quote(number, "loan-repayment", amount="1000.01", account=ACCOUNT)
    before = desk.entries(number)
    desk.bank.mishaps.append("reject")
    assert desk.do(number, "loan-repayment", amount="1000.00", account=ACCOUNT).reason == "余额不足"
    assert desk.entries(number) == before


@pytest.mark.parametrize(
    ("on", "told"),
    [
        (TODAY - timedelta(days=1), "is past: nothing is back-dated"),
        (TODAY + timedelta(days=1), "has not come"),
        (date(2019, 1, 1), "before the policy"),
    ],
)
def test_a_transaction_counts_from_today_and_no_other_day(desk: Servicing, on: date, told: str) -> None:
    number = endowment(desk)
    desk.do(number, "policy-loan", amount="1000", account=ACCOUNT)
    with pytest.raises(InputError, match=told):
        desk.quote(number, "loan-payoff", on=on, account=ACCOUNT)


def test_somebody_elses_policy_is_told_in_the_words_of_no_policy(desk: Servicing) -> None:
    number = endowment(desk)
    told = []
    for asked in (number, "NONE1"):
        with pytest.raises(NotFoundError) as refused:
            desk.quote(asked, "policy-loan", NOBODY, amount="1000", account=ACCOUNT)
        told.append(str(refused.value).replace(asked, ""))
    assert told[0] == told[1]


def test_five_wrong_codes_and_the_right_one_opens_nothing(desk: Servicing) -> None:
    number = endowment(desk)
    quote = loan(desk, number, 100_000)
    code = desk.code(quote)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(InputError, match="not the code") as refused:
            desk.sign(quote, code=wrong)
        assert f"{left} tries" in refused.value.way_out
    with pytest.raises(ConflictError, match="tried 5 times"):
        desk.sign(quote, code=code)
    assert desk.find(quote.transaction_id).state is TransactionState.QUOTED
    assert desk.sign(quote).state is TransactionState.MOVING  # with a new one


def test_an_identity_check_is_over_after_five_minutes(desk: Servicing) -> None:
    number = endowment(desk)
    quote = loan(desk, number, 100_000)
    code = desk.code(quote)
    ahead = desk.system.database._ahead_ms()
    desk.system.database._ahead_ms = lambda: ahead + 300_000
    with pytest.raises(ConflictError, match="the identity check is over"):
        desk.sign(quote, code=code)


def test_a_quote_is_good_until_the_policy_changes_or_half_an_hour_is_over(desk: Servicing) -> None:
    number = endowment(desk)
    first, second = loan(desk, number, 100_000), loan(desk, number, 200_000)
    desk.sign(first)
    do_chores(desk.system)
    with pytest.raises(ConflictError, match="has changed since this quote"):
        desk.sign(second)
    third = loan(desk, number, 100_000)
    ahead = desk.system.database._ahead_ms()
    desk.system.database._ahead_ms = lambda: ahead + 1_800_000
    with pytest.raises(ConflictError, match="has expired"):
        desk.sign(third)


def test_another_text_than_the_quotes_is_not_signed(desk: Servicing) -> None:
    quote = loan(desk, endowment(desk), 100_000)
    with pytest.raises(InputError, match="not the quote's"):
        desk.sign(quote, text_sha256="0" * 64)
