package org.descry.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.descry.export.Export;
import org.descry.export.Format;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
      description = "One of ${COMPLETION-CANDIDATES}.")
  private Format format;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "What to write; the model card goes beside it, as a .md.")
  private Path out;

  @Option(names = "--force", description = "Replace files that exist.")
  private boolean force;

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
