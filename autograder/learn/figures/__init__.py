"""The figures of the lessons: one function a figure, its words made from the same data."""

from autograder.learn.figures.batch import draw_batch
from autograder.learn.figures.bills import draw_bills, draw_scores
from autograder.learn.figures.contract import draw_contract
from autograder.learn.figures.datasets import draw_elements
from autograder.learn.figures.dense import draw_coincidence, draw_dense_rows
from autograder.learn.figures.graph import draw_graph
from autograder.learn.figures.images import draw_images
from autograder.learn.figures.kernels import draw_block_diagonal
from autograder.learn.figures.orders import draw_flatten, draw_orders
from autograder.learn.figures.origin import draw_origin
from autograder.learn.figures.picture import CannotDraw, Picture
from autograder.learn.figures.reach import draw_reach
from autograder.learn.figures.shapes import draw_shapes, draw_two_ways
from autograder.learn.figures.skips import draw_skips
from autograder.learn.figures.steps import draw_steps
from autograder.learn.figures.tables import draw_shares, draw_tables
from autograder.learn.figures.targets import draw_averages, draw_pairs, draw_targets

__all__ = [
    "CannotDraw",
    "Picture",
    "draw_averages",
    "draw_batch",
    "draw_bills",
    "draw_block_diagonal",
    "draw_coincidence",
    "draw_contract",
    "draw_dense_rows",
    "draw_elements",
    "draw_flatten",
    "draw_graph",
    "draw_images",
    "draw_orders",
    "draw_origin",
    "draw_pairs",
    "draw_reach",
    "draw_scores",
    "draw_shapes",
    "draw_shares",
    "draw_skips",
    "draw_steps",
    "draw_tables",
    "draw_targets",
    "draw_two_ways",
]
