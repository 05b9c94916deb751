package org.descry.export;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.descry.DescryException;
import org.descry.DiskException;
import org.descry.UsageException;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.io.AsideFolder;
import org.descry.io.IoErrors;
import org.descry.io.Printable;

/**
 * Carries a trained model into another format. The export is written aside, read back and asked the
 * same as the original; only if it answers alike do its files appear, with a model card.
 */
public final class Export {
  private static final String ZIP = ".zip";

  private final Path model;
  private final Exporter exporter;
  private final Format format;
  private final Path file;
  private final boolean force;
  private final String license;
  private final Supplier<Map<String, Double>> test;

  /**
   * @param model a model zip
   * @param file what to write; some formats make more files of its name
   * @param force whether files that exist are replaced
   */
  public Export(Path model, Format format, Path file, boolean force) {
    this(model, format, file, force, null, Map::of);
  }

  /**
   * As above.
   *
   * @param license that the model is under, as SPDX names it, such as {@code Apache-2.0}; null
   *     where the card says nothing of it
   * @param test measures the model on its test part, by name; is asked when all else is done
   */
  public Export(
      Path model,
      Format format,
      Path file,
      boolean force,
      String license,
      Supplier<Map<String, Double>> test) {
    this(model, format, format.exporter(), file, force, license, test);
  }

  Export(
      Path model,
      Format format,
      Exporter exporter,
      Path file,
      boolean force,
      String license,
      Supplier<Map<String, Double>> test) {
    if (license != null && !license.matches("[A-Za-z0-9][A-Za-z0-9.+-]*")) {
      throw new UsageException(
          "The licence is %s; expected what SPDX calls it, such as Apache-2.0.".formatted(license));
    }
    this.model = model;
    this.format = format;
    this.exporter = exporter;
    this.file = file;
    this.force = force;
    this.license = license;
    this.test = test;
  }

  /**
   * What a model does not know of itself.
   *
   * @param license null where nothing is said of it
   * @param test figures of its test part, by name, in their order; empty where none were measured
   */
  record Told(String license, Map<String, Double> test) {}

  /**
   * What was written.
   *
   * @param files of the model
   * @param cards a model card for each of them, in their order
   */
  public record Result(List<Path> files, List<Path> cards, Verification verification) {
    public Result {
      files = List.copyOf(files);
      cards = List.copyOf(cards);
    }

    /** The first file's card. */
    public Path card() {
      return cards.get(0);
    }
  }

  /**
   * @throws DescryException if the model cannot be read, cannot be had in the format or does not
   *     answer as the original does, if a file exists already, or cannot be written; nothing is
   *     left then
   */
  public Result run() {
    Path folder = folder();
    Manifest manifest = ModelArchive.readManifest(model);
    List<String> names = exporter.files(manifest, file.getFileName().toString());
    names.forEach(this::requireFree);
    ModelArchive archive = ModelArchive.read(model);
    try (AsideFolder aside = new AsideFolder(folder, ".export-")) {
      List<Path> written = names.stream().map(aside.folder()::resolve).toList();
      exporter.write(archive, written);
      Verification verification =
          Verification.of(
              exporter.answers(archive, Probe.of(archive), written), exporter.verification());
      String usage = exporter.usage(archive, names);
      Told told = new Told(license, test.get()); // long work, so all that can be refused has been
      List<Path> cards = new ArrayList<>();
      for (Path part : written) {
        cards.add(aside.folder().resolve(card(part.getFileName().toString())));
        String text = ModelCard.of(archive, format, told, part, written, usage, verification);
        Files.writeString(cards.get(cards.size() - 1), Printable.of(text));
      }
      return new Result(publish(written), publish(cards), verification);
    } catch (IOException e) {
      throw new DiskException(
          "Cannot write %s: %s; expected a folder that can be written and has room."
              .formatted(file, IoErrors.of(e)),
          e);
    }
  }

  private Path folder() {
    if (Files.isDirectory(file)) {
      throw new UsageException(file + ": is a folder; expected the name of a file to write.");
    }
    Path folder = file.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      throw new UsageException(
          "Cannot write %s: there is no folder %s; expected one that exists."
              .formatted(file, folder));
    }
    return folder;
  }

  private void requireFree(String name) {
    Path path = file.resolveSibling(name);
    Path card = file.resolveSibling(card(name));
    requireFree(path, isCard(card, name) || StockZip.isNetwork(path), "a model");
    requireFree(card, isCard(card, ""), "the card of " + name); // of a model that had the name
  }

  /**
   * @param ours whether it may be replaced when the user says so
   * @param noun what it would have to be
   */
  private void requireFree(Path path, boolean ours, String noun) {
    if (Files.exists(path) && !force) {
      throw new UsageException(
          path + ": exists already; expected another name, or --force to replace it.");
    }
    if (Files.exists(path) && !ours) {
      throw new UsageException(
          path + ": is not " + noun + " and is not replaced; expected another name.");
    }
    if (path.toAbsolutePath().normalize().equals(model.toAbsolutePath().normalize())) {
      throw new UsageException(path + ": is the model itself; expected another name.");
    }
  }

  /**
   * The card's name: that of the file, so that no two files share a card; of a zip without .zip.
   */
  private static String card(String name) {
    return (name.endsWith(ZIP) && name.length() > ZIP.length()
            ? name.substring(0, name.length() - ZIP.length())
            : name)
        + ".md";
  }

  /** Whether a file is the card of an export that wrote a file of the name. */
  private static boolean isCard(Path path, String name) {
    if (!Files.isRegularFile(path)) {
      return false;
    }
    try {
      String text = Files.readString(path);
      return text.contains(ModelCard.MARK) && text.contains(Printable.of(name));
    } catch (IOException e) {
      return false; // no text, or not for us
    }
  }

  private List<Path> publish(List<Path> written) throws IOException {
    List<Path> published = new ArrayList<>();
    for (Path part : written) {
      published.add(publish(part));
    }
    return published;
  }

  /** Forces the file to the disk and puts it where readers look. */
  private Path publish(Path written) throws IOException {
    try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    return Files.move(
        written,
        file.resolveSibling(written.getFileName().toString()),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
