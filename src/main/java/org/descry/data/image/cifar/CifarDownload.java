package org.descry.data.image.cifar;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.io.EndingFiles;
import org.descry.io.NewFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches an official CIFAR archive: into a {@code .part} file that a later attempt continues,
 * checked against the published checksum, and unpacked beside before it takes its name.
 */
public final class CifarDownload {
  private static final Logger log = LoggerFactory.getLogger(CifarDownload.class);
  private static final URI OFFICIAL = URI.create("https://www.cs.toronto.edu/~kriz/");

  /**
   * An archive.
   *
   * @param file its name on the server
   * @param md5 its published MD5 sum, in hexadecimal
   * @param folder the folder that it unpacks to
   */
  public record Archive(String file, String md5, String folder) {
    public static final Archive CIFAR10 =
        new Archive(
            "cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530", "cifar-10-batches-bin");
    public static final Archive CIFAR100 =
        new Archive(
            "cifar-100-binary.tar.gz", "03b5dce01913d631647c71ecec9e9cb8", "cifar-100-binary");
  }

  private final URI base;
  private final Duration timeout;

  /** Fetches from the official server. */
  public CifarDownload() {
    this(OFFICIAL, Duration.ofSeconds(30));
  }

  /**
   * @param base the address that an archive's name is appended to; ends with a slash
   * @param timeout how long to wait for a connection, and for data on it
   */
  CifarDownload(URI base, Duration timeout) {
    this.base = base;
    this.timeout = timeout;
  }

  /**
   * Returns the unpacked archive's folder inside {@code folder}; fetches it if it is not there.
   *
   * @throws DescryException if the server cannot be reached or does not have it, the connection
   *     breaks repeatedly (what came is kept), the checksum differs, or the disk refuses
   */
  public Path fetch(Archive archive, Path folder) {
    Path unpacked = folder.resolve(archive.folder());
    if (Files.isDirectory(unpacked)) {
      return unpacked;
    }
    Path part = folder.resolve(archive.file() + ".part");
    try {
      NewFolder.makeAll(folder);
      ResumableDownload.fetch(base.resolve(archive.file()), part, timeout);
      verify(part, archive);
      unpack(part, archive, unpacked);
      Files.delete(part);
    } catch (IOException e) {
      throw new DataException(
          "%s cannot be fetched into %s: %s".formatted(archive.file(), folder, e), e);
    }
    return unpacked;
  }

  private static void verify(Path part, Archive archive) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("MD5"); // what the publisher states
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
    try (InputStream in = new DigestInputStream(EndingFiles.open(part), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    String md5 = HexFormat.of().formatHex(digest.digest());
    if (!md5.equals(archive.md5())) {
      Files.delete(part);
      throw new DataException(
          "Download of %s has MD5 %s, expected %s: it was damaged on the way and has been deleted."
              .formatted(archive.file(), md5, archive.md5()));
    }
  }

  private static void unpack(Path part, Archive archive, Path target) {
    log.info("unpacking {} to {}", archive.file(), target);
    NewFolder.create(
        target,
        folder -> {
          try (TarArchiveInputStream tar =
              new TarArchiveInputStream(
                  new GzipCompressorInputStream(new BufferedInputStream(EndingFiles.open(part))))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                entry != null;
                entry = tar.getNextEntry()) {
              if (entry.isFile()) {
                Path file = inside(folder, entry.getName(), archive);
                Files.createDirectories(file.getParent());
                Files.copy(tar, file);
              }
            }
          }
        });
  }

  /** The entry's place without the archive's own top folder; refuses to leave {@code folder}. */
  private static Path inside(Path folder, String name, Archive archive) {
    String prefix = archive.folder() + "/";
    String relative = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    Path file = folder.resolve(relative).normalize();
    if (!file.startsWith(folder) || file.equals(folder)) {
      throw new DataException(
          "Archive " + archive.file() + " names a file outside its folder: " + name + ".");
    }
    return file;
  }
}
