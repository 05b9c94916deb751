package org.descry.data.caption;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.descry.DataException;
import org.descry.data.Fingerprint;
import org.descry.data.Intake;
import org.descry.data.Part;
import org.descry.data.SharedData.Decoded;
import org.descry.data.caption.feature.FeatureFiles;
import org.descry.data.caption.feature.FeatureNaming;
import org.descry.data.image.ImageLoader;
import org.descry.data.image.ImageReading;
import org.descry.data.image.Pixels;
import org.descry.io.Excerpt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings captions and what is to be seen of their images together: pixels, or features. */
final class CaptionAssembly {
  private static final Logger LOG = LoggerFactory.getLogger(CaptionAssembly.class);

  /** An image with what is to be seen of it: its pixels, or its features. */
  private record Sourced(Described described, Pixels pixels, float[] features) {}

  private record Found(Described described, Path file) {}

  /**
   * Images that could be decoded.
   *
   * @param files of them, by row
   */
  record Images(List<String> files) {}

  private final CaptionFiles files;
  private final CaptionLimits limits;
  private final ImageLoader loader;
  private final Intake intake;
  private final Map<Path, ImageFinder> finders = new HashMap<>();
  private final List<String> missing = new ArrayList<>();

  /**
   * @param loader loads the images (no matter for features)
   */
  CaptionAssembly(CaptionFiles files, CaptionLimits limits, ImageLoader loader, Intake intake) {
    this.files = files;
    this.limits = limits;
    this.loader = loader;
    this.intake = intake;
  }

  /** To be called once. */
  CaptionData of(Map<Part, List<Described>> parts) {
    FeatureFiles features =
        files.features() == null ? null : FeatureFiles.read(files.features(), intake);
    Map<Part, List<Sourced>> sourced = features == null ? images(parts) : vectors(parts, features);
    requireFew(features == null ? files.images().all() : files.features());
    if (sourced.get(Part.TRAIN).isEmpty()) {
      throw new DataException(
          "No usable pair of image and caption is left in " + files.captions() + intake.sentence());
    }
    intake.settle();
    return sets(sourced, features);
  }

  private Map<Part, List<Sourced>> images(Map<Part, List<Described>> parts) {
    Map<Part, List<Found>> found = new EnumMap<>(Part.class);
    parts.forEach((part, described) -> found.put(part, found(part, described)));
    Map<String, Path> files = new LinkedHashMap<>(); // a file may be spelled in two ways
    found.values().stream()
        .flatMap(List::stream)
        .forEach(one -> files.putIfAbsent(name(one.file()), one.file()));
    // Other seeds put the same images into other parts.
    List<String> names = files.keySet().stream().sorted().toList();
    String key = new Fingerprint().add(loader.toString()).add(names).hex();
    Decoded<Images> decoded =
        intake.decoded(Images.class, key, () -> decode(List.copyOf(files.values())));
    Pixels[] pixels = Pixels.of(decoded.parts().get(0));
    Map<String, Pixels> byName = new HashMap<>();
    decoded.about().files.forEach(file -> byName.put(file, pixels[byName.size()]));
    Map<Part, List<Sourced>> sourced = new EnumMap<>(Part.class);
    found.forEach(
        (part, all) ->
            sourced.put(
                part,
                all.stream()
                    .map(one -> new Sourced(one.described(), byName.get(name(one.file())), null))
                    .filter(one -> one.pixels() != null)
                    .toList()));
    return sourced;
  }

  /** The same in every process, however the folder was named. */
  private static String name(Path file) {
    return file.toAbsolutePath().normalize().toString();
  }

  private Decoded<Images> decode(List<Path> files) {
    List<ImageReading.Read<Path>> read = new ImageReading(loader, intake).all(files, file -> file);
    Pixels[] pixels = read.stream().map(ImageReading.Read::pixels).toArray(Pixels[]::new);
    return new Decoded<>(
        new Images(read.stream().map(one -> name(one.of())).toList()),
        List.of(Pixels.rows(pixels, loader.height() * loader.width() * loader.channels())));
  }

  private List<Found> found(Part part, List<Described> described) {
    List<Found> found = new ArrayList<>();
    for (Described image : described) {
      Path file =
          finders.computeIfAbsent(files.images().of(part), ImageFinder::new).find(image.image());
      if (file == null) {
        missing.add(Excerpt.of(image.image().path()));
      } else {
        found.add(new Found(image, file));
      }
    }
    return found;
  }

  private Map<Part, List<Sourced>> vectors(
      Map<Part, List<Described>> parts, FeatureFiles features) {
    FeatureNaming naming =
        FeatureNaming.of(
            features, parts.values().stream().flatMap(List::stream).map(Described::image).toList());
    Map<Part, List<Sourced>> sourced = new EnumMap<>(Part.class);
    parts.forEach((part, described) -> sourced.put(part, vectors(described, naming)));
    return sourced;
  }

  private List<Sourced> vectors(List<Described> described, FeatureNaming naming) {
    List<Sourced> sourced = new ArrayList<>();
    for (Described image : described) {
      float[] vector = naming.find(image.image());
      if (vector != null) {
        sourced.add(new Sourced(image, null, vector));
      } else if (!naming.leftOut(image.image())) {
        missing.add(Excerpt.of(image.image().path()));
      }
    }
    return sourced;
  }

  private void requireFew(Path source) {
    if (missing.size() > limits.maxMissing()) {
      throw new DataException(
          "Images of %2$s missing in %3$s: %1$s, more than data.maxMissing = %4$s: %5$s"
              .formatted(
                  missing.size(),
                  files.captions(),
                  source,
                  limits.maxMissing(),
                  Intake.examples(missing)));
    }
    if (!missing.isEmpty()) {
      LOG.warn(
          "Images missing in {}: {}, left out: {}",
          source,
          missing.size(),
          Intake.examples(missing));
    }
  }

  private CaptionData sets(Map<Part, List<Sourced>> parts, FeatureFiles features) {
    List<Sourced> all = parts.values().stream().flatMap(List::stream).toList();
    int train = parts.get(Part.TRAIN).size();
    int validation = train + parts.get(Part.VALIDATION).size();
    Stream<List<String>> learnt =
        all.subList(0, train).stream()
            .flatMap(s -> s.described().captions().stream())
            .map(Sentence::words);
    Vocabulary vocabulary = Vocabulary.of(learnt::iterator, limits.minCount());
    ImageInputs inputs = features == null ? pixels(all, train) : inputs(all, features);
    return new CaptionData(
        set(all, 0, train, inputs, vocabulary),
        set(all, train, validation, inputs, vocabulary),
        set(all, validation, all.size(), inputs, vocabulary),
        missing.size(),
        intake.leftOut().size());
  }

  private CaptionSet set(
      List<Sourced> all, int from, int to, ImageInputs inputs, Vocabulary vocabulary) {
    List<Described> part = all.subList(from, to).stream().map(Sourced::described).toList();
    Captions captions =
        new Captions(
            part.stream().map(d -> d.image().file()).toList(),
            part.stream().map(Described::captions).toList(),
            vocabulary,
            limits.maxWords());
    return new CaptionSet(captions, inputs.select(IntStream.range(from, to).toArray()));
  }

  private ImageInputs pixels(List<Sourced> all, int train) {
    Pixels[] pixels = all.stream().map(Sourced::pixels).toArray(Pixels[]::new);
    // The normaliser must not see what the model is tested on.
    return PixelInputs.fitted(pixels, train, loader.channels(), loader.height(), loader.width());
  }

  private static ImageInputs inputs(List<Sourced> all, FeatureFiles features) {
    return new FeatureInputs(
        all.stream().map(Sourced::features).toArray(float[][]::new), features.width());
  }
}
