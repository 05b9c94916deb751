package org.descry.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes files that readers see whole or not at all, whenever the program or the machine stops. */
public final class AtomicFiles {
  /** What the names of files end with that are being written. */
  public static final String UNFINISHED = ".tmp";

  private AtomicFiles() {}

  /** Writes the content of a file. */
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  public static void write(Path file, String text) throws IOException {
    write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Writes the content of a file through its channel. */
  public interface ChannelContent {
    void writeTo(FileChannel channel) throws IOException;
  }

  /**
   * Writes beside the file, forces it to the disk and renames. {@code /dev/stdout} and the like get
   * it as it is; no other device, pipe or folder is written or replaced.
   */
  public static void write(Path file, Content content) throws IOException {
    writeChannel(file, buffered(content));
  }

  /**
   * As {@link #write(Path, Content)}, for a file that others may be writing at the same time, on
   * this machine or another: each does so beside it under a name of its own, and the last one's
   * stays. What somebody leaves who is killed on the way ends with {@link #UNFINISHED}.
   */
  public static void writeAmongOthers(Path file, Content content) throws IOException {
    requireRegular(file);
    String own = "." + file.getFileName() + "." + UUID.randomUUID() + UNFINISHED;
    write(file, file.resolveSibling(own), buffered(content));
  }

  private static ChannelContent buffered(Content content) {
    return channel -> {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      content.writeTo(out);
      out.flush();
    };
  }

  /**
   * Finds before long work that {@link #write} would fail after it; leaves nothing.
   *
   * @throws org.descry.DiskException if it would
   */
  public static void requireWritable(Path file) {
    try {
      requireRegular(file);
      if (!isStream(file)) {
        probe(file);
      }
    } catch (IOException e) {
      throw IoErrors.unwritable(file, e);
    }
  }

  private static void probe(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      String what = Files.exists(folder) ? "is no folder" : "does not exist";
      throw new IOException("%s %s".formatted(folder, what));
    }
    Path probe = beside(file);
    try {
      Files.createFile(probe);
      Files.delete(probe);
    } catch (FileAlreadyExistsException e) {
      // somebody is about to write it
    } catch (FileSystemException e) { // of a name that nobody has asked for
      String why = IoErrors.of(e).replace(probe.toString(), String.valueOf(folder));
      throw new IOException(why.strip(), e);
    }
  }

  private static void requireRegular(Path file) throws IOException {
    if (!isStream(file) && Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException(
          Files.isDirectory(file) ? "it is a directory" : "it is no regular file");
    }
  }

  /** Where a file is written before it is renamed. */
  static Path beside(Path file) {
    return file.resolveSibling("." + file.getFileName() + UNFINISHED);
  }

  /**
   * Whether a name is of a stream of this program, or of the system's, which nothing may replace.
   */
  private static boolean isStream(Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    return Path.of("/dev").equals(folder)
        || (folder != null && folder.toString().matches("/dev/fd|/proc/[^/]+/fd"));
  }

  /** As {@link #write(Path, Content)}, for what lies in buffers. */
  public static void writeChannel(Path file, ChannelContent content) throws IOException {
    if (isStream(file)) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
        content.writeTo(channel);
        return;
      }
    }
    requireRegular(file);
    write(file, beside(file), content);
  }

  private static void write(Path file, Path beside, ChannelContent content) throws IOException {
    try {
      try (FileChannel channel =
          FileChannel.open(
              beside,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        content.writeTo(channel);
        channel.force(true);
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }
}
