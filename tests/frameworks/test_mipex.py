"""The second framework, against published results: the engine is not tied to one questionnaire."""

import csv

import pytest
from tests.oracles.mipex_2015 import AREAS, PUBLISHED

from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import Pathway
from tessera.frameworks.scoring import score_sheet


def mipex_sheet(country):
    return AnswerSheet(
        framework_id="mipex-2015",
        version=1,
        pathway=Pathway.FULL,
        city=country,
        year=2014,
        invented=False,
        answers={
            f"{area}-score": Answer(value=float(points))
            for area, points in zip(AREAS, PUBLISHED[country]["areas"], strict=True)
        },
    )


def overall(country):
    return score_sheet(find_framework("mipex-2015", 1), mipex_sheet(country)).overall["core"]


@pytest.mark.parametrize(("country", "mean"), [("Latvia", 31.5), ("Sweden", 77.875), ("Spain", 59.625)])
def test_the_overall_score_is_the_exact_mean_of_the_eight_areas(country, mean):
    assert overall(country).points == mean


@pytest.mark.parametrize("country", PUBLISHED)
def test_the_published_overall_lies_in_the_interval_that_the_rounding_of_its_parts_allows(country):
    # Each printed part may be off by half a point either way, and so may their mean.
    assert abs(overall(country).points - PUBLISHED[country]["overall"]) <= 0.5


@pytest.mark.parametrize("country", PUBLISHED)
def test_the_areas_come_back_as_they_were_put_in(country):
    profile = score_sheet(find_framework("mipex-2015", 1), mipex_sheet(country))
    assert tuple(profile.area(area).score.points for area in AREAS) == PUBLISHED[country]["areas"]


def test_the_figures_are_those_of_the_collected_facts(shared):
    with (shared / "data" / "facts" / "mipex_scores.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            row for row in csv.DictReader(file) if (row["edition"], row["reference_year"]) == ("2015", "2014")
        ]
    for country, published in PUBLISHED.items():
        scores = {
            row["area"].replace("_", "-"): int(row["score"]) for row in rows if row["country"] == country
        }
        assert scores.pop("overall") == published["overall"]
        assert scores == dict(zip(AREAS, published["areas"], strict=True))
