package org.descry.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.descry.io.AtomicFiles;
import org.descry.io.Json;
import org.descry.kind.Kinds;
import org.descry.kind.TrainedModel;
import org.descry.metrics.Evaluation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code descry evaluate}: how good a model is. */
@Command(
    name = "evaluate",
    description =
        "Scores a model: accuracy, precision, recall and F1 a class and the confusion matrix of a"
            + " classifier, of images or sequences; BLEU, ROUGE-L, CIDEr and perplexity of a"
            + " captioner; perplexity and bits per character of a language model.")
final class EvaluateCommand extends ModelCommand {
  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "For a classifier a CIFAR folder or image folder, its test part if it has one; for a"
              + " sequence classifier a file or folder of labelled sequences; for a language model"
              + " a text file; for a captioner a caption file, or a folder with one and the images."
              + " Default: the test part of the data that the model was trained on.")
  private Path data;

  @Option(
      names = "--images",
      paramLabel = "PATH",
      description =
          "For a captioner with --data: where the images lie, or for a model of features those"
              + " (default: the folder of the caption file).")
  private Path images;

  @Option(
      names = "--tta",
      description =
          "For a classifier: average the answers to several views of each image, mirrored and moved"
              + " by a pixel (test-time augmentation).")
  private boolean views;

  @Option(
      names = "--predictions",
      paramLabel = "CSV",
      description =
          "For a classifier of images: write the name of each image, its class, the answer and how"
              + " sure that is into this file.")
  private Path predictions;

  @Mixin private EngineOptions.PrecisionOption precision;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    if (images != null && data == null) {
      throw refusal("--images is given without --data; expected both, or --data alone");
    }
    if (predictions != null) {
      AtomicFiles.requireWritable(predictions);
    }
    startEngine();
    return precision.during(this, this::evaluate);
  }

  private int evaluate() {
    PrintWriter out = out();
    TrainedModel trained = Kinds.open(model());
    if (views) {
      trained = trained.onViews();
    }
    if (predictions != null) {
      trained = trained.writingPredictions(predictions);
    }
    Evaluation evaluation = data == null ? trained.evaluate() : trained.evaluate(data, images);
    out.println(json ? Json.pretty(evaluation) : evaluation.text());
    out.flush();
    return 0;
  }
}
