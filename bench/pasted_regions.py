"""Measures whether a changed amount can be told from its neighbours by noise, ink and sharpness; nothing of it is in the product.

`python -m bench.pasted_regions --pages 40`: an invoice's total is pasted from another photograph or from its own page, painted anew or
blurred over, then everything is stored as JPEG. Honest are the same photographs, damaged as customers damage them. The places are the
true ones, and a field is compared with all other fields of its page.
"""

import argparse
import random
from collections.abc import Mapping
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageOps

from bench.ocr.pages import pages_of
from domain.document import DocumentClass
from sandbox.damage import Damage
from sandbox.font import load_font
from sandbox.photograph import Level, photograph_sheet
from sandbox.sheet import Sheet

_TARGET = "total_fen"
_FORGERIES = ("pasted from another picture", "pasted from the same page", "painted anew", "blurred over")
_LEVELS = (Level.SCAN, Level.GOOD, Level.MIDDLING)
_HIGH_PASS = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32) / 6
_LEAST_SPREAD, _MOST = 0.15, 6.0  # so that one even page, or one odd field, does not decide everything
_FIELDS_MIN, _PIXELS_MIN = 5, 200
_Places = Mapping[str, tuple[int, int, int, int]]
_Picture = NDArray[np.uint8]


def _take(sheet: Sheet, level: Level, seed: int, damages: dict[Damage, float]) -> tuple[_Picture, _Places]:
    """Photograph a sheet; also where its facts stand in the picture, but for those that are cut off or tiny."""
    photo = photograph_sheet(sheet, level, seed, damages)
    picture = np.asarray(ImageOps.exif_transpose(Image.open(BytesIO(photo.content))).convert("RGB"))
    boxes = {name: place.box for name, place in photo.places.items() if place.box and place.seen == 1}
    places = {name: (box.left, box.top, box.right, box.bottom) for name, box in boxes.items()}
    return picture, {name: box for name, box in places.items() if (box[2] - box[0]) * (box[3] - box[1]) >= _PIXELS_MIN}


def _forge(kind: str, picture: _Picture, places: _Places, other: tuple[_Picture, _Places], chance: random.Random) -> _Picture:
    left, top, right, bottom = places[_TARGET]
    size, forged = (right - left, bottom - top), picture.copy()
    if kind == "painted anew":
        image = Image.fromarray(forged)
        pen, paper = ImageDraw.Draw(image), np.median(picture[top:bottom, left:right].reshape(-1, 3), axis=0)
        pen.rectangle((left, top, right, bottom), fill=tuple(int(value) for value in paper))
        text = f"{chance.randrange(1000, 99999)}.{chance.randrange(10, 99)}"
        pen.text((left + 2, top + 1), text, font=load_font(max(8, int(size[1] * 0.75))), fill=(35, 35, 40))
        return np.asarray(image)
    if kind == "blurred over":
        patch_ = cv2.GaussianBlur(picture[top:bottom, left:right], (0, 0), 3)
    else:
        source, spots = (picture, places) if kind == "pasted from the same page" else other
        name = _TARGET if source is not picture else chance.choice([each for each in spots if each != _TARGET])
        from_left, from_top, from_right, from_bottom = spots[name]
        patch_ = cv2.resize(source[from_top:from_bottom, from_left:from_right], size, interpolation=cv2.INTER_AREA)
    forged[top:bottom, left:right] = patch_
    return forged


def _oddness(picture: _Picture, places: _Places) -> float | None:
    """Tell how far the target stands apart from the other fields: grain of its paper, grain of its ink, sharpness."""
    gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    grain = np.abs(cv2.filter2D(gray.astype(np.float32), -1, _HIGH_PASS))
    measured = {}
    for name, (left, top, right, bottom) in places.items():
        spot, fine = gray[top:bottom, left:right], grain[top:bottom, left:right]
        paper = spot >= np.quantile(spot, 0.6)
        if paper.all():
            continue
        sharp = np.abs(cv2.Laplacian(spot, cv2.CV_32F)).mean() / (spot.std() + 1)
        measured[name] = np.log([np.median(fine[paper]) + 0.3, fine[~paper].mean() + 0.3, sharp + 0.05])
    if _TARGET not in measured or len(measured) < _FIELDS_MIN:
        return None
    others = np.array([values for name, values in measured.items() if name != _TARGET])
    middle = np.median(others, axis=0)
    spread = np.maximum(1.4826 * np.median(np.abs(others - middle), axis=0), _LEAST_SPREAD)
    return float(np.minimum(np.abs(measured[_TARGET] - middle) / spread, _MOST).sum())


def _stored(picture: _Picture, quality: int) -> _Picture:
    sink = BytesIO()
    Image.fromarray(picture).save(sink, "JPEG", quality=quality)
    return np.asarray(Image.open(BytesIO(sink.getvalue())).convert("RGB"))


def _invoice(seed: int) -> Sheet:
    return next(page for page in pages_of(seed) if page.document_class is DocumentClass.MEDICAL_INVOICE).draw()


def main() -> None:
    """Measure, and print the area under the curve and what is caught at 5 % false alarms."""
    asking = argparse.ArgumentParser(description=__doc__)
    asking.add_argument("--pages", type=int, default=40)
    honest: list[float] = []
    forged: dict[str, list[float]] = {kind: [] for kind in _FORGERIES}
    for seed in range(51_000, 51_000 + asking.parse_args().pages):
        chance = random.Random(seed)
        damages = {chance.choice(list(Damage)): chance.uniform(0.1, 0.6) for _ in range(chance.choice((0, 1, 1, 2)))}
        picture, places = _take(_invoice(seed), chance.choice(_LEVELS), seed, damages)
        other = _take(_invoice(seed + 7_777), chance.choice(_LEVELS), seed + 9, {})
        if _TARGET not in places or _TARGET not in other[1] or len(places) < _FIELDS_MIN:
            continue
        quality = chance.choice((70, 80, 90))
        score = _oddness(_stored(picture, quality), places)
        if score is None:
            continue
        honest.append(score)
        for kind, scores in forged.items():
            found = _oddness(_stored(_forge(kind, picture, places, other, chance), quality), places)
            scores += [] if found is None else [found]
    bound = float(np.quantile(honest, 0.95))
    print(f"{len(honest)} honest pages; 5 % of them beyond {bound:.1f}")
    for kind, scores in forged.items():
        above = np.greater.outer(scores, honest).mean() + np.equal.outer(scores, honest).mean() / 2
        print(f"{kind:28} AUC {above:.2f}, caught {np.mean(np.array(scores) > bound):.0%}")


if __name__ == "__main__":
    main()
