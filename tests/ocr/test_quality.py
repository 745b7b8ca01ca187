"""The gate lets through what can be read, and says what to do about the rest, and where."""

from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from bench.ocr_fields import pages_of
from bench.quality_cases import Outcome, case_of, pairs_in
from domain.finding import Severity
from ocr.gate.advice import ADVICE, advise
from ocr.gate.failure import ALWAYS, failure_probability, gravest, load_hazards, load_steps
from ocr.gate.overview import OVERVIEW_PX, look_over
from ocr.gate.scores import SCORES, measure
from ocr.picture import decode_picture
from ocr.quality import findings_of, hints_of, is_sideways, measure_quality
from ocr.settings import QualityThresholds
from sandbox.damage import Damage
from sandbox.font import load_font
from sandbox.photograph import Level, photograph
from sandbox.render import render

PAGES = list(pages_of(55))
INVOICE = PAGES[0]
EVERY = QualityThresholds()


def codes(pixels):
    return [each.code for each in findings_of(measure_quality(pixels, EVERY))]


def complaints(pixels):
    """Name what would be complained of if the gate were quick to complain."""
    return [each.code for each in findings_of(measure_quality(pixels, QualityThresholds(reading_fails=0.3)))]


def pixels_of(page, level, seed=8, damages=None):
    return decode_picture(photograph(render(page), level, seed, damages), 50_000_000)


def scores_at(damage, strength, seed=8):
    return {each.name: each for each in measure_quality(pixels_of(INVOICE, Level.GOOD, seed, {damage: strength}), EVERY)}


@pytest.mark.parametrize("level", [Level.SCAN, Level.GOOD, Level.MIDDLING])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.document_class)
def test_a_readable_photograph_passes(page, level):
    assert codes(pixels_of(page, level)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.document_class)
def test_a_blurred_one_is_bounced(page):
    assert {"document.blurred", "document.moved"} & set(codes(pixels_of(page, Level.BAD)))


@pytest.mark.parametrize(
    ("damage", "score", "below", "above"),
    [
        (Damage.DARK, "dark", 0.4, 0.8),
        (Damage.BRIGHT, "blown", 0.1, 0.5),
        (Damage.BLANK, "faint", 0.5, 0.95),
        (Damage.GLARE, "glare", 0.05, 0.6),
        (Damage.DEFOCUS, "defocus", 0.2, 0.6),
        (Damage.MOTION, "motion", 0.15, 0.6),
        (Damage.SMALL, "small", 0.3, 0.85),
        (Damage.THUMB, "covered", 0.1, 0.9),
        (Damage.CUT_OFF, "cut_off", 0.02, 0.5),
        (Damage.PERSPECTIVE, "perspective", 0.2, 0.7),
        (Damage.SKEW, "skew", 0.5, 0.9),
        (Damage.SHADOW, "uneven", 0.3, 0.9),
        (Damage.NOISE, "noise", 0.2, 0.9),
        (Damage.FOLD, "fold", 0.1, 0.7),
        (Damage.SCREEN, "screen", 0.05, 0.5),
    ],
)
def test_each_score_passes_a_weak_damage_and_fails_a_strong_one(damage, score, below, above):
    assert [scores_at(damage, strength)[score].passed for strength in (below, above)] == [True, False]


def test_focus_and_motion_are_told_apart():
    assert complaints(pixels_of(INVOICE, Level.GOOD, 8, {Damage.MOTION: 0.7})) == ["document.moved"]
    assert complaints(pixels_of(PAGES[2], Level.GOOD, 8, {Damage.DEFOCUS: 0.65})) == ["document.blurred"]


@pytest.mark.parametrize("strength", [0.8, 0.95])
def test_what_is_out_of_focus_did_not_move(strength):
    assert codes(pixels_of(INVOICE, Level.SCAN, 8, {Damage.DEFOCUS: strength})) == ["document.blurred"]


@pytest.mark.parametrize("page", [INVOICE, PAGES[2]], ids=lambda page: page.document_class)
def test_what_was_taken_from_far_away_is_small_before_it_is_anything_else(page):
    assert complaints(pixels_of(page, Level.GOOD, 8, {Damage.SMALL: 0.95}))[0] == "document.too_small"


def test_a_photograph_without_print_for_all_its_light_is_overexposed_not_blank():
    assert codes(pixels_of(PAGES[2], Level.GOOD, 8, {Damage.BRIGHT: 0.9})) == ["document.overexposed"]


def test_that_a_page_may_be_cut_off_is_told_only_where_nothing_else_is_wrong():
    clean = dict.fromkeys(load_hazards(), 0.0) | dict.fromkeys(SCORES, 0.0)
    assert gravest(clean | {"cut_off.left": 0.9, "noise.mottle": 0.65}) == "noise"
    assert gravest(clean | {"cut_off.left": 0.9}) == "cut_off"


def test_smear_is_called_after_the_worse_of_motion_and_focus():
    clean = dict.fromkeys(load_hazards(), 0.0) | dict.fromkeys(SCORES, 0.0)
    assert gravest(clean | {"smear": 0.9, "motion": 0.4, "defocus": 0.2}) == "motion"
    assert gravest(clean | {"smear": 0.9, "motion": 0.2, "defocus": 0.4}) == "defocus"


@pytest.mark.parametrize("word", ["示例", "A", "12"])
def test_a_page_with_one_word_is_not_blank(word):
    page = Image.new("RGB", (1240, 1754), "white")
    ImageDraw.Draw(page).text((600, 870), word, (0, 0, 0), load_font(24))
    assert codes(np.asarray(page)) == []


def test_blur_counts_at_the_size_at_which_the_page_is_read():
    page = pixels_of(INVOICE, Level.GOOD, 8, {Damage.DEFOCUS: 0.5})
    twice = np.asarray(cv2.resize(page, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    assert measure(twice).scores["defocus"] == pytest.approx(measure(page).scores["defocus"], abs=0.1)


def test_darkness_is_called_darkness():
    assert codes((pixels_of(INVOICE, Level.GOOD) // 24).astype(np.uint8)) == ["document.too_dark"]


def test_an_empty_sheet_is_blank():
    assert codes(np.full((1200, 900, 3), 250, np.uint8)) == ["document.blank"]
    assert codes(np.full((1200, 900, 3), 255, np.uint8)) == ["document.blank"]


def test_a_picture_burnt_to_white_is_overexposed():
    page = pixels_of(INVOICE, Level.SCAN).astype(np.int16) + 215
    assert "document.overexposed" in codes(np.clip(page, 0, 255).astype(np.uint8))


def test_a_thumbnail_is_too_small():
    assert "document.too_small" in codes(cv2.resize(pixels_of(INVOICE, Level.GOOD), (300, 200), interpolation=cv2.INTER_AREA))


def test_glare_is_told_with_its_place():
    page = pixels_of(INVOICE, Level.GOOD)
    cv2.ellipse(page, (300, 280), (260, 220), 0, 0, 360, (255, 255, 255), -1)
    assert advise("glare", measure(page).places["glare"]) == "左上角反光，请换个角度重拍"


@pytest.mark.parametrize(
    ("place", "zh", "en"),
    [
        ((0.1, 0.1), "左上角反光", "at the top left"),
        ((0.9, 0.1), "右上角反光", "at the top right"),
        ((0.1, 0.9), "左下角反光", "at the bottom left"),
        ((0.9, 0.9), "右下角反光", "at the bottom right"),
        ((0.5, 0.0), "上方反光", "at the top:"),
        ((0.5, 1.0), "下方反光", "at the bottom:"),
        ((0.0, 0.5), "左侧反光", "on the left"),
        ((1.0, 0.5), "右侧反光", "on the right"),
        ((0.5, 0.5), "中间反光", "in the middle"),
        (None, "反光，", "There is glare: please"),
    ],
)
def test_places_have_words(place, zh, en):
    assert advise("glare", place).startswith(zh)
    assert en in advise("glare", place, "en")


@pytest.mark.parametrize("name", SCORES)
def test_every_score_has_a_threshold_and_advice_in_both_languages(name):
    assert 0 <= getattr(EVERY, name) <= 1
    assert "请" in advise(name, (0.1, 0.1))
    assert "please" in advise(name, (0.1, 0.1), "en")
    assert set(ADVICE) == set(SCORES)


def test_a_refused_picture_carries_advice_in_both_languages_and_a_readable_one_none():
    refused = measure_quality(pixels_of(INVOICE, Level.BAD), EVERY)
    assert not refused[0].passed
    assert all(each.advice_en for each in refused if each.advice) and any(each.advice for each in refused)
    assert not any(each.advice for each in measure_quality(pixels_of(INVOICE, Level.MIDDLING), EVERY))


def test_a_fault_that_can_be_read_through_is_only_a_hint():
    scores = measure_quality(pixels_of(PAGES[2], Level.GOOD, 8, {Damage.SCREEN: 0.5}), EVERY)
    assert findings_of(scores) == ()
    assert [(each.code, each.severity) for each in hints_of(scores)] == [("document.screen_photo", Severity.NOTE)]


@pytest.mark.parametrize("name", list(load_hazards()))
def test_no_fault_makes_failure_less_likely(name):
    clean = measure(pixels_of(INVOICE, Level.GOOD)).signs | dict.fromkeys(load_hazards(), 0.0)
    chances = [failure_probability(clean | {name: strength}) for strength in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert chances == sorted(chances) and chances[0] < chances[-1]


def test_steps_of_faults_only_go_up():
    assert {step.sign for step in load_steps() if step.adds < 0}.isdisjoint(load_hazards())


def test_every_step_stands_on_a_sign_that_is_measured():
    assert {step.sign for step in load_steps()} <= {ALWAYS, *measure(pixels_of(INVOICE, Level.SCAN)).signs}


def test_a_grave_fault_outweighs_every_look_of_the_print():
    """However clear the rest of a page may look, one that is certainly lost to a fault is refused, and one without any fault is not."""
    looks = {step.sign: step.beyond for step in load_steps() if step.sign not in load_hazards()}
    for signs in (dict.fromkeys(looks, -1.0), dict.fromkeys(looks, 1e9)):
        none = signs | dict.fromkeys(load_hazards(), 0.0)
        assert failure_probability(none | {"defocus": 1.8}) > EVERY.reading_fails > failure_probability(none)


@pytest.mark.parametrize("page", [INVOICE, PAGES[2], PAGES[5]], ids=lambda page: page.document_class)
@pytest.mark.parametrize("quarter_turns", [0, 1, 2, 3])
def test_a_page_on_its_side_is_known_and_not_asked_for_again(page, quarter_turns):
    pixels = np.ascontiguousarray(np.rot90(pixels_of(page, Level.SCAN), quarter_turns))
    scores = measure_quality(pixels, EVERY)
    assert is_sideways(scores) is (quarter_turns in (1, 3))
    assert findings_of(scores) == ()


def test_an_empty_sheet_lies_neither_way():
    assert 0 < measure(np.full((900, 900, 3), 250, np.uint8)).sideways < 1


def cut(side, share):
    """Cut so much off an upright scan at a side."""
    page = pixels_of(PAGES[2], Level.GOOD)
    height, width = page.shape[:2]
    rows, columns = int(share * height), int(share * width)
    pieces = {"top": page[rows:], "bottom": page[: height - rows], "left": page[:, columns:], "right": page[:, : width - columns]}
    return np.ascontiguousarray(pieces[side])


@pytest.mark.parametrize("side", ["top", "bottom", "left", "right"])
def test_a_page_cut_off_is_known_by_the_side(side):
    signs = measure(cut(side, 0.35)).signs
    assert max(("top", "bottom", "left", "right"), key=lambda each: signs[f"cut_off.{each}"]) == side


@pytest.mark.parametrize("seed", [10147, 10529], ids=["gradient", "shadow"])
def test_a_page_that_fills_the_picture_half_in_the_shade_is_not_cut_off(seed):
    assert measure(decode_picture(case_of(seed).take(), 50_000_000)).scores["cut_off"] < EVERY.cut_off


def test_a_page_that_lost_its_labels_is_worse_than_one_that_lost_its_end():
    assert failure_probability(measure(cut("left", 0.35)).signs) > 2 * failure_probability(measure(cut("bottom", 0.35)).signs)


@pytest.mark.parametrize("tone", [(196, 158, 118), (224, 190, 150), (128, 96, 70)], ids=["oak", "pine", "walnut"])
@pytest.mark.parametrize("side", ["left", "right", "top"])
def test_a_wooden_table_is_no_finger(tone, side):
    page = pixels_of(INVOICE, Level.SCAN)
    grain = np.random.default_rng(1).normal(0, 9, (200, 4, 1))
    boards = cv2.resize(np.clip(np.array(tone[::-1]) + grain, 0, 255).astype(np.uint8), page.shape[1::-1])
    depth = page.shape[0 if side == "top" else 1] // 8
    if side == "top":
        page[:depth] = boards[:depth]
    else:
        columns = slice(0, depth) if side == "left" else slice(-depth, None)
        page[:, columns] = boards[:, columns]
    assert measure(page).scores["covered"] == 0


def test_yellowed_paper_up_to_the_corners_is_no_finger():
    page = pixels_of(PAGES[2], Level.SCAN)
    yellowed = cv2.multiply(page, np.array([0.68, 0.8, 0.95, 0.0]))
    assert measure(np.asarray(yellowed, dtype=np.uint8)).scores["covered"] == 0


def test_a_yellowed_page_on_a_black_table_is_no_finger():
    page = pixels_of(PAGES[2], Level.SCAN)
    yellowed = np.asarray(cv2.multiply(page, np.array([0.68, 0.8, 0.95, 0.0])), dtype=np.uint8)
    lying = cv2.copyMakeBorder(yellowed, 0, 90, 90, 90, cv2.BORDER_CONSTANT, value=(20, 20, 22))
    assert measure(np.asarray(lying, dtype=np.uint8)).scores["covered"] == 0


def test_glare_on_a_page_that_was_darkened_since_is_still_glare():
    page = pixels_of(INVOICE, Level.GOOD)
    cv2.ellipse(page, (500, 480), (420, 360), 0, 0, 360, (255, 255, 255), -1)
    whole, dimmed = pixels_of(INVOICE, Level.GOOD), (page * 0.45).astype(np.uint8)
    assert measure(dimmed).scores["glare"] > EVERY.glare / 2 > measure((whole * 0.45).astype(np.uint8)).scores["glare"]


def hide(left, right):
    """Burn the middle of an upright page out, from and to such shares of its breadth."""
    page = pixels_of(PAGES[2], Level.SCAN)
    height, width = page.shape[:2]
    page[int(0.15 * height) : int(0.5 * height), int(left * width) : int(right * width)] = 255
    return measure(page).signs["hidden"]


def test_a_page_whose_labels_are_hidden_has_lost_more_than_one_whose_lines_lack_their_end():
    assert hide(0.0, 0.4) > 0.5 > 0.1 > hide(0.6, 1.0)


@pytest.mark.parametrize("size", [(4000, 3000), (720, 540), (1441, 7), (20, 9000), (721, 721)])
def test_the_light_is_measured_on_a_small_copy_whatever_the_size(size):
    overview = look_over(np.full((*size, 3), 200, np.uint8))
    assert max(overview.gray.shape) <= OVERVIEW_PX
    assert overview.factor == pytest.approx(max(size) / max(overview.gray.shape))


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (2, 2), (17, 40), (20_000, 10), (10, 20_000)])
@pytest.mark.parametrize("value", [0, 255])
def test_pictures_of_any_shape_are_answered(size, value):
    assert codes(np.full((*size, 3), value, np.uint8))


def test_all_black_is_dark():
    assert codes(np.zeros((900, 700, 3), np.uint8)) == ["document.too_dark"]


@pytest.mark.parametrize("mode", ["RGBA", "I;16", "LA", "CMYK"])
def test_other_kinds_of_pixels_pass_like_the_same_page_in_rgb(mode):
    page, sink = render(INVOICE), BytesIO()
    if mode == "I;16":
        Image.fromarray(np.asarray(page.convert("L")).astype(np.uint16) * 257).save(sink, "PNG")
    else:
        page.convert("L" if mode == "LA" else "RGB").convert(mode).save(sink, "TIFF" if mode == "CMYK" else "PNG")
    assert codes(decode_picture(sink.getvalue(), 50_000_000)) == []


@pytest.mark.parametrize(("read", "is_unreadable"), [(49, True), (50, False), (51, False)])
def test_a_page_is_unreadable_when_less_than_half_of_its_print_came_out(read, is_unreadable):
    assert Outcome(0, 6, read, 100, 0.0).is_unreadable is is_unreadable


def test_print_is_counted_in_pairs_of_neighbours_whatever_the_blanks():
    assert pairs_in("姓 名：甲\n甲") == {"姓名": 1, "名：": 1, "：甲": 1, "甲甲": 1}
    assert not pairs_in("甲")
