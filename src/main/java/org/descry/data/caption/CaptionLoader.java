package org.descry.data.caption;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.datavec.api.records.Record;
import org.descry.DataException;
import org.descry.data.caption.CaptionLimits.LongCaptions;
import org.descry.data.caption.CaptionParts.Part;
import org.descry.data.image.PictureLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings captions, parts and pictures together. */
final class CaptionLoader {
  private static final Logger LOG = LoggerFactory.getLogger(CaptionLoader.class);
  private static final int NAMED_IN_MESSAGES = 3;

  /** The captions of one picture. */
  private record Described(String image, Part part, List<String> texts) {}

  private final CaptionFiles files;
  private final CaptionLimits limits;
  private final long seed;
  // By picture, in the order of the files; the part is null while nothing has told it.
  private final Map<String, Described> pictures = new LinkedHashMap<>();

  CaptionLoader(CaptionFiles files, CaptionLimits limits, long seed) {
    this.files = files;
    this.limits = limits;
    this.seed = seed;
  }

  CaptionData load(PictureLoader pictureLoader) {
    boolean ownFiles = files.validationCaptions() != null || files.testCaptions() != null;
    readCaptions(files.captions(), ownFiles ? Part.TRAIN : null);
    readCaptions(files.validationCaptions(), Part.VALIDATION);
    readCaptions(files.testCaptions(), Part.TEST);
    FeatureFiles features = files.features() == null ? null : FeatureFiles.read(files.features());
    Map<Part, List<Described>> parts = split(ownFiles);
    int missing = removeMissing(parts, features);
    if (parts.get(Part.TRAIN).isEmpty()) {
      throw new DataException(
          "No usable pair of picture and caption is left to train on in " + files.captions());
    }
    return assemble(parts, missing, features, pictureLoader);
  }

  private void readCaptions(Path file, Part part) {
    if (file == null) {
      return;
    }
    try (CaptionRecordReader records = CaptionRecordReader.open(file, files.format())) {
      while (records.hasNext()) {
        add(records.nextRecord(), part);
      }
    }
  }

  private void add(Record caption, Part ofFile) {
    String image = caption.getRecord().get(0).toString();
    String text = caption.getRecord().get(1).toString();
    String split = caption.getRecord().get(2).toString();
    String location = caption.getMetaData().getLocation();
    int words = Tokenizer.tokenize(text).size();
    if (words == 0) {
      throw new DataException(location + ": the caption of " + image + " has no words: " + text);
    }
    if (words > limits.maxWords() && limits.longCaptions() == LongCaptions.FAIL) {
      throw new DataException(
          "%s: the caption of %s has %d words, more than data.maxWords = %d"
              .formatted(location, image, words, limits.maxWords()));
    }
    Part part = ofFile != null || split.isEmpty() ? ofFile : CaptionParts.ofWord(split, location);
    Described described =
        pictures.computeIfAbsent(image, name -> new Described(name, part, new ArrayList<>()));
    if (described.part() != part) {
      throw new DataException(
          "%s: the picture %s is in two parts: %s and %s"
              .formatted(
                  location, image, CaptionParts.name(described.part()), CaptionParts.name(part)));
    }
    if (words <= limits.maxWords() || limits.longCaptions() == LongCaptions.TRUNCATE) {
      described.texts().add(text);
    }
  }

  /** Pictures of no list are left out. */
  private Map<Part, List<Described>> split(boolean ownFiles) {
    Map<Part, List<Described>> parts = new EnumMap<>(Part.class);
    for (Part part : Part.values()) {
      parts.put(part, new ArrayList<>());
    }
    boolean inFile = pictures.values().stream().anyMatch(d -> d.part() != null);
    Map<String, Part> told = Map.of();
    if (!ownFiles && files.lists() != null) {
      told = CaptionParts.read(files.lists());
    } else if (!inFile) {
      told = CaptionParts.holdOut(pictures.keySet(), seed);
    }
    for (Described described : pictures.values()) {
      Part part = told.isEmpty() ? described.part() : told.get(described.image());
      if (part != null && !described.texts().isEmpty()) {
        parts.get(part).add(described);
      }
    }
    return parts;
  }

  private int removeMissing(Map<Part, List<Described>> parts, FeatureFiles features) {
    if (files.images() != null && !Files.isDirectory(files.images())) {
      throw new DataException("The directory of pictures " + files.images() + " does not exist");
    }
    List<String> missing = new ArrayList<>();
    for (List<Described> part : parts.values()) {
      part.removeIf(
          described -> {
            boolean found =
                features == null
                    ? Files.isRegularFile(files.images().resolve(described.image()))
                    : features.find(described.image()) != null;
            return !found && missing.add(described.image());
          });
    }
    if (missing.isEmpty()) {
      return 0;
    }
    String examples =
        missing.stream().limit(NAMED_IN_MESSAGES).collect(Collectors.joining(", "))
            + (missing.size() > NAMED_IN_MESSAGES ? ", ..." : "");
    Path source = features == null ? files.images() : files.features();
    if (missing.size() > limits.maxMissing()) {
      throw new DataException(
          "Pictures of %2$s missing in %3$s: %1$d, more than data.maxMissing = %4$d: %5$s"
              .formatted(missing.size(), files.captions(), source, limits.maxMissing(), examples));
    }
    LOG.warn("Pictures missing in {}: {}, left out: {}", source, missing.size(), examples);
    return missing.size();
  }

  private CaptionData assemble(
      Map<Part, List<Described>> parts,
      int missing,
      FeatureFiles features,
      PictureLoader pictureLoader) {
    List<Described> all = parts.values().stream().flatMap(List::stream).toList();
    int train = parts.get(Part.TRAIN).size();
    ImageInputs inputs =
        features == null ? decode(all, train, pictureLoader) : vectors(all, features);
    Stream<List<String>> sentences =
        parts.get(Part.TRAIN).stream().flatMap(d -> d.texts().stream()).map(Tokenizer::tokenize);
    Vocabulary vocabulary = Vocabulary.of(sentences::iterator, limits.minCount());
    int validation = train + parts.get(Part.VALIDATION).size();
    return new CaptionData(
        set(all, 0, train, inputs, vocabulary),
        set(all, train, validation, inputs, vocabulary),
        set(all, validation, all.size(), inputs, vocabulary),
        missing);
  }

  private CaptionSet set(
      List<Described> all, int from, int to, ImageInputs inputs, Vocabulary vocabulary) {
    List<Described> part = all.subList(from, to);
    return new CaptionSet(
        part.stream().map(Described::image).toList(),
        inputs.select(IntStream.range(from, to).toArray()),
        part.stream().map(Described::texts).toList(),
        vocabulary,
        limits.maxWords());
  }

  private ImageInputs decode(List<Described> all, int train, PictureLoader pictureLoader) {
    byte[][] pixels =
        all.parallelStream()
            .map(d -> pictureLoader.load(files.images().resolve(d.image())).pixels())
            .toArray(byte[][]::new);
    // The normaliser must not see what the model is tested on.
    PictureInputs learnt = inputs(Arrays.copyOf(pixels, train), pictureLoader);
    return inputs(pixels, pictureLoader).normalized(learnt.normalizer());
  }

  private static PictureInputs inputs(byte[][] pixels, PictureLoader size) {
    return PictureInputs.fitted(pixels, size.channels(), size.height(), size.width());
  }

  private static ImageInputs vectors(List<Described> all, FeatureFiles features) {
    return new FeatureInputs(
        all.stream().map(d -> features.find(d.image())).toArray(float[][]::new), features.width());
  }
}
