package org.descry.data.image;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.descry.DataException;
import org.descry.UsageException;
import org.descry.io.EndingFiles;
import org.descry.io.IoErrors;
import org.descry.io.Json;
import org.descry.io.NewFolder;

/**
 * A folder of images packed into a few large files: zips that hold the files as they are, not
 * compressed anew, under their paths below the folder, and {@value #INDEX}, which names the zips.
 * Reading a million small files takes as many searches of a disk or a network; reading a pack takes
 * few. What reads image folders reads packs.
 */
public final class ImagePack implements Closeable {
  /** What tells a pack from other folders. */
  public static final String INDEX = "pack.json";

  private static final int VERSION = 1;

  private final List<FileSystem> zips = new ArrayList<>();
  private final List<Path> roots = new ArrayList<>();

  private ImagePack() {}

  /**
   * What is in a pack.
   *
   * @param version of the layout
   * @param images in all shards
   */
  public record Index(int version, int images, List<Shard> shards) {}

  /**
   * One of the zips.
   *
   * @param file its name
   * @param images in it
   * @param bytes of the images
   */
  public record Shard(String file, int images, long bytes) {}

  /** Whether a folder is a pack. */
  public static boolean isPack(Path folder) {
    return Files.isRegularFile(folder.resolve(INDEX));
  }

  /**
   * Packs all images below a folder, in the order of their paths.
   *
   * @param shardBytes a shard takes no further image once it has so many bytes
   * @param passedOver told what is left out, a line a kind
   * @throws org.descry.DescryException if there are no images, one cannot be read, or the pack is
   *     there already or cannot be written
   */
  public static Index write(Path folder, Path pack, long shardBytes, List<String> passedOver) {
    if (isPack(folder)) {
      throw new UsageException(folder + " is a pack already; expected a folder of images.");
    }
    NewFolder.requireNew(pack);
    PassedOver left = new PassedOver(folder);
    List<Path> images = FolderListing.some(folder, left);
    Index[] index = new Index[1];
    NewFolder.create(
        pack,
        to -> {
          List<Shard> shards = new ArrayList<>();
          for (int from = 0; from < images.size(); from += shards.get(shards.size() - 1).images) {
            String name = String.format(Locale.ROOT, "images-%05d.zip", shards.size());
            List<Path> rest = images.subList(from, images.size());
            shards.add(writeShard(folder, rest, to.resolve(name), shardBytes));
          }
          index[0] = new Index(VERSION, images.size(), shards);
          Files.writeString(to.resolve(INDEX), Json.pretty(index[0]) + "\n");
        });
    passedOver.addAll(left.lines());
    return index[0];
  }

  private static Shard writeShard(Path folder, List<Path> images, Path file, long most)
      throws IOException {
    int count = 0;
    long bytes = 0;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setMethod(ZipOutputStream.STORED);
      for (Path image : images) {
        byte[] content = content(image);
        ZipEntry entry = new ZipEntry(slashed(folder.relativize(image)));
        CRC32 check = new CRC32();
        check.update(content);
        entry.setSize(content.length);
        entry.setCrc(check.getValue());
        entry.setTimeLocal(
            LocalDateTime.of(1980, 1, 1, 0, 0)); // the same files give the same bytes
        zip.putNextEntry(entry);
        zip.write(content);
        count++;
        bytes += content.length;
        if (bytes >= most) {
          break;
        }
      }
    }
    return new Shard(file.getFileName().toString(), count, bytes);
  }

  private static byte[] content(Path image) {
    try (var in = EndingFiles.open(image)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new DataException("Image %s cannot be read (%s).".formatted(image, IoErrors.of(e)), e);
    }
  }

  static String slashed(Path relative) {
    List<String> names = new ArrayList<>();
    relative.forEach(part -> names.add(part.toString()));
    return String.join("/", names);
  }

  /** What a pack says of itself. */
  public static Index index(Path pack) {
    Path file = pack.resolve(INDEX);
    try {
      Index index = Json.MAPPER.readValue(EndingFiles.small(file), Index.class);
      if (index == null
          || index.version != VERSION
          || index.shards == null
          || index.shards.stream().anyMatch(shard -> shard == null || shard.file == null)) {
        throw new DataException(
            "%s is no index of version %s; expected what data pack writes."
                .formatted(file, VERSION));
      }
      return index;
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new DataException(
          "%s is no index of a pack: %s; expected what data pack writes."
              .formatted(file, Json.reason(e)),
          e);
    } catch (IOException e) {
      throw new DataException("%s cannot be read: %s".formatted(file, IoErrors.of(e)), e);
    }
  }

  /** Opens the shards of a pack; of another folder, the folder itself stands for them. */
  static ImagePack open(Path folder) {
    ImagePack opened = new ImagePack();
    if (!isPack(folder)) {
      opened.roots.add(folder);
      return opened;
    }
    boolean whole = false;
    try {
      for (Shard shard : index(folder).shards) {
        opened.roots.add(opened.openShard(within(folder, shard)));
      }
      whole = true;
      return opened;
    } finally {
      if (!whole) {
        opened.close();
      }
    }
  }

  private static Path within(Path pack, Shard shard) {
    Path name = pack.getFileSystem().getPath(shard.file);
    if (name.getNameCount() != 1 || name.isAbsolute()) {
      throw new DataException(
          "%s names the shard %s; expected a file in the pack."
              .formatted(pack.resolve(INDEX), shard.file));
    }
    return pack.resolve(name);
  }

  /** Opens one file of a pack. */
  public static ImagePack openShard(Path pack, Shard shard) {
    ImagePack opened = new ImagePack();
    opened.roots.add(opened.openShard(within(pack, shard)));
    return opened;
  }

  private Path openShard(Path file) {
    try {
      FileSystem zip = FileSystems.newFileSystem(file);
      zips.add(zip);
      return zip.getPath("/");
    } catch (IOException | RuntimeException e) { // a file that is no zip has no provider
      String reason = e instanceof IOException io ? IoErrors.of(io) : "it is no zip";
      throw new DataException(
          "%s cannot be read: %s; expected a shard of images.".formatted(file, reason), e);
    }
  }

  /** The folders that the images lie below, in the order of the shards. */
  public List<Path> roots() {
    return roots;
  }

  /** What a file is called in messages: with the shard that it lies in. */
  static String name(Object file) {
    return file instanceof Path path && path.getFileSystem() != FileSystems.getDefault()
        ? path.getFileSystem() + "!" + path
        : file.toString();
  }

  @Override
  public void close() {
    for (FileSystem zip : zips) {
      try {
        zip.close();
      } catch (IOException e) {
        throw new DataException("%s cannot be closed: %s".formatted(zip, IoErrors.of(e)), e);
      }
    }
  }
}
