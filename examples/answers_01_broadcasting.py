"""Right and wrong answers to the lesson on broadcasting."""

from autograder.answers import Exercise

EXERCISES = {
    "sums": Exercise(
        right=[
            'sums = [(4, 5), "ValueError", (2, 3, 4)]',
            'sums = ((4, 5), "valueerror", [2, 3, 4])',
        ],
        wrong=[
            ('sums = ["ValueError", "ValueError", "ValueError"]', "same_shape_only"),
            ('sums = ["ValueError", (3, 4), "ValueError"]', "compared_from_the_left"),
            ('sums = [(5, 4), "ValueError", (2, 3, 4)]', ""),
            ('sums = (4, 5), "ValueError"', "form"),
        ],
    ),
    "centred_rows": Exercise(
        right=[
            "def centred_rows(table):\n    return table - table.mean(axis=1)[:, None]",
            "def centred_rows(table):\n    return (table.T - table.mean(axis=1)).T",
            "def centred_rows(table):\n    return np.array([row - row.mean() for row in table])",
        ],
        wrong=[
            (
                "def centred_rows(table):\n    return table - table.mean(axis=1)",
                "means_meet_columns",
            ),
            (
                "def centred_rows(table):\n    return table - table.mean(axis=0)",
                "along_the_columns",
            ),
            ("def centred_rows(table):\n    return table - table.mean()", ""),
        ],
    ),
    "distances": Exercise(
        right=[
            "def distances(points, others):\n"
            "    return np.linalg.norm(points[:, None, :] - others[None], axis=2)",
            "def distances(points, others):\n"
            "    return np.array([np.hypot(*(p - others).T) for p in points])",
        ],
        wrong=[
            (
                "def distances(points, others):\n"
                "    return np.sqrt(((points - others) ** 2).sum(axis=-1))",
                "pair_by_pair",
            ),
            (
                "def distances(points, others):\n"
                "    return np.sqrt(((others[:, None] - points) ** 2).sum(axis=-1))",
                "",
            ),
        ],
    ),
}
