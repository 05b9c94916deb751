package org.descry.export;

import java.util.List;
import org.descry.train.Manifest;

/** The page that goes with an exported model, as Markdown. */
final class ModelCard {
  private ModelCard() {}

  /**
   * @param files the names of the model's files
   * @param usage how they are used, see {@link Exporter#usage}
   * @param verification how the files compare with the original
   */
  static String of(
      Manifest manifest,
      Format format,
      List<String> files,
      String usage,
      Verification verification) {
    return """
    # %s

    A %s in the format `%s`. %s.

    ## Use

    %s
    """
        .formatted(String.join(", ", files), manifest.kind(), format, verification, usage.strip());
  }
}
