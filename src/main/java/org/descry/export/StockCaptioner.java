package org.descry.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.data.Vocabulary;
import org.descry.model.CaptioningRnn;
import org.descry.train.Manifest;
import org.descry.train.ModelArchive;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A captioner as two networks, since a graph of DL4J's own layers has no place for a state that a
 * picture gives: the encoder, and one step of the decoder.
 */
final class StockCaptioner implements Exporter {
  @Override
  public List<String> files(Manifest manifest, String name) {
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
            ? encoder.input(CaptioningRnn.IMAGE, InputType.feedForward(manifest.features()))
            : StockPictures.input(encoder, manifest);
    String state =
        StockTwins.addChain(
            encoder, model.network(), CaptioningRnn.IMAGE, CaptioningRnn.PROJECTION, seen);
    StockZip.write(encoder.build(state), null, files.get(0));
    StockZip.write(DecoderStep.of(model.network()), manifest.vocabulary(), files.get(1));
  }

  @Override
  public List<Answer> answers(ModelArchive model, Probe probe, List<Path> files)
      throws IOException {
    ComputationGraph network = model.network();
    INDArray expectedState =
        network.feedForward(probe.ordered(network), false).get(CaptioningRnn.PROJECTION);
    INDArray image =
        probe.pixels() == null ? probe.inputs().get(CaptioningRnn.IMAGE) : probe.pixels();
    INDArray state = StockZip.read(files.get(0)).outputSingle(image);
    return List.of(
        new Answer(CaptioningRnn.PROJECTION, expectedState, state),
        new Answer(
            DecoderStep.PROBABILITIES,
            probe.expected(model),
            probabilities(
                StockZip.read(files.get(1)), state, probe.inputs().get(CaptioningRnn.WORDS))));
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
    String seen =
        manifest.image() == null
            ? "features, float32 N x %d.".formatted(manifest.features())
            : StockPictures.usage(manifest.image());
    return """
    Plain DL4J reads the two networks; nothing of Descry is needed. The encoder makes a state of a picture, the \
    decoder of a word and a state the next word's probabilities and the next state. Always taking the likeliest:

    ```java
    ComputationGraph encoder = ComputationGraph.load(new File("%s"), false);
    ComputationGraph decoder = ComputationGraph.load(new File("%s"), false);
    INDArray state = encoder.outputSingle(picture);
    int word = %d; // <START>
    for (int length = 0; length < %d; length++) {
      INDArray[] next = decoder.output(Nd4j.scalar((float) word).reshape(1, 1), state);
      next[0].putScalar(0, %d, 0).putScalar(0, %d, 0).putScalar(0, %d, 0); // never <NULL>, <START>, <UNK>
      word = next[0].argMax(1).getInt(0);
      if (word == %d) { // <END>
        break;
      }
      sentence.add(words.get(word));
      state = next[1];
    }
    ```

    - Encoder, input `%s`: %s
    - Encoder, output: states, float32 N x S.
    - Decoder, inputs: `%s`, numbers of words, float32 N x 1; `%s`, float32 N x S.
    - Decoder, outputs: `%s`, float32 N x %d; `%s`, float32 N x S. A word's number is its place in the JSON \
    array `%s` in the decoder's zip.
    """
        .formatted(
            files.get(0),
            files.get(1),
            Vocabulary.START,
            manifest.steps(),
            Vocabulary.NULL,
            Vocabulary.START,
            Vocabulary.UNKNOWN,
            Vocabulary.END,
            CaptioningRnn.IMAGE,
            seen,
            DecoderStep.WORD,
            DecoderStep.STATE,
            DecoderStep.PROBABILITIES,
            manifest.vocabulary().size(),
            DecoderStep.NEXT_STATE,
            StockZip.LABELS);
  }
}
