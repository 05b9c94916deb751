package org.descry.data.caption;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.BadRecordException;
import org.descry.data.Intake;
import org.descry.data.Part;
import org.descry.data.caption.CaptionLimits.LongCaptions;
import org.descry.data.caption.feature.FeatureFiles;
import org.descry.data.caption.feature.FeatureNaming;
import org.descry.data.caption.file.Caption;
import org.descry.data.caption.file.CaptionFile;
import org.descry.data.caption.file.ImageName;
import org.descry.data.image.ImageLoader;
import org.descry.io.Excerpt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings captions, parts and images together. */
final class CaptionLoader {
  private static final Logger LOG = LoggerFactory.getLogger(CaptionLoader.class);

  /** What tells images apart: one name in two folders is two. */
  private record Key(Path folder, String path) {}

  /** An image with its captions; the part is null while nothing has told it. */
  private record Described(ImageName image, Part part, List<Sentence> captions) {}

  /** An image with what is to be seen of it: its pixels, or its features. */
  private record Sourced(Described described, byte[] pixels, float[] features) {}

  private record Found(Described described, Path file) {}

  private final CaptionFiles files;
  private final CaptionLimits limits;
  private final long seed;
  private final Intake intake;
  // In the order of the files.
  private final Map<Key, Described> images = new LinkedHashMap<>();
  // One object for each word, however often it is said.
  private final Map<String, String> words = new HashMap<>();

  CaptionLoader(CaptionFiles files, CaptionLimits limits, long seed, Intake intake) {
    this.files = files;
    this.limits = limits;
    this.seed = seed;
    this.intake = intake;
  }

  CaptionData load(ImageLoader imageLoader) {
    readCaptions(files.captions(), files.ownFiles() ? Part.TRAIN : null);
    readCaptions(files.validationCaptions(), Part.VALIDATION);
    readCaptions(files.testCaptions(), Part.TEST);
    return assemble(split(), imageLoader);
  }

  /** The test part of the caption file, or all of it if it has none, in place of what is learnt. */
  CaptionSet loadTest(ImageLoader imageLoader) {
    readCaptions(files.captions(), null);
    boolean told = images.values().stream().anyMatch(d -> d.part() == Part.TEST);
    Map<Part, List<Described>> parts = emptyParts();
    images.values().stream()
        .filter(d -> (!told || d.part() == Part.TEST) && !d.captions().isEmpty())
        .forEach(parts.get(Part.TRAIN)::add);
    return assemble(parts, imageLoader).train();
  }

  private CaptionData assemble(Map<Part, List<Described>> parts, ImageLoader imageLoader) {
    FeatureFiles features =
        files.features() == null ? null : FeatureFiles.read(files.features(), intake);
    Map<Part, List<Sourced>> sourced = new EnumMap<>(Part.class);
    int missing = source(parts, features, imageLoader, sourced);
    if (sourced.get(Part.TRAIN).isEmpty()) {
      throw new DataException(
          "No usable pair of image and caption is left in " + files.captions() + intake.sentence());
    }
    intake.settle();
    return assemble(sourced, missing, features, imageLoader);
  }

  private void readCaptions(Path file, Part part) {
    if (file != null) {
      intake.reading(
          file,
          () -> {
            readAll(file, part);
            return null;
          });
    }
  }

  private void readAll(Path file, Part part) {
    try (CaptionFile captions = CaptionFile.open(file, files.format())) {
      boolean more = true;
      while (more) {
        try {
          Caption caption = captions.next();
          more = caption != null;
          if (more) {
            add(caption, part);
          }
        } catch (BadRecordException e) {
          intake.leaveOut(e);
        }
      }
    }
  }

  private void add(Caption caption, Part ofFile) {
    Sentence sentence = sentence(caption);
    int length = sentence.words().size();
    if (length > limits.maxWords() && limits.longCaptions() == LongCaptions.FAIL) {
      throw new DataException(
          "%s: the caption of %s has %s words, more than data.maxWords = %s"
              .formatted(
                  caption.location(),
                  Excerpt.of(caption.image().file()),
                  length,
                  limits.maxWords()));
    }
    Part part =
        ofFile != null || caption.split().isEmpty()
            ? ofFile
            : CaptionParts.ofWord(caption.split(), caption.location());
    Path folder = files.images() == null ? null : files.images().of(ofFile);
    Described described =
        images.computeIfAbsent(
            new Key(folder, caption.image().path()),
            key -> new Described(caption.image(), part, new ArrayList<>()));
    if (described.part() != part) {
      throw twoParts(caption, described.part(), part);
    }
    if (length <= limits.maxWords() || limits.longCaptions() == LongCaptions.TRUNCATE) {
      described.captions().add(sentence);
    }
  }

  private Sentence sentence(Caption caption) {
    List<String> found = Tokenizer.tokenize(caption.text());
    if (found.isEmpty()) {
      throw caption
          .location()
          .bad(
              "the caption of %s has no words: %s"
                  .formatted(caption.image().file(), caption.text().strip()));
    }
    found.replaceAll(word -> words.computeIfAbsent(word, same -> same));
    return new Sentence(caption.text(), found);
  }

  private DescryException twoParts(Caption caption, Part one, Part other) {
    return new DataException(
        "%s: the image %s is in two parts: %s and %s"
                .formatted(caption.location(), Excerpt.of(caption.image().file()), one, other)
            + (files.ownFiles() && files.images() != null
                ? "; where these are two images, give splits.validationImages or"
                    + " splits.testImages"
                : ""));
  }

  private static Map<Part, List<Described>> emptyParts() {
    Map<Part, List<Described>> parts = new EnumMap<>(Part.class);
    for (Part part : Part.values()) {
      parts.put(part, new ArrayList<>());
    }
    return parts;
  }

  /** Images of no list are left out. */
  private Map<Part, List<Described>> split() {
    Map<Part, List<Described>> parts = emptyParts();
    boolean inFile = images.values().stream().anyMatch(d -> d.part() != null);
    CaptionParts told = null;
    if (!files.ownFiles() && files.lists() != null) {
      told = CaptionParts.read(files.lists());
    } else if (!inFile) {
      told = CaptionParts.holdOut(images.keySet().stream().map(Key::path).toList(), seed);
    }
    for (Described described : images.values()) {
      Part part = told == null ? described.part() : told.of(described.image());
      if (part != null && !described.captions().isEmpty()) {
        parts.get(part).add(described);
      }
    }
    return parts;
  }

  /** Reads what is to be seen of all images; returns how many have nothing. */
  private int source(
      Map<Part, List<Described>> parts,
      FeatureFiles features,
      ImageLoader loader,
      Map<Part, List<Sourced>> out) {
    List<String> missing = new ArrayList<>();
    FeatureNaming naming =
        features == null
            ? null
            : FeatureNaming.of(
                features,
                parts.values().stream().flatMap(List::stream).map(Described::image).toList());
    Map<Path, ImageFinder> finders = new HashMap<>();
    parts.forEach(
        (part, described) -> {
          List<Sourced> sourced = new ArrayList<>();
          List<Found> found = new ArrayList<>();
          for (Described image : described) {
            float[] vector = naming == null ? null : naming.find(image.image());
            Path file =
                naming == null
                    ? finders
                        .computeIfAbsent(files.images().of(part), ImageFinder::new)
                        .find(image.image())
                    : null;
            if (vector != null) {
              sourced.add(new Sourced(image, null, vector));
            } else if (file != null) {
              found.add(new Found(image, file));
            } else if (naming == null || !naming.leftOut(image.image())) {
              missing.add(Excerpt.of(image.image().path()));
            }
          }
          sourced.addAll(intake.each(found, image -> decoded(image, loader)));
          out.put(part, sourced);
        });
    report(missing, features);
    return missing.size();
  }

  private Sourced decoded(Found image, ImageLoader loader) {
    return new Sourced(
        image.described(),
        intake.reading(image.file(), () -> loader.load(image.file())).pixels(),
        null);
  }

  private void report(List<String> missing, FeatureFiles features) {
    Path source = features == null ? files.images().all() : files.features();
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

  private CaptionData assemble(
      Map<Part, List<Sourced>> parts, int missing, FeatureFiles features, ImageLoader imageLoader) {
    List<Sourced> all = parts.values().stream().flatMap(List::stream).toList();
    int train = parts.get(Part.TRAIN).size();
    int validation = train + parts.get(Part.VALIDATION).size();
    Stream<List<String>> learnt =
        all.subList(0, train).stream()
            .flatMap(s -> s.described().captions().stream())
            .map(Sentence::words);
    Vocabulary vocabulary = Vocabulary.of(learnt::iterator, limits.minCount());
    ImageInputs inputs =
        features == null ? pixels(all, train, imageLoader) : vectors(all, features);
    return new CaptionData(
        set(all, 0, train, inputs, vocabulary),
        set(all, train, validation, inputs, vocabulary),
        set(all, validation, all.size(), inputs, vocabulary),
        missing,
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

  private static ImageInputs pixels(List<Sourced> all, int train, ImageLoader imageLoader) {
    byte[][] pixels = all.stream().map(Sourced::pixels).toArray(byte[][]::new);
    // The normaliser must not see what the model is tested on.
    PixelInputs learnt = inputs(Arrays.copyOf(pixels, train), imageLoader);
    return inputs(pixels, imageLoader).normalized(learnt.normalizer());
  }

  private static PixelInputs inputs(byte[][] pixels, ImageLoader size) {
    return PixelInputs.fitted(pixels, size.channels(), size.height(), size.width());
  }

  private static ImageInputs vectors(List<Sourced> all, FeatureFiles features) {
    return new FeatureInputs(
        all.stream().map(Sourced::features).toArray(float[][]::new), features.width());
  }
}
