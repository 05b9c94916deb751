package org.descry.cluster;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.descry.DataException;
import org.descry.io.AsideFolder;
import org.descry.io.IoErrors;
import org.descry.io.RemoteFiles;

/** What Hadoop's file systems hold: HDFS, S3 by {@code s3a://}, and others that the cluster has. */
public final class HadoopFiles implements RemoteFiles {
  private static final Map<String, Path> BROUGHT = new HashMap<>();

  /** As a service. */
  public HadoopFiles() {}

  @Override
  public boolean takes(String scheme) {
    return true;
  }

  @Override
  public Optional<Path> bring(String address) {
    synchronized (BROUGHT) {
      Path here = BROUGHT.get(address);
      if (here == null) {
        here = copy(address);
      }
      if (here != null) {
        BROUGHT.put(address, here);
      }
      return Optional.ofNullable(here);
    }
  }

  /** Null if there is nothing. */
  private static Path copy(String address) {
    AsideFolder aside = null;
    boolean whole = false;
    try {
      var from = new org.apache.hadoop.fs.Path(address);
      FileSystem files = from.getFileSystem(SparkHadoopUtil.get().conf());
      files.getFileStatus(from);
      Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
      aside = new AsideFolder(temporary, "descry-data-"); // until the process ends
      Path to = aside.folder().resolve(from.getName());
      files.copyToLocalFile(false, from, new org.apache.hadoop.fs.Path(to.toUri()), true);
      whole = true;
      return to;
    } catch (FileNotFoundException e) {
      return null;
    } catch (IOException | IllegalArgumentException e) {
      String reason = e instanceof IOException io ? IoErrors.of(io) : e.getMessage();
      throw new DataException(
          "%s cannot be read: %s; expected a file or folder that Hadoop finds."
              .formatted(address, reason),
          e);
    } finally {
      if (aside != null && !whole) {
        aside.close();
      }
    }
  }
}
