package org.descry.export;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.data.caption.Vocabulary;
import org.descry.data.image.ChannelNormalizer;
import org.descry.export.samediff.SameDiffGraph;
import org.descry.model.CaptioningRnn;
import org.descry.model.Classifier;
import org.descry.model.LanguageRnn;
import org.descry.model.NetworkLayers;
import org.descry.model.SequenceRnn;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The fixed batch that an export and its original are compared on; the same for equal models.
 *
 * @param pixels N x C x H x W bytes as float32, RGB; null for models that take no images
 * @param inputs what the original takes, by the names of its inputs: normalised images or features
 *     under {@link Classifier#INPUT}, words N x T under {@link CaptioningRnn#WORDS}, initial states
 *     under {@link LanguageRnn#STATE}; for sequences of different lengths their mask N x T under
 *     {@link SameDiffGraph#MASK}
 */
record Probe(INDArray pixels, Map<String, INDArray> inputs) {
  /** N. */
  static final int ROWS = 8;

  /** T, where the model does not say how long its sentences are. */
  static final int STEPS = 8;

  private static final long SEED = 0x5EED;

  static Probe of(ModelArchive model) {
    Manifest manifest = model.manifest();
    SplittableRandom random = new SplittableRandom(SEED);
    Map<String, INDArray> inputs = new HashMap<>();
    INDArray pixels = null;
    if (manifest.image() != null) {
      Manifest.ImageShape shape = manifest.image();
      List<byte[]> images = images(shape, random);
      pixels = asTheyAre(shape.channels()).apply(shape.height(), shape.width(), images);
      inputs.put(
          Classifier.INPUT, manifest.normalizer().apply(shape.height(), shape.width(), images));
    } else if (manifest.kind().equals(Manifest.SEQUENCE_CLASSIFIER)) {
      return new Probe(null, sequences(manifest, random));
    } else if (manifest.features() != null) {
      inputs.put(CaptioningRnn.IMAGE, uniform(random, ROWS, manifest.features()));
    }
    if (manifest.vocabulary() != null) {
      INDArray words = words(random, manifest.vocabulary().size(), manifest.steps());
      words.getColumn(0).assign(Vocabulary.START);
      inputs.put(CaptioningRnn.WORDS, words);
    } else if (manifest.text() != null) {
      inputs.put(CaptioningRnn.WORDS, words(random, manifest.text().size(), steps(manifest)));
    }
    if (takes(model.network(), LanguageRnn.STATE)) {
      inputs.put(
          LanguageRnn.STATE, uniform(random, ROWS, NetworkLayers.stateWidth(model.network())));
    }
    return new Probe(pixels, inputs);
  }

  private static Map<String, INDArray> sequences(Manifest manifest, SplittableRandom random) {
    int steps = manifest.steps();
    Map<String, INDArray> inputs = new HashMap<>();
    if (manifest.text() == null) {
      INDArray flat = uniform(random, ROWS, (long) steps * manifest.features());
      inputs.put(SequenceRnn.NUMBERS, flat.reshape(ROWS, steps, manifest.features()));
    } else {
      inputs.put(CaptioningRnn.WORDS, words(random, manifest.text().size(), steps));
    }
    INDArray mask = Nd4j.zeros(DataType.FLOAT, ROWS, steps);
    for (int row = 0; row < ROWS; row++) {
      int length = row == 0 ? steps : 1 + random.nextInt(steps);
      mask.get(NDArrayIndex.point(row), NDArrayIndex.interval(0, length)).assign(1);
    }
    inputs.put(SameDiffGraph.MASK, mask);
    return inputs;
  }

  /** As many as the model's sequences have, where they are of one length. */
  private static int steps(Manifest manifest) {
    return manifest.provenance().job().at("/data/steps").asInt(STEPS);
  }

  /** Leaves bytes from 0 to 255. */
  private static ChannelNormalizer asTheyAre(int channels) {
    return new ChannelNormalizer(
        Collections.nCopies(channels, 0.0), Collections.nCopies(channels, 1 / 255.0));
  }

  private static List<byte[]> images(Manifest.ImageShape shape, SplittableRandom random) {
    List<byte[]> images = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      byte[] bytes = new byte[shape.height() * shape.width() * shape.channels()];
      random.nextBytes(bytes);
      images.add(bytes);
    }
    return images;
  }

  private static INDArray words(SplittableRandom random, int vocabulary, int steps) {
    INDArray words = Nd4j.create(DataType.FLOAT, ROWS, steps);
    for (int i = 0; i < words.length(); i++) {
      words.putScalar(i, random.nextInt(vocabulary));
    }
    return words;
  }

  private static INDArray uniform(SplittableRandom random, long rows, long columns) {
    INDArray values = Nd4j.create(DataType.FLOAT, rows, columns);
    for (int i = 0; i < values.length(); i++) {
      values.putScalar(i, random.nextDouble(-1, 1));
    }
    return values;
  }

  private static boolean takes(ComputationGraph network, String input) {
    return network.getConfiguration().getNetworkInputs().contains(input);
  }

  /** The same without an initial state: where a sequence begins. */
  Probe fromTheBeginning() {
    Map<String, INDArray> others = new HashMap<>(inputs);
    others.computeIfPresent(LanguageRnn.STATE, (name, state) -> Nd4j.zerosLike(state));
    return new Probe(pixels, others);
  }

  /** The first row alone. */
  Probe firstRow() {
    Map<String, INDArray> first = new HashMap<>(inputs);
    first.replaceAll((name, array) -> first(array));
    return new Probe(pixels == null ? null : first(pixels), first);
  }

  private static INDArray first(INDArray rows) {
    return rows.get(NDArrayIndex.interval(0, 1)).dup('c');
  }

  /** What the original answers: probabilities or scores, N x K or N x T x V. */
  INDArray expected(ModelArchive model) {
    INDArray mask = inputs.get(SameDiffGraph.MASK);
    INDArray[] masks = mask == null ? null : new INDArray[] {mask};
    return model.network().output(false, ordered(model.network()), masks, null)[0];
  }

  /** The inputs in the network's order. */
  INDArray[] ordered(ComputationGraph network) {
    return network.getConfiguration().getNetworkInputs().stream()
        .map(inputs::get)
        .toArray(INDArray[]::new);
  }
}
