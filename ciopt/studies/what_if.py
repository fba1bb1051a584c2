"""What-ifs on the fly: ``partners.mars.budget=3e6`` becomes a scenario, as if it stood in the instance."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from ciopt.errors import CioptError, InvalidInput, UsageError
from ciopt.files import dump, read_document
from ciopt.instance import Instance
from ciopt.instance.rules import Scenario
from ciopt.instance.scenarios import Applied, apply, apply_scenario

_WORD = re.compile(r"[A-Za-z0-9_.\-:*]+")
_EXAMPLE = "such as partners.mars.budget=3e6"
_MOST_POINTS = 100_000


@dataclass(frozen=True)
class WhatIf:
    """A scenario with the name that results give it.

    Parameters
    ----------
    key
        One of the instance's scenarios by its id, or what was set.
    scenario
        The id again, or the changes.
    """

    key: str
    scenario: str | Scenario
    title: str = ""

    def applied(self, instance: Instance) -> Applied:
        """Return the changed instance.

        Raises
        ------
        UsageError
            If changes on the fly lead nowhere or break a rule of the format.
        InvalidInput
            If those of the instance's own scenario do.
        """
        if isinstance(self.scenario, str):
            return apply(instance, self.scenario)
        try:
            return apply_scenario(instance, self.scenario)
        except InvalidInput as error:
            said = "; ".join(
                f"{each.message} ({each.help})" if each.help else each.message for each in error.problems
            )
            raise UsageError(f"--set {self.key}: {said}") from None

    def changes(self, instance: Instance) -> tuple[str, ...]:
        """Say in words what is changed."""
        return tuple(_in_words(instance, self.scenario))


@dataclass(frozen=True)
class Axis:
    """A path and the values that it takes in turn."""

    path: str
    values: tuple[Any, ...]


def named(instance: Instance, names: Sequence[str]) -> tuple[WhatIf, ...]:
    """Return the instance's own scenarios of these names.

    Raises
    ------
    UsageError
        If there is no such scenario.
    """
    for name in names:
        apply_scenario(instance, Scenario(of=(name,)))
    return tuple(WhatIf(name, name, instance.scenarios[name].name) for name in dict.fromkeys(names))


def set_all(texts: Sequence[str]) -> WhatIf:
    """Make one scenario of several ``PATH=VALUE``.

    Raises
    ------
    UsageError
        If one of them is not of this form, or two set the same.

    Examples
    --------
    >>> set_all(["partners.mars.budget=3e6"]).scenario.set
    {'partners.mars.budget': Decimal('3E+6')}
    """
    return _setting([(path, _value(path, text)) for path, text in map(_split, texts)])


def set_each(text: str) -> Axis:
    """Read ``PATH=VALUE,VALUE,...``; commas inside brackets, braces and quotes do not separate.

    Raises
    ------
    UsageError
        If it is not of this form.

    Examples
    --------
    >>> set_each("partners.mars.budget=1e6,2e6").values
    (Decimal('1E+6'), Decimal('2E+6'))
    """
    path, values = _split(text)
    return Axis(path, tuple(_value(path, each) for each in _at_commas(values)))


def cross(axes: Sequence[Axis]) -> tuple[WhatIf, ...]:
    """Return a scenario for each combination of values; the last axis changes fastest.

    Raises
    ------
    UsageError
        If two axes have the same path, an axis the same value twice, or there are too many combinations.
    """
    size = 1
    for each in axes:
        size *= len(each.values)
        if len({dump(value) for value in each.values}) < len(each.values):
            raise UsageError(f"--set {each.path}: the same value twice")
    if size > _MOST_POINTS:
        raise UsageError(f"{size:,} combinations are too many; at most {_MOST_POINTS:,}")
    paths = [each.path for each in axes]
    return tuple(
        _setting(list(zip(paths, values, strict=True))) for values in product(*(each.values for each in axes))
    )


def shown(value: Any) -> str:
    """Write a value as it can be said again, on one line.

    Examples
    --------
    >>> from decimal import Decimal
    >>> shown(Decimal("3E+6")), shown("gravel"), shown({"2027": 1})
    ('3000000', 'gravel', '{"2027": 1}')
    """
    return value if isinstance(value, str) else " ".join(dump(value).split())


def _setting(pairs: list[tuple[str, Any]]) -> WhatIf:
    paths = [path for path, _ in pairs]
    for path in paths:
        if paths.count(path) > 1:
            raise UsageError(f"--set {path}: said twice in one scenario")
    return WhatIf(", ".join(f"{path}={shown(value)}" for path, value in pairs), Scenario(set=dict(pairs)))


def _split(text: str) -> tuple[str, str]:
    path, sign, value = text.partition("=")
    path, value = path.strip(), value.strip()
    if not (path and sign and value):
        raise UsageError(f"--set {text!r}: expected PATH=VALUE, {_EXAMPLE}")
    return path, value


def _value(path: str, text: str) -> Any:
    """Read JSON; a single word without quotes is text."""
    try:
        return read_document(io.BytesIO(text.encode()), lambda data: data, name="--set")
    except (CioptError, UnicodeError):
        if _WORD.fullmatch(text) and not text[0].isdigit() and text[0] != "-":
            return text
        several = "; several values are for ciopt sweep" if "," in text else ""
        raise UsageError(
            f"--set {path}: {text!r} is neither a number, nor a word, nor JSON; expected {_EXAMPLE}{several}"
        ) from None


def _at_commas(text: str) -> Iterator[str]:
    depth, quoted, escaped, begin = 0, False, False, 0
    for number, char in enumerate(text):
        if quoted:
            quoted, escaped = escaped or char != '"', char == "\\" and not escaped
        elif char == '"':
            quoted = True
        elif char in "[{":
            depth += 1
        elif char in "]}":
            depth -= 1
        elif char == "," and depth == 0:
            yield text[begin:number].strip()
            begin = number + 1
    yield text[begin:].strip()


def _in_words(instance: Instance, scenario: str | Scenario) -> Iterator[str]:
    changes = instance.scenarios[scenario] if isinstance(scenario, str) else scenario
    for other in changes.of:
        yield from _in_words(instance, other)
    for path, value in changes.set.items():
        yield f"set {path} = {shown(value)}"
    for path, value in changes.scale.items():
        yield f"scale {path} by {shown(value)}"
    for path, value in changes.add.items():
        yield f"add {shown(value)} to {path}"
    for path in changes.remove:
        yield f"remove {path}"
