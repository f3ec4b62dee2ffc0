"""Small votes for the tests: written in a line, or drawn so that many figures are equal."""

from hypothesis import strategies as st

from tessera.engines.portfolio.problem import Problem, problem_of


def vote(costs, budget, *ballots):
    """A problem of costs and a budget in cents and ballots; a ballot is a string or a sequence of ids."""
    return problem_of(costs, budget, {f"voter {number}": ballot for number, ballot in enumerate(ballots)})


@st.composite
def votes(draw, most_projects=6, most_voters=8):
    ids = "abcdef"[: draw(st.integers(1, most_projects))]
    menu = draw(st.lists(st.integers(1, 40), min_size=1, max_size=3))
    costs = {project: draw(st.sampled_from(menu)) for project in ids}
    ballots = draw(st.lists(st.sets(st.sampled_from(ids)), min_size=1, max_size=most_voters))
    return vote(costs, draw(st.integers(1, 2 * sum(costs.values()))), *ballots)


def ballots_of(problem: Problem) -> list[list[str]]:
    """For each voter the projects that he or she is for."""
    ballots = [[] for _ in range(problem.n_voters)]
    for place, project in enumerate(problem.projects):
        for voter in problem.supporters_of(place):
            ballots[voter].append(project)
    return ballots
