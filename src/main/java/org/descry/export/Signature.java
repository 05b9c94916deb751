package org.descry.export;

import org.descry.archive.Manifest;

/** What goes into a model and what comes out, as a table in Markdown. */
final class Signature {
  private static final String FLOAT = "float32";

  private final Table table = new Table("", "name", "shape", "type", "what it is");

  /** A float32 array. */
  Signature add(String direction, String name, String shape, String what) {
    return add(direction, name, shape, FLOAT, what);
  }

  Signature add(String direction, String name, String shape, String type, String what) {
    table.row(direction, "`%s`".formatted(name), shape, type, what);
    return this;
  }

  /**
   * The images or features that a model takes.
   *
   * @param pixels what the images' values are
   */
  Signature seen(String direction, String name, Manifest manifest, String pixels) {
    Manifest.ImageShape image = manifest.image();
    return image == null
        ? add(
            direction,
            name,
            "N x " + manifest.features(),
            "features, made as those of the training were")
        : add(
            direction,
            name,
            "N x %s x %s x %s".formatted(image.channels(), image.height(), image.width()),
            (image.channels() == 3 ? "RGB, " : "") + pixels);
  }

  /** A classifier's answer. */
  Signature answer(String name, Manifest manifest) {
    return add(
        "output",
        name,
        "N x " + manifest.labels().size(),
        "score".equals(manifest.output())
            ? "one score per class, the highest is the answer"
            : "one probability per class, 0 to 1; a row's sum is 1");
  }

  @Override
  public String toString() {
    return table.toString();
  }
}
