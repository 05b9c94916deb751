package org.descry.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.descry.export.Export;
import org.descry.export.Format;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code descry export}: a model for other programs. */
@Command(
    name = "export",
    description = "Carries a model into another program's format, verified, with a model card.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private EngineOptions engine;

  @Parameters(index = "0", paramLabel = "MODEL.zip", description = "The model.")
  private Path model;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      required = true,
      converter = Formats.class,
      description = "dl4j, dl4j-stock or samediff.")
  private Format format;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "What to write; the model card goes beside it, as a .md.")
  private Path out;

  @Option(names = "--force", description = "Replace files that exist.")
  private boolean force;

  /** Knows the formats by the names in the documentation alone. */
  static final class Formats implements ITypeConverter<Format> {
    @Override
    public Format convert(String name) {
      return Arrays.stream(Format.values())
          .filter(format -> format.toString().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "expected one of %s, got %s"
                          .formatted(Arrays.toString(Format.values()), name)));
    }
  }

  @Override
  public Integer call() {
    engine.start(spec.commandLine().getErr());
    Export.Result result = new Export(model, format, out, force).run();
    PrintWriter printer = spec.commandLine().getOut();
    result.files().forEach(file -> printer.println("Wrote " + file));
    printer.println("Wrote " + result.card());
    printer.println(result.verification() + ".");
    printer.flush();
    return 0;
  }
}
