package org.descry.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;

/** One way to carry a model into another program. */
interface Exporter {
  /**
   * The names of the files that the export has: more than one where the format cannot hold the
   * model in a single file.
   *
   * @param name of the file that the user asked for
   */
  default List<String> files(Manifest manifest, String name) {
    return List.of(name);
  }

  /**
   * Writes the model.
   *
   * @param files one for each of {@link #files}, in their order; none exists yet
   * @throws org.descry.DescryException if the format cannot hold the model
   * @throws IOException if a file cannot be written
   */
  void write(ModelArchive model, List<Path> files) throws IOException;

  /**
   * Reads the written files back, as their user would, and asks them and the original the same.
   *
   * @param probe what to ask
   * @throws IOException if a file cannot be read
   */
  List<OutputPair> answers(ModelArchive model, Probe probe, List<Path> files) throws IOException;

  /** How {@link #answers} came about: the beginning of a sentence that goes on with them. */
  default String verification() {
    return "Read back, its";
  }

  /**
   * How the files are used: what goes in, what comes out, in which shape and type. Markdown for the
   * model card, without a headline.
   *
   * @param files the names of the files
   */
  String usage(ModelArchive model, List<String> files);
}
