package org.descry.data.caption;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.BadRecordException;
import org.descry.data.Intake;
import org.descry.data.Part;
import org.descry.data.caption.CaptionLimits.LongCaptions;
import org.descry.data.caption.file.Caption;
import org.descry.data.caption.file.CaptionFile;
import org.descry.data.image.ImageLoader;
import org.descry.io.Excerpt;

/** Reads captions, and tells the parts of the images that they are of. */
final class CaptionLoader {
  /** What tells images apart: one name in two folders is two. */
  private record Key(Path folder, String path) {}

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
    return assembly(imageLoader).of(split());
  }

  /** The test part of the caption file, or all of it if it has none, in place of what is learnt. */
  CaptionSet loadTest(ImageLoader imageLoader) {
    readCaptions(files.captions(), null);
    boolean told = images.values().stream().anyMatch(d -> d.part() == Part.TEST);
    Map<Part, List<Described>> parts = emptyParts();
    images.values().stream()
        .filter(d -> (!told || d.part() == Part.TEST) && !d.captions().isEmpty())
        .forEach(parts.get(Part.TRAIN)::add);
    return assembly(imageLoader).of(parts).train();
  }

  private CaptionAssembly assembly(ImageLoader imageLoader) {
    return new CaptionAssembly(files, limits, imageLoader, intake);
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
          "%s: the caption of %s has %s words, more than data.maxWords = %s; expected fewer, or data.longCaptions: truncate or drop."
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
    List<String> found = limits.words().of(caption.text());
    if (found.isEmpty()) {
      throw caption.withoutWords();
    }
    found.replaceAll(word -> words.computeIfAbsent(word, same -> same));
    return new Sentence(caption.text(), found);
  }

  private DescryException twoParts(Caption caption, Part one, Part other) {
    return new DataException(
        "%s: the image %s is in two parts, %s and %s; expected one"
                .formatted(caption.location(), Excerpt.of(caption.image().file()), one, other)
            + (files.ownFiles() && files.images() != null
                ? ", or where these are two images, splits.validationImages or splits.testImages."
                : "."));
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
    if (told != null) {
      told.warnOfOthers();
    }
    return parts;
  }
}
