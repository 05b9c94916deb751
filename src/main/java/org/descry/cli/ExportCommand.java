package org.descry.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.descry.export.Export;
import org.descry.export.Format;
import org.descry.kind.Kinds;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code descry export}: a model for other programs. */
@Command(
    name = "export",
    description = "Carries a model into another program's format, verified, with a model card.")
final class ExportCommand extends ModelCommand {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      required = true,
      converter = Formats.class,
      description = "dl4j, dl4j-stock, samediff or onnx.")
  private Format format;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "What to write; a model card goes beside it, as a .md.")
  private Path file;

  @Option(names = "--force", description = "Replace files that exist.")
  private boolean force;

  @Option(
      names = "--test",
      description = "Measure the model on the test part of its data, for the card.")
  private boolean test;

  @Option(
      names = "--license",
      paramLabel = "SPDX",
      description = "The licence that the card names, such as Apache-2.0.")
  private String license;

  /** Converts the option. */
  static final class Formats extends ByName<Format> {
    Formats() {
      super(Format.values());
    }
  }

  @Override
  public Integer call() {
    startEngine();
    Supplier<Map<String, Double>> measured =
        () -> test ? Kinds.open(model()).evaluate().measures() : Map.of();
    Export.Result result = new Export(model(), format, file, force, license, measured).run();
    PrintWriter printer = out();
    result.files().forEach(file -> printer.println("Wrote " + file));
    result.cards().forEach(card -> printer.println("Wrote " + card));
    printer.println(result.verification() + ".");
    printer.flush();
    return 0;
  }
}
