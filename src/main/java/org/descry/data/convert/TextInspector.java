package org.descry.data.convert;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.descry.DataException;
import org.descry.data.BadRecordException;
import org.descry.data.Intake;
import org.descry.data.caption.ImageFinder;
import org.descry.data.caption.Tokenizer;
import org.descry.data.caption.file.Caption;
import org.descry.data.caption.file.CaptionFile;
import org.descry.data.caption.file.CaptionFormat;
import org.descry.data.caption.file.ImageName;
import org.descry.data.text.TextFiles;

/** Looks at captions, texts and labelled sequences to their end, in lines for a terminal. */
public final class TextInspector {
  /** As data.minCount of captions is by default. */
  private static final int COMMON = 5;

  private TextInspector() {}

  /**
   * What a caption file or a text holds.
   *
   * @throws DataException if it cannot be read
   */
  public static List<String> lines(DataGuess data) {
    return switch (data.kind()) {
      case CAPTIONS -> captions(data.path());
      case TEXT -> text(data.path());
      case SEQUENCES -> SequenceInspector.lines(data.path());
      case CIFAR10, CIFAR100, IMAGE_FOLDER ->
          throw new IllegalArgumentException("Expected a text, got " + data.words());
    };
  }

  private static List<String> captions(Path file) {
    Map<String, Integer> words = new HashMap<>();
    Map<String, ImageName> images = new TreeMap<>();
    List<String> bad = new ArrayList<>();
    int captions = 0;
    int longest = 0;
    long all = 0;
    try (CaptionFile read = CaptionFile.open(file, CaptionFormat.AUTO)) {
      while (true) {
        try {
          Caption caption = read.next();
          if (caption == null) {
            break;
          }
          List<String> tokens = Tokenizer.tokenize(caption.text());
          if (tokens.isEmpty()) {
            throw caption.withoutWords();
          }
          tokens.forEach(word -> words.merge(word, 1, Integer::sum));
          images.put(caption.image().path(), caption.image());
          captions++;
          all += tokens.size();
          longest = Math.max(longest, tokens.size());
        } catch (BadRecordException e) {
          bad.add(e.getMessage());
        }
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add(row("captions", "%,d of %,d images", captions, images.size()));
    lines.add(
        row("words", "%,d, %.1f a caption, %d in the longest", all, mean(all, captions), longest));
    long common = words.values().stream().filter(count -> count >= COMMON).count();
    lines.add(
        row("vocabulary", "%,d words, %,d of them %d times or more", words.size(), common, COMMON));
    lines.add(missing(file, images));
    if (!bad.isEmpty()) {
      lines.add(examples("bad records", bad));
    }
    return lines;
  }

  private static String missing(Path file, Map<String, ImageName> images) {
    Path folder = file.toAbsolutePath().getParent();
    ImageFinder finder = new ImageFinder(folder);
    List<String> missing = new ArrayList<>();
    images.forEach(
        (path, image) -> {
          if (!finder.has(image)) {
            missing.add(path);
          }
        });
    return missing.isEmpty()
        ? row("missing", "no image")
        : row(
            "missing", "%,d images below %s: %s", missing.size(), folder, Intake.examples(missing));
  }

  private static List<String> text(Path file) {
    String text = TextFiles.read(file);
    Set<String> words = new HashSet<>();
    long count = 0;
    for (String word : text.split("\\s+", -1)) {
      if (!word.isEmpty()) {
        words.add(word);
        count++;
      }
    }
    return List.of(
        row("lines", "%,d", text.lines().count()),
        row(
            "characters",
            "%,d, %,d different",
            text.codePoints().count(),
            text.codePoints().distinct().count()),
        row("words", "%,d, %,d different", count, words.size()));
  }

  private static double mean(long sum, int count) {
    return count == 0 ? 0 : (double) sum / count;
  }

  static String counted(String name, int count) {
    return row(name, "%,d", count);
  }

  /** How many there are, and the first few of them. */
  static String examples(String name, List<String> all) {
    return row(name, "%,d: %s", all.size(), Intake.examples(all));
  }

  /** A line of what was found. */
  static String row(String name, String format, Object... values) {
    return String.format("%-13s ", name) + String.format(Locale.ROOT, format, values);
  }
}
