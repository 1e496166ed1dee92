"""Right answers and known mistakes for the two exercises of the start page.

A wrong answer stands with the codes that its verdict must name.
"""

from autograder.answers import Exercise

EXERCISES = {
    "framed_shape": Exercise(
        right=[
            "framed_shape = (5, 10, 8, 3)",
            "framed_shape = [5, 8 + 2, 6 + 2, 3]",
            "framed_shape = frame(album).shape",
        ],
        wrong=[
            ("framed_shape = (5, 12, 10, 3)", "frame_counted_twice"),
            ("framed_shape = (5, 9, 7, 3)", "frame_on_one_side"),
            ("framed_shape = (5, 8, 6, 3)", "frame_adds_nothing"),
            ("framed_shape = (5, 10, 8, 5)", "frame_on_channels"),
            ("framed_shape = (10, 8, 3)", "batch_left_out"),
            ("framed_shape = (None, 10, 8, 3)", "none_survives"),
            ("framed_shape = (5, 8, 10, 3)", "height_width_swapped"),
            ("framed_shape = (5, 3, 10, 8)", "channels_moved_first"),
            ("framed_shape = (9, 7, 3)", "frame_on_one_side + batch_left_out"),
            ("framed_shape = (5, 6, 4, 3)", "frame_taken_off"),
            ("framed_shape = (7, 10, 8, 5)", "frame_on_every_axis"),
            ("framed_shape = '5, 10, 8, 3'", "form"),
            ("framed_shape = (7, 10, 8, 3)", ""),
        ],
    ),
    "batch_of_one": Exercise(
        right=[
            "def batch_of_one(sample):\n    return sample[np.newaxis]",
            "def batch_of_one(sample):\n    return np.expand_dims(sample, 0)",
            "def batch_of_one(sample):\n    return sample.reshape(1, *sample.shape)",
            "def batch_of_one(sample):\n    return np.array([sample])",
            "def batch_of_one(sample):\n    return layers.Reshape(sample.shape)(sample[None, ...])",
        ],
        wrong=[
            ("def batch_of_one(sample):\n    return sample", "sample_is_a_batch"),
            ("def batch_of_one(sample):\n    return sample[..., None]", "batch_axis_put_last"),
            ("def batch_of_one(sample):\n    return sample.reshape(1, -1)", "sample_unrolled"),
            ("def batch_of_one(sample):\n    return sample[:1]", "row_for_sample"),
            ("def batch_of_one(sample):\n    return np.stack([sample] * 2)", "sample_doubled"),
            ("def batch_of_one(sample):\n    return sample.sum()", "axis_reduced"),
            ("def batch_of_one(sample):\n    sample[np.newaxis]", "returned_none"),
            (
                "def batch_of_one(sample):\n    return np.zeros((1, *sample.shape))",
                "all_zero",
            ),
            (
                "def batch_of_one(sample):\n    return np.expand_dims(sample, 1)",
                "batch_axis_put_second",
            ),
            (
                "def batch_of_one(sample):\n    return sample.reshape(1, 8, 6, 3)",
                "fits_one_case",
            ),
            ("def batch_of_one(sample):\n    return album[2:3]", "argument_ignored"),
            ("def batch_of_one(sample):\n    return [sample]", "list_returned"),
            ("def batch_of_one(sample):\n    return sample[0]", "given_back"),
            ("def batch_of_one(sample):\n    return (1, *sample.shape)", "shape_for_numbers"),
        ],
    ),
}
