package org.descry.job;

/** Descriptions of keys that several records have. */
final class Keys {
  static final String LEARNING_RATE = "Step size at the start.";
  static final String SCHEDULE = "How the learning rate changes.";
  static final String LAST_RATE =
      "Share of the learning rate that is left at the last step of training.epochs.";
  static final String MEAN_DECAY = "Decay of the running mean of gradients.";
  static final String SQUARES_DECAY = "Decay of the running mean of squared gradients.";
  static final String EPSILON = "Added to the divisor.";

  static final String HIDDEN = "Width of a recurrent layer's state.";
  static final String LAYERS = "Recurrent layers.";
  static final String RNN = "What the recurrent layers are made of.";
  static final String INIT = "How the recurrent layers' weights begin.";
  static final String LOSS = "What the output layer minimises.";

  static final String HEIGHT = "Height that images are resized to, in pixels.";
  static final String WIDTH = "Width that images are resized to, in pixels.";
  static final String MAX_PIXELS =
      "Most pixels (height times width) of an image file; larger ones are refused before they are"
          + " decoded.";
  static final String AUGMENT = "Random changes made to training images.";
  static final String CIFAR_VALIDATION = "Training images held out to choose the best model by.";
  static final String CIFAR_DOWNLOAD = "Whether to fetch the official archive where path lacks it.";
  static final String CIFAR_BAD_RECORD =
      "What becomes of a record that is cut off or has an impossible label"
          + DataSettings.OnBadRecord.CONSEQUENCE;

  private Keys() {}
}
