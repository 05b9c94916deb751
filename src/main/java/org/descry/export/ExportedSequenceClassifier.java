package org.descry.export;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.descry.UsageException;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.export.samediff.SameDiffGraph;
import org.descry.model.NetworkModel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Sequences of tokens or numbers to classes. */
final class ExportedSequenceClassifier extends ExportedKind {
  private static final String DL4J =
      """
      TrainedSequenceClassifier model = TrainedSequenceClassifier.load(Path.of("%s"));
      System.out.println(model.classify(List.of(text), 3).get(0)); // the best first
      """;

  private static final String DL4J_NUMBERS =
      """
      TrainedSequenceClassifier model = TrainedSequenceClassifier.load(Path.of("%s"));
      float[][] steps = {{%s}}; // of the steps' numbers, as many steps as there are
      System.out.println(model.classify(steps, 3)); // the best first
      """;

  private static final Programs PROGRAMS =
      new Programs(
          """
          INDArray %1$s = model.outputSingle(Map.of("%2$s", %2$s, "mask", mask), "%1$s");
          System.out.println(labels[%1$s.argMax(1).getInt(0)]); // of the first sequence
          """,
          """
          [%1$s] = model.run(["%1$s"], {"%2$s": %2$s, "mask": mask})
          print(labels[%1$s[0].argmax()])  # of the first sequence
          """);

  /** A graph holds each step of a recurrent layer by itself. */
  private static final int MOST_STEPS = 500;

  private static final Facts FACTS =
      new Facts(
          "sequences",
          "sequences",
          "text-classification",
          Map.of("sequences", "the sequences `%s`"),
          StockSequenceClassifier::new);

  ExportedSequenceClassifier(Manifest manifest) {
    super(manifest, FACTS);
  }

  @Override
  String purpose() {
    return "Puts sequences of %s, of up to %s, into one of %s classes."
        .formatted(steps(), manifest.steps(), manifest.labels().size());
  }

  /** What the steps of sequences are. */
  private String steps() {
    return manifest.text() == null
        ? "steps of %s numbers".formatted(manifest.features())
        : "%ss (%s of them known)"
            .formatted(
                manifest.text().unit().name().toLowerCase(Locale.ROOT),
                ModelCard.number(manifest.text().size()));
  }

  @Override
  List<String> limits() {
    return List.of(
        "It answers with one of its classes, whatever the sequence is.",
        "It takes sequences of up to %s steps.".formatted(manifest.steps()));
  }

  @Override
  String dl4j(String file) {
    return manifest.text() != null
        ? DL4J.formatted(file)
        : DL4J_NUMBERS.formatted(
            file, String.join(", ", Collections.nCopies(manifest.features(), "0")));
  }

  @Override
  Programs programs(ModelArchive model) {
    return PROGRAMS.filled(SameDiffGraph.answer(manifest), SameDiffGraph.sequences(manifest));
  }

  @Override
  void define(SameDiffGraph graph, ModelArchive model) {
    int steps = manifest.steps();
    if (steps > MOST_STEPS) {
      throw new UsageException(
          "The formats samediff and onnx hold sequences of up to %s steps; expected data.maxSteps in the model's job to be no more, got %s."
              .formatted(MOST_STEPS, steps));
    }
    graph.addSequences(steps, true, SameDiffGraph.answer(manifest), -1, manifest.labels().size());
  }

  @Override
  Signature signature(ModelArchive model, String numbers) {
    int steps = manifest.steps();
    Signature signature = new Signature();
    if (manifest.text() == null) {
      String shape = "N x %s x %s".formatted(steps, manifest.features());
      signature.add("input", SameDiffGraph.NUMBERS, shape, "steps of numbers, then padding");
    } else {
      signature.add(
          "input",
          SameDiffGraph.WORDS,
          "N x " + steps,
          numbers,
          "numbers of tokens, 0 to %s, then padding".formatted(manifest.text().size() - 1));
    }
    return signature
        .add("input", SameDiffGraph.MASK, "N x " + steps, "1 where there is a step, 0 for padding")
        .answer(SameDiffGraph.answer(manifest), manifest);
  }

  @Override
  INDArray ask(NamedGraph graph, ModelArchive model, Probe probe) {
    String output = SameDiffGraph.answer(manifest);
    String input = SameDiffGraph.sequences(manifest);
    INDArray words = probe.inputs().get(NetworkModel.WORDS);
    INDArray sequences = words == null ? probe.inputs().get(input) : words.castTo(DataType.INT);
    INDArray mask = probe.inputs().get(SameDiffGraph.MASK);
    return graph.ask(Map.of(input, sequences, SameDiffGraph.MASK, mask), output).get(output);
  }
}
