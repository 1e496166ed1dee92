"""Right and wrong answers to the lesson on Embedding."""

from autograder.answers import Exercise

MODEL = """\
def text_model():
    return keras.Sequential([
        keras.Input((None,)),
        layers.Embedding({sizes}),
        layers.{pooling}(),
        layers.Dense(1),
    ])"""

EXERCISES = {
    "ids": Exercise(
        right=[
            "def ids(text, vocabulary):\n"
            "    return [(['', *vocabulary].index(w) if w in vocabulary else 0)"
            " for w in text.split()]",
            "def ids(text, vocabulary):\n"
            "    numbers = {w: i for i, w in enumerate(vocabulary, 1)}\n"
            "    return [numbers.get(w, 0) for w in text.split()]",
        ],
        wrong=[
            (
                "def ids(text, vocabulary):\n"
                "    return [vocabulary.index(w) if w in vocabulary else 0 for w in text.split()]",
                "counted_from_zero",
            ),
            (
                "def ids(text, vocabulary):\n"
                "    return [vocabulary.index(w) + 1 for w in text.split() if w in vocabulary]",
                "",
            ),
        ],
    ),
    "embedded_shape": Exercise(
        right=["embedded_shape = (None, 12, 8)", "embedded_shape = [None, 12, 8]"],
        wrong=[
            ("embedded_shape = (None, 12, 50)", "a_one_for_each_word"),
            ("embedded_shape = (None, 8)", "one_vector_for_a_text"),
            ("embedded_shape = (12, 8)", "batch_left_out"),
        ],
    ),
    "table_params": Exercise(
        right=["table_params = 400", "table_params = 50 * 8"],
        wrong=[
            ("table_params = 12 * 50 * 8", "a_table_for_each_place"),
            ("table_params = 50 * 8 + 8", "table_with_a_bias"),
        ],
    ),
    "text_model": Exercise(
        right=[
            MODEL.format(sizes="50, 8", pooling="GlobalAveragePooling1D"),
            "def text_model():\n"
            "    text = keras.Input((None,), dtype='int32')\n"
            "    vectors = layers.Embedding(50, 8)(text)\n"
            "    return keras.Model(text, layers.Dense(1)(keras.ops.mean(vectors, axis=1)))",
        ],
        wrong=[
            (MODEL.format(sizes="50, 8", pooling="GlobalMaxPooling1D"), ""),
            (MODEL.format(sizes="8, 50", pooling="GlobalAveragePooling1D"), ""),
            (MODEL.format(sizes="50, 8", pooling="Flatten"), ""),
        ],
    ),
}
