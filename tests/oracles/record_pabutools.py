"""How pabutools_selections.jsonl was made. Run by hand only, never by the tests:

    python3 -m venv /tmp/oracle && /tmp/oracle/bin/pip install pabutools==1.2.3
    /tmp/oracle/bin/python tests/oracles/record_pabutools.py > tests/oracles/pabutools_selections.jsonl

pabutools is GPL-3 and brings a proprietary solver with it, so it is no dependency of ours. What it chose on
invented ballots are facts. Amounts are whole cents; every project has a vote and fits the budget, because the
rules differ in what they do with others.
"""

import json
import random
import string
import sys

INSTANCES = 200
SEED = 20261129


def invented(number, rng):
    """Costs, budget, ballots and an order for ties. Two thirds are made to tie: few costs, few voters."""
    kind = number % 3
    n_projects = rng.randint(3, (8, 12, 18)[kind])
    n_voters = rng.randint(3, (9, 24, 60)[kind])
    ids = (string.digits + string.ascii_lowercase)[:n_projects]
    if kind < 2:
        menu = [rng.randint(1, 12) * 10 for _ in range(rng.randint(1, 3))]
        costs = {project: rng.choice(menu) for project in ids}
    else:
        costs = {project: rng.randint(50, 2000) for project in ids}
    weights = [rng.random() ** 2 + 0.05 for _ in ids]
    ballots = []
    for _ in range(n_voters):
        size = rng.randint(0 if kind == 1 else 1, min(n_projects, 6))
        ballots.append("".join(sorted(set(rng.choices(ids, weights, k=size)))))
    for project in ids:
        if not any(project in ballot for ballot in ballots):
            voter = rng.randrange(n_voters)
            ballots[voter] = "".join(sorted(ballots[voter] + project))
    budget = max(max(costs.values()), int(sum(costs.values()) * rng.uniform(0.15, 0.7)))
    order = list(ids)
    rng.shuffle(order)
    return {"costs": costs, "budget": budget, "ballots": ballots, "order": "".join(order)}


def selections(instance):
    """What pabutools chooses by each rule; in the order of the choice, but for Phragmén, which is sorted."""
    from gmpy2 import mpq
    from pabutools import election, rules
    from pabutools.tiebreaking import TieBreakingRule

    projects = {name: election.Project(name, cost) for name, cost in instance["costs"].items()}
    problem = election.Instance(projects.values(), budget_limit=instance["budget"])
    ballots = [election.ApprovalBallot(projects[name] for name in ballot) for ballot in instance["ballots"]]
    profile = election.ApprovalProfile(ballots, instance=problem)
    ties = TieBreakingRule(lambda _instance, _profile, project: instance["order"].index(project.name))
    percent = mpq(instance["budget"], 100 * len(ballots))

    def named(allocation):
        return "".join(project.name for project in allocation)

    def shares(utility, increment=None):
        return named(
            rules.method_of_equal_shares(
                problem, profile, sat_class=utility, tie_breaking=ties, voter_budget_increment=increment
            )
        )

    def greedy(utility):
        return named(rules.greedy_utilitarian_welfare(problem, profile, sat_class=utility, tie_breaking=ties))

    filled = rules.completion_by_rule_combination(
        problem,
        profile,
        [rules.method_of_equal_shares, rules.greedy_utilitarian_welfare],
        [
            {"sat_class": election.Cost_Sat, "tie_breaking": ties, "voter_budget_increment": percent},
            {"sat_class": election.Cost_Sat, "tie_breaking": ties},
        ],
    )
    return {
        "cost": shares(election.Cost_Sat),
        "cardinality": shares(election.Cardinality_Sat),
        "cost, 1 %": shares(election.Cost_Sat, percent),
        "cardinality, 5 cents": shares(election.Cardinality_Sat, 5),
        "cost, 1 %, filled": named(filled),
        "votes": greedy(election.Cost_Sat),
        "votes per cost": greedy(election.Cardinality_Sat),
        "phragmen": "".join(sorted(named(rules.sequential_phragmen(problem, profile, tie_breaking=ties)))),
    }


def main():
    rng = random.Random(SEED)
    for number in range(INSTANCES):
        instance = invented(number, rng)
        json.dump({**instance, "selections": selections(instance)}, sys.stdout, separators=(",", ":"))
        print()


if __name__ == "__main__":
    main()
