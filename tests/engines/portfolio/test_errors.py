import numpy as np
import pytest

from tessera.engines.portfolio.delphi import ConsensusRule, summarise_delphi
from tessera.engines.portfolio.errors import PortfolioError
from tessera.engines.portfolio.maxdiff import count_choices
from tessera.engines.portfolio.maxdiff_design import design_tasks


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (lambda: count_choices([], ["bus", "park"]), "there is no choice to count"),
        (lambda: design_tasks(1, 2, 3, np.random.default_rng(1)), "a choice needs at least two"),
        (lambda: ConsensusRule(least_share=0.0), "expected two shares above 0"),
        (lambda: summarise_delphi(np.array([[[10.0]]]), ConsensusRule()), "the rating is 10"),
    ],
)
def test_what_a_panel_method_refuses_is_caught_with_what_the_engine_refuses(refused, words):
    with pytest.raises(PortfolioError, match=words):
        refused()
