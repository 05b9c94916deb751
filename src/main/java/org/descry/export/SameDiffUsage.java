package org.descry.export;

import java.util.Locale;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.data.caption.Vocabulary;
import org.descry.export.samediff.SameDiffGraph;
import org.descry.io.Versions;
import org.descry.model.NetworkLayers;

/** How a SameDiff export is used: its part of the model card. */
final class SameDiffUsage {
  private static final String NEEDS =
      """
      One SameDiff graph in a FlatBuffers file. A program needs `org.nd4j:nd4j-native:%s` with the \
      native library of its platform, and nothing of Descry or DL4J. N is any number of rows.
      """;

  private static final String LOAD =
      """
      SameDiff model = SameDiff.load(new File("%s"), false);
      byte[] names = model.getVariable("%s").getArr().data().asBytes();
      // of org.nd4j.shade.jackson.databind, which ND4J brings along
      String[] %2$s = new ObjectMapper().readValue(names, String[].class);
      """;

  private static final String CLASSIFY =
      """
      INDArray %1$s = model.outputSingle(Map.of("image", image), "%1$s");
      System.out.println(labels[%1$s.argMax(1).getInt(0)]); // of the first image
      """;

  private static final String CAPTION =
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
      """;

  private static final String CONTINUE =
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
      """;

  private static final String READ =
      """
      INDArray probabilities = model.outputSingle(Map.of("words", words), "probabilities");
      System.out.println(vocabulary[probabilities.argMax(2).getInt(0, 0)]); // of the first step
      """;

  private static final String SEQUENCE =
      """
      INDArray %1$s = model.outputSingle(Map.of("%2$s", %2$s, "mask", mask), "%1$s");
      System.out.println(labels[%1$s.argMax(1).getInt(0)]); // of the first sequence
      """;

  private final ModelArchive model;
  private final Manifest manifest;

  SameDiffUsage(ModelArchive model) {
    this.model = model;
    manifest = model.manifest();
  }

  /**
   * Markdown: what is needed, what goes in and comes out, and how to load and ask the model.
   *
   * @param file the name of the FlatBuffers file
   */
  String text(String file) {
    return "%s\n%s\n\n```java\n%s%s```\n"
        .formatted(
            NEEDS.formatted(Versions.dl4j()),
            inputsAndOutputs("int32")
                .add(
                    "constant",
                    SameDiffGraph.names(manifest),
                    "bytes",
                    "int8",
                    "the %s by number: a JSON array in UTF-8"
                        .formatted(manifest.classifies() ? "classes" : "words")),
            LOAD.formatted(file, SameDiffGraph.names(manifest)),
            snippet(model, CLASSIFY, CAPTION, READ, CONTINUE, SEQUENCE));
  }

  /**
   * What a graph of these names takes and gives.
   *
   * @param numbers the type of words
   */
  Signature inputsAndOutputs(String numbers) {
    Signature signature = new Signature();
    if (manifest.kind().equals(Manifest.SEQUENCE_CLASSIFIER)) {
      return sequences(signature, numbers);
    }
    if (!manifest.kind().equals(Manifest.LANGUAGE_MODEL)) {
      signature.seen(
          "input",
          SameDiffGraph.input(manifest),
          manifest,
          "values 0 to 255; the graph normalises them");
    }
    if (manifest.kind().equals(Manifest.CLASSIFIER)) {
      return signature.answer(SameDiffGraph.answer(manifest), manifest);
    }
    if (NetworkLayers.readsBothDirections(model.network())) {
      addSequence(signature, numbers);
    } else {
      addStep(signature, numbers);
    }
    return signature;
  }

  private Signature sequences(Signature signature, String numbers) {
    int steps = manifest.steps();
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

  private void addSequence(Signature signature, String numbers) {
    int steps = SameDiffGraph.steps(manifest);
    signature
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

  private void addStep(Signature signature, String numbers) {
    String state = "N x " + NetworkLayers.stateWidth(model.network());
    if (manifest.kind().equals(Manifest.CAPTIONER)) {
      signature.add("output", SameDiffGraph.INITIAL_STATE, state, "the state to begin with");
    }
    signature
        .add("input", SameDiffGraph.WORD, "N", numbers, "the last word, 0 to " + (words() - 1))
        .add("input", SameDiffGraph.STATE, state, "the state before that word")
        .add(
            "output",
            SameDiffGraph.PROBABILITIES,
            "N x " + words(),
            "of the next word, 0 to 1; a row's sum is 1")
        .add("output", SameDiffGraph.NEXT_STATE, state, "the state after that word");
  }

  private int words() {
    return manifest.outputNames().size();
  }

  /** The program that goes with a model, of those for each kind. */
  static String snippet(
      ModelArchive model,
      String classify,
      String caption,
      String read,
      String goOn,
      String sequence) {
    Manifest manifest = model.manifest();
    return manifest.match(
        () -> String.format(Locale.ROOT, classify, SameDiffGraph.answer(manifest)),
        () ->
            String.format(
                Locale.ROOT,
                caption,
                SameDiffGraph.input(manifest),
                Vocabulary.START,
                manifest.steps(),
                Vocabulary.NULL,
                Vocabulary.UNKNOWN,
                Vocabulary.END),
        () ->
            NetworkLayers.readsBothDirections(model.network())
                ? read
                : String.format(Locale.ROOT, goOn, NetworkLayers.stateWidth(model.network())),
        () ->
            String.format(
                Locale.ROOT,
                sequence,
                SameDiffGraph.answer(manifest),
                SameDiffGraph.input(manifest)));
  }
}
