"""A city beside a class of similar cities: ranges, never a ranking."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from tessera.engines.index.compare import SMALLEST_CLASS, class_range
from tessera.frameworks.answers import AnswerSheet
from tessera.frameworks.profile import ClassRange, Comparison
from tessera.frameworks.schema import Framework
from tessera.frameworks.scores.reading import OVERALL, Reading, read_answers
from tessera.frameworks.when_rules import Value


@dataclass(frozen=True)
class CityClass:
    """The readings of similar cities, and the cities whose sheets cannot stand beside them."""

    readings: tuple[Reading, ...] = ()
    left_out: tuple[str, ...] = ()

    def answers(self) -> dict[str, tuple[Value, ...]]:
        """What the class answered, for each question that at least five of its cities answered."""
        keys = {key for reading in self.readings for key in reading.values}
        given = {
            key: tuple(reading.values[key] for reading in self.readings if key in reading.values)
            for key in sorted(keys)
        }
        return {key: values for key, values in given.items() if len(values) >= SMALLEST_CLASS}


def read_class(framework: Framework, sheet: AnswerSheet, class_sheets: Sequence[AnswerSheet]) -> CityClass:
    """Read the sheets of a class. Those of another framework, version or pathway are named and left out."""
    alike = [
        other
        for other in class_sheets
        if (other.framework_id, other.version, other.pathway)
        == (sheet.framework_id, sheet.version, sheet.pathway)
    ]
    return CityClass(
        readings=tuple(read_answers(framework, other) for other in alike),
        left_out=tuple(other.city for other in class_sheets if other not in alike),
    )


def compare_with_class(reading: Reading, similar: CityClass) -> Comparison:
    """Ranges of the class for every overall and area score of a city."""
    overall: Mapping[str, list[float]] = {
        name: [
            other.overalls[name].result.scores[OVERALL] if name in other.overalls else math.nan
            for other in similar.readings
        ]
        for name in reading.overalls
    }
    return Comparison(
        cities=len(similar.readings),
        minimum=SMALLEST_CLASS,
        overall={name: _range(scores) for name, scores in overall.items()},
        areas={
            area.key: _range([other.area_points(area.key) for other in similar.readings])
            for area in reading.framework.all_areas()
        },
        left_out=similar.left_out,
    )


def _range(scores: Sequence[float]) -> ClassRange | None:
    found = class_range(scores)
    return None if found is None else ClassRange(**asdict(found))
