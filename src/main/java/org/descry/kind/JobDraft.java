package org.descry.kind;

import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import java.util.Locale;
import org.descry.data.convert.DataGuess;
import org.descry.data.image.FolderSample;
import org.descry.job.schema.Yaml;

/** A job file for some data, with a comment on each choice, as a start for changes. */
public final class JobDraft {
  private static final int LARGEST_SIDE = 64;
  private static final int SMALLEST_SIDE = 8;

  /** Pixels of height and width that pooling leaves. */
  private static final int LEFT = 4;

  private JobDraft() {}

  /**
   * The job's text; paths are written as the data's is.
   *
   * @param name of the job
   * @param file that it is to be written to
   */
  public static String of(DataGuess data, String name, Path file) {
    String path = quoted(data.path());
    return """
    #   descry train %2$s --fast-dev-run    two batches of everything, to see that it works
    #   descry train %2$s                   the whole training, into runs/%1$s
    #
    # docs/job-reference.md has every key with its default and its range.
    name: %1$s
    seed: 1             # another one gives another, equally good model

    """
            .formatted(name, file)
        + switch (data.kind()) {
          case CIFAR10, CIFAR100 -> cifar(data.kind().name().toLowerCase(Locale.ROOT), path);
          case IMAGE_FOLDER -> images(data.sample(), path);
          case CAPTIONS -> captions(path, quoted(folder(data.path())));
          case TEXT -> text(path);
          case SEQUENCES -> sequences(path);
        };
  }

  private static Path folder(Path file) {
    return file.getParent() == null ? Path.of(".") : file.getParent();
  }

  private static String quoted(Path path) {
    return Yaml.write(TextNode.valueOf(path.toString())).strip();
  }

  private static String cifar(String source, String path) {
    String data =
        """
          source: %s
          path: %s
          validation: 5000  # training images held out to choose the best epoch by
          augment: {mirror: true, shift: 4}
        """
            .formatted(source, path);
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

  private static String captions(String captions, String images) {
    return """
    model:
      type: captioning-rnn
      stages:           # of the encoder: conv - batch norm - relu - 2x2 max pool
        - {filters: 32}
        - {filters: 64}
        - {filters: 64}
        - {filters: 128}
      batchNorm: true
      embedding: 128    # width of a word's vector
      hidden: 256       # width of the decoder's state
      rnn: lstm

    data:
      source: captions
      captions: %s
      images: %s        # images may lie in it or anywhere below
      height: 64        # images are resized to this
      width: 64
      minCount: 2       # rarer words are unknown; 5 for large sets
      maxWords: 20

    training:
      epochs: 12
      batchSize: 50
      optimizer:
        type: adam
        learningRate: 0.001   # the first thing to search for: see docs/sweeps.md
        schedule: {type: cosine}
      gradientClipping: {norm: 5}
      selectBy: cider

    decoding: {beam: 3}
    """
        .formatted(captions, images);
  }

  private static String text(String path) {
    return """
    model:
      type: language-rnn
      embedding: 0      # one-hot characters; a width such as 128 for words
      hidden: 256
      rnn: lstm

    data:
      source: text
      path: %s
      unit: character   # or word
      steps: 50         # how far gradients flow back
      validation: 0.05  # shares of the text held out
      test: 0.05

    training:
      epochs: 10
      batchSize: 32
      optimizer: {type: adam, learningRate: 0.002}
      gradientClipping: {norm: 5}
    """
        .formatted(path);
  }

  private static String sequences(String path) {
    return """
    model:
      type: sequence-rnn
      embedding: 16     # width of a token's vector; 0 for numbers
      hidden: 64
      rnn: lstm
      bidirectional: true

    data:
      source: sequences
      path: %s
      unit: character   # or word
      maxSteps: 200     # longest sequence, in tokens or steps

    training:
      epochs: 12
      batchSize: 32
      optimizer: {type: adam, learningRate: 0.005}
    """
        .formatted(path);
  }
}
