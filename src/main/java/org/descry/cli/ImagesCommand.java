package org.descry.cli;

import java.nio.file.Path;
import java.util.List;
import org.descry.data.image.ImageFiles;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that asks a model about images. */
abstract class ImagesCommand extends ModelCommand {
  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "Image files, of any size; a folder stands for all images in it.")
  private List<Path> images;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /** The files, those of folders in the order of their names. */
  List<Path> images() {
    return images.stream().flatMap(path -> ImageFiles.of(path).stream()).toList();
  }

  /** As they were given. */
  List<Path> given() {
    return images;
  }

  boolean json() {
    return json;
  }
}
