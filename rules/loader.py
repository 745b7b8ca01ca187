"""Loads a rule file: strict YAML, then the four layers from the bottom up, then what must hold between them."""

from hashlib import sha256
from pathlib import Path

from domain.errors import RuleBookError
from rules.book_checks import check_book
from rules.clauses import read_clauses, texts_missing
from rules.dependencies import names_needed
from rules.elements import read_elements
from rules.keywords import Language, Place, canonical, written
from rules.medical_base import MedicalBase, shipped_base
from rules.model import Book, Plan
from rules.parameters import check_parameter_types
from rules.phrases import Phrase
from rules.plans import read_drafts, read_plan
from rules.reading import Reading
from rules.responsibilities import read_responsibilities
from rules.rule_layer import RuleReader
from rules.rule_tests import read_rule_tests
from rules.source import Diagnostic, DiagnosticError, Position, Source
from rules.strict_yaml import MAX_BYTES, Mapping, Node, read_yaml

LAYERS = ("elements", "rules", "responsibilities", "plans")
KEYS = ("clauses", *LAYERS)


def load_book(path: Path, base: MedicalBase | None = None) -> Book:
    """Load a book that passes every check; the code sets it names are those of `base`, the shipped one when none is given.

    Raises:
        RuleBookError: the file cannot be read, or a check fails; the message lists every diagnostic.
    """
    return _whole(path, *check_path(path, base))


def open_book(product: str, content: bytes, base: MedicalBase, label: str = "") -> Book:
    """Load a book from its bytes; raises as `load_book` does. Messages call it `label`, or product@hash."""
    path = Path(label or f"{product}@{sha256(content).hexdigest()[:12]}")
    return _whole(path, *_read_content(product, path, content, base))


def _whole(path: Path, book: Book | None, found: list[Diagnostic]) -> Book:
    if book is None or found:
        listed = Phrase.joined("\n", (each.whole for each in found))
        raise RuleBookError(
            Phrase("{path} does not pass its checks ({count}):\n{listed}", path=path, count=len(found), listed=listed),
            Phrase("mend the file and run: rules check {path}", path=path),
        )
    return book


def check_file(path: Path) -> list[Diagnostic]:
    """List everything that is wrong with a rule file; an empty list means that it loads."""
    return check_path(path)[1]


def check_path(path: Path, base: MedicalBase | None = None) -> tuple[Book | None, list[Diagnostic]]:
    """Check a rule file as `check_content` does a text; what only ought to be mended stands in `Book.warnings`."""
    try:
        content = _read_bytes(path)
    except DiagnosticError as error:
        return None, [error.diagnostic]
    return _read_content(path.stem, path, content, base)


def check_content(product: str, content: bytes, base: MedicalBase) -> tuple[Book | None, list[Diagnostic]]:
    """Check what somebody is writing: everything that is wrong with it, and the book as far as it can be read; None when nothing can."""
    return _read_content(product, Path(f"{product}.yaml"), content, base)


def read_source(path: Path) -> Source:
    """Read a rule file's text.

    Raises:
        DiagnosticError: it cannot be read, is too large, or is not UTF-8.
    """
    return Source.of(str(path), _decode(path, _read_bytes(path)))


def _read_content(product: str, path: Path, content: bytes, base: MedicalBase | None) -> tuple[Book | None, list[Diagnostic]]:
    try:
        source = Source.of(str(path), _decode(path, content))
        book, reading = read_book(product, source, sha256(content).hexdigest(), base)
        return book, sorted(reading.problems.found, key=lambda each: (each.line, each.column))
    except DiagnosticError as error:
        return None, [error.diagnostic]


def _read_bytes(path: Path) -> bytes:
    empty = Source.of(str(path), "")
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise empty.error(
            Position(1, 1), Phrase("the file cannot be read: {reason}", reason=error.strerror), Phrase("check the path and its permissions")
        ) from error
    if len(content) > MAX_BYTES:
        raise empty.error(
            Position(1, 1), Phrase("the file has more than {most} bytes", most=MAX_BYTES), Phrase("split it into several books")
        )
    return content


def _decode(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Source.of(str(path), "").error(Position(line, 1), Phrase("the file is not UTF-8"), Phrase("save it as UTF-8")) from error


def read_book(product: str, source: Source, digest: str, base: MedicalBase | None = None) -> tuple[Book, Reading]:
    """Read a book, by the shipped medical base unless another is given; what is wrong with it stands among the problems of its reading.

    Raises:
        DiagnosticError: nothing of it can be read.
    """
    root = read_yaml(source)
    reading = Reading(source, language_of(root), base or shipped_base())
    layers = _layers(reading, root)
    clauses = read_clauses(reading, layers["clauses"])
    elements = read_elements(reading, layers["elements"])
    drafts = read_drafts(reading, layers["plans"])
    parameters = check_parameter_types(reading, {name: draft.parameters for name, draft in drafts.items()})
    nodes = {name.text: (name, body) for name, body in reading.mapping(layers["rules"], "规则").entries}
    reading.broken |= _names_in(layers["elements"]) - set(elements)
    rule_reader = RuleReader(reading, nodes, elements, parameters)
    rules = rule_reader.read_all()
    rule_tests = read_rule_tests(reading, nodes, elements, parameters)
    responsibilities = read_responsibilities(reading, layers["responsibilities"], rule_reader.names)
    declared = _names_in(layers["responsibilities"])
    plans: dict[str, Plan] = {}
    for name, draft in drafts.items():
        with reading.problems.collect():
            plans[name] = read_plan(reading, draft, elements, responsibilities, declared)
    compiled = {name: rule.compiled for name, rule in rules.items()}
    needed = {name: frozenset(names_needed(each, rules)) for name, each in responsibilities.items()}
    book = Book(
        product=product,
        sha256=digest,
        file=source.file,
        language=reading.language,
        elements=elements,
        rules=rules,
        responsibilities=responsibilities,
        plans=plans,
        rule_tests=rule_tests,
        compiled=compiled,
        needed=needed,
        base=reading.base,
        clauses=clauses,
        warnings=tuple(texts_missing(reading, clauses)),
    )
    check_book(reading, book, rule_reader.heads)
    return book, reading


def _layers(reading: Reading, root: Node) -> dict[str, Node]:
    """Give the clause texts and the four layers; a layer that is not written yet is noted, and the others are checked all the same."""
    fields = reading.fields(root, KEYS, Phrase("the book"))
    missing = [written(Place.KEY, word, reading.language) for word in LAYERS if word not in fields]
    with reading.problems.collect():
        if missing:
            raise reading.source.error(
                root.at,
                Phrase("the book has no {listed}", listed=Phrase.joined(", ", missing)),
                Phrase("add {listed}", listed=Phrase.joined(", ", (f"{name}:" for name in missing))),
            )
    return {word: fields[word][1] if word in fields else Mapping((), root.at) for word in KEYS}


def _names_in(node: Node) -> set[str]:
    return {name.text for name, _ in node.entries} if isinstance(node, Mapping) else set()


def language_of(root: object) -> Language:
    """Tell which keywords a file keeps to, by its first."""
    keys = [key.text for key, _ in root.entries] if isinstance(root, Mapping) else []
    return "en" if any(canonical(Place.KEY, key, "en") in KEYS for key in keys[:1]) else "zh"
