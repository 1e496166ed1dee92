"""Every layer class and every operation of Keras on tensors that fit it, for the tests to try.

Where Keras gains one, the tests fail until it is called here too.
"""

import inspect
import tempfile

import keras
import numpy as np
from keras import layers, ops


def tensor(*shape, dtype="float32"):
    """Return an Input of a shape, the batch axis included."""
    return keras.Input(batch_shape=shape, dtype=dtype)


def whole(*shape):
    """Return an Input of whole numbers."""
    return tensor(*shape, dtype="int32")


def words(*shape):
    """Return an Input of texts."""
    return tensor(*shape, dtype="string")


ROW, STEPS, IMAGE, VOLUME = (None, 6), (None, 9, 4), (None, 9, 8, 3), (None, 8, 9, 8, 4)
OPEN, BATCH = (None, None, 4), (2, 9, 8, 3)


def spaces(cases, sizes="123"):
    """Return cases for 1, 2 and 3 axes: {name with #: (settings, ...)}."""
    shapes = {"1": STEPS, "2": IMAGE, "3": VOLUME}
    return {
        name.replace("#", n): [
            (lambda kind, given=given, n=n: kind(**given)(tensor(*shapes[n]))) for given in settings
        ]
        for name, settings in cases.items()
        for n in sizes
    }


def on(*shapes, **settings):
    """Return a function that calls a layer of these settings on tensors of these shapes."""
    return lambda kind: kind(**settings)(*(tensor(*shape) for shape in shapes))


def of(*shapes, **settings):
    """Return a function that calls a layer on a list of tensors."""
    return lambda kind: kind(**settings)([tensor(*shape) for shape in shapes])


def saved_model():
    """Return the folder of a model that TensorFlow has saved."""
    folder = tempfile.mkdtemp()
    keras.Sequential([tensor(None, 6), layers.Dense(3)]).export(folder, verbose=False)
    return folder


def jax_layer(kind):
    """Call a JaxLayer: a product with a matrix."""
    weights = np.zeros((6, 3), "float32")
    return kind(lambda params, inputs: inputs @ params, params=weights)(tensor(None, 6))


def torch_layer(kind):
    """Call a TorchModuleWrapper."""
    import torch

    return kind(torch.nn.Linear(6, 3), output_shape=(None, 3))(tensor(None, 6))


WINDOWS = [
    {"strides": 2},
    {"padding": "same", "strides": 3},
]
FILTERS = [
    {"filters": 6, "kernel_size": 3, **more}
    for more in (*WINDOWS, {"use_bias": False}, {"dilation_rate": 2}, {"activation": "relu"})
]
#: Layers that change images, by a factor and without a setting.
FACTORS = (
    "RandomRotation RandomPerspective RandomBrightness RandomContrast RandomGrayscale RandomInvert "
    "RandomSharpness RandomSaturation RandomColorDegeneration RandomGaussianBlur RandomErasing"
)
BARE = (
    "RandomFlip RandomColorJitter RandomElasticTransform AutoContrast Equalization RandAugment "
    "ContrastLimitedAdaptiveHistogramEqualization AugMix CutMix MixUp"
)


def inner(units=5, **settings):
    return layers.LSTM(units, **settings)


#: {class: functions that call it in different ways; each takes the class}
LAYERS = {
    **spaces({"Conv#D": [*FILTERS, {"filters": 4, "kernel_size": 1}]}),
    **spaces(
        {
            "Conv#DTranspose": [
                *FILTERS[:4],
                {"filters": 2, "kernel_size": 3, "strides": 2, "output_padding": 1},
            ],
            "MaxPooling#D": [{"pool_size": 2, **more} for more in WINDOWS],
            "AveragePooling#D": [{"pool_size": 2, **more} for more in WINDOWS],
            "GlobalMaxPooling#D": [{}, {"keepdims": True}, {"data_format": "channels_first"}],
            "GlobalAveragePooling#D": [{}, {"keepdims": True}],
            "AdaptiveMaxPooling#D": [{"output_size": 3}],
            "AdaptiveAveragePooling#D": [{"output_size": 4}],
            "UpSampling#D": [{"size": 3}],
            "ZeroPadding#D": [{"padding": 2}],
            "Cropping#D": [{"cropping": 1}],
            "SpatialDropout#D": [{"rate": 0.5}],
        }
    ),
    **spaces(
        {
            "DepthwiseConv#D": [
                {"kernel_size": 3, "depth_multiplier": 2, **more} for more in WINDOWS
            ],
            "SeparableConv#D": [{**given, "depth_multiplier": 2} for given in FILTERS[:3]],
        },
        "12",
    ),
    **{
        f"ConvLSTM{n}D": [
            on((None, 5, *shape[1:]), filters=3, kernel_size=3, return_sequences=True),
            on((None, 5, *shape[1:]), filters=3, kernel_size=2, padding="same", strides=2),
            on((None, 5, *shape[1:]), filters=3, kernel_size=2, return_state=True),
        ]
        for n, shape in (("1", STEPS), ("2", IMAGE), ("3", VOLUME))
    },
    # Where data come in, and what is around a layer
    "Input": [on(ROW)],
    "InputLayer": [lambda kind: kind(batch_shape=ROW).output],
    "Layer": [],  # only classes built on it do anything
    "Wrapper": [],
    "Identity": [on(ROW)],
    "Lambda": [lambda kind: kind(lambda x: x[:, :2])(tensor(*ROW))],
    "Pipeline": [lambda kind: kind([layers.Dense(4), layers.ReLU()])(tensor(*ROW))],
    "TimeDistributed": [
        lambda kind: kind(layers.Dense(5))(tensor(*STEPS)),
        lambda kind: kind(layers.Conv2D(2, 3))(tensor(None, 5, *IMAGE[1:])),
        lambda kind: kind(keras.Sequential([layers.Dense(5), layers.Dense(2)]))(tensor(*STEPS)),
    ],
    "Bidirectional": [
        lambda kind: kind(inner())(tensor(*STEPS)),
        lambda kind: kind(inner(return_sequences=True), merge_mode=None)(tensor(*STEPS)),
        lambda kind: kind(inner(), merge_mode="sum")(tensor(*STEPS)),
        lambda kind: kind(layers.GRU(3, return_state=True))(tensor(*STEPS)),
        lambda kind: kind(inner(3), backward_layer=layers.GRU(3, go_backwards=True))(
            tensor(*STEPS)
        ),
        lambda kind: kind(inner(3), backward_layer=inner(5, go_backwards=True))(tensor(*STEPS)),
    ],
    "SpectralNormalization": [
        lambda kind: kind(layers.Dense(3))(tensor(*ROW)),
        lambda kind: kind(layers.Conv2D(3, 3))(tensor(*IMAGE)),
    ],
    # Sums over features
    "Dense": [
        on(ROW, units=3),
        on(STEPS, units=1),
        on(IMAGE, units=2, use_bias=False),
        on(OPEN, units=2, activation="softmax"),
        on(ROW, units=4, lora_rank=2),
        on(ROW, units=4, activation="glu"),
    ],
    "EinsumDense": [
        on(STEPS, equation="abc,cd->abd", output_shape=(None, 7), bias_axes="d"),
        on(STEPS, equation="abc,bcd->ad", output_shape=7),
        on(STEPS, equation="...x,xy->...y", output_shape=7),
    ],
    "Embedding": [
        lambda kind: kind(10, 4)(whole(None, 5)),
        lambda kind: kind(10, 4, mask_zero=True)(whole(None, 5, 2)),
        lambda kind: kind(10, 4)(whole(None)),
    ],
    "ReversibleEmbedding": [
        lambda kind: kind(10, 4)(whole(None, 5)),
        lambda kind: kind(10, 4)(tensor(None, 5, 4), reverse=True),
        lambda kind: kind(10, 4, tie_weights=False)(tensor(None, 5, 4), reverse=True),
    ],
    # New arrangements
    "Flatten": [on(STEPS), on(ROW), on((None,)), on(OPEN), on(IMAGE, data_format="channels_first")],
    "Reshape": [
        on(ROW, target_shape=(2, 3)),
        on(ROW, target_shape=(-1, 3)),
        on(OPEN, target_shape=(-1, 2)),
        on((None, 1), target_shape=()),
    ],
    "Permute": [on(STEPS, dims=(2, 1)), on(IMAGE, dims=(3, 1, 2))],
    "RepeatVector": [on(ROW, n=3)],
    # Recurrent
    "SimpleRNN": [on(STEPS, units=5), on(OPEN, units=5, return_sequences=True)],
    "LSTM": [
        on(STEPS, units=5, return_state=True),
        on(STEPS, units=5, go_backwards=True, use_bias=False),
        lambda kind: kind(5)(tensor(*STEPS), initial_state=[tensor(None, 5), tensor(None, 5)]),
        on((2, 9, 4), units=5, stateful=True),
    ],
    "GRU": [on(STEPS, units=5), on(STEPS, units=5, reset_after=False, return_sequences=True)],
    "RNN": [
        lambda kind: kind(layers.LSTMCell(5))(tensor(*STEPS)),
        lambda kind: kind([layers.GRUCell(5), layers.SimpleRNNCell(3)])(tensor(*STEPS)),
        lambda kind: kind(layers.LSTMCell(5), return_sequences=True, return_state=True)(
            tensor(*STEPS)
        ),
    ],
    "SimpleRNNCell": [lambda kind: kind(5)(tensor(*ROW), [tensor(None, 5)])],
    "LSTMCell": [lambda kind: kind(5)(tensor(*ROW), [tensor(None, 5), tensor(None, 5)])],
    "GRUCell": [lambda kind: kind(5)(tensor(*ROW), [tensor(None, 5)])],
    "StackedRNNCells": [
        lambda kind: kind([layers.GRUCell(5), layers.GRUCell(3)])(
            tensor(*ROW), [tensor(None, 5), tensor(None, 3)]
        )
    ],
    "Masking": [on(STEPS)],
    # Attention
    "MultiHeadAttention": [
        on(STEPS, (None, 7, 5), num_heads=2, key_dim=3),
        on(STEPS, STEPS, num_heads=2, key_dim=3, value_dim=5, output_shape=8, use_bias=False),
        lambda kind: kind(2, 3)(
            *[tensor(*STEPS)] * 2, use_causal_mask=True, return_attention_scores=True
        ),
        lambda kind: kind(2, 3)(
            *[tensor(*STEPS)] * 2, attention_mask=tensor(None, 9, 9, dtype="bool")
        ),
        lambda kind: kind(2, 3, attention_axes=(2,))(*[tensor(None, 3, 5, 4)] * 2),
    ],
    "GroupedQueryAttention": [
        on(STEPS, (None, 7, 4), head_dim=3, num_query_heads=4, num_key_value_heads=2)
    ],
    "Attention": [
        of(STEPS, (None, 7, 4)),
        of(STEPS, (None, 7, 4), use_scale=True, score_mode="concat"),
        lambda kind: kind()([tensor(*STEPS)] * 2, return_attention_scores=True),
    ],
    "AdditiveAttention": [of(STEPS, (None, 7, 4)), of(STEPS, (None, 7, 4), use_scale=False)],
    # Text and kinds
    "TextVectorization": [
        lambda kind: kind(vocabulary=["a", "b"], output_sequence_length=5)(words(None)),
        lambda kind: kind(vocabulary=["a", "b"])(words(None, 1)),
        lambda kind: kind(vocabulary=["a", "b"], output_mode="multi_hot")(words(None)),
    ],
    "StringLookup": [
        lambda kind: kind(vocabulary=["a", "b"])(words(None, 5)),
        lambda kind: kind(vocabulary=["a", "b"], output_mode="one_hot")(words(None, 1)),
        lambda kind: kind(vocabulary=["a", "b"], output_mode="multi_hot")(words(None, 5)),
        lambda kind: kind(vocabulary=["a", "b"], invert=True)(whole(None, 5)),
    ],
    "IntegerLookup": [
        lambda kind: kind(vocabulary=[1, 2])(whole(None, 5)),
        lambda kind: kind(vocabulary=[1, 2], output_mode="one_hot")(whole(None, 5)),
        lambda kind: kind(vocabulary=[1, 2], output_mode="count")(whole(None, 5)),
    ],
    "Hashing": [
        lambda kind: kind(8)(whole(None, 5)),
        lambda kind: kind(8, output_mode="one_hot")(whole(None, 5)),
        lambda kind: kind(8, output_mode="multi_hot")(whole(None, 5)),
    ],
    "HashedCrossing": [
        lambda kind: kind(8)((whole(None, 1), whole(None, 1))),
        lambda kind: kind(8, output_mode="one_hot")((whole(None, 1), whole(None, 1))),
    ],
    "Discretization": [
        on(ROW, bin_boundaries=[0.0, 1.0]),
        on(ROW, bin_boundaries=[0.0, 1.0], output_mode="one_hot"),
        on(ROW, bin_boundaries=[0.0, 1.0], output_mode="multi_hot"),
        on(STEPS, bin_boundaries=[0.0, 1.0], output_mode="count"),
    ],
    "CategoryEncoding": [
        lambda kind: kind(7)(whole(None, 5)),
        lambda kind: kind(7, output_mode="one_hot")(whole(None, 1)),
        lambda kind: kind(7, output_mode="one_hot")(whole(None, 5)),
        lambda kind: kind(7, output_mode="count")(whole(None, 5)),
    ],
    # Sounds
    "STFTSpectrogram": [
        on((None, 100, 1), frame_length=16, window=None, frame_step=8, fft_length=32),
        on((None, 100, 2), frame_length=16, window=None, mode="stft", padding="same"),
        on((None, 100, 2), frame_length=16, window=None, expand_dims=True),
        on((None, None, 1), frame_length=16, window=None),
    ],
    "MelSpectrogram": [
        on((None, 4000), fft_length=256, sequence_stride=128, num_mel_bins=20),
        on((None, None), fft_length=256, sequence_stride=128, num_mel_bins=20),
    ],
    # Number by number
    "BatchNormalization": [on(ROW), on(IMAGE, axis=1), on(IMAGE, scale=False, center=False)],
    "LayerNormalization": [
        on(ROW),
        on(IMAGE, axis=[1, 2, 3]),
        on(IMAGE, axis=(-1, 1), scale=False),
        on(STEPS, axis=1),
    ],
    "GroupNormalization": [on((None, 5, 8), groups=4), on((None, 5, 8), groups=-1)],
    "RMSNormalization": [on(STEPS), on(STEPS, axis=1)],
    "UnitNormalization": [on(STEPS), on(IMAGE, axis=(1, 2))],
    "Normalization": [
        on(ROW),
        on(ROW, mean=1.0, variance=2.0),
        on(ROW, axis=None),
        on(IMAGE, axis=(1, 3)),
    ],
    "Rescaling": [on(IMAGE, scale=1 / 255), on(IMAGE, scale=[1.0, 2.0, 3.0], offset=1.0)],
    "Dropout": [on(ROW, rate=0.5), on(STEPS, rate=0.1, noise_shape=(None, 1, 4))],
    **dict.fromkeys(("GaussianNoise",), [on(ROW, stddev=1.0)]),
    **dict.fromkeys(("GaussianDropout", "AlphaDropout"), [on(ROW, rate=0.5)]),
    "ActivityRegularization": [on(ROW, l1=0.1)],
    "Activation": [
        on(STEPS, activation="relu"),
        on(STEPS, activation="softmax"),
        on(STEPS, activation="glu"),
    ],
    **dict.fromkeys(("ReLU", "LeakyReLU", "ELU", "Softmax"), [on(STEPS)]),
    "PReLU": [on(STEPS), on(IMAGE, shared_axes=[1, 2])],
    # Images
    "Resizing": [on(IMAGE, height=4, width=5), on(OPEN[:1] + (None, None, 3), height=4, width=5)],
    "CenterCrop": [on(BATCH, height=4, width=5)],
    "RandomCrop": [on(BATCH, height=4, width=5)],
    **dict.fromkeys(FACTORS.split(), [on(BATCH, factor=0.2)]),
    "RandomHue": [on(BATCH, factor=0.2, value_range=(0, 1))],
    "RandomPosterization": [on(BATCH, factor=4)],
    "RandomZoom": [on(BATCH, height_factor=0.2)],
    "RandomShear": [on(BATCH, x_factor=0.2)],
    "RandomTranslation": [on(BATCH, height_factor=0.2, width_factor=0.2)],
    **dict.fromkeys(BARE.split(), [on(BATCH)]),
    "Solarization": [on(BATCH, threshold_factor=0.5)],
    "MaxNumBoundingBoxes": [
        lambda kind: kind(3, bounding_box_format="xyxy")(
            {
                "images": tensor(2, 9, 8, 3),
                "bounding_boxes": {"boxes": tensor(2, 4, 4), "labels": tensor(2, 4)},
            }
        )
    ],
    # Several inputs
    "Concatenate": [of(ROW, (None, 2)), of(STEPS, (None, 3, 4), axis=1), of(OPEN, OPEN, axis=1)],
    **dict.fromkeys(
        ["Add", "Multiply", "Average", "Maximum", "Minimum"],
        [of(ROW, ROW, ROW), of(STEPS, (None, 1, 4)), of((None, None, 1), OPEN)],
    ),
    "Subtract": [of(ROW, ROW)],
    "Dot": [of(ROW, ROW, axes=1), of(STEPS, (None, 4, 9), axes=(2, 1), normalize=True)],
    # These run a model of another library, which need not be there
    "TFSMLayer": [lambda kind: kind(saved_model())(tensor(None, 6))],
    "JaxLayer": [jax_layer] * (keras.backend.backend() == "jax"),
    "TorchModuleWrapper": [torch_layer] * (keras.backend.backend() == "torch"),
    "FlaxLayer": [],  # Flax isn't installed
}


def layer_classes():
    """Return {name: class} of Keras's public layers, each once."""
    found = {}
    for name in sorted(dir(layers)):
        kind = getattr(layers, name)
        if isinstance(kind, type) and issubclass(kind, keras.Layer):
            found.setdefault(kind, kind.__name__)
    return {name: kind for kind, name in found.items()}


#: Functions of keras.ops that no tensor of a model goes into, or that record nothing of it.
NOT_OF_TENSORS = (
    "arange bartlett blackman convert_to_numpy custom_gradient dtype empty eye full hamming "
    "hanning identity is_tensor kaiser ones shape tri vectorize zeros"
)

#: Tensors to try an operation on that is not named below, one after the other.
TRIES = (
    lambda f: f(tensor(None, 4)),
    lambda f: f(tensor(None, 4), tensor(None, 4)),
    lambda f: f(tensor(None, 4), 1),
    lambda f: f(tensor(None, 4, 4)),
    lambda f: f(whole(None, 4), whole(None, 4)),
    lambda f: f(whole(None, 4)),
    lambda f: f([tensor(None, 4), tensor(None, 4)]),
    lambda f: f(tensor(3, 4), 2),
    lambda f: f(tensor(4), tensor(4)),
    lambda f: f(tensor(4, 4)),
    lambda f: f(tensor(3, 4, 4), tensor(3, 4, 2)),
    lambda f: f((tensor(3, 4), tensor(3, 4))),
)
PICTURES = (2, 8, 8, 3)

#: {operation: a function that calls it}, where the tries above don't fit or don't say much.
OPERATIONS = {
    "adaptive_average_pool": lambda f: f(tensor(None, 9, 3), (4,)),
    "adaptive_max_pool": lambda f: f(tensor(None, 9, 3), (4,)),
    "associative_scan": lambda f: f(lambda a, b: a + b, tensor(5, 3)),
    "batch_normalization": lambda f: f(
        tensor(None, 4), np.zeros(4, "float32"), np.ones(4, "float32"), -1
    ),
    "broadcast_to": lambda f: f(tensor(1, 4), (3, 4)),
    "cast": lambda f: f(tensor(None, 4), "int32"),
    "saturate_cast": lambda f: f(tensor(None, 4), "uint8"),
    "clip": lambda f: f(tensor(None, 4), 0, 1),
    "cond": lambda f: f(tensor(dtype="bool"), lambda: ops.ones((2,)), lambda: ops.zeros((2,))),
    "cross": lambda f: f(tensor(None, 3), tensor(None, 3)),
    "ctc_loss": lambda f: f(whole(2, 5), tensor(2, 9, 6), whole(2), whole(2)),
    "ctc_decode": lambda f: f(tensor(2, 9, 6), whole(2)),
    "depth_to_space": lambda f: f(tensor(None, 4, 4, 8), 2),
    "space_to_depth": lambda f: f(tensor(None, 4, 4, 8), 2),
    "dot_product_attention": lambda f: f(
        tensor(None, 5, 2, 4), tensor(None, 6, 2, 4), tensor(None, 6, 2, 4)
    ),
    "dsplit": lambda f: f(tensor(2, 3, 4), 2),
    "einsum": lambda f: f("abc,cd->abd", tensor(None, 3, 4), tensor(4, 5)),
    "extract_sequences": lambda f: f(tensor(None, 40), 8, 4),
    "stft": lambda f: f(tensor(None, 40), 8, 4, 8),
    "istft": lambda f: f((tensor(None, 9, 5), tensor(None, 9, 5)), 8, 4, 8),
    "fold": lambda f: f(tensor(2, 12, 4), (4, 4), (2, 2), stride=2),
    "unfold": lambda f: f(tensor(2, 3, 4, 4), (2, 2)),
    "fori_loop": lambda f: f(0, 3, lambda i, x: x + 1, tensor(3, 4)),
    "in_top_k": lambda f: f(whole(None), tensor(None, 4), 2),
    "jvp": lambda f: f(lambda x: x * 2.0, (tensor(3),), (tensor(3),)),
    "map": lambda f: f(lambda x: x * 2, tensor(3, 4)),
    "vectorized_map": lambda f: f(lambda x: x * 2, tensor(3, 4)),
    "moveaxis": lambda f: f(tensor(None, 3, 4), 1, 2),
    "swapaxes": lambda f: f(tensor(None, 3, 4), 1, 2),
    "psnr": lambda f: f(tensor(None, 4), tensor(None, 4), 1.0),
    "rearrange": lambda f: f(tensor(2, 3, 4), "a b c -> a (b c)"),
    "scan": lambda f: f(lambda c, x: (c + x, c), tensor(4), tensor(3, 4)),
    "scatter": lambda f: f(whole(2, 1), tensor(2), (5,)),
    "scatter_update": lambda f: f(tensor(5), whole(2, 1), tensor(2)),
    "select": lambda f: f([tensor(None, 4, dtype="bool")], [tensor(None, 4)], 0),
    "separable_conv": lambda f: f(tensor(None, 9, 3), tensor(3, 3, 2), tensor(1, 6, 5)),
    "conv": lambda f: f(tensor(None, 9, 9, 3), tensor(3, 3, 3, 8), strides=2),
    "conv_transpose": lambda f: f(tensor(None, 9, 9, 3), tensor(3, 3, 8, 3), strides=2),
    "depthwise_conv": lambda f: f(tensor(None, 9, 3), tensor(3, 3, 2)),
    "max_pool": lambda f: f(tensor(None, 9, 9, 3), 2),
    "average_pool": lambda f: f(tensor(None, 9, 9, 3), 2, padding="same"),
    "slice": lambda f: f(tensor(4, 4), (0, 1), (2, 2)),
    "slice_update": lambda f: f(tensor(4, 4), (0, 1), tensor(2, 2)),
    "sparse_categorical_crossentropy": lambda f: f(whole(None), tensor(None, 4)),
    "switch": lambda f: f(whole(), [lambda x: x, lambda x: x * 2], tensor(3, 4)),
    "threshold": lambda f: f(tensor(None, 4), 0.5, 0.0),
    "unravel_index": lambda f: f(whole(4), (3, 4)),
    "vander": lambda f: f(tensor(4), 3),
    "while_loop": lambda f: f(lambda x: ops.sum(x) < 9, lambda x: (x + 1,), (tensor(3, 4),)),
    "get_item": lambda f: f(tensor(None, 5, 4), (slice(None), 0)),
    "reshape": lambda f: f(tensor(None, 12), (-1, 3, 4)),
    "take": lambda f: f(tensor(None, 4), whole(2), axis=1),
    "mean": lambda f: f(tensor(None, 5, 4), axis=1),
    "sum": lambda f: f(tensor(None, 5, 4), axis=(1, 2), keepdims=True),
    "concatenate": lambda f: f([tensor(None, 3), tensor(None, 4)], axis=-1),
    "matmul": lambda f: f(tensor(None, 5, 4), tensor(4, 3)),
    "softmax": lambda f: f(tensor(None, 5, 4)),
    "split": lambda f: f(tensor(None, 6), 3, axis=1),
    "add": lambda f: f(tensor(None, 5, 4), tensor(4)),
    "image.affine_transform": lambda f: f(tensor(*PICTURES), tensor(2, 8)),
    "image.crop_images": lambda f: f(tensor(*PICTURES), 1, 1, 1, 1),
    "image.extract_patches": lambda f: f(tensor(*PICTURES), (2, 2)),
    "image.extract_patches_3d": lambda f: f(tensor(2, 8, 8, 8, 3), (2, 2, 2)),
    "image.hsv_to_rgb": lambda f: f(tensor(*PICTURES)),
    "image.rgb_to_hsv": lambda f: f(tensor(*PICTURES)),
    "image.rgb_to_grayscale": lambda f: f(tensor(*PICTURES)),
    "image.map_coordinates": lambda f: f(tensor(8, 8), tensor(2, 5), 1),
    "image.pad_images": lambda f: f(tensor(*PICTURES), 1, 1, 1, 1),
    "image.perspective_transform": lambda f: f(tensor(*PICTURES), tensor(2, 4, 2), tensor(2, 4, 2)),
    "image.resize": lambda f: f(tensor(*PICTURES), (4, 4)),
    "image.scale_and_translate": lambda f: f(
        tensor(*PICTURES), (2, 4, 4, 3), tensor(2), tensor(2), (1, 2), "linear"
    ),
    "image.sobel_edges": lambda f: f(tensor(*PICTURES)),
    "image.gaussian_blur": lambda f: f(tensor(*PICTURES)),
    "image.elastic_transform": lambda f: f(tensor(*PICTURES)),
    "image.ssim": lambda f: f(tensor(2, 16, 16, 3), tensor(2, 16, 16, 3)),
    "layer_normalization": lambda f: f(tensor(None, 4)),
}


def operations():
    """Return {name: function} of keras.ops and keras.ops.image that take tensors."""
    found = {}
    for start, module in (("", ops), ("image.", ops.image)):
        for name in sorted(dir(module)):
            thing = getattr(module, name)
            if callable(thing) and not inspect.isclass(thing) and name[0] != "_":
                found[start + name] = thing
    return {name: thing for name, thing in found.items() if name not in NOT_OF_TENSORS.split()}


def called(name, function):
    """Return the tensors that an operation makes of some that fit it."""
    for call in [OPERATIONS[name]] if name in OPERATIONS else TRIES:
        try:
            made = call(function)
        except Exception:
            if name in OPERATIONS:
                raise
            continue
        tensors = [x for x in keras.tree.flatten(made) if hasattr(x, "_keras_history")]
        if tensors:
            return tensors
    raise AssertionError(f"keras.ops.{name} is new: say in OPERATIONS how it is called.")
