"""What the YAML reader says of broken YAML, as phrases: a closed list of another project's words, which a test holds against them."""

import re

from rules.phrases import Phrase

# In its own words, a place for each figure; told whole, so that the Chinese can say it in an actuary's.
_TEMPLATES = (
    "while scanning for the next token",
    "while scanning a directive",
    "while scanning an alias",
    "while scanning an anchor",
    "while scanning a tag",
    "while scanning an tag",
    "while scanning a block scalar",
    "while scanning a quoted scalar",
    "while scanning a double-quoted scalar",
    "while scanning a plain scalar",
    "while scanning a simple key",
    "while scanning an {thing}",
    "while parsing a tag",
    "while parsing an {thing}",
    "while parsing a block collection",
    "while parsing a block mapping",
    "while parsing a flow sequence",
    "while parsing a flow mapping",
    "while parsing a node",
    "while parsing a {kind} node",
    "found character {sign} that cannot start any token",
    "expected alphabetic or numeric character, but found {sign}",
    "expected a digit or '.', but found {sign}",
    "expected a digit, but found {sign}",
    "expected ' ', but found {sign}",
    "expected '!', but found {sign}",
    "expected '!' but found {sign}",
    "expected '>' but found {sign}",
    "expected URI, but found {sign}",
    "expected URI escape sequence of 2 hexdecimal numbers, but found {sign}",
    "expected escape sequence of {count} hexdecimal numbers, but found {sign}",
    "expected chomping or indentation indicators, but found {sign}",
    "expected a comment or a line break, but found {sign}",
    "expected indentation indicator in the range 1-9, but found 0",
    "more indented follow up line than first in a block scalar",
    "found unexpected end of stream",
    "found unexpected document separator",
    "found unexpected ':'",
    "found unknown escape character {sign}",
    "could not find expected ':'",
    "sequence entries are not allowed here",
    "mapping keys are not allowed here",
    "mapping values are not allowed here",
    "expected <block end>, but found {token}",
    "expected '<document start>', but found {token}",
    "expected ',' or ']', but got {token}",
    "expected ',' or '}}', but got {token}",
    "expected the node content, but found {token}",
    "found non-comment content after document end marker, {token}",
    "found undefined tag handle {tag}",
    "found duplicate YAML directive",
    "found incompatible YAML document (version 1.* is required)",
    "duplicate tag handle {tag}",
    "unacceptable character #x{code}: special characters are not allowed",
)
# Its names of what it came upon.
_TOKENS = (
    "<alias>",
    "<anchor>",
    "<block end>",
    "<block entry>",
    "<block mapping start>",
    "<block sequence start>",
    "<comment>",
    "<directive>",
    "<document end>",
    "<document start>",
    "<flow entry>",
    "<flow mapping end>",
    "<flow mapping start>",
    "<flow sequence end>",
    "<flow sequence start>",
    "<key>",
    "<scalar>",
    "<stream end>",
    "<tag>",
    "<value>",
)
TEMPLATES = (*_TEMPLATES, *_TOKENS, "'{token}'", "('{token}',)")


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(template.replace("}}", "}"))), re.DOTALL)


_PATTERNS = tuple((each, _pattern(each)) for each in _TEMPLATES)


def yaml_phrase(text: str) -> Phrase:
    """Give what the YAML reader said as a phrase; what the list does not know stays English."""
    for template, pattern in _PATTERNS:
        if found := pattern.fullmatch(text):
            figures = {name: _token(value) if name == "token" else value for name, value in found.groupdict().items()}
            return Phrase(template, **figures) if figures else Phrase(template)
    return Phrase("{text}", text=text)


def _token(text: str) -> Phrase:
    token = next((each for each in _TOKENS if each in text), "")
    return Phrase(text.replace(token, "{token}"), token=Phrase(token)) if token else Phrase("{text}", text=text)
