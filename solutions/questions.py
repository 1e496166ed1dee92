# %% [markdown]
# # Find your question
#
# 5 minutes
#
# What people ask of shapes in Keras, and where the lessons answer it. You are here because
#
# - Keras says something, and you want to know why: look among the messages;
# - you have a question: look under data, layers, targets or the rest;
# - you want a few words only: **[the answers in short](answers.ipynb)** take five minutes.
#
# **You need** nothing. **To search** this page press Ctrl + F (on a Mac, Cmd + F), and type two or three
# words of your message, without names and sizes: `outside the valid range`, say. Everything here is
# also said of your own model, with your own numbers, by `why()`, as the last section shows.

# %% [markdown]
# ## What does Keras say?
#
# Each of these is a piece of a message of Keras's. Two or three places mean two or three reasons; the
# middle column tells them apart.
#
# <!-- messages: begin -->
#
# | Keras says | which often means | read |
# | --- | --- | --- |
# | **`target` and `output` must have the same shape** | labels are whole numbers in a column and the loss wants one-hot rows; or there are more units than classes | [8 · What shape does a target have?](08_targets_and_losses.ipynb#What-shape-does-a-target-have?)<br>[8 · Whole numbers, or one-hot rows?](08_targets_and_losses.ipynb#Whole-numbers,-or-one-hot-rows?) |
# | **`target` and `output` must have the same shape** | targets are pictures: masks read in colour, or a decoder or autoencoder that gives another size | [8 · Pictures as targets?](08_targets_and_losses.ipynb#Pictures-as-targets?)<br>[9 · Case 4: a decoder whose sizes don't meet again](09_your_own_model.ipynb#Case-4:-a-decoder-whose-sizes-don't-meet-again) |
# | **`target` and `output` must have the same rank (ndim)** | labels are whole numbers, `(n,)`, and the loss wants one-hot rows; or the output has an axis too many, perhaps of size 1: a Flatten is missing, so there is an answer for each row or step | [5 · What if Flatten is forgotten?](05_dense_without_flatten.ipynb#What-if-Flatten-is-forgotten?)<br>[8 · What shape does a target have?](08_targets_and_losses.ipynb#What-shape-does-a-target-have?) |
# | **Argument `output` must have rank (ndim) `target.ndim - 1`** | a sparse loss is given one-hot rows | [8 · Whole numbers, or one-hot rows?](08_targets_and_losses.ipynb#Whole-numbers,-or-one-hot-rows?)<br>[5 · What if Flatten is forgotten?](05_dense_without_flatten.ipynb#What-if-Flatten-is-forgotten?) |
# | **Received a label value of 3 which is outside the valid range of [0, 3)** | labels or class numbers larger than the units of the last layer allow, such as classes counted from 1 | [8 · What if the classes run from 1 to n?](08_targets_and_losses.ipynb#What-if-the-classes-run-from-1-to-n?) |
# | **Graph execution error** | the reason stands in the last lines | [9 · Case 8: what is a Graph execution error?](09_your_own_model.ipynb#Case-8:-what-is-a-Graph-execution-error?) |
# | **Incompatible shapes: [6,20,20,3] vs. [6,3]** | target and output can't be subtracted: the target is an image and the output a row, or there is an answer for each row | [5 · When do targets fit?](05_dense_without_flatten.ipynb#When-do-targets-fit?)<br>[8 · Pictures as targets?](08_targets_and_losses.ipynb#Pictures-as-targets?) |
# | **expected min_ndim=4, found ndim=3** | a convolution wants a channel axis, for grey images too; or one picture lacks its batch axis | [3 · Which axes does an image have?](03_input_shape.ipynb#Which-axes-does-an-image-have?)<br>[7 · Case 1: which of the two faults comes first?](07_shape_detective.ipynb#Case-1:-which-of-the-two-faults-comes-first?) |
# | **expected min_ndim=4, found ndim=2** | Flatten stands before the convolution | [7 · Case 1: which of the two faults comes first?](07_shape_detective.ipynb#Case-1:-which-of-the-two-faults-comes-first?)<br>[5 · At the beginning, or at the end?](05_dense_without_flatten.ipynb#At-the-beginning,-or-at-the-end?) |
# | **expected min_ndim=3, found ndim=2** | Conv1D wants a series or sequence as steps and features: (30, 1) | [3b · Which axes does a sequence have?](03b_sequences_and_inputs.ipynb#Which-axes-does-a-sequence-have?) |
# | **expected ndim=3, found ndim=2** | stacked LSTM, GRU or RNN without `return_sequences=True`; or a table in place of a sequence | [3b · What does return_sequences change?](03b_sequences_and_inputs.ipynb#What-does-return_sequences-change?)<br>[3b · Which axes does a sequence have?](03b_sequences_and_inputs.ipynb#Which-axes-does-a-sequence-have?) |
# | **expected ndim=3, found ndim=5** | a CNN, pretrained or not, in TimeDistributed gives an LSTM maps, not a row of features | [9 · Case 10: words, films, and sequences that go on](09_your_own_model.ipynb#Case-10:-words,-films,-and-sequences-that-go-on) |
# | **expected axis -1 of input shape to have value** | a Dense, often behind Flatten, meets another size than it was built for, such as images of any size | [2 · What if the sizes are unknown?](02_how_flatten_works.ipynb#What-if-the-sizes-are-unknown?)<br>[9 · Case 6: a model that was made for other pictures](09_your_own_model.ipynb#Case-6:-a-model-that-was-made-for-other-pictures) |
# | **Kernel shape must have the same length as input** | the number of samples was written into the input shape, as with `x.shape` | [3 · Who decides how large a batch is?](03_input_shape.ipynb#Who-decides-how-large-a-batch-is?)<br>[1 · The axis that you didn't write](01_input_vs_flatten.ipynb#The-axis-that-you-didn't-write) |
# | **Invalid input shape for input** | the data don't have the shape that the model declares: one sample without its batch axis, a Dataset or generator that yields one image after the other, a dict with one key too many | [3 · Who decides how large a batch is?](03_input_shape.ipynb#Who-decides-how-large-a-batch-is?)<br>[6 · What may you hand to a model?](06_old_posts_new_keras.ipynb#What-may-you-hand-to-a-model?)<br>[9 · Case 3: a Dataset, with and without batches](09_your_own_model.ipynb#Case-3:-a-Dataset,-with-and-without-batches)<br>[9 · Case 9: several inputs: a list, or a dict?](09_your_own_model.ipynb#Case-9:-several-inputs:-a-list,-or-a-dict?) |
# | **Dimensions must be equal, but are** | a Sequential let data of another width in, for instance validation data with other columns or features than the train data; or a metric such as Precision is given class numbers where it wants one-hot rows | [3 · How strict is the promise?](03_input_shape.ipynb#How-strict-is-the-promise?)<br>[8 · Is accuracy spared?](08_targets_and_losses.ipynb#Is-accuracy-spared?) |
# | **Shapes used to initialize variables must be fully-defined** | Flatten of an open length, for example behind an Embedding without input_length, and then Dense | [2 · What if the sizes are unknown?](02_how_flatten_works.ipynb#What-if-the-sizes-are-unknown?)<br>[3b · Must all sequences have the same length?](03b_sequences_and_inputs.ipynb#Must-all-sequences-have-the-same-length?) |
# | **Computed output size would be zero or negative** | a kernel or window larger than the image or map that it meets, or channels in front | [3 · Who checks the shapes, and when?](03_input_shape.ipynb#Who-checks-the-shapes,-and-when?)<br>[7 · Case 4: who scrambled the pictures?](07_shape_detective.ipynb#Case-4:-who-scrambled-the-pictures?) |
# | **requires inputs with matching shapes except for the concatenation axis** | Concatenate joins a map and a row (a vector and a table), sizes that differ by one pixel, or goes along another axis than was meant | [7 · Case 2: why can't the two be joined?](07_shape_detective.ipynb#Case-2:-why-can't-the-two-be-joined?)<br>[9 · Case 4: a decoder whose sizes don't meet again](09_your_own_model.ipynb#Case-4:-a-decoder-whose-sizes-don't-meet-again) |
# | **The total size of the tensor must be unchanged** | Reshape can't make numbers | [7 · Case 3: what did the decoder forget?](07_shape_detective.ipynb#Case-3:-what-did-the-decoder-forget?) |
# | **Data cardinality is ambiguous** | `x` and `y` have different numbers of samples, perhaps because `reshape(-1, …)` changed the number of images | [9 · Are there as many targets as samples?](09_your_own_model.ipynb#Are-there-as-many-targets-as-samples?) |
# | **must match. variable.shape=** | weights are loaded into a model with other shapes, for example three channels into one | [9 · Case 7: saved, and loaded again?](09_your_own_model.ipynb#Case-7:-saved,-and-loaded-again?) |
# | **expects 1 input(s), but it received** | a layer in a Sequential gives several tensors: `return_state=True`, or a nested base model with two outputs | [9 · What if a layer gives more than one tensor?](09_your_own_model.ipynb#What-if-a-layer-gives-more-than-one-tensor?) |
# | **have different structures** | a model with two outputs wants two targets | [8 · Two answers for one sample?](08_targets_and_losses.ipynb#Two-answers-for-one-sample?) |
# | **Invalid `metrics`** | a metric such as accuracy for several outputs | [8 · And a metric for each?](08_targets_and_losses.ipynb#And-a-metric-for-each?) |
# | **Missing data for input** | a dict of inputs without all the names | [9 · Case 9: several inputs: a list, or a dict?](09_your_own_model.ipynb#Case-9:-several-inputs:-a-list,-or-a-dict?) |
# | **named input(s) with keys** | a model with two inputs is given one array | [9 · Case 9: several inputs: a list, or a dict?](09_your_own_model.ipynb#Case-9:-several-inputs:-a-list,-or-a-dict?) |
# | **Unrecognized data type** | data in lists: predict, fit and evaluate want arrays | [6 · What may you hand to a model?](06_old_posts_new_keras.ipynb#What-may-you-hand-to-a-model?) |
# | **Cannot convert '4' to a shape** | the comma is missing: `(4,)` is a tuple, `(4)` a number | [3 · Build: a row of numbers](03_input_shape.ipynb#Build:-a-row-of-numbers) |
# | **got an unexpected keyword argument** | an argument that isn't there, or is no longer | [3 · Where is InputShape?](03_input_shape.ipynb#Where-is-InputShape?)<br>[6 · Who is speaking?](06_old_posts_new_keras.ipynb#Who-is-speaking?) |
# | **has no defined input shape yet** | the model has no Input, and has been given no data so far | [4 · Does a finished model bring its Input along?](04_inputlayer_vs_input.ipynb#Does-a-finished-model-bring-its-Input-along?)<br>[4 · How many ways are there to write one network?](04_inputlayer_vs_input.ipynb#How-many-ways-are-there-to-write-one-network?) |
# | **Layers added to a Sequential model should have a single positional argument** | an Input stands further down the list of a Sequential | [4 · May Input stand further down the list?](04_inputlayer_vs_input.ipynb#May-Input-stand-further-down-the-list?) |
# | **Only input tensors may be passed as positional arguments** | a layer was handed a layer, and wants a tensor | [4 · Can a layer be handed to a layer?](04_inputlayer_vs_input.ipynb#Can-a-layer-be-handed-to-a-layer?) |
# | **Inputs have incompatible shapes** | Add, a residual or skip connection, joins branches of different sizes | [9 · Case 4: a decoder whose sizes don't meet again](09_your_own_model.ipynb#Case-4:-a-decoder-whose-sizes-don't-meet-again) |
# | **expected min_ndim=2, found ndim=1** | Dense is given a single row, without a batch axis | [1 · Must Flatten stand before Dense?](01_input_vs_flatten.ipynb#Must-Flatten-stand-before-Dense?) |
# | **A KerasTensor cannot be used as input to a TensorFlow function** | `tf.shape`, `tf.reshape` and the like between the layers of a model | [6 · TensorFlow's own functions](06_old_posts_new_keras.ipynb#TensorFlow's-own-functions) |
# | **could not automatically infer the shape of the Lambda's output** | a Lambda with `tf` or backend functions | [9 · Case 11: a class or a function of your own](09_your_own_model.ipynb#Case-11:-a-class-or-a-function-of-your-own) |
# | **The `data_format` argument must be one of** | `Flatten(x)`: the layer's class was called with the tensor, in place of the layer, `Flatten()(x)` | [1 · What does Flatten do?](01_input_vs_flatten.ipynb#What-does-Flatten-do?) |
# | **has already been configured to use input shape** | `build()` was called again, with another size | [4 · Will build() do instead?](04_inputlayer_vs_input.ipynb#Will-build()-do-instead?) |
# | **If an RNN is stateful, the batch size of the input sequences must be the same** | a stateful LSTM is given another batch size, for instance in predict; there the error reads Incompatible shapes | [9 · Case 10: words, films, and sequences that go on](09_your_own_model.ipynb#Case-10:-words,-films,-and-sequences-that-go-on) |
# | **'>' not supported between instances of 'NoneType' and 'int'** | `"accuracy"` guesses its kind from shapes, and can't | [8 · Is accuracy spared?](08_targets_and_losses.ipynb#Is-accuracy-spared?) |
# | **Unrecognized keyword arguments passed to** | an old spelling of the input's shape | [6 · Where may the input's shape stand?](06_old_posts_new_keras.ipynb#Where-may-the-input's-shape-stand?) |
#
# <!-- messages: end -->

# %% [markdown]
# ## What do you ask about data and input shapes?
#
# <!-- questions 0: begin -->
#
# | you ask | in short | read |
# | --- | --- | --- |
# | Which shape do I give to Input: with or without the number of samples? | without: the shape of one sample | [1 · The axis that you didn't write](01_input_vs_flatten.ipynb#The-axis-that-you-didn't-write)<br>[3 · Who decides how large a batch is?](03_input_shape.ipynb#Who-decides-how-large-a-batch-is?) |
# | What does None mean in a shape? When does it become a number? | a size that is open, anew at every call | [1 · When does None become a number?](01_input_vs_flatten.ipynb#When-does-None-become-a-number?) |
# | How do I predict for one sample, one row or a single image? | as a batch of one: `x[:1]` or `x[None]` | [6 · What may you hand to a model?](06_old_posts_new_keras.ipynb#What-may-you-hand-to-a-model?)<br>[9 · Case 2: one picture from a file](09_your_own_model.ipynb#Case-2:-one-picture-from-a-file) |
# | Do grey images need a channel axis? Where do the channels belong? | for a convolution, yes: `(height, width, 1)` | [3 · Which axes does an image have?](03_input_shape.ipynb#Which-axes-does-an-image-have?) |
# | channels_first or channels_last, and how do I turn one into the other? | Permute moves axes, Reshape doesn't | [2 · What does data_format do?](02_how_flatten_works.ipynb#What-does-data_format-do?)<br>[2 · A shape is not an order](02_how_flatten_works.ipynb#A-shape-is-not-an-order)<br>[3 · Which axes does an image have?](03_input_shape.ipynb#Which-axes-does-an-image-have?) |
# | What is the shape of a sequence, a time series or a table? | steps and features: `(steps, features)` | [3b · Which axes does a sequence have?](03b_sequences_and_inputs.ipynb#Which-axes-does-a-sequence-have?)<br>[9 · Case 1: how does a table become x and y?](09_your_own_model.ipynb#Case-1:-how-does-a-table-become-x-and-y?) |
# | Can a model take larger images than it was trained on, or any size, or sequences of any length? | yes, with None, as long as no Flatten comes before a Dense | [2 · What if the sizes are unknown?](02_how_flatten_works.ipynb#What-if-the-sizes-are-unknown?)<br>[3b · Must all sequences have the same length?](03b_sequences_and_inputs.ipynb#Must-all-sequences-have-the-same-length?)<br>[9 · Build: the same weights, pictures of another size](09_your_own_model.ipynb#Build:-the-same-weights,-pictures-of-another-size) |
# | Must a Dataset or generator yield batches? | yes: call `.batch(32)` once | [9 · Case 3: a Dataset, with and without batches](09_your_own_model.ipynb#Case-3:-a-Dataset,-with-and-without-batches) |
# | How are inputs matched: by name, in a dict, or by order, in a list? | as the model was made | [9 · Case 9: several inputs: a list, or a dict?](09_your_own_model.ipynb#Case-9:-several-inputs:-a-list,-or-a-dict?) |
# | What does the warning about the structure of inputs mean? fit([x, y])? | the form isn't that of the model's inputs; a Sequential takes the first of two arrays | [9 · Case 9: several inputs: a list, or a dict?](09_your_own_model.ipynb#Case-9:-several-inputs:-a-list,-or-a-dict?)<br>[9 · What if a layer gives more than one tensor?](09_your_own_model.ipynb#What-if-a-layer-gives-more-than-one-tensor?) |
# | How long is a text after TextVectorization, and why is its shape None? | as long as the longest of its batch, unless you say | [9 · Case 10: words, films, and sequences that go on](09_your_own_model.ipynb#Case-10:-words,-films,-and-sequences-that-go-on) |
# | Is there an InputShape? What is the difference between shape and input_shape? | there isn't; `shape` belongs to Input | [3 · Where is InputShape?](03_input_shape.ipynb#Where-is-InputShape?)<br>[6 · Where may the input's shape stand?](06_old_posts_new_keras.ipynb#Where-may-the-input's-shape-stand?) |
# | Input or InputLayer? | Input makes an InputLayer and returns its output | [4 · Which of the two makes the other?](04_inputlayer_vs_input.ipynb#Which-of-the-two-makes-the-other?) |
# | Why does a Sequential accept data of the wrong shape, where Functional refuses? | it compares the number of axes only | [1 · Where does the promise leak?](01_input_vs_flatten.ipynb#Where-does-the-promise-leak?)<br>[3 · How strict is the promise?](03_input_shape.ipynb#How-strict-is-the-promise?)<br>[7 · Case 7: can you make the quiet ones shout?](07_shape_detective.ipynb#Case-7:-can-you-make-the-quiet-ones-shout?) |
#
# <!-- questions 0: end -->

# %% [markdown]
# ## What do you ask about layers?
#
# <!-- questions 1: begin -->
#
# | you ask | in short | read |
# | --- | --- | --- |
# | How many numbers come out of Flatten, and what happens to the batch? | each sample becomes a row: the product of its sizes | [1 · One-dimensional?](01_input_vs_flatten.ipynb#One-dimensional?)<br>[2 · What exactly is 1152?](02_how_flatten_works.ipynb#What-exactly-is-1152?) |
# | Why is my output three-dimensional? What does Dense do with rows and columns? | Dense works on the last axis and keeps the others | [5 · Who sees whom?](05_dense_without_flatten.ipynb#Who-sees-whom?)<br>[5 · What does the table say?](05_dense_without_flatten.ipynb#What-does-the-table-say?) |
# | How many weights or parameters does Dense have on all steps of an LSTM, or the last? | just as many: one kernel for all rows | [5 · Who sees whom?](05_dense_without_flatten.ipynb#Who-sees-whom?)<br>[3b · What does return_sequences change?](03b_sequences_and_inputs.ipynb#What-does-return_sequences-change?) |
# | How many parameters do a Dense, a convolution, an LSTM have? | inputs at a time, times units, plus biases | [1 · From a convolution to Flatten](01_input_vs_flatten.ipynb#From-a-convolution-to-Flatten)<br>[5 · What does the table say?](05_dense_without_flatten.ipynb#What-does-the-table-say?)<br>[3b · Which axes does a sequence have?](03b_sequences_and_inputs.ipynb#Which-axes-does-a-sequence-have?) |
# | What are the units of an LSTM or RNN? Are they the time steps? | the width of its result and state; the steps touch no weight | [3b · Which axes does a sequence have?](03b_sequences_and_inputs.ipynb#Which-axes-does-a-sequence-have?) |
# | Which size comes out of a convolution, with padding same, valid or causal, stride and dilation? | same and causal keep the length where the stride is 1 | [2 · The example that was announced](02_how_flatten_works.ipynb#The-example-that-was-announced)<br>[1 · A model begins at its Input](01_input_vs_flatten.ipynb#A-model-begins-at-its-Input) |
# | Flatten or global pooling? | Flatten keeps places, and pays by the pixel | [2 · Is Flatten essential?](02_how_flatten_works.ipynb#Is-Flatten-essential?)<br>[2 · The bill](02_how_flatten_works.ipynb#The-bill) |
# | What does -1 leave open in Reshape? | nothing: it is worked out, if the rest is known | [2 · What else is Flatten?](02_how_flatten_works.ipynb#What-else-is-Flatten?)<br>[2 · Who looks after the batch?](02_how_flatten_works.ipynb#Who-looks-after-the-batch?) |
# | How do I mask padded steps, and which shape does an attention mask have? | `mask_zero=True` travels by itself; a mask by hand fits the scores | [3b · What about different lengths in one batch?](03b_sequences_and_inputs.ipynb#What-about-different-lengths-in-one-batch?)<br>[9 · Case 5: attention, and what it mustn't look at](09_your_own_model.ipynb#Case-5:-attention,-and-what-it-mustn't-look-at) |
# | Which widths must query, key and value have in attention? | any, in `MultiHeadAttention`: only the steps of key and value must agree | [9 · Case 5: attention, and what it mustn't look at](09_your_own_model.ipynb#Case-5:-attention,-and-what-it-mustn't-look-at) |
# | Why does my U-Net or autoencoder come back with another size? | pooling rounds; upsampling doubles | [9 · Case 4: a decoder whose sizes don't meet again](09_your_own_model.ipynb#Case-4:-a-decoder-whose-sizes-don't-meet-again) |
# | Which axis does Concatenate join? | the last, unless `axis=` says otherwise | [7 · Case 2: why can't the two be joined?](07_shape_detective.ipynb#Case-2:-why-can't-the-two-be-joined?) |
# | Why does summary() of my subclass or class show no shapes, or a batch size? | it knows only what it was called with | [9 · Case 11: a class or a function of your own](09_your_own_model.ipynb#Case-11:-a-class-or-a-function-of-your-own)<br>[4 · What does a model remember of its first data?](04_inputlayer_vs_input.ipynb#What-does-a-model-remember-of-its-first-data?) |
# | How do I see what an inner layer gives? | a model from the input to its output | [3b · What if you want to use an inner tensor again?](03b_sequences_and_inputs.ipynb#What-if-you-want-to-use-an-inner-tensor-again?)<br>[6 · What can you still ask a layer?](06_old_posts_new_keras.ipynb#What-can-you-still-ask-a-layer?) |
# | A pretrained base, a backbone: how do I give it other images, grey or of other size? | bring your pictures to what it declares | [9 · Case 6: a model that was made for other pictures](09_your_own_model.ipynb#Case-6:-a-model-that-was-made-for-other-pictures) |
#
# <!-- questions 1: end -->

# %% [markdown]
# ## What do you ask about targets, losses and metrics?
#
# <!-- questions 2: begin -->
#
# | you ask | in short | read |
# | --- | --- | --- |
# | What shape must y, the labels or targets, have, and which loss do I take? | that of the output; one axis fewer for a sparse loss | [8 · What shape does a target have?](08_targets_and_losses.ipynb#What-shape-does-a-target-have?) |
# | One unit with sigmoid, or two with softmax? | both work; softmax over one unit doesn't | [8 · Yes or no: one unit, or two?](08_targets_and_losses.ipynb#Yes-or-no:-one-unit,-or-two?) |
# | Why is Dense(3) against y of shape (n, 1), several units and one number, not refused? | a loss for numbers, such as `mse`, stretches the target or the output | [8 · What shape does a target have?](08_targets_and_losses.ipynb#What-shape-does-a-target-have?)<br>[5 · When do targets fit?](05_dense_without_flatten.ipynb#When-do-targets-fit?) |
# | Do `y` of shape `(n,)` and `y_pred` of shape `(n, 1)` fit? Why does my model predict the mean, and the loss not fall, in a training loop of my own? | not in your own arithmetic: broadcasting makes each target meet every output | [8 · What goes wrong in silence?](08_targets_and_losses.ipynb#What-goes-wrong-in-silence?)<br>[7 · Case 6: why is the error so large?](07_shape_detective.ipynb#Case-6:-why-is-the-error-so-large?) |
# | How do I give losses and targets to several outputs, by name in a dict? | a dict for a dict, a list for a list | [8 · Two answers for one sample?](08_targets_and_losses.ipynb#Two-answers-for-one-sample?) |
# | Why is accuracy wrong, and what do Precision and Recall want for several classes? | `"accuracy"` guesses from shapes; Precision wants one-hot rows and `class_id` | [8 · Is accuracy spared?](08_targets_and_losses.ipynb#Is-accuracy-spared?) |
# | Why is my loss negative, or zero from the start? | masks of 255; softmax over one unit | [8 · Pictures as targets?](08_targets_and_losses.ipynb#Pictures-as-targets?)<br>[8 · Yes or no: one unit, or two?](08_targets_and_losses.ipynb#Yes-or-no:-one-unit,-or-two?) |
# | from_logits: scores or softmax? | tell the loss which of the two it gets | [8 · Scores, or shares?](08_targets_and_losses.ipynb#Scores,-or-shares?) |
# | sample_weight and class_weight with steps or pixels? | one weight for each loss that there is | [8 · How do some count more than others?](08_targets_and_losses.ipynb#How-do-some-count-more-than-others?) |
# | What is the loss averaged over? | samples, and steps or pixels | [8 · What is the loss the mean of?](08_targets_and_losses.ipynb#What-is-the-loss-the-mean-of?) |
#
# <!-- questions 2: end -->

# %% [markdown]
# ## What do you ask about old code, and the rest?
#
# <!-- questions 3: begin -->
#
# | you ask | in short | read |
# | --- | --- | --- |
# | Why does code from an old post no longer run? | five questions to ask of it | [6 · Who is speaking?](06_old_posts_new_keras.ipynb#Who-is-speaking?)<br>[6 · How do you read an old answer?](06_old_posts_new_keras.ipynb#How-do-you-read-an-old-answer?) |
# | How do I save a model and load its weights? | whole, or its weights alone | [9 · Case 7: saved, and loaded again?](09_your_own_model.ipynb#Case-7:-saved,-and-loaded-again?) |
# | It trains without an error, and learns nothing: where do I look? | shapes, sums, pictures | [7 · Case 5: it trains, so what is wrong?](07_shape_detective.ipynb#Case-5:-it-trains,-so-what-is-wrong?)<br>[8 · What goes wrong in silence?](08_targets_and_losses.ipynb#What-goes-wrong-in-silence?)<br>[7 · Which words point where?](07_shape_detective.ipynb#Which-words-point-where?) |
#
# <!-- questions 3: end -->

# %% [markdown]
# ## Is yours not among them?
#
# Let Keras Shapes look at it. After an error, `why()` in the next cell says what happened, with your own
# numbers, and before one `explain(model, x, y)` compares the model with the data. What will it say of a
# model with one unit too many?

# %%
import keras
import numpy as np
from autograder.learn import explain
from keras import layers

model = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="softmax")])
model.compile("sgd", "categorical_crossentropy")
explain(model, np.ones((8, 4)), np.eye(2)[[0, 1] * 4])

# %% [markdown]
# How to have that in any notebook, and in scripts:
# **[Start here](00_start_here.ipynb#Which-lesson-answers-your-question?)** tells.
