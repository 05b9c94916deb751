package org.descry.data.convert;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.descry.DataException;
import org.descry.data.caption.CaptionFiles;
import org.descry.data.caption.file.CaptionFile;
import org.descry.data.image.FolderSample;
import org.descry.data.image.cifar.CifarFolder;
import org.descry.data.text.StepTable;
import org.descry.io.EndingFiles;
import org.descry.io.IoErrors;

/**
 * What kind of data lies somewhere, told from names and a first look.
 *
 * @param path of the CIFAR files or the class folders; the file of captions; the text; the file or
 *     folder of sequences
 * @param sample of an image folder; null for other kinds
 */
public record DataGuess(Kind kind, Path path, FolderSample sample) {
  private static final int FIRST_LINES = 20;

  /** The kinds that are told apart. */
  public enum Kind {
    CIFAR10,
    CIFAR100,
    IMAGE_FOLDER,
    CAPTIONS,
    TEXT,
    SEQUENCES
  }

  /**
   * Looks at a file or folder.
   *
   * @throws DataException if it is none of the kinds, or cannot be read
   */
  public static DataGuess of(Path path) {
    if (Files.isRegularFile(path)) {
      return ofFile(path);
    } else if (!Files.isDirectory(path)) {
      throw new DataException(
          "%s does not exist; expected a folder of data, or a file.".formatted(path));
    } else if (CifarFolder.isCifar(path)) {
      return new DataGuess(CifarFolder.is100(path) ? Kind.CIFAR100 : Kind.CIFAR10, path, null);
    }
    if (holdsCaptions(path)) {
      return new DataGuess(Kind.CAPTIONS, CaptionFiles.captionsIn(path), null);
    }
    Optional<FolderSample> images = FolderSample.of(path);
    if (images.isPresent()) {
      return new DataGuess(Kind.IMAGE_FOLDER, path, images.get());
    }
    List<Path> texts = files(path).stream().filter(DataGuess::isText).toList();
    boolean numbers = folders(path).stream().anyMatch(DataGuess::holdsNumbers);
    if (numbers || texts.size() > 1) {
      return new DataGuess(Kind.SEQUENCES, path, null);
    } else if (texts.size() == 1) {
      return ofFile(texts.get(0));
    }
    throw new DataException(
        "%s: no data that Descry knows; expected a folder of images for each class, CIFAR's files, a caption file with images, a text, a text for each label, or a folder of CSV files for each label."
            .formatted(path));
  }

  /**
   * Captions, a text or sequences that lie somewhere; empty for images and folders of whatever
   * else.
   *
   * @throws DataException if a file is no text, or a folder has several of captions
   */
  public static Optional<DataGuess> words(Path path) {
    try {
      DataGuess guess = of(path);
      return switch (guess.kind) {
        case CAPTIONS, TEXT, SEQUENCES -> Optional.of(guess);
        case CIFAR10, CIFAR100, IMAGE_FOLDER -> Optional.empty();
      };
    } catch (DataException e) {
      if (Files.isRegularFile(path) || holdsCaptions(path)) {
        throw e;
      }
      return Optional.empty(); // which is said where images are expected
    }
  }

  /** For a sentence, such as "images of 10 classes". */
  public String words() {
    return switch (kind) {
      case CIFAR10 -> "CIFAR-10's files";
      case CIFAR100 -> "CIFAR-100's files";
      case IMAGE_FOLDER ->
          "%s images of %s classes".formatted(sample.images(), sample.classes().size());
      case CAPTIONS -> "captions of images";
      case TEXT -> "a text";
      case SEQUENCES -> "labelled sequences";
    };
  }

  private static DataGuess ofFile(Path file) {
    if (CaptionFile.isCaptions(file)) {
      return new DataGuess(Kind.CAPTIONS, file, null);
    }
    try (Stream<String> lines = EndingFiles.lines(file)) {
      List<String> first = lines.filter(line -> !line.isBlank()).limit(FIRST_LINES).toList();
      if (first.isEmpty()) {
        throw new DataException(file + " is empty; expected captions, a text or sequences.");
      }
      boolean labelled = first.stream().allMatch(line -> line.matches("[^\\t]+\\t[^\\t]+"));
      return new DataGuess(labelled ? Kind.SEQUENCES : Kind.TEXT, file, null);
    } catch (UncheckedIOException e) {
      throw unreadable(file, e.getCause());
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static DataException unreadable(Path path, IOException e) {
    String why = IoErrors.of(e);
    return new DataException(
        e instanceof CharacterCodingException
            ? "%s: no UTF-8 text and no captions (%s); expected one of them, or a folder."
                .formatted(path, why)
            : "%s cannot be read: %s.".formatted(path, why),
        e);
  }

  private static boolean isText(Path file) {
    return file.toString().endsWith(".txt");
  }

  private static boolean holdsNumbers(Path folder) {
    return files(folder).stream().anyMatch(StepTable::isTable);
  }

  private static boolean holdsCaptions(Path folder) {
    return Files.isDirectory(folder) && files(folder).stream().anyMatch(CaptionFile::isCaptions);
  }

  private static List<Path> files(Path folder) {
    return entries(folder).stream().filter(Files::isRegularFile).toList();
  }

  private static List<Path> folders(Path folder) {
    return entries(folder).stream().filter(Files::isDirectory).toList();
  }

  private static List<Path> entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }
}
