"""Every item that is shipped does its work in the books, on the contract or in what is known of the customer."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from adjudicator.chores import do_chores
from adjudicator.servicing_erasing import erase_transaction, iter_due_transactions
from adjudicator.verifying_policies import iter_books, verify_policy
from domain.contract import EntryKind, PolicyAccount, PolicyState, balance_of
from domain.decision import Actor
from domain.errors import ConflictError, InputError, NotFoundError
from domain.money import format_fen
from domain.servicing import TransactionState
from domain.terms import Frequency
from policy.item_file import load_servicing
from policy.transacting import doing
from storage import endorsements, registry, reminders, servicing_orders
from storage.access import Staff
from storage.erasure import ERASED
from storage.tables import customer_message
from tests.adjudicator.servicing_world import ACCOUNT, ME, TODAY, Servicing, begin, contract, endowment, paid, policy, universal
from tests.adjudicator.world import INSURED, World

_K = EntryKind


@pytest.fixture
def desk(world: World) -> Servicing:
    return begin(world)


def sums(desk: Servicing, number: str, *kinds: EntryKind) -> list[int]:
    return [sum(each.amount_fen for each in desk.entries(number) if each.kind is kind) for kind in kinds]


def is_sound(desk: Servicing) -> bool:
    return [found for books in iter_books(desk.system.database) for found in verify_policy(books)] == []


def test_fifteen_and_more_items_are_shipped() -> None:
    assert len(load_servicing()) >= 15


def test_a_renewal_premium_is_collected_and_pays_its_due_day(desk: Servicing) -> None:
    number = endowment(desk, years=6)
    desk.go_to(date(2026, 4, 30))
    assert desk.standing(number).state is PolicyState.IN_GRACE
    assert desk.do(number, "renewal-premium", account=ACCOUNT).state is TransactionState.DONE
    assert desk.standing(number).state is PolicyState.IN_FORCE and [each.amount_fen for each in desk.bank.taken.values()] == [700_000]
    with pytest.raises(ConflictError, match="no premium is due"):
        desk.quote(number, "renewal-premium", account=ACCOUNT)


def test_a_lapsed_policy_takes_no_premium_but_is_reinstated_by_a_person(desk: Servicing) -> None:
    number = endowment(desk, years=6)
    desk.go_to(date(2026, 5, 1))
    with pytest.raises(ConflictError, match="has lapsed"):
        desk.quote(number, "renewal-premium", account=ACCOUNT)
    waiting = desk.sign(desk.quote(number, "reinstatement", account=ACCOUNT, healthy="无变化"))
    assert waiting.state is TransactionState.WAITING and waiting.due_ms
    do_chores(desk.system)
    assert desk.bank.taken == {} and desk.standing(number).state is PolicyState.LAPSED
    with desk.system.database.write() as tx:
        doing.decide(tx, desk.system.shelf, waiting.transaction_id, Actor("lin", "adjuster"), is_approved=True, reason="")
    do_chores(desk.system)
    assert desk.find(waiting.transaction_id).state is TransactionState.DONE
    assert desk.standing(number).state is PolicyState.IN_FORCE
    interest_fen = round(700_000 * 0.05 * 61 / 365)  # 1 March to 1 May
    assert sums(desk, number, _K.REINSTATEMENT_PREMIUM, _K.REINSTATEMENT_INTEREST) == [700_000, interest_fen]


def test_a_person_who_refuses_says_why_and_nothing_moves(desk: Servicing) -> None:
    number = endowment(desk, years=6)
    desk.go_to(date(2026, 5, 1))
    waiting, before = desk.sign(desk.quote(number, "reinstatement", account=ACCOUNT, healthy="有变化")), desk.entries(number)
    with desk.system.database.write() as tx, pytest.raises(InputError, match="needs a reason"):
        doing.decide(tx, desk.system.shelf, waiting.transaction_id, Actor("lin", "adjuster"), is_approved=False, reason=" ")
    with desk.system.database.write() as tx:
        doing.decide(tx, desk.system.shelf, waiting.transaction_id, Actor("lin", "adjuster"), is_approved=False, reason="健康状况不符合")
    assert desk.find(waiting.transaction_id).reason == "健康状况不符合" and desk.entries(number) == before


@pytest.mark.parametrize(
    ("item", "name", "is_on"),
    [
        ("auto-renewal-on", "auto_renew", True),
        ("auto-renewal-off", "auto_renew", False),
        ("premium-loan-on", "automatic_premium_loan", True),
        ("premium-loan-off", "automatic_premium_loan", False),
    ],
)
def test_a_choice_changes_the_contract_and_is_made_once(desk: Servicing, item: str, name: str, is_on: bool) -> None:
    if name == "auto_renew":
        start = date(2026, 1, 1)
        agreed = contract("R1", payment_years=1, auto_renew=not is_on)
        number = desk.add(policy("R1", "baiwan-medical", start, date(2026, 12, 31)), agreed, *paid("R1", start))
    else:
        number = endowment(desk, automatic_premium_loan=not is_on)
    assert desk.do(number, item).state is TransactionState.DONE
    assert getattr(desk.contract(number), name) is is_on
    with pytest.raises(ConflictError, match="already"):
        desk.quote(number, item)


def test_a_surrender_pays_the_cash_value_less_what_is_owed_and_ends_the_contract(desk: Servicing) -> None:
    number = endowment(desk)
    desk.do(number, "policy-loan", amount="5000", account=ACCOUNT)
    desk.go_to(TODAY + timedelta(days=30))
    look = desk.look(number)
    owed_fen, value_fen = look.loan.total_fen, look.cash_fen or 0
    assert owed_fen > 500_000
    done = desk.do(number, "surrender", account=ACCOUNT)
    assert done.state is TransactionState.DONE and desk.standing(number).state is PolicyState.SURRENDERED
    assert sums(desk, number, _K.SURRENDER, _K.SURRENDER_PAID) == [value_fen, value_fen - owed_fen]
    assert balance_of(desk.entries(number), PolicyAccount.POLICY_LOAN) == 0 and is_sound(desk)
    with pytest.raises(ConflictError, match="has ended"):
        desk.quote(number, "surrender", account=ACCOUNT)


def test_a_surrender_whose_money_comes_back_is_paid_to_another_account(desk: Servicing) -> None:
    number = endowment(desk)
    desk.bank.mishaps.append("reject")
    moving = desk.do(number, "surrender", account=ACCOUNT)
    assert moving.state is TransactionState.MOVING and desk.standing(number).state is PolicyState.SURRENDERED
    with desk.system.database.write() as tx:
        doing.pay_again(tx, ME, moving.transaction_id, "9900000000000001", Actor(ME, "customer"))
    do_chores(desk.system)
    assert desk.find(moving.transaction_id).state is TransactionState.DONE and len(desk.bank.booked) == 1
    with desk.system.database.write() as tx, pytest.raises(ConflictError, match="waits for no other account"):
        doing.pay_again(tx, ME, moving.transaction_id, "9900000000000002", Actor(ME, "customer"))


@pytest.mark.parametrize(("days", "item"), [(14, "cooling-off"), (15, "surrender")])
def test_the_fifteenth_day_is_the_last_of_the_cooling_off(desk: Servicing, days: int, item: str) -> None:
    start = TODAY - timedelta(days=days)
    number = endowment(desk, start=start.replace(day=1) if start.day == 29 else start, years=1)
    other = {"cooling-off": "surrender", "surrender": "cooling-off"}[item]
    with pytest.raises(ConflictError, match="cooling-off"):
        desk.quote(number, other, account=ACCOUNT)
    if item == "cooling-off":
        assert desk.do(number, item, account=ACCOUNT).state is TransactionState.DONE
        assert sums(desk, number, _K.RESCISSION, _K.RESCISSION_PAID) == [700_000, 700_000]
        assert desk.standing(number).state is PolicyState.TERMINATED and is_sound(desk)


def test_an_account_gives_what_it_holds_to_the_fen_and_not_one_more(desk: Servicing) -> None:
    number = universal(desk)
    most_fen = desk.look(number).withdrawable_fen or 0
    assert most_fen > 4_850_000  # with eight years' interest
    with pytest.raises(InputError, match="above the most"):
        desk.quote(number, "account-withdrawal", amount=format_fen(most_fen + 1, grouped=False), account=ACCOUNT)
    desk.do(number, "account-withdrawal", amount=format_fen(most_fen, grouped=False), account=ACCOUNT)
    assert sums(desk, number, _K.ACCOUNT_WITHDRAWAL) == [most_fen] and (desk.look(number).account_fen or 0) <= 1
    assert is_sound(desk)


def test_an_additional_premium_bears_its_charge(desk: Servicing) -> None:
    number = universal(desk)
    assert desk.do(number, "account-premium", amount="1000.00", account=ACCOUNT).state is TransactionState.DONE
    put_in, charge = sums(desk, number, _K.ACCOUNT_PREMIUM, _K.ACCOUNT_CHARGE)
    assert put_in == 5_100_000 and 150_000 < charge < 160_000


def test_a_universal_account_is_emptied_by_its_surrender(desk: Servicing) -> None:
    number = universal(desk)
    assert desk.do(number, "surrender", account=ACCOUNT).state is TransactionState.DONE
    assert balance_of(desk.entries(number), PolicyAccount.UNIVERSAL_ACCOUNT) == 0 and is_sound(desk)


def test_a_maturity_benefit_first_pays_back_the_loan(desk: Servicing) -> None:
    number = endowment(desk, start=date(2011, 7, 1), years=10)
    desk.do(number, "policy-loan", amount="5000", account=ACCOUNT)
    desk.go_to(date(2026, 7, 1))
    owed_fen = desk.look(number).loan.total_fen
    done = desk.do(number, "maturity-benefit", account=ACCOUNT)
    assert done.state is TransactionState.DONE and owed_fen > 500_000
    assert list(desk.bank.booked.values())[-1].amount_fen == 10_000_000 - owed_fen
    assert desk.look(number).waiting_fen("maturity") == 0 and desk.look(number).loan.total_fen == 0 and is_sound(desk)


def test_annuities_are_fetched_together(desk: Servicing) -> None:
    start = date(1994, 3, 1)
    of = replace(policy("A9", "yinian-annuity", start, date(2099, 1, 1)), sum_insured_fen=1_200_000)
    number = desk.add(of, contract("A9", frequency=Frequency.SINGLE, payment_years=1, premium_fen=10_000_000), *paid("A9", start))
    desk.go_to(date(2049, 6, 15))  # on the anniversary before, the insured, born on 14 March 1988, is sixty
    waiting_fen = desk.look(number).waiting_fen("annuity")
    assert waiting_fen > 0
    assert desk.do(number, "annuity-instalment", account=ACCOUNT).state is TransactionState.DONE
    assert sums(desk, number, _K.BENEFIT_PAID) == [waiting_fen]


def test_a_loan_interest_payment_leaves_the_principal(desk: Servicing) -> None:
    number = endowment(desk)
    desk.do(number, "policy-loan", amount="5000", account=ACCOUNT)
    desk.go_to(TODAY + timedelta(days=73))
    assert desk.do(number, "loan-interest", account=ACCOUNT).state is TransactionState.DONE
    assert sums(desk, number, _K.LOAN_INTEREST_PAID) == [5_000]  # 5,000 元 at 5 % for a fifth of a year: 50 元
    assert desk.look(number).loan.total_fen == 500_000


def test_phone_and_residence_change_what_is_known_of_the_customer(desk: Servicing) -> None:
    number = endowment(desk)
    desk.do(number, "phone-change", phone="10000000077")
    desk.do(number, "residence-change", region="990102", address="示例路 1 号")
    with desk.system.database.read() as tx:
        person = registry.find_person(tx, ME)
        assert person and (person.phone, person.region_code) == ("10000000077", "990102")
        assert person.address_index == tx.cipher.index("示例路 1 号")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "fields/amount"),
        ({"amount": "1000"}, "fields/account"),
        ({"amount": "1e3", "account": ACCOUNT}, "fields/amount"),
        ({"amount": "99.99", "account": ACCOUNT}, "fields/amount"),
        ({"amount": "1000", "account": "12345"}, "fields/account"),
        ({"amount": "1000", "account": ACCOUNT, "sum": "1"}, "fields/sum"),
    ],
)
def test_a_field_that_does_not_fit_is_named(desk: Servicing, fields: dict[str, str], field: str) -> None:
    number = endowment(desk)
    with pytest.raises(InputError) as refused:
        desk.quote(number, "policy-loan", **fields)
    assert refused.value.field == field


def test_while_money_is_on_its_way_no_other_money_is_asked_for(desk: Servicing) -> None:
    number = endowment(desk)
    desk.sign(desk.quote(number, "policy-loan", amount="1000", account=ACCOUNT))
    with pytest.raises(ConflictError, match="not over yet"):
        desk.quote(number, "surrender", account=ACCOUNT)


def test_only_whom_the_item_names_may_ask(desk: Servicing) -> None:
    number = endowment(desk)
    with desk.system.database.write() as tx:
        (found,) = registry.find_policies(tx, [number])
        registry.save_policies(tx, [replace(found, policyholder_id="P2")])
    with pytest.raises(ConflictError, match="only the policyholder"):
        desk.quote(number, "surrender", account=ACCOUNT)


def test_a_quote_that_nobody_signed_is_forgotten_after_a_day(desk: Servicing) -> None:
    quote = desk.quote(endowment(desk), "policy-loan", amount="1000", account=ACCOUNT)
    desk.code(quote)
    desk.go_to(TODAY + timedelta(days=2))
    do_chores(desk.system)
    do_chores(desk.system)
    with pytest.raises(NotFoundError):
        desk.find(quote.transaction_id)


def test_a_transaction_is_erased_when_no_law_keeps_it_and_its_entries_stay(desk: Servicing) -> None:
    number = endowment(desk)
    done = desk.do(number, "policy-loan", amount="1000", account=ACCOUNT)
    operator = Staff("wang", "王", "operator", 0)
    with pytest.raises(ConflictError, match="is kept until 2045-02-28"):
        erase_transaction(desk.system, done.transaction_id, operator, "R-1")
    desk.go_to(date(2045, 3, 1))
    erase_transaction(desk.system, done.transaction_id, operator, "R-1")
    erased = desk.find(done.transaction_id)
    assert (erased.text, dict(erased.fields), erased.text_sha256) == ("", {}, done.text_sha256)
    assert sums(desk, number, _K.LOAN) == [100_000]
    with desk.system.database.read() as tx:
        assert endorsements.of_transaction(tx, done.transaction_id) == ()
        (order,) = servicing_orders.of_transaction(tx, done.transaction_id)
        assert order.payee.account_number == "" and order.amount_fen == 100_000


def test_what_is_due_is_erased_on_the_day_after_its_last_with_its_codes_and_what_was_told(desk: Servicing) -> None:
    """The contract ends on 28 February 2035 and is kept ten years: on 1 March 2045 it is due, and not a day before; the books hold."""
    number = endowment(desk)
    done = desk.do(number, "policy-loan", amount="1000", account=ACCOUNT)
    with desk.system.database.write() as tx:
        reminders.save_preferences(tx, ME, desk.system.reminders.preferences())
    operator = Staff("wang", "王", "operator", 0)
    for day, due in ((date(2045, 2, 28), []), (date(2045, 3, 1), [done.transaction_id])):
        desk.go_to(day)
        assert list(iter_due_transactions(desk.system.database, 1)) == due
    before = desk.entries(number)
    with pytest.raises(InputError, match="names a person"):
        erase_transaction(desk.system, done.transaction_id, operator, f"{INSURED.name}来信")
    erase_transaction(desk.system, done.transaction_id, operator, "retention.years 1")
    assert desk.find(done.transaction_id).reason == ERASED and desk.entries(number) == before
    assert list(iter_due_transactions(desk.system.database, 1)) == []
    with desk.system.database.read() as tx:
        c = customer_message.c
        kept = tx.connection.execute(select(c.body, c.recipient_enc).where(c.person_id == ME)).all()
        assert kept and {tx.cipher.decrypt(each.recipient_enc) for each in kept} == {""}
        assert not reminders.preferences_of(tx, [ME])
    assert [found for books in iter_books(desk.system.database) for found in verify_policy(books)] == []


def test_an_order_of_a_court_overrules_the_years(desk: Servicing) -> None:
    done = desk.do(endowment(desk), "premium-loan-on")
    erase_transaction(desk.system, done.transaction_id, Staff("wang", "王", "operator", 0), "R-2", "2026-77")
    assert desk.find(done.transaction_id).text == ""


def test_the_words_of_a_code_go_with_a_quote_that_nobody_signed(desk: Servicing) -> None:
    desk.code(desk.quote(endowment(desk), "policy-loan", amount="1000", account=ACCOUNT))
    desk.go_to(TODAY + timedelta(days=2))
    do_chores(desk.system)
    do_chores(desk.system)
    with desk.system.database.read() as tx:
        bodies = tx.connection.execute(select(customer_message.c.body).where(customer_message.c.subject == "验证码")).scalars().all()
    assert bodies == [ERASED]
