package org.descry.export;

import java.util.List;
import java.util.Map;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.data.caption.Vocabulary;
import org.descry.export.samediff.SameDiffGraph;
import org.descry.model.NetworkLayers;
import org.descry.model.NetworkModel;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Images, or features of them, to sentences. */
final class ExportedCaptioner extends ExportedKind.Decoder {
  private static final String DL4J =
      """
      TrainedCaptioner model = TrainedCaptioner.load(Path.of("%s"));
      // From <START> on each word leads to the likeliest next one, until <END>; never <NULL>,
      // <START> or <UNK>.
      System.out.println(model.caption(List.of(Path.of("image.png")), Decoding.greedy(%s)));
      """;

  private static final Programs PROGRAMS =
      new Programs(
          """
          INDArray state = model.outputSingle(Map.of("%1$s", %1$s), "initialState"); // of one image
          int word = %2$s; // <START>
          for (int length = 0; length < %3$s; length++) {
            Map<String, INDArray> step =
                model.output(
                    Map.of("word", Nd4j.createFromArray(word), "state", state),
                    "probabilities",
                    "nextState");
            INDArray probabilities = step.get("probabilities");
            for (int never : new int[] {%4$s, %2$s, %5$s}) { // <NULL>, <START>, <UNK>
              probabilities.putScalar(0, never, 0);
            }
            word = probabilities.argMax(1).getInt(0);
            if (word == %6$s) { // <END>
              break;
            }
            System.out.print(vocabulary[word] + " ");
            state = step.get("nextState");
          }
          """,
          """
          [state] = encoder.run(["initialState"], {"%1$s": %1$s})  # of one image
          word = %2$s  # <START>
          for _ in range(%3$s):
              probabilities, state = model.run(
                  ["probabilities", "nextState"], {"word": np.array([word]), "state": state})
              probabilities[0, [%4$s, %2$s, %5$s]] = 0  # never <NULL>, <START>, <UNK>
              word = int(probabilities[0].argmax())
              if word == %6$s:  # <END>
                  break
              print(vocabulary[word], end=" ")
          """);

  private static final Facts FACTS =
      new Facts(
          "captions",
          "images",
          "image-to-text",
          Map.of(
              "shape-captions",
              "Descry's built-in scenes of coloured shapes with their captions, generated from the"
                  + " job's seed",
              "captions",
              "the captions in `%s`"),
          StockCaptioner::new);

  ExportedCaptioner(Manifest manifest) {
    super(manifest, FACTS);
  }

  @Override
  String purpose() {
    return "Says in a sentence what is on %s; it has %s words, the four special ones included."
        .formatted(seen(), ModelCard.number(manifest.vocabulary().size()));
  }

  @Override
  List<String> limits() {
    return List.of(
        "It says what resembles its training captions, in their words alone.",
        "It was trained on sentences of up to %s words; longer ones are beyond it."
            .formatted(manifest.steps() - 1));
  }

  @Override
  List<String> files(String name) {
    return StockCaptioner.encoderAndDecoder(name);
  }

  @Override
  String dl4j(String file) {
    return DL4J.formatted(file, manifest.steps());
  }

  @Override
  Programs programs(ModelArchive model) {
    return PROGRAMS.filled(
        SameDiffGraph.seen(manifest),
        Vocabulary.START,
        manifest.steps(),
        Vocabulary.NULL,
        Vocabulary.UNKNOWN,
        Vocabulary.END);
  }

  @Override
  void define(SameDiffGraph graph, ModelArchive model) {
    String initial = NetworkLayers.initialState(model.network());
    graph.addSeen(initial, SameDiffGraph.INITIAL_STATE, NetworkLayers.stateWidth(model.network()));
    graph.addStep(initial);
  }

  @Override
  Signature signature(ModelArchive model, String numbers) {
    String state = "N x " + NetworkLayers.stateWidth(model.network());
    Signature signature =
        new Signature()
            .seen(
                "input",
                SameDiffGraph.seen(manifest),
                manifest,
                "values 0 to 255; the graph normalises them")
            .add("output", SameDiffGraph.INITIAL_STATE, state, "the state to begin with");
    return addStep(signature, model, numbers);
  }

  @Override
  INDArray initialState(NamedGraph graph, ModelArchive model, Probe probe) {
    Map<String, INDArray> seen =
        probe.pixels() == null
            ? Map.of(SameDiffGraph.FEATURES, probe.inputs().get(NetworkModel.IMAGE))
            : Map.of(SameDiffGraph.IMAGE, probe.pixels());
    return graph.ask(seen, SameDiffGraph.INITIAL_STATE).get(SameDiffGraph.INITIAL_STATE);
  }
}
