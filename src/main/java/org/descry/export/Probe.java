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
import org.descry.archive.NetworkInputs;
import org.descry.data.caption.Vocabulary;
import org.descry.data.image.ChannelNormalizer;
import org.descry.export.samediff.SameDiffGraph;
import org.descry.model.NetworkModel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The fixed batch that an export and its original are compared on; the same for equal models.
 *
 * @param pixels N x C x H x W bytes as float32, RGB; null for models that take no images
 * @param inputs what the original takes, by the names of its inputs: normalised images or features
 *     under {@link NetworkModel#IMAGE}, words N x T under {@link NetworkModel#WORDS}, initial
 *     states under {@link NetworkModel#STATE}; for sequences of different lengths their mask N x T
 *     under {@link SameDiffGraph#MASK}
 */
record Probe(INDArray pixels, Map<String, INDArray> inputs) {
  /** N. */
  static final int ROWS = 8;

  /** T, where the model does not say how long its sentences are. */
  static final int STEPS = 8;

  private static final long SEED = 0x5EED;

  static Probe of(ModelArchive model) {
    Manifest manifest = model.manifest();
    NetworkInputs takes = new NetworkInputs(manifest, model.network());
    SplittableRandom random = new SplittableRandom(SEED);
    Map<String, INDArray> inputs = new HashMap<>();
    INDArray pixels = null;
    int steps = steps(manifest);
    for (String name : takes.names()) {
      Manifest.ImageShape image = manifest.image();
      if (takes.isWords(name)) {
        inputs.put(name, words(random, takes.words(), steps, manifest.vocabulary() != null));
      } else if (name.equals(NetworkModel.IMAGE) && image != null) {
        List<byte[]> images = images(image, random);
        pixels = asTheyAre(image.channels()).apply(image.height(), image.width(), images);
        inputs.put(name, manifest.normalizer().apply(image.height(), image.width(), images));
      } else {
        inputs.put(name, uniform(random, takes.shape(name, ROWS, steps)));
      }
    }
    if (manifest.classifies() && manifest.steps() != null) {
      inputs.put(SameDiffGraph.MASK, mask(random, steps));
    }
    return new Probe(pixels, inputs);
  }

  private static INDArray mask(SplittableRandom random, int steps) {
    INDArray mask = Nd4j.zeros(DataType.FLOAT, ROWS, steps);
    for (int row = 0; row < ROWS; row++) {
      int length = row == 0 ? steps : 1 + random.nextInt(steps);
      mask.get(NDArrayIndex.point(row), NDArrayIndex.interval(0, length)).assign(1);
    }
    return mask;
  }

  /** As many as the model's sequences have at most, or as many as all of them have. */
  private static int steps(Manifest manifest) {
    return manifest.steps() != null
        ? manifest.steps()
        : manifest.provenance().job().at("/data/steps").asInt(STEPS);
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

  /**
   * @param sentences whether they begin with {@code <START>}
   */
  private static INDArray words(
      SplittableRandom random, int vocabulary, int steps, boolean sentences) {
    INDArray words = Nd4j.create(DataType.FLOAT, ROWS, steps);
    for (int i = 0; i < words.length(); i++) {
      words.putScalar(i, random.nextInt(vocabulary));
    }
    if (sentences) {
      words.getColumn(0).assign(Vocabulary.START);
    }
    return words;
  }

  private static INDArray uniform(SplittableRandom random, long[] shape) {
    INDArray values = Nd4j.create(DataType.FLOAT, shape);
    for (int i = 0; i < values.length(); i++) {
      values.putScalar(i, random.nextDouble(-1, 1));
    }
    return values;
  }

  /** The same without an initial state: where a sequence begins. */
  Probe fromTheBeginning() {
    Map<String, INDArray> others = new HashMap<>(inputs);
    others.computeIfPresent(NetworkModel.STATE, (name, state) -> Nd4j.zerosLike(state));
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
