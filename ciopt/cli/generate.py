"""``ciopt generate``: a seeded coalition of any size."""

from __future__ import annotations

from typing import Any

import click

from ciopt.cli import output
from ciopt.cli.options import STDIN, json_option
from ciopt.cli.targets import check_target

FAMILIES = ("cocoa", "dense", "portfolio", "multi-period")
_COUNT = click.IntRange(1, 10_000_000)
_NUMBER = click.IntRange(0, 10_000)
_SHARE = click.FloatRange(0, 1)
_EPILOG = """\b
Examples:
  ciopt generate --activities 20000 --partners 100 -o big.json.gz
  ciopt generate --family multi-period --seed 7 | ciopt check -
  ciopt generate --family portfolio --tightness 0.1 -o small.json

\b
Families:
  cocoa         places x interventions, regional partners, synergies inside places and between neighbours
  dense         the same with many synergies an activity
  portfolio     few big lumpy activities, tight budgets
  multi-period  periods, shared funds, capacities, rules and negative synergies together

What is not said has the family's default. Same wish and seed, same file.
"""


@click.command(epilog=_EPILOG, short_help="Write a made-up coalition of any size, from a seed.")
@click.option("--family", type=click.Choice(FAMILIES), default="cocoa", show_default=True, help="Its kind.")
@click.option("--activities", type=_COUNT, help="Number of activities, exactly.")
@click.option("--partners", type=_COUNT, help="Implementing partners, each at home in a region.")
@click.option("--interventions", type=_COUNT, help="Kinds of activities; places follow from it.")
@click.option("--ways", type=_COUNT, help="Partners that can do an activity, about.")
@click.option("--density", type=click.FloatRange(0, 100), help="Synergies an activity, about.")
@click.option("--tightness", type=click.FloatRange(0, 10), help="All money, in parts of all costs.")
@click.option("--synergy", type=click.FloatRange(0, 10), help="Size of a synergy, in parts of an impact.")
@click.option("--negative", type=_SHARE, help="Share of the synergies that are losses.")
@click.option("--periods", type=click.IntRange(1, 1_000), help="Number of periods.")
@click.option("--funds", type=_NUMBER, help="Funds that partners share; they hold two fifths of the money.")
@click.option("--capacities/--no-capacities", default=None, help="Whether staff is limited as well as money.")
@click.option("--rules", type=_NUMBER, help="Rules of each kind: requires, excludes, at most.")
@click.option("--lumpiness", type=_SHARE, help="0: costs are alike; 1: a few activities cost as much as all.")
@click.option("--quotes/--no-quotes", default=None, help="Whether every option has a cost of its own.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Random seed.")
@click.option(
    "-o", "--output", "target", type=click.Path(), help="Write to this file, packed if it ends with .gz."
)
@json_option
def generate(family: str, target: str | None, as_json: bool, **wishes: Any) -> int:
    """Write a made-up coalition of any size, from a seed: for benchmarks, for trying out, for teaching."""
    from dataclasses import replace

    from ciopt.files import dump, write_text_atomically
    from ciopt.generate import family as defaults_of
    from ciopt.generate import generate as made

    if target is not None and target != STDIN:
        check_target(target)
    wish = replace(defaults_of(family), **{key: value for key, value in wishes.items() if value is not None})
    data = made(wish)
    text = dump(data)
    if target is None or target == STDIN:
        output.say(text)
        return 0
    write_text_atomically(target, text)
    counts = {key: len(value) for key, value in data.items() if isinstance(value, list)}
    if as_json:
        output.say_json({"written": target, "activities": wish.activities, **counts, "exit_code": 0})
    else:
        listed = ", ".join(f"{number:,} {what}" for what, number in counts.items())
        output.say(f"{target}: {wish.activities:,} activities; {listed}")
    return 0
