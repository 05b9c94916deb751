package org.descry.io;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.descry.DescryException;
import org.descry.UsageException;

/**
 * The files that a program makes of a folder of its own. Nothing else is ever deleted: not what a
 * user has put beside them, nor a folder that happens to bear the name.
 */
public final class OwnFiles {
  private final String noun;
  private final String first;
  private final Predicate<String> own;

  /**
   * @param noun what the folder holds, such as {@code run}
   * @param first the file that is there before all others and as long as they are
   * @param names matches the paths of the program's files below the folder, with slashes
   */
  public OwnFiles(String noun, String first, Pattern names) {
    this.noun = noun;
    this.first = first;
    this.own = names.asMatchPredicate();
  }

  /**
   * Refuses a folder that holds anything else; one that does not exist is fine.
   *
   * @throws DescryException that names a file of somebody else
   */
  public void requireOnly(Path folder) throws IOException {
    Optional<Path> other = stranger(folder);
    if (other.isPresent()) {
      throw new UsageException(
          "%s holds something else than a %s: %s; expected another name, for only the files of a %s are ever replaced."
              .formatted(folder, noun, other.get(), noun));
    }
  }

  private Optional<Path> stranger(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Files.exists(folder, LinkOption.NOFOLLOW_LINKS)
          ? Optional.of(folder)
          : Optional.empty();
    }
    boolean none = !Files.exists(folder.resolve(first)); // files of the same names alone
    Path begun = AtomicFiles.beside(folder.resolve(first)).normalize(); // by who was killed then
    return entries(folder).stream()
        .filter(entry -> none ? !entry.equals(begun) : !isOwn(folder, entry))
        .min(Comparator.naturalOrder());
  }

  /** Deletes the program's files and, once they are empty, folders; the folder itself too. */
  public void delete(Path folder) throws IOException {
    deleteExcept(folder, name -> false);
    deleteEmpty(folder);
  }

  /**
   * Deletes the program's files in the folder.
   *
   * @param kept paths below the folder, with slashes
   */
  public void deleteExcept(Path folder, Predicate<String> kept) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> doomed =
        entries(folder).stream()
            .filter(entry -> isOwn(folder, entry) && !kept.test(name(folder, entry)))
            // What is in a folder before the folder, and what marks it last of all.
            .sorted(
                Comparator.comparing((Path entry) -> name(folder, entry).equals(first))
                    .thenComparing(Comparator.reverseOrder()))
            .toList();
    for (Path entry : doomed) {
      deleteEmpty(entry);
    }
  }

  private static void deleteEmpty(Path entry) throws IOException {
    try {
      Files.deleteIfExists(entry);
    } catch (DirectoryNotEmptyException e) {
      // It holds what is kept, or what is not ours.
    }
  }

  /** All below the folder, which may be a link itself; links in it are not followed. */
  private static List<Path> entries(Path folder) throws IOException {
    return Listing.below(folder.resolve(".")).stream().map(Path::normalize).skip(1).toList();
  }

  private boolean isOwn(Path folder, Path entry) {
    return own.test(name(folder, entry));
  }

  private static String name(Path folder, Path entry) {
    return folder.normalize().relativize(entry).toString().replace('\\', '/');
  }
}
