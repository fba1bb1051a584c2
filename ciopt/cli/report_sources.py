"""What a report is made from: plans, re-checked, results of studies, and the instance that they are about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ciopt.cli.options import STDIN, read_and_judge, source, source_name
from ciopt.errors import CioptError, Problem, UsageError, VerificationFailed
from ciopt.files import instance_sha256, read_instance
from ciopt.instance import Instance
from ciopt.plan import Plan, parse_plan
from ciopt.report.names import Names
from ciopt.report.page.blocks import Page
from ciopt.report.page.pages import partner_page, plan_page, study_page
from ciopt.report.page.story import Story
from ciopt.report.page.studies import study_headline, study_sections
from ciopt.report.words import clean
from ciopt.studies import compare_plans
from ciopt.studies.read import Result, is_result, main_plan, parse_result
from ciopt.verification import verify

_PACKED = ".gz"


@dataclass(frozen=True)
class Sources:
    """Plans and results about one instance, each with the name of its file.

    Parameters
    ----------
    instance
        None where there are only results, and it was not found beside them.
    """

    instance: Instance | None
    plans: tuple[tuple[str, Plan], ...]
    results: tuple[Result, ...]

    def page(self, partner: str | None) -> Page:
        """Make the page: of the first plan with all results, or of one partner's part in that plan."""
        names = None if self.instance is None else Names.of(self.instance)
        if self.instance is None or self.main is None:
            if partner is not None:
                raise UsageError("a partner's brief needs a plan and its instance")
            first = self.results[0]
            parts = study_sections(self.results, names)
            return study_page(first.instance.name, study_headline(first), parts)
        story = Story(self.instance, self.main)
        if partner is not None:
            return partner_page(story, partner)
        compared = (compare_plans(self.instance, self.plans),) if len(self.plans) > 1 else ()
        return plan_page(story, study_sections((*compared, *self.results), names))

    @cached_property
    def main(self) -> Plan | None:
        """The plan that the page is about: the first one given, or the one that all made together."""
        if self.plans:
            return self.plans[0][1]
        return next((plan for plan in map(main_plan, self.results) if plan is not None), None)


def read_sources(files: Sequence[str], given: str | None) -> Sources:
    """Read plans, results and their instance, and re-check every plan.

    Parameters
    ----------
    files
        Plans and results of studies; one of them may be ``-``.
    given
        The instance; None to look for it beside the first file.

    Raises
    ------
    UsageError
        If a plan's instance is not found.
    InvalidInput
        If a file breaks the format.
    VerificationFailed
        If a plan does not follow from the instance, or a result is about another one.
    """
    if [*files, given].count(STDIN) > 1:
        raise UsageError("only one of the files can be stdin")
    desk = _Desk(given)
    plans, results = [], []
    for file in files:
        found, problems = read_and_judge(file, lambda data, file=file: desk.judge(data, file))  # type: ignore[misc]
        if problems:
            raise VerificationFailed(problems)
        if isinstance(found, Plan):
            plans.append((source_name(file) or Path(file).name, found))
        else:
            results.append(found)
    return Sources(desk.instance, tuple(plans), tuple(results))


class _Desk:
    """Judges one file after the other; the instance is found when it is first asked for."""

    def __init__(self, given: str | None) -> None:
        self.given, self.instance = given, None if given is None else _read(given)

    def judge(self, data: Any, file: str) -> tuple[Plan | Result, Sequence[Problem]]:
        """Read a plan or a result, and say what is wrong with it."""
        found: Plan | Result = parse_result(data) if is_result(data) else parse_plan(data)
        sha256 = found.instance.sha256
        self.instance = self.instance or _beside(file, sha256)
        if self.instance is None:
            if isinstance(found, Plan):
                raise UsageError(_not_found(file, sha256))
            return found, ()
        wrong = _stranger(self.instance, sha256)
        if wrong:
            return found, (wrong,)
        if isinstance(found, Plan):
            return found, verify(self.instance, found).problems
        plan = main_plan(found)
        return found, () if plan is None else verify(self.instance, plan).problems


def _read(file: str) -> Instance:
    return read_instance(source(file), name=source_name(file))


def _stranger(instance: Instance, theirs: str) -> Problem | None:
    """Say that a plan or a result is about another instance: the one thing to say then."""
    ours = instance_sha256(instance)
    if theirs == ours:
        return None
    text = f"this is about an instance with SHA-256 {clean(theirs)[:12]}…, the one given has {ours[:12]}…"
    return Problem("E550", text, ("instance", "sha256"), "give the instance that was solved, with --instance")


def _beside(file: str, sha256: str) -> Instance | None:
    """Find the instance beside a file: the hash decides whether it is the one."""
    for path in _usual(file):
        if path.is_file():
            try:
                instance = read_instance(path)
            except CioptError:  # not an instance, or a broken one: not the one that was solved
                continue
            if instance_sha256(instance) == sha256:
                return instance
    return None


def _not_found(file: str, sha256: str) -> str:
    tried = ", ".join(path.name for path in _usual(file))
    looked = f" (looked for {clean(tried)} beside it)" if tried else ""
    return (
        "a report needs the instance: names, evidence and agreements stand there, and the plan only has its "
        f"SHA-256 {clean(sha256)[:12]}…{looked}; say --instance FILE"
    )


def _usual(file: str) -> Iterator[Path]:
    """Where an instance usually is: ``cocoa.json`` for ``cocoa.plan.json``, or ``instance.json``."""
    if file == STDIN:
        return
    path = Path(file)
    stem = path.name.removesuffix(_PACKED).removesuffix(".json")
    names = ["instance"]
    for mark in (".", "-", "_"):
        before, found, _ = stem.rpartition(mark)
        if found and before:
            names.insert(0, before)
    for name in dict.fromkeys(names):
        for suffix in (".json", ".json" + _PACKED, ".xlsx"):
            if path.with_name(name + suffix) != path:
                yield path.with_name(name + suffix)
