package org.descry.io;

import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.descry.DataException;
import org.descry.UsageException;

/**
 * Files at addresses such as {@code hdfs://host/folder}, for whoever reads files of this machine;
 * found as a service where the program was built with one.
 */
public interface RemoteFiles {
  /** Letters enough that it is no drive. */
  Pattern ADDRESS = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]+)://.+");

  /** Whether it reads addresses that begin so, such as {@code hdfs}. */
  boolean takes(String scheme);

  /**
   * Brings a file or folder to this machine, once in a process; it goes with that.
   *
   * @return where it is now; empty if there is none at the address
   * @throws DataException if it cannot be read
   */
  Optional<Path> bring(String address);

  /** Whether a text is an address, not a path. */
  static boolean isAddress(String text) {
    return ADDRESS.matcher(text).matches();
  }

  /**
   * As {@link #bring}.
   *
   * @param subject how a message begins: what has that address
   * @throws UsageException if nothing here reads such addresses
   */
  static Optional<Path> find(String address, String subject) {
    Matcher matcher = ADDRESS.matcher(address);
    String scheme = matcher.matches() ? matcher.group(1) : "";
    for (RemoteFiles files : ServiceLoader.load(RemoteFiles.class)) {
      if (files.takes(scheme)) {
        return files.bring(address);
      }
    }
    throw new UsageException(
        "%sis %s, but nothing here reads %s:// addresses; expected a path of this machine, or descry-cluster.jar, which reads what Hadoop does."
            .formatted(subject, address, scheme));
  }
}
