package org.descry.export;

import java.util.List;
import java.util.Map;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.export.samediff.SameDiffGraph;
import org.descry.model.NetworkModel;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Images to classes. */
final class ExportedClassifier extends ExportedKind {
  private static final String DL4J =
      """
      TrainedClassifier model = TrainedClassifier.load(Path.of("%s"));
      // The three best answers to an image, the best first.
      System.out.println(model.classify(List.of(Path.of("image.png")), 3).get(0));
      """;

  private static final Programs PROGRAMS =
      new Programs(
          """
          INDArray %1$s = model.outputSingle(Map.of("image", image), "%1$s");
          System.out.println(labels[%1$s.argMax(1).getInt(0)]); // of the first image
          """,
          """
          [%1$s] = model.run(["%1$s"], {"image": image})
          print(labels[%1$s[0].argmax()])  # of the first image
          """);

  private static final Facts FACTS =
      new Facts(
          "images",
          "images",
          "image-classification",
          Map.of(
              "shapes",
                  "Descry's built-in images of coloured shapes, generated from the job's seed",
              "cifar10", "CIFAR-10 (Krizhevsky, 2009)",
              "cifar100", "CIFAR-100 (Krizhevsky, 2009)",
              "image-folder", "the images in `%s`"),
          StockClassifier::new);

  ExportedClassifier(Manifest manifest) {
    super(manifest, FACTS);
  }

  @Override
  String purpose() {
    return "Puts %s into one of %s classes.".formatted(seen(), manifest.labels().size());
  }

  @Override
  List<String> limits() {
    return List.of(
        "It answers with one of its classes, whatever is on the image.",
        "score".equals(manifest.output())
            ? "Scores order the classes; they are no probabilities."
            : "Probabilities are as the softmax gives them, not calibrated.");
  }

  @Override
  String dl4j(String file) {
    return DL4J.formatted(file);
  }

  @Override
  Programs programs(ModelArchive model) {
    return PROGRAMS.filled(SameDiffGraph.answer(manifest));
  }

  @Override
  void define(SameDiffGraph graph, ModelArchive model) {
    graph.addSeen(NetworkModel.OUTPUT, SameDiffGraph.answer(manifest), manifest.labels().size());
  }

  @Override
  Signature signature(ModelArchive model, String numbers) {
    return new Signature()
        .seen(
            "input",
            SameDiffGraph.seen(manifest),
            manifest,
            "values 0 to 255; the graph normalises them")
        .answer(SameDiffGraph.answer(manifest), manifest);
  }

  @Override
  INDArray ask(NamedGraph graph, ModelArchive model, Probe probe) {
    String output = SameDiffGraph.answer(manifest);
    return graph.ask(Map.of(SameDiffGraph.IMAGE, probe.pixels()), output).get(output);
  }
}
