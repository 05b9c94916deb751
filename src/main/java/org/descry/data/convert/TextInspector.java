package org.descry.data.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.descry.DataException;
import org.descry.data.BadRecordException;
import org.descry.data.Intake;
import org.descry.data.caption.Tokenizer;
import org.descry.data.caption.file.Caption;
import org.descry.data.caption.file.CaptionFile;
import org.descry.data.caption.file.CaptionFormat;
import org.descry.data.text.TextFiles;
import org.descry.io.IoErrors;

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
      case SEQUENCES -> sequences(data.path());
      case CIFAR10, CIFAR100, IMAGE_FOLDER ->
          throw new IllegalArgumentException("Expected a text, got " + data.words());
    };
  }

  private static List<String> captions(Path file) {
    Map<String, Integer> words = new HashMap<>();
    Set<String> images = new TreeSet<>();
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
          tokens.forEach(word -> words.merge(word, 1, Integer::sum));
          images.add(caption.image().path());
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
    missing(file, images, lines);
    if (!bad.isEmpty()) {
      lines.add(row("bad records", "%,d: %s", bad.size(), Intake.examples(bad)));
    }
    return lines;
  }

  private static void missing(Path file, Set<String> images, List<String> lines) {
    Path folder = file.toAbsolutePath().getParent();
    try (Stream<Path> below = Files.walk(folder)) {
      Set<String> there =
          below.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
      List<String> missing =
          images.stream()
              .filter(image -> !there.contains(Path.of(image).getFileName() + ""))
              .toList();
      lines.add(
          missing.isEmpty()
              ? row("missing", "no image")
              : row(
                  "missing",
                  "%,d images below %s: %s",
                  missing.size(),
                  folder,
                  Intake.examples(missing)));
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
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

  private static List<String> sequences(Path path) {
    Map<String, Integer> labels = new TreeMap<>();
    if (Files.isDirectory(path)) {
      try (Stream<Path> entries = Files.list(path)) {
        for (Path entry : entries.toList()) {
          String name = entry.getFileName().toString();
          if (Files.isDirectory(entry)) {
            try (Stream<Path> files = Files.list(entry)) {
              labels.put(name, (int) files.filter(Files::isRegularFile).count());
            }
          } else {
            labels.put(
                name.replaceFirst("\\.txt$", ""), (int) TextFiles.read(entry).lines().count());
          }
        }
      } catch (IOException e) {
        throw unreadable(path, e);
      }
    } else {
      TextFiles.read(path)
          .lines()
          .forEach(line -> labels.merge(line.split("\t", 2)[0], 1, Integer::sum));
    }
    List<String> lines = new ArrayList<>();
    labels.forEach((label, count) -> lines.add(row(label, "%,d", count)));
    lines.add(row("all", "%,d", labels.values().stream().mapToInt(Integer::intValue).sum()));
    return lines;
  }

  private static DataException unreadable(Path path, IOException e) {
    return new DataException(
        "%s: cannot be read: %s; expected UTF-8 text.".formatted(path, IoErrors.of(e)), e);
  }

  private static double mean(long sum, int count) {
    return count == 0 ? 0 : (double) sum / count;
  }

  private static String row(String name, String format, Object... values) {
    return String.format("%-13s ", name) + String.format(Locale.ROOT, format, values);
  }
}
