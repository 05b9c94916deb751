package org.descry.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.data.caption.Vocabulary;
import org.descry.export.stock.DecoderStep;
import org.descry.export.stock.StockConverters;
import org.descry.export.stock.StockGraph;
import org.descry.export.stock.StockImages;
import org.descry.model.CaptioningRnn;
import org.descry.model.NetworkLayers;
import org.descry.model.NetworkModel;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A captioner as two networks, since a graph of DL4J's own layers has no place for a state that a
 * image gives: the encoder, and one step of the decoder.
 */
final class StockCaptioner implements Exporter {
  @Override
  public List<String> files(Manifest manifest, String name) {
    return encoderAndDecoder(name);
  }

  /** Two names of one. */
  static List<String> encoderAndDecoder(String name) {
    int dot = name.lastIndexOf('.');
    int end = dot > 0 ? dot : name.length();
    String extension = name.substring(end);
    String base = name.substring(0, end);
    return List.of(base + "-encoder" + extension, base + "-decoder" + extension);
  }

  @Override
  public void write(ModelArchive model, List<Path> files) throws IOException {
    Manifest manifest = model.manifest();
    StockGraph encoder = new StockGraph();
    String seen =
        manifest.image() == null
            ? encoder.input(NetworkModel.IMAGE, InputType.feedForward(manifest.features()))
            : StockImages.input(encoder, manifest);
    String state =
        StockConverters.addBelow(
            encoder, model.network(), NetworkModel.IMAGE, CaptioningRnn.PROJECTION, seen);
    ComputationGraph seeing = encoder.build(state);
    Probe probe = Probe.of(model).firstRow();
    StockZip.write(seeing, null, files.get(0), image(probe));
    StockZip.write(
        DecoderStep.of(model.network()),
        manifest.vocabulary(),
        files.get(1),
        probe.inputs().get(NetworkModel.WORDS).getColumn(0, true),
        seeing.outputSingle(image(probe)));
  }

  @Override
  public List<OutputPair> answers(ModelArchive model, Probe probe, List<Path> files)
      throws IOException {
    ComputationGraph network = model.network();
    INDArray expectedState =
        network.feedForward(probe.ordered(network), false).get(CaptioningRnn.PROJECTION);
    INDArray state = StockZip.read(files.get(0)).outputSingle(image(probe));
    return List.of(
        new OutputPair(CaptioningRnn.PROJECTION, expectedState, state),
        new OutputPair(
            DecoderStep.PROBABILITIES,
            probe.expected(model),
            probabilities(
                StockZip.read(files.get(1)), state, probe.inputs().get(NetworkModel.WORDS))));
  }

  private static INDArray image(Probe probe) {
    return probe.pixels() == null ? probe.inputs().get(NetworkModel.IMAGE) : probe.pixels();
  }

  /** What the decoder expects after each of the words N x T, as N x T x V. */
  private static INDArray probabilities(
      ComputationGraph decoder, INDArray initialState, INDArray words) {
    INDArray[] steps = new INDArray[(int) words.size(1)];
    INDArray state = initialState;
    for (int t = 0; t < steps.length; t++) {
      INDArray word = words.get(NDArrayIndex.all(), NDArrayIndex.interval(t, t + 1));
      INDArray[] outputs = decoder.output(word, state);
      steps[t] = outputs[0];
      state = outputs[1];
    }
    return Nd4j.stack(1, steps);
  }

  @Override
  public String usage(ModelArchive model, List<String> files) {
    Manifest manifest = model.manifest();
    return """
    %s The encoder makes a state of an image; the decoder makes of a word and a state the next word's \
    probabilities and the next state. Always taking the likeliest word:

    ```java
    ComputationGraph encoder = ComputationGraph.load(new File("%s"), false);
    ComputationGraph decoder = ComputationGraph.load(new File("%s"), false);
    INDArray state = encoder.outputSingle(image); // of one image
    int word = %s; // <START>
    for (int length = 0; length < %s; length++) {
      INDArray[] next = decoder.output(Nd4j.scalar((float) word).reshape(1, 1), state);
      for (int never : new int[] {%s, %s, %s}) { // <NULL>, <START>, <UNK>
        next[0].putScalar(0, never, 0);
      }
      word = next[0].argMax(1).getInt(0);
      if (word == %s) { // <END>
        break;
      }
      caption.add(words[word]);
      state = next[1];
    }
    ```

    %s

    The words, in the order of their numbers, are the JSON array `%s` in the decoder's zip.
    """
        .formatted(
            StockZip.needs(),
            files.get(0),
            files.get(1),
            Vocabulary.START,
            manifest.steps(),
            Vocabulary.NULL,
            Vocabulary.START,
            Vocabulary.UNKNOWN,
            Vocabulary.END,
            signature(manifest, "N x " + NetworkLayers.stateWidth(model.network())),
            StockZip.LABELS);
  }

  private static Signature signature(Manifest manifest, String state) {
    int words = manifest.vocabulary().size();
    return new Signature()
        .seen("encoder's input", NetworkModel.IMAGE, manifest, StockImages.PIXELS)
        .add("encoder's output", CaptioningRnn.PROJECTION, state, "the state to begin with")
        .add("decoder's input", DecoderStep.WORD, "N x 1", "the last word, 0 to " + (words - 1))
        .add("decoder's input", DecoderStep.STATE, state, "the state before that word")
        .add(
            "decoder's output",
            DecoderStep.PROBABILITIES,
            "N x " + words,
            "of the next word, 0 to 1; a row's sum is 1")
        .add("decoder's output", DecoderStep.NEXT_STATE, state, "the state after that word");
  }
}
