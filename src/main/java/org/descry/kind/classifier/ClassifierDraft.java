package org.descry.kind.classifier;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.descry.data.convert.DataGuess;
import org.descry.data.image.FolderSample;
import org.descry.data.image.cifar.CifarFolder;
import org.descry.kind.JobDraft;

/** The draft of a job over images of classes. */
final class ClassifierDraft {
  private static final int LARGEST_SIDE = 64;
  private static final int SMALLEST_SIDE = 8;

  /** Pixels of height and width that pooling leaves. */
  private static final int LEFT = 4;

  /** Of CIFAR's training images, for validation. */
  private static final int MOST_HELD_OUT = 5000;

  private ClassifierDraft() {}

  static Optional<String> of(DataGuess data) {
    String path = JobDraft.quoted(data.path());
    return switch (data.kind()) {
      case CIFAR10, CIFAR100 ->
          Optional.of(cifar(data.kind().name().toLowerCase(Locale.ROOT), data.path(), path));
      case IMAGE_FOLDER -> Optional.of(images(data.sample(), path));
      case CAPTIONS, TEXT, SEQUENCES -> Optional.empty();
    };
  }

  private static String cifar(String source, Path folder, String path) {
    long images = CifarFolder.trainingImages(folder);
    String validation =
        CifarFolder.hasValidation(folder) // which is what the best epoch is chosen by
            ? ""
            : "  validation: %s  # training images held out to choose the best epoch by\n"
                .formatted(Math.max(1, Math.min(MOST_HELD_OUT, images / 10)));
    String data =
        """
          source: %s
          path: %s
        %s  augment: {mirror: true, shift: 4}
        """
            .formatted(source, path, validation);
    return convnet(32, data, 100);
  }

  private static String images(FolderSample sample, String path) {
    int height = side(sample.height());
    int width = side(sample.width());
    int least = Math.min(height, width);
    String data =
        """
          source: image-folder   # %s images of %s classes, of about %s x %s pixels
          path: %s
          height: %s        # images are resized to this; larger ones take longer and show more
          width: %s
          augment: {mirror: true, shift: %s}   # mirror: false for letters and the like
        """
            .formatted(
                sample.images(),
                sample.classes().size(),
                sample.height(),
                sample.width(),
                path,
                height,
                width,
                Math.max(1, least / 16));
    return convnet(least, data, Math.max(2, Math.min(100, sample.images() / 20)));
  }

  private static int side(int median) {
    int rounded = median / SMALLEST_SIDE * SMALLEST_SIDE;
    return Math.max(SMALLEST_SIDE, Math.min(LARGEST_SIDE, rounded));
  }

  private static String convnet(int side, String data, int batchSize) {
    StringBuilder stages = new StringBuilder();
    int filters = 32;
    for (int left = side; left / 2 >= LEFT; left /= 2) {
      stages.append("    - {filters: %s}\n".formatted(filters));
      filters = Math.min(128, 2 * filters);
    }
    return """
    model:
      type: convnet
      stages:           # conv - batch norm - relu - 2x2 max pool: each halves height and width
    %s  hidden: [128]     # widths of the affine layers behind them
      batchNorm: true
      dropout: 0.25     # more if the validation loss rises while the training loss falls

    data:
    %s
    training:
      epochs: 20
      batchSize: %s
      optimizer:
        type: adam
        learningRate: 0.002   # the first thing to search for: see docs/sweeps.md
        schedule: {type: cosine}
      l2: 1.0e-4
    """
        .formatted(stages, data, batchSize);
  }
}
