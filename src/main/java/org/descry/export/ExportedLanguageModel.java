package org.descry.export;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.descry.UsageException;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.export.samediff.SameDiffGraph;
import org.descry.model.NetworkLayers;
import org.descry.model.NetworkModel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Tokens to the tokens that follow. */
final class ExportedLanguageModel extends ExportedKind.Decoder {
  private static final String DL4J =
      """
      TrainedLanguageModel model = TrainedLanguageModel.load(Path.of("%s"));
      System.out.println(model.greedy(prompt, 10)); // ten more
      """;

  private static final Programs PROGRAMS =
      new Programs(
          """
          INDArray state = Nd4j.zeros(DataType.FLOAT, 1, %s);
          INDArray probabilities = null;
          for (int word : prompt) { // numbers of words, as in the vocabulary
            Map<String, INDArray> step =
                model.output(
                    Map.of("word", Nd4j.createFromArray(word), "state", state),
                    "probabilities",
                    "nextState");
            probabilities = step.get("probabilities"); // of the word after this one
            state = step.get("nextState");
          }
          System.out.println(vocabulary[probabilities.argMax(1).getInt(0)]);
          """,
          """
          state = np.zeros((1, %s), np.float32)
          for word in prompt:  # numbers of words, as in the vocabulary
              probabilities, state = model.run(
                  ["probabilities", "nextState"], {"word": np.array([word]), "state": state})
          print(vocabulary[probabilities[0].argmax()])  # the likeliest word after them
          """);

  private static final Programs WHOLE =
      new Programs(
          """
          INDArray probabilities = model.outputSingle(Map.of("words", words), "probabilities");
          System.out.println(vocabulary[probabilities.argMax(2).getInt(0, 0)]); // of the first step
          """,
          """
          [probabilities] = model.run(["probabilities"], {"words": words})
          print(vocabulary[probabilities[0, 0].argmax()])  # of the first step
          """);

  private static final Facts FACTS =
      new Facts(
          "tokens",
          "texts",
          "text-generation",
          Map.of("text", "the text `%s`"),
          StockLanguageModel::new);

  ExportedLanguageModel(Manifest manifest) {
    super(manifest, FACTS);
  }

  @Override
  String purpose() {
    return "Continues a text %1$s by %1$s; it knows %2$s of them."
        .formatted(
            manifest.text().unit().name().toLowerCase(Locale.ROOT),
            ModelCard.number(manifest.text().size()));
  }

  @Override
  List<String> limits() {
    String unknown =
        manifest.text().hasUnknown()
            ? "Tokens that it does not know are read as `<UNK>`."
            : "It reads its own tokens only; a text with others cannot be given to it.";
    return manifest.text().end() == null
        ? List.of(unknown)
        : List.of(
            unknown,
            "`%s` is the end of a line: a continuation stops there."
                .formatted(manifest.text().end()));
  }

  @Override
  String dl4j(String file) {
    return DL4J.formatted(file);
  }

  @Override
  Programs programs(ModelArchive model) {
    return readsWhole(model) ? WHOLE : PROGRAMS.filled(NetworkLayers.stateWidth(model.network()));
  }

  private static boolean readsWhole(ModelArchive model) {
    return NetworkLayers.readsBothDirections(model.network());
  }

  @Override
  void define(SameDiffGraph graph, ModelArchive model) {
    if (readsWhole(model)) {
      graph.addSequences(steps(), false, SameDiffGraph.PROBABILITIES, -1, steps(), words());
    } else {
      graph.addStep(NetworkModel.STATE);
    }
  }

  /**
   * T, where a graph reads whole sequences: as many steps as the training's had.
   *
   * @throws UsageException where the job does not say so
   */
  private int steps() {
    int steps = manifest.provenance().job().at("/data/steps").asInt();
    if (steps < 1) {
      throw new UsageException(
          "The formats samediff and onnx hold a network that reads in both directions for sequences"
              + " of one length; expected data.steps in the model's job.");
    }
    return steps;
  }

  @Override
  Signature signature(ModelArchive model, String numbers) {
    if (!readsWhole(model)) {
      return addStep(new Signature(), model, numbers);
    }
    int steps = steps();
    return new Signature()
        .add(
            "input",
            SameDiffGraph.WORDS,
            "N x " + steps,
            numbers,
            "numbers of words, 0 to " + (words() - 1))
        .add(
            "output",
            SameDiffGraph.PROBABILITIES,
            "N x %s x %s".formatted(steps, words()),
            "at each step, 0 to 1; their sum is 1");
  }

  @Override
  INDArray ask(NamedGraph graph, ModelArchive model, Probe probe) {
    if (!readsWhole(model)) {
      return super.ask(graph, model, probe);
    }
    INDArray words = probe.inputs().get(NetworkModel.WORDS).castTo(DataType.INT);
    return graph
        .ask(Map.of(SameDiffGraph.WORDS, words), SameDiffGraph.PROBABILITIES)
        .get(SameDiffGraph.PROBABILITIES);
  }

  @Override
  INDArray initialState(NamedGraph graph, ModelArchive model, Probe probe) {
    INDArray carried = probe.inputs().get(NetworkModel.STATE);
    return carried != null
        ? carried
        : Nd4j.zeros(
            DataType.FLOAT,
            probe.inputs().get(NetworkModel.WORDS).size(0),
            NetworkLayers.stateWidth(model.network()));
  }
}
