package org.descry.kind.captioner;

import java.nio.file.Path;
import java.util.List;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.Intake;
import org.descry.data.builtin.ShapeScene;
import org.descry.data.builtin.ShapeScenes;
import org.descry.data.caption.CaptionData;
import org.descry.data.caption.CaptionFiles;
import org.descry.data.caption.CaptionLimits;
import org.descry.data.caption.CaptionLimits.LongCaptions;
import org.descry.data.caption.CaptionSet;
import org.descry.data.caption.CaptionWords;
import org.descry.data.caption.file.CaptionFormat;
import org.descry.data.decode.Fit;
import org.descry.data.image.ImageLoader;
import org.descry.job.CaptionDataSettings;
import org.descry.job.Cases;
import org.descry.job.schema.FilePath;

/**
 * The captions that a job names.
 *
 * @param data the three parts, none of them empty
 * @param testScenes what is truly on the test images, in their order; null where nobody knows
 */
record CaptionSource(CaptionData data, List<ShapeScene> testScenes) {
  private static final int RGB = 3;

  private static final Cases<CaptionDataSettings, Reader> SOURCES =
      Cases.<CaptionDataSettings, Reader>of(CaptionDataSettings.class)
          .when(
              CaptionDataSettings.BuiltInScenes.class,
              scenes -> (seed, intake) -> generated(scenes, seed))
          .when(
              CaptionDataSettings.Files.class, files -> (seed, intake) -> read(files, seed, intake))
          .exhaustive();

  CaptionSource {
    requirePairs("training", data.train());
    requirePairs("validation", data.validation());
    requirePairs("test", data.test());
  }

  /** The least that images will have, {@code [C, H, W]}, as the settings say it. */
  static long[] smallest(CaptionDataSettings data) {
    return new long[] {1, data.height(), data.width()};
  }

  /**
   * @param seed of generated sets and of what is held out
   * @throws DescryException if the data cannot be read, or leaves a part empty
   */
  static CaptionSource load(CaptionDataSettings data, long seed, Intake intake) {
    return SOURCES.of(data).read(seed, intake);
  }

  private interface Reader {
    CaptionSource read(long seed, Intake intake);
  }

  private static CaptionSource generated(CaptionDataSettings.BuiltInScenes scenes, long seed) {
    ShapeScenes.Generated generated =
        ShapeScenes.generate(seed, scenes.train(), scenes.validation(), scenes.test());
    return new CaptionSource(generated.data(), generated.test());
  }

  private static CaptionSource read(CaptionDataSettings.Files files, long seed, Intake intake) {
    return new CaptionSource(
        CaptionData.load(
            intake.reading(files.captions(), () -> files(files)),
            limits(files),
            new ImageLoader(
                files.height(),
                files.width(),
                RGB,
                files.maxPixels(),
                Fit.valueOf(files.fit().name())),
            seed,
            intake),
        null);
  }

  /** What a job asks of captions. */
  static CaptionLimits limits(CaptionDataSettings.Files files) {
    return new CaptionLimits(
        files.minCount(),
        files.maxWords(),
        LongCaptions.valueOf(files.longCaptions().name()),
        files.maxMissing(),
        CaptionWords.valueOf(files.tokenizer().name()));
  }

  private static CaptionFiles files(CaptionDataSettings.Files data) {
    CaptionDataSettings.Splits splits = data.splits();
    boolean lists =
        splits != null
            && (splits.train() != null || splits.validation() != null || splits.test() != null);
    return new CaptionFiles(
        data.captions().find(),
        CaptionFormat.valueOf(data.format().name()),
        splits == null ? null : path(splits.validationCaptions()),
        splits == null ? null : path(splits.testCaptions()),
        lists
            ? new CaptionFiles.SplitLists(
                path(splits.train()), path(splits.validation()), path(splits.test()))
            : null,
        images(data),
        path(data.features()));
  }

  private static CaptionFiles.Images images(CaptionDataSettings.Files data) {
    CaptionDataSettings.Splits splits = data.splits();
    return data.images() == null || splits == null
        ? CaptionFiles.Images.in(path(data.images()))
        : new CaptionFiles.Images(
            path(data.images()), path(splits.validationImages()), path(splits.testImages()));
  }

  private static Path path(FilePath path) {
    return path == null ? null : path.find();
  }

  /** Each part cut to about so many captions. */
  CaptionSource atMost(int captions) {
    CaptionSet test = cut(data.test(), captions);
    return new CaptionSource(
        new CaptionData(
            cut(data.train(), captions),
            cut(data.validation(), captions),
            test,
            data.missing(),
            data.badRecords()),
        testScenes == null ? null : testScenes.subList(0, test.images()));
  }

  private static CaptionSet cut(CaptionSet set, int captions) {
    long images = (long) captions * set.images() / set.size();
    return images < set.images() ? set.first((int) Math.max(1, images)) : set;
  }

  private static void requirePairs(String part, CaptionSet captions) {
    if (captions.size() == 0) {
      throw new DataException(
          "The data has no captions in its %s part; expected at least one, from data.splits, the caption file's own parts, or a tenth of three images or more."
              .formatted(part));
    }
  }
}
