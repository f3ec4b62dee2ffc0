"""The example `asem-like`, computed anew from its files by the formulas of the Handbook."""

import csv
import itertools
import math
import statistics

UNITS = ("Alvora", "Brenmark", "Caldene", "Dorvik", "Eskala", "Fenholm", "Garlund", "Hovedal")
UNITS += ("Istara", "Jolana", "Kerida", "Lumaro", "Maresol", "Novessa", "Orvida", "Pelagra")
CODES = ("index", "links", "exchange", "nature", "flights", "ports", "broadband", "customs", "students")
CODES += ("visa_free", "languages", "renewables", "co2", "forest")
CHOICES = list(itertools.product((1, 2, 3), ("minmax", "zscore"), ("arithmetic", "geometric")))
NOMINAL = (3, "minmax", "arithmetic")


def moments(x):
    """G1 and G2 of Joanes and Gill (1998)."""
    n, mean = len(x), statistics.fmean(x)
    m2, m3, m4 = (statistics.fmean((value - mean) ** power for value in x) for power in (2, 3, 4))
    g1, g2 = m3 / m2**1.5, m4 / m2**2 - 3
    return g1 * math.sqrt(n * (n - 1)) / (n - 2), (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6)


def treated(x, cap):
    for touched in range(cap + 1):
        top = sorted(x)[len(x) - touched - 1]
        now = [min(value, top) for value in x]
        skew, kurtosis = moments(now)
        if skew < 2 or kurtosis < 3.5:
            return now
    return [math.log(value - min(x) + 0.01 * (max(x) - min(x))) for value in x]


def normalised(x, scale):
    if scale == "minmax":
        return [1 + 99 * (value - min(x)) / (max(x) - min(x)) for value in x]
    return [50 + 10 * (value - statistics.fmean(x)) / statistics.stdev(x) for value in x]


def tables(folder):
    with (folder / "STRUCTURE.csv").open(encoding="utf-8") as file:
        structure = {row["code"]: row for row in csv.DictReader(file)}
    with (folder / "DATA.csv").open(encoding="utf-8") as file:
        return structure, list(csv.DictReader(file))


def filled(folder):
    """By code the figures by unit, divided and imputed; nothing where it does not apply."""
    structure, data = tables(folder)
    found = {}
    for code in CODES[4:]:
        by = structure[code]["denominator"]
        known = {
            row["unit"]: float(row[code]) / (float(row[by]) if by else 1)
            for row in data
            if row[code] not in ("", "n/a")
        }
        region = {row["unit"]: row["region"] for row in data}
        found[code] = {
            row["unit"]: known[row["unit"]]
            if row["unit"] in known
            else statistics.fmean(v for unit, v in known.items() if region[unit] == row["region"])
            for row in data
            if row[code] != "n/a"
        }
    return found


def scores_of(folder, cap, scale, mean):
    """By unit and code, with nothing where there is no score."""
    structure, _ = tables(folder)
    scores = {}
    for code, values in filled(folder).items():
        sign = int(structure[code]["direction"])
        made = normalised([sign * value for value in treated(list(values.values()), cap)], scale)
        scores |= {(unit, code): score for unit, score in zip(values, made, strict=True)}
    for group in ("links", "exchange", "nature", "index"):
        children = {c: float(row["weight"]) for c, row in structure.items() if row["parent"] == group}
        for unit in UNITS:
            there = {c: weight for c, weight in children.items() if (unit, c) in scores}
            if mean == "arithmetic":
                total = sum(weight * scores[unit, c] for c, weight in there.items())
                scores[unit, group] = total / sum(there.values())
            else:
                total = sum(weight * math.log(scores[unit, c]) for c, weight in there.items())
                scores[unit, group] = math.exp(total / sum(there.values()))
    return scores


def ranks_of(scores, code):
    own = {unit: score for (unit, of), score in scores.items() if of == code}
    return {unit: 1 + sum(other > score for other in own.values()) for unit, score in own.items()}


def brought(folder, unit):
    """By code what it brings to the index of a unit; what is missing leaves its weight to its siblings."""
    structure, _ = tables(folder)
    scores = scores_of(folder, *NOMINAL)
    factors = {"index": 1.0}
    for group in ("index", "links", "exchange", "nature"):
        there = {
            code: float(row["weight"])
            for code, row in structure.items()
            if row["parent"] == group and (unit, code) in scores
        }
        factors |= {code: factors[group] * weight / sum(there.values()) for code, weight in there.items()}
    return {code: factors[code] * scores[unit, code] for code in factors}
