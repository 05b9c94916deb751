package org.descry.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that asks a model about images. */
abstract class ImagesCommand extends ModelCommand {
  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "Image files, of any size.")
  private List<Path> images;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  List<Path> images() {
    return images;
  }

  boolean json() {
    return json;
  }
}
