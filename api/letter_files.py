"""The bytes of a letter over HTTP: the page shown, the PDF given as a file, and neither may run or load anything."""

from flask import Response

from adjudicator.system import System
from domain.errors import NotFoundError
from domain.letter import LetterFormat
from letters.font_files import WAY_OUT
from storage.erasure import erased_ms
from storage.letters import LetterFile, letters_of

_TYPES = {LetterFormat.HTML: "text/html; charset=utf-8", LetterFormat.PDF: "application/pdf"}
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# The page brings its style with it and nothing else; a sandboxed page has no origin, and so neither cookies nor scripts.
_POLICIES = {LetterFormat.HTML: f"{_NOTHING}; style-src 'unsafe-inline'; sandbox", LetterFormat.PDF: _NOTHING}


def give_letter(system: System, claim_id: str, letter_id: str, format_: LetterFormat, *, is_inline: bool) -> Response:
    """Give a letter of a claim that the asker may see.

    Raises:
        NotFoundError: the claim has no such letter, or not in this format.
    """
    with system.database.read() as tx:
        files = [each for each in letters_of(tx, claim_id) if each.letter_id == letter_id]
        if files and erased_ms(tx, claim_id):
            raise NotFoundError(f"claim {claim_id} was erased", "its papers and letters are gone for good")
    file = next((each for each in files if each.format is format_), None)
    if file is None:
        raise _missing(letter_id, files)
    return respond_with(system.blobs.get(file.sha256), letter_id, format_, is_inline=is_inline)


def respond_with(content: bytes, name: str, format_: LetterFormat, *, is_inline: bool) -> Response:
    """Give the bytes of a printed letter under a name."""
    response = Response(content, content_type=_TYPES[format_])
    response.headers["Content-Disposition"] = f'{"inline" if is_inline else "attachment"}; filename="{name}.{format_}"'
    response.headers["Content-Security-Policy"] = _POLICIES[format_]
    return response


def _missing(letter_id: str, files: list[LetterFile]) -> NotFoundError:
    if files:
        told = f"letter {letter_id} has no PDF yet: where it was printed there was no Chinese font"
        return NotFoundError(told, f"ask for {letter_id}.html; whoever runs this: {WAY_OUT}, and the PDF follows within the hour")
    return NotFoundError(f"no letter {letter_id} of this claim", "list the claim's letters; one is printed a moment after its decision")
