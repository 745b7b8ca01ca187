"""How words sound: what a customer misspells or speech-to-text mishears (蓝尾炎, 示例是第一医院) is known by its pinyin.

Tones do not count, and neither do the differences that much of the country does not hear: zh/z, ch/c, sh/s, ng/n.
"""

from functools import lru_cache

from pypinyin import lazy_pinyin


def sound_of(word: str) -> tuple[str, ...]:
    """Give the sound of a word, one syllable a character."""
    return tuple(map(syllable, word))


@lru_cache(maxsize=8192)
def syllable(character: str) -> str:
    """Give the sound of one character; what is no Chinese character sounds as itself."""
    sound = str(lazy_pinyin(character)[0])
    for full, plain in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        if sound.startswith(full):
            sound = plain + sound[2:]
    return sound.removesuffix("g") if sound.endswith(("ing", "eng")) else sound
