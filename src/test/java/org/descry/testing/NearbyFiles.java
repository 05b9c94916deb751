package org.descry.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.descry.io.RemoteFiles;

/** {@code nearby://PATH} is the path on this machine. */
public final class NearbyFiles implements RemoteFiles {
  private static final String SCHEME = "nearby";

  /** As a service. */
  public NearbyFiles() {}

  @Override
  public boolean takes(String scheme) {
    return scheme.equals(SCHEME);
  }

  @Override
  public Optional<Path> bring(String address) {
    Path path = Path.of(address.substring((SCHEME + "://").length()));
    return Files.exists(path) ? Optional.of(path) : Optional.empty();
  }
}
