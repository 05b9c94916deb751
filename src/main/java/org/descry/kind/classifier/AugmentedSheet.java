package org.descry.kind.classifier;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.descry.UsageException;
import org.descry.data.EpochBatches;
import org.descry.data.image.ChannelNormalizer;
import org.descry.data.image.ImageBatches;
import org.descry.data.image.ImageSet;
import org.descry.io.AtomicFiles;
import org.descry.io.IoErrors;
import org.descry.job.ImageDataSettings;
import org.descry.job.Job;
import org.descry.report.Html;
import org.descry.report.Page;
import org.descry.train.Task;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a job's training sees of an image of each class, epoch after epoch. */
public final class AugmentedSheet {
  private static final int EPOCHS = 8;
  private static final String STYLE =
      "td img { width: 4rem; image-rendering: pixelated; display: block; }\n";

  private AugmentedSheet() {}

  /**
   * Writes a page with a row a class: its name, an image as it is, and as it is in the first
   * epochs.
   *
   * @throws org.descry.DescryException if the data cannot be read, or are no images with classes,
   *     or the page cannot be written
   */
  public static void write(Job job, Path page) {
    try {
      AtomicFiles.write(page, html(job));
    } catch (IOException e) {
      throw IoErrors.unwritable(page, e);
    }
  }

  private static String html(Job job) {
    if (!(job.data() instanceof ImageDataSettings data)) {
      throw new UsageException(
          "Job %s is of no classifier of images; expected one, whose images can be shown."
              .formatted(job.name()));
    }
    ImageSet train = ImageSource.load(data, job.seed(), Task.intake(data)).parts().train();
    ImageSet shown = firsts(train);
    ChannelNormalizer normalizer = ChannelNormalizer.fit(train);
    StringBuilder[] rows = new StringBuilder[shown.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] =
          new StringBuilder("<tr><th scope='row'>")
              .append(Html.escape(shown.labelNames().get(shown.label(i))))
              .append("</th>")
              .append(cell(shown, shown.image(i)));
    }
    try (EpochBatches batches =
        ImageBatches.of(shown, normalizer, shown.size())
            .augment(ImageSource.augmentation(data), job.seed())
            .build()) {
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        batches.start(epoch, 0);
        INDArray images = batches.next().getFeatures(0);
        for (int i = 0; i < rows.length; i++) {
          rows[i].append(cell(shown, bytes(images.slice(i), normalizer)));
        }
      }
    }
    return Page.html(
        job.name() + ": augmented images",
        STYLE,
        "<p>An image of each class as it is, and in the first %s epochs.</p>%s"
            .formatted(EPOCHS, Html.table(String.join("</tr>\n", rows) + "</tr>")));
  }

  /** The first image of each class that has one. */
  private static ImageSet firsts(ImageSet images) {
    return images.select(
        IntStream.range(0, images.classes())
            .flatMap(
                k -> IntStream.range(0, images.size()).filter(i -> images.label(i) == k).limit(1))
            .toArray());
  }

  private static String cell(ImageSet images, byte[] pixels) {
    return "<td><img alt='' src='data:image/png;base64,%s'></td>"
        .formatted(Html.png(pixels, images.height(), images.width()));
  }

  /** C x H x W normalised numbers as channels-last bytes. */
  private static byte[] bytes(INDArray image, ChannelNormalizer normalizer) {
    float[] values = image.permute(1, 2, 0).dup('c').data().asFloat();
    int channels = normalizer.mean().size();
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      int c = i % channels;
      double value = values[i] * normalizer.scale(c) + normalizer.mean().get(c);
      bytes[i] = (byte) Math.max(0, Math.min(255, Math.round(255 * value)));
    }
    return bytes;
  }
}
