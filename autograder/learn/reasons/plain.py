"""What each layer of Keras does, in a clause; its shape is told as it is seen from outside.

Layers of one sentence are found here alone. For the others this is what is left to say where
their sums don't agree with Keras.
"""

from autograder.learn.reasons.words import Reason, observed

#: {clause: the classes it holds for}; "#" stands for 1, 2 and 3.
CLAUSES = {
    "Data come in here": "InputLayer",
    "Hands its input on as it is": "Identity Layer",
    "Runs a function that somebody wrote": "Lambda",
    "A layer around another one": "Wrapper",
    "Applies several layers, one after the other": "Pipeline",
    "Runs a model of another library, which cannot be read here": "FlaxLayer JaxLayer "
    "TorchModuleWrapper",
    "Runs a model that TensorFlow has saved, which cannot be read here": "TFSMLayer",
    # Sums over features, windows, positions
    "Each unit looks at all features along the last axis": "Dense",
    "Multiplies and sums up as its equation says": "EinsumDense",
    "Each filter moves over the positions and gives a channel": "Conv#D",
    "A convolution turned round, from small to large": "Conv#DTranspose",
    "Each channel is filtered alone": "DepthwiseConv1D DepthwiseConv2D",
    "Each channel is filtered alone, then all are mixed at each position": "SeparableConv1D "
    "SeparableConv2D",
    "Keeps the largest number of each window, channel by channel": "MaxPooling#D",
    "Keeps the average of each window, channel by channel": "AveragePooling#D",
    "Keeps the largest number of each channel": "GlobalMaxPooling#D",
    "Keeps the average of each channel": "GlobalAveragePooling#D",
    "Keeps the largest number of each part, channel by channel": "AdaptiveMaxPooling#D",
    "Keeps the average of each part, channel by channel": "AdaptiveAveragePooling#D",
    "Makes the positions more, channel by channel": "UpSampling#D",
    "Puts zeros around": "ZeroPadding#D",
    "Cuts the edges off": "Cropping#D",
    # New arrangements of the same numbers
    "Unrolls each sample row by row": "Flatten",
    "The same numbers in the same order, cut anew": "Reshape",
    "Puts the axes in another order": "Permute",
    "Repeats each sample along a new axis": "RepeatVector",
    # Sequences, text, kinds
    "Looks up each integer in a table": "Embedding ReversibleEmbedding",
    "Reads the steps in turn": "RNN SimpleRNN LSTM GRU",
    "An LSTM whose sums are convolutions reads the steps in turn": "ConvLSTM#D",
    "One step of a recurrent layer": "SimpleRNNCell LSTMCell GRUCell StackedRNNCells",
    "One layer reads forwards, another one backwards": "Bidirectional",
    "Applies one layer to each step": "TimeDistributed",
    "Marks steps that later layers skip": "Masking",
    "Each position of the query gathers from positions of the value": "Attention "
    "AdditiveAttention MultiHeadAttention GroupedQueryAttention",
    "Cuts each text into words": "TextVectorization",
    "Finds the kind of each value": "StringLookup IntegerLookup Hashing HashedCrossing "
    "Discretization",
    "Turns numbers of categories into rows": "CategoryEncoding",
    "Cuts a signal into frames and gives the frequencies of each": "STFTSpectrogram MelSpectrogram",
    # Number by number
    "Centres and scales": "BatchNormalization LayerNormalization GroupNormalization",
    "Brings the numbers to a common scale": "RMSNormalization UnitNormalization",
    "Subtracts a mean and divides by a standard deviation": "Normalization",
    "Divides a layer's kernel by its largest singular value": "SpectralNormalization",
    "Multiplies each number by a factor": "Rescaling",
    "In training only, sets numbers to 0 at random": "Dropout",
    "In training only, sets whole channels to 0 with a chance of {rate:g}": "SpatialDropout#D",
    "Changes numbers at random, in training only": "GaussianNoise GaussianDropout AlphaDropout",
    "Adds to the loss and hands its input on": "ActivityRegularization",
    "Applies {name} to each number": "ReLU LeakyReLU ELU PReLU",
    "Applies its function": "Activation",
    "Applies softmax": "Softmax",
    # Images
    "Resizes images": "Resizing",
    "Cuts out the middle of images": "CenterCrop",
    "Cuts out a part of images": "RandomCrop",
    "Changes images at random, in training only": "RandomFlip RandomRotation RandomTranslation "
    "RandomZoom RandomShear RandomPerspective RandomElasticTransform RandAugment AugMix",
    "Changes the colours of images at random, in training only": "RandomContrast "
    "RandomBrightness RandomColorDegeneration RandomColorJitter RandomGrayscale RandomHue "
    "RandomInvert RandomPosterization RandomSaturation",
    "Blurs or sharpens images at random, in training only": "RandomGaussianBlur RandomSharpness",
    "Covers parts of images at random, in training only": "RandomErasing",
    "Mixes each image with another one of the batch, in training only": "MixUp CutMix",
    "Changes light and dark of images": "AutoContrast Equalization Solarization "
    "ContrastLimitedAdaptiveHistogramEqualization",
    "Keeps so many boxes around things, and fills up where there are fewer": "MaxNumBoundingBoxes",
    # Several inputs
    "Joins its inputs along an axis": "Concatenate",
    "Puts its inputs together, number by number": "Add Multiply Average Maximum Minimum Subtract",
    "Multiplies its inputs pair by pair along an axis and sums up": "Dot",
}

#: What the weights are, where a layer of one sentence has any.
WEIGHTS = {"PReLU": "a slope for each place"}


def _by_class():
    found = {}
    for clause, names in CLAUSES.items():
        for name in names.split():
            found |= {name.replace("#", n): clause for n in ("123" if "#" in name else "1")}
    return found


BY_CLASS = _by_class()


def plain_reason(kind, call):
    """Return what is always true of a layer of Keras: what it does, and what becomes of the shape.

    kind: the name of its class, or of the public one that it is built on; None if there is none.
    """
    if kind is None:  # a class that Keras keeps to itself, such as in keras.applications
        return Reason(f"{type(call.layer).__name__}, a layer inside of Keras; {observed(call)}")
    clause = BY_CLASS[kind].format(name=kind, rate=getattr(call.layer, "rate", 0))
    return Reason(f"{clause}; {observed(call)}", WEIGHTS.get(kind, ""))
