"""Letters are printed once their notice is out, are kept by hash, and say what was decided; printing again changes nothing."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from adjudicator import review, writing
from adjudicator.chores import do_chores
from adjudicator.intake import submit
from adjudicator.reopening import Ground, reopen
from adjudicator.story import ClaimStory, tell
from adjudicator.writing import print_now, write_letters, write_letters_of
from domain.letter import Letter, LetterFormat, Letterhead
from domain.states import ClaimState
from letters.font_files import find_fonts
from letters.press import Press, Printed
from storage import audit, registry
from storage.letters import LetterFile, letters_of
from tests.adjudicator.world import ADJUSTER, CASH, INSURED, SENIOR, World, id_card, invoice, notice, summary

ACCOUNT = "9900000000000000010"
has_font = pytest.mark.skipif(not find_fonts(), reason="no Chinese TrueType font is installed")


@pytest.fixture
def plain(world: World) -> World:
    """A system that prints pages only: what these tests read."""
    head = Letterhead("示例人寿保险公司", "00000")
    return replace(world, system=replace(world.system, press=Press(find=lambda _: ()), letterhead=head))


def paid(world: World) -> str:
    claim_id = submit(world.system, notice(files=world.files(invoice(), summary(), id_card()))).claim_id
    world.run()
    return claim_id


def reviewed(world: World) -> tuple[World, ClaimStory]:
    strict = world.with_limits(straight_through_fen=0)
    story = tell(strict.system, paid(strict))
    assert story.claim.state is ClaimState.IN_REVIEW
    return strict, story


def written(world: World, claim_id: str) -> dict[str, str]:
    """Print, and give each page's words by the kind of its letter."""
    do_chores(world.system)
    pages = {each.kind: world.system.blobs.get(each.sha256).decode() for each in files(world, claim_id) if each.format is LetterFormat.HTML}
    return {kind: re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)) for kind, page in pages.items()}


def files(world: World, claim_id: str) -> tuple[LetterFile, ...]:
    with world.system.database.read() as tx:
        return letters_of(tx, claim_id)


def test_a_payment_has_its_letter_and_its_explanation(plain: World) -> None:
    letters = written(plain, paid(plain))
    assert set(letters) == {"payment", "benefits"}
    for words in ("给付保险金 15,500.00 元（大写：壹万伍仟伍佰元整）", "《保险法》第二十三条", "示例人寿保险公司", "客服热线 00000"):
        assert words in letters["payment"]
    for words in (
        "费用合计 30,000.00 医保已付 -5,000.00 年免赔额 -10,000.00 费用给付 15,000.00 住院津贴 500.00 核定给付 15,500.00",
        "减去年免赔额 10,000.00 元（本年余 10,000.00 → 0.00） 15,000.00",
        "按赔付比例 100% 计算（表第1行：有医保 · 是） 15,000.00 第十条",
        "年免赔额 2025-02-01 起的保单年度 10,000.00 0.00 10,000.00 0.00",
        "津贴年限天数 2025-02-01 起的保单年度 180 天 0 天 5 天 175 天",
    ):
        assert words in letters["benefits"]


def test_what_a_letter_cites_it_quotes_from_the_book_that_decided(plain: World) -> None:
    letters = written(plain, paid(plain))
    hospital = "第五条 本合同所称医院，是指二级及以上的公立医院。"
    share = "第十条 被保险人有基本医疗保险并且已经其结算的，按经医保比例给付；"
    quoted = letters["payment"].partition("所引条款原文")[2]
    assert hospital in quoted
    assert share in quoted
    assert "第六条 被保险人在本合同生效之日起" in quoted
    assert quoted.count("本合同所称医院") == 1  # two responsibilities cite it
    assert share in letters["benefits"].partition("所引条款原文")[2]
    assert hospital not in letters["benefits"]  # its steps do not cite it


def test_a_refusal_quotes_the_clause_that_the_person_gave_and_no_other(plain: World) -> None:
    strict, story = reviewed(plain)
    review.decline(strict.system, story.claim.claim_id, story.claim.version, ADJUSTER, "属于责任免除", "第七条")
    strict.run()
    quoted = written(strict, story.claim.claim_id)["refusal"].partition("所引条款原文")[2]
    assert "第七条 主要诊断属于保险单所列除外病种的" in quoted
    assert "本合同所称医院" not in quoted


def test_a_letter_about_a_clause_without_text_quotes_nothing(plain: World) -> None:
    strict, story = reviewed(plain)
    review.decline(strict.system, story.claim.claim_id, story.claim.version, ADJUSTER, "不在承保范围", "第九十九条")
    strict.run()
    letter = written(strict, story.claim.claim_id)["refusal"]
    assert "依据条款：第九十九条" in letter
    assert "所引条款原文" not in letter


def test_numbers_of_persons_and_accounts_are_masked(plain: World) -> None:
    letters = written(plain, paid(plain))
    for told in letters.values():
        assert INSURED.id_number not in told
        assert ACCOUNT not in told
        assert "9901**********0056" in told
        assert "尾号 0010" in told


def test_a_part_payment_adds_up_and_says_why(plain: World) -> None:
    world, story = reviewed(plain)
    review.pay_part(world.system, story.claim.claim_id, story.claim.version, SENIOR, 1_000_000, "康复理疗费与本次疾病无关")
    letters = written(world, story.claim.claim_id)
    assert set(letters) == {"part_payment", "benefits"}
    assert "按条款合计 15,500.00 核定调减（理由见上） -5,500.00 核定给付 10,000.00" in letters["part_payment"]
    assert "理由：康复理疗费与本次疾病无关" in letters["part_payment"]
    assert "核定调减（理由见决定通知书） -5,500.00 核定给付 10,000.00" in letters["benefits"]
    assert "年免赔额 2025-02-01 起的保单年度 10,000.00 0.00 10,000.00 0.00" in letters["benefits"]
    # 15,000.00 × 10,000.00 / 15,500.00: a limit of payouts is used by what is paid, as it is booked
    assert "年限额 2025-02-01 起的保单年度 2,000,000.00 0.00 9,677.42 1,990,322.58" in letters["benefits"]


def test_a_refusal_cites_clause_reason_law_and_the_ways_to_object_and_promises_no_money(plain: World) -> None:
    world, story = reviewed(plain)
    review.decline(world.system, story.claim.claim_id, story.claim.version, SENIOR, "住院为既往症复发", "第七条第三款")
    letters = written(world, story.claim.claim_id)
    assert set(letters) == {"refusal"}
    for words in (
        "理由：住院为既往症复发",
        "依据条款：第七条第三款",
        "《保险法》第二十四条",
        "《保险法》第二十六条",
        "申诉",
        "12378",
        "仲裁",
        "诉讼",
    ):
        assert words in letters["refusal"]
    assert not re.search(r"\d\.\d\d", letters["refusal"])


def test_a_claim_that_is_decided_anew_has_letters_of_each_round_and_the_last_tells_the_difference(plain: World) -> None:
    world, story = reviewed(plain)
    claim_id = story.claim.claim_id
    review.pay_part(world.system, claim_id, story.claim.version, ADJUSTER, 1_000_000, "康复理疗费与本次疾病无关")
    world.run()
    assert "取代此前" not in written(world, claim_id)["part_payment"]
    reopen(world.system, claim_id, tell(world.system, claim_id).claim.version, SENIOR, "核定有误", Ground.ERROR)
    world.run()
    review.approve(world.system, claim_id, tell(world.system, claim_id).claim.version, SENIOR, "")
    letters = written(world, claim_id)
    assert set(letters) == {"part_payment", "benefits", "payment"}
    for words in ("（第 2 次核定）", "给付保险金 15,500.00 元", "本决定取代此前的决定。此前已给付 10,000.00 元，本次补付 5,500.00 元。"):
        assert words in letters["payment"]
    assert [each.round for each in files(world, claim_id)] == [1, 1, 2, 2]


def test_what_the_rules_refuse_is_told_with_what_was_found(plain: World) -> None:
    early = {"admission_date": date(2025, 2, 10), "discharge_date": date(2025, 2, 18)}
    made = plain.files(invoice(**early), summary(**early), id_card())
    claim_id = submit(plain.system, notice(files=made, loss_date=early["admission_date"])).claim_id
    plain.run()
    story = tell(plain.system, claim_id)
    assert story.claim.state is ClaimState.IN_REVIEW
    review.decline(plain.system, claim_id, story.claim.version, SENIOR, "在等待期内出险", "第六条")
    assert re.search(r"住院医疗 不予给付 [^《]*2025-02-10[^《]*第六条", written(plain, claim_id)["refusal"])


def test_the_one_supplement_notice_lists_everything_at_once(plain: World) -> None:
    claim_id = submit(plain.system, notice(files=plain.files(invoice()))).claim_id
    plain.run()
    letters = written(plain, claim_id)
    assert set(letters) == {"supplement"}
    for words in ("2 项资料", "缺少出院小结", "缺少身份证", "《保险法》第二十二条", "核定时限暂停计算"):
        assert words in letters["supplement"]


def test_several_policies_each_have_their_table(plain: World) -> None:
    with plain.system.database.write() as tx:
        registry.save_policies(tx, [CASH])
    letters = written(plain, paid(plain))
    assert "保险单 PL1" in letters["payment"]
    assert "保险单 PL2" in letters["payment"]
    assert "按条款合计 17,100.00 核定给付 17,100.00" in letters["payment"]


def test_a_letter_is_kept_by_the_hash_of_its_bytes_and_the_chain_names_it(plain: World) -> None:
    claim_id = paid(plain)
    written(plain, claim_id)
    for each in files(plain, claim_id):
        content = plain.system.blobs.get(each.sha256)
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (each.sha256, each.size_bytes)
    with plain.system.database.read() as tx:
        told = [json.loads(each.detail_json) for each in audit.entries(tx, claim_id) if each.action == "letter.written"]
        assert audit.find_break(tx, claim_id) is None
    assert {(each["letter"], each["html"]) for each in told} == {(each.letter_id, each.sha256) for each in files(plain, claim_id)}


def test_no_letter_is_ever_changed(plain: World) -> None:
    written(plain, paid(plain))
    with pytest.raises(DBAPIError, match="letter is append-only"), plain.system.database.write() as tx:
        tx.connection.execute(text("UPDATE letter SET sha256 = ''"))


@has_font
def test_printing_again_after_a_crash_is_the_same_letter(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    claim_id, before = paid(world), writing.letters.add_letter
    with monkeypatch.context() as broken:
        broken.setattr(writing.letters, "add_letter", lambda *_: 1 // 0)  # the bytes are stored, and then the power goes
        write_letters(world.system)
    assert files(world, claim_id) == ()
    assert writing.letters.add_letter is before
    once = print_now(world.system, claim_id)
    write_letters_of(world.system, claim_id, once[0].notice_id)
    assert files(world, claim_id) == once
    assert [(each.kind, each.format) for each in once] == [
        ("payment", "pdf"),
        ("payment", "html"),
        ("benefits", "pdf"),
        ("benefits", "html"),
    ]
    assert all(world.system.blobs.get(each.sha256).startswith(b"%PDF" if each.format == "pdf" else b"<!doctype") for each in once)


@has_font
def test_the_pdf_follows_when_a_font_is_there(plain: World) -> None:
    claim_id = paid(plain)
    written(plain, claim_id)
    assert {each.format for each in files(plain, claim_id)} == {LetterFormat.HTML}
    mended = replace(plain.system, press=Press())
    once = print_now(mended, claim_id)
    assert [each.format for each in once] == ["pdf", "html", "pdf", "html"]
    assert print_now(mended, claim_id) == once


def test_what_is_printed_is_not_due_any_more(world: World) -> None:
    paid(world)
    assert (write_letters(world.system), write_letters(world.system)) == (1, 0)


def test_a_letter_that_cannot_be_written_keeps_no_other_from_going_out(plain: World) -> None:
    class JammedOnce(Press):
        jams = 1

        def print(self, letter: Letter) -> Printed:
            if self.jams:
                self.jams -= 1
                raise ZeroDivisionError
            return super().print(letter)

    world = replace(plain, system=replace(plain.system, press=JammedOnce(find=lambda _: ())))
    first = paid(world)
    second = submit(world.system, notice("APP-2", files=world.files(invoice(number="9900000002"), tag="b"))).claim_id
    world.run()
    assert write_letters(world.system) == 2
    assert sorted(len(files(world, each)) for each in (first, second)) in ([0, 1], [0, 2])
    assert write_letters(world.system) == 0  # put off, not forgotten:
    assert all(print_now(world.system, each) for each in (first, second))


def test_a_name_that_no_font_draws_is_noted_in_the_chain(world: World) -> None:
    class Partial(Press):
        def print(self, letter: Letter) -> Printed:
            return replace(super().print(letter), missing=("㐂",))

    odd = replace(world, system=replace(world.system, press=Partial()))
    claim_id = paid(odd)
    write_letters(odd.system)
    with odd.system.database.read() as tx:
        told = [json.loads(each.detail_json) for each in audit.entries(tx, claim_id) if each.action == "letter.written"]
    assert [each["undrawn"] for each in told] == [["U+3402"], ["U+3402"]]
