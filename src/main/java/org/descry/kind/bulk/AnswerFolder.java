package org.descry.kind.bulk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.descry.UsageException;
import org.descry.archive.ModelArchive;
import org.descry.data.Fingerprint;
import org.descry.data.image.ImagePart;
import org.descry.io.AtomicFiles;
import org.descry.io.EndingFiles;
import org.descry.io.IoErrors;
import org.descry.io.Json;
import org.descry.io.NameLock;
import org.descry.io.NewFolder;

/** The folder that answers about many images lie in. */
record AnswerFolder(Path path, AnswerFormat format) {
  /** What the answers are made of. */
  private static final String ORIGIN = "answers.json";

  /** That all is there. */
  static final String SUMMARY = "summary.json";

  /** What the answers of a folder are made of: the same for every run that goes on with them. */
  private record Origin(String model, Map<String, Object> settings, String images, int parts) {
    Origin {
      settings = new TreeMap<>(settings); // the same text every time
    }
  }

  /** Takes the folder, which need not be there yet, for this process. */
  NameLock take() {
    if (path.getParent() == null) {
      throw somethingElse();
    }
    try {
      NewFolder.makeAll(path.getParent()); // else the lock's folder is what cannot be made
    } catch (IOException e) {
      throw IoErrors.unwritable(path, e);
    }
    return NameLock.take(path.getParent(), path.getFileName().toString(), "set of answers");
  }

  /**
   * Makes the folder, or goes on with what is there.
   *
   * @throws UsageException if that is something else
   */
  void begin(Path model, Map<String, Object> settings, List<ImagePart> parts) throws IOException {
    Origin origin =
        new Origin(
            ModelArchive.sha256(EndingFiles.bytes(model)),
            settings,
            new Fingerprint().add(parts.stream().map(ImagePart::identity).toList()).hex(),
            parts.size());
    Path file = path.resolve(ORIGIN);
    String told = Json.pretty(origin) + "\n";
    if (Files.exists(file)) {
      if (!EndingFiles.text(file).equals(told)) {
        throw new UsageException(
            "%s holds answers of another model, about other images or with other settings; expected another --output, or the same command again."
                .formatted(path));
      }
      deleteUnfinished();
      return;
    }
    NewFolder.makeAll(path);
    try (Stream<Path> others = Files.list(path)) {
      if (others.anyMatch(other -> !other.getFileName().toString().startsWith("."))) {
        throw somethingElse();
      }
    }
    AtomicFiles.write(file, told);
  }

  private UsageException somethingElse() {
    return new UsageException(
        "%s holds something else than answers; expected a new or empty folder for --output."
            .formatted(path));
  }

  Path part(int number) {
    return path.resolve(String.format(Locale.ROOT, "part-%05d.%s", number, format.name()));
  }

  /** Of a part, the images that cannot be used. */
  Path badPart(int number) {
    return path.resolve(String.format(Locale.ROOT, "part-%05d.bad.jsonl", number));
  }

  /** How many images of so many parts cannot be used. */
  int bad(int parts) throws IOException {
    int bad = 0;
    for (int i = 0; i < parts; i++) {
      if (Files.exists(badPart(i))) {
        try (Stream<String> lines = Files.lines(badPart(i), StandardCharsets.ISO_8859_1)) {
          bad += (int) lines.count();
        }
      }
    }
    return bad;
  }

  /** Of those who were killed; whoever is still at such a file does not get it to its place. */
  private void deleteUnfinished() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      for (Path file : files.filter(AnswerFolder::unfinished).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static boolean unfinished(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith(".part-") && name.endsWith(AtomicFiles.UNFINISHED);
  }

  /** Says that all is there. */
  void end(BulkAnswers.Summary summary) throws IOException {
    deleteUnfinished();
    AtomicFiles.write(path.resolve(SUMMARY), Json.pretty(summary) + "\n");
  }
}
