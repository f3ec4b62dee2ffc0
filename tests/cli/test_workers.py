"""Where the parts of a computation are made: in processes that may be lost, and on a cluster."""

import dataclasses
import os
import subprocess
import sys

import numpy as np
import pytest
import typer

from tessera.cli.workers import LOST_AT_MOST, Cluster, Processes, executor
from tessera.engines.index.data import Data
from tessera.engines.index.draws.runs import Runs
from tessera.engines.index.factors import Choice, WeightNoise
from tessera.engines.index.method import Method
from tessera.engines.index.structure import Node, Tree
from tessera.engines.index.uncertainty import Analysis, together


def process_and_square(number):
    return os.getpid(), number**2


def lost_once(item):
    number, marker = item
    if number == 2 and not marker.exists():
        marker.touch()
        os._exit(1)
    return number**2


def lost_so_often(item):
    counter, times = item
    with counter.open("a") as file:
        file.write("x")
    if counter.stat().st_size <= times:
        os._exit(1)
    return "made"


class Square:
    """Squares, and leaves a mark whenever it is packed to travel."""

    def __init__(self, marks):
        self.marks = marks

    def __call__(self, number):
        return number**2

    def __getstate__(self):
        with self.marks.open("a") as file:
            file.write("x")
        return self.__dict__


def not_to_be_made(number):
    raise ValueError(f"{number} has no result")


def test_parts_come_in_their_order_from_other_processes():
    made = list(Processes(2).map(process_and_square, range(40)))
    assert [square for _, square in made] == [number**2 for number in range(40)]
    assert os.getpid() not in {process for process, _ in made}


def test_no_part_makes_nothing():
    assert list(Processes(2).map(process_and_square, [])) == []


def test_what_a_lost_process_was_making_is_made_again_in_its_place(tmp_path, capsys):
    items = [(number, tmp_path / "marker") for number in range(6)]
    assert list(Processes(2).map(lost_once, items)) == [0, 1, 4, 9, 16, 25]
    assert (tmp_path / "marker").exists()
    assert capsys.readouterr().err == "A process was lost; what it was making is made again.\n"


def test_what_makes_the_parts_travels_at_most_once_to_a_process(tmp_path):
    marks = tmp_path / "marks"
    marks.touch()
    assert list(Processes(2).map(Square(marks), range(40))) == [number**2 for number in range(40)]
    assert len(marks.read_text()) <= 2


def test_two_losses_are_borne_and_the_third_ends_the_command(tmp_path, capsys):
    assert LOST_AT_MOST == 3
    assert list(Processes(1).map(lost_so_often, [(tmp_path / "two", 2)])) == ["made"]
    capsys.readouterr()
    with pytest.raises(typer.Exit) as ended:
        list(Processes(1).map(lost_so_often, [(tmp_path / "three", 3)]))
    assert ended.value.exit_code == 1
    assert (tmp_path / "three").read_text() == "xxx"
    assert capsys.readouterr().err.splitlines()[-1] == (
        "A process was lost 3 times, often for want of memory: try fewer workers."
    )


def test_a_fault_of_a_part_is_not_made_again(capsys):
    with pytest.raises(ValueError, match="3 has no result"):
        list(Processes(2).map(not_to_be_made, [3, 4]))
    assert capsys.readouterr().err == ""


def test_one_worker_needs_no_other_process():
    with executor(1, None) as made_by:
        assert made_by is None
    with executor(3, None) as made_by:
        assert isinstance(made_by, Processes)
        assert made_by.workers == 3


def analysis_of_three_parts():
    tree = Tree(
        (Node("index", None), Node("jobs", "index", 2.0), Node("homes", "index"), Node("air", "index"))
    )
    values = np.array([[1.0, 9.0, 3.0], [2.0, 3.0, 8.0], [4.0, 1.0, np.nan], [3.0, 2.0, 5.0]])
    data = Data(("A", "B", "C", "D"), ("jobs", "homes", "air"), values)
    scales = Choice("scale", "normalise", "low", (1.0, 10.0))
    method = Method(uncertain=(scales, WeightNoise("weights", 0.4, (1,))))
    analysis = Analysis(Runs(tree, data, method, ("index",), seed=5), pairs=True)
    (_, size), *_ = analysis.parts(1_000_000)
    draws = 2 * size + 100
    assert len(analysis.parts(draws)) == 3
    return analysis, draws


def assert_same(one, other):
    for field in dataclasses.fields(one):
        np.testing.assert_equal(getattr(other, field.name), getattr(one, field.name), err_msg=field.name)


def test_processes_make_the_same_summary_as_nobody():
    analysis, draws = analysis_of_three_parts()
    alone = together(analysis.summaries(draws))
    assert alone.runs == draws
    assert_same(alone, together(analysis.summaries(draws, Processes(2))))


def test_a_cluster_makes_the_same_summary_as_nobody():
    distributed = pytest.importorskip("distributed")
    analysis, draws = analysis_of_three_parts()
    alone = together(analysis.summaries(draws))
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        executor(1, cluster.scheduler_address) as made_by,
    ):
        assert isinstance(made_by, Cluster)
        assert_same(alone, together(analysis.summaries(draws, made_by)))


def test_without_its_extra_a_cluster_is_refused_with_the_remedy():
    program = (
        "import sys; sys.modules['distributed'] = None\n"
        "from tessera.cli.workers import executor\n"
        "with executor(1, 'tcp://127.0.0.1:1'): pass\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "a cluster needs the extra: pip install 'tessera[cluster]'" in ran.stderr


def test_an_address_that_is_none_is_refused():
    with (
        pytest.raises(typer.BadParameter, match="no scheduler answers at nowhere://host"),
        executor(1, "nowhere://host"),
    ):
        pass
