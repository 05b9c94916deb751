package org.descry.cli;

import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A command that computes with a trained model. */
abstract class ModelCommand extends BaseCommand {
  @Mixin private EngineOptions engine;

  @Parameters(index = "0", paramLabel = "MODEL.zip", description = "The model.")
  private Path model;

  Path model() {
    return model;
  }

  /** Starts the engine; what it runs on does not go where answers do. */
  void startEngine() {
    engine.start(err());
  }
}
