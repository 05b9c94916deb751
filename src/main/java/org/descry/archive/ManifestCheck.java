package org.descry.archive;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DescryException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Whether what a manifest says fits the network: images, features, words and answers of the sizes
 * that it takes and gives. The last word has the network itself, which is asked once, with one
 * image and the last word of the vocabulary.
 */
final class ManifestCheck {
  private static final int LARGEST_SIDE = 1 << 14;
  private static final int LONGEST_SENTENCE = 1 << 20;

  /** The most numbers that a vertex may give for one example; a gigabyte of float32. */
  private static final long LARGEST_ACTIVATION = 1 << 28;

  private final Path file;
  private final Manifest manifest;
  private final ComputationGraph network;
  private final NetworkInputs takes;

  private ManifestCheck(Path file, Manifest manifest, ComputationGraph network) {
    this.file = file;
    this.manifest = manifest;
    this.network = network;
    takes = new NetworkInputs(manifest, network);
  }

  /**
   * @throws DescryException if something does not fit
   */
  static void of(Path file, Manifest manifest, ComputationGraph network) {
    ManifestCheck check = new ManifestCheck(file, manifest, network);
    try {
      check.run();
    } catch (DescryException e) {
      throw e;
    } catch (RuntimeException e) {
      throw Refusal.of(
          file,
          e,
          "the network has no answer to %s of %s: %s; expected one that fits.",
          check.question(),
          ModelArchive.MANIFEST,
          Refusal.quoted(e));
    }
  }

  private void run() {
    require(
        "output",
        manifest.output(),
        List.of("probability", "score").contains(String.valueOf(manifest.output())),
        "probability or score");
    requireImage();
    List<String> names = network.getConfiguration().getNetworkInputs();
    Set<String> expected = inputs(names);
    if (names.size() != expected.size() || !expected.equals(new HashSet<>(names))) {
      throw Refusal.of(
          file,
          "the network takes %s; expected %s for a %s.",
          Refusal.quoted(names.toString()),
          expected,
          Refusal.quoted(manifest.kind()));
    }
    requireAnswers(names);
  }

  private void requireImage() {
    Manifest.ImageShape image = manifest.image();
    if (image == null) {
      return;
    }
    boolean possible =
        image.channels() >= 1
            && Math.min(image.height(), image.width()) >= 1
            && Math.max(image.height(), image.width()) <= LARGEST_SIDE;
    require("image", image, possible, "sides of 1 to " + LARGEST_SIDE);
    int channels = manifest.normalizer() == null ? 0 : manifest.normalizer().mean().size();
    require(
        "normalizer",
        channels + " channels",
        channels == image.channels(),
        "the " + image.channels() + " of its images");
  }

  private Set<String> inputs(List<String> names) {
    ModelKind kind = ModelKind.find(manifest).orElseThrow(this::unknownKind);
    if (kind.needs(manifest).contains("steps")) {
      requireSteps();
    }
    if (kind.needs(manifest).contains("vocabulary")) {
      manifest.words(file);
    }
    return kind.inputs(manifest, names);
  }

  private DescryException unknownKind() {
    List<String> kinds = Arrays.stream(ModelKind.values()).map(ModelKind::toString).toList();
    int last = kinds.size() - 1;
    return Refusal.of(
        file,
        "%s has the kind %s; expected %s or %s.",
        ModelArchive.MANIFEST,
        Refusal.quoted(manifest.kind()),
        String.join(", ", kinds.subList(0, last)),
        kinds.get(last));
  }

  private void requireSteps() {
    require(
        "steps",
        manifest.steps(),
        manifest.steps() >= 1 && manifest.steps() <= LONGEST_SENTENCE,
        "1 to " + LONGEST_SENTENCE);
  }

  /** What the network is asked, for messages. */
  private String question() {
    if (manifest.image() != null) {
      Manifest.ImageShape image = manifest.image();
      return "images of %s x %s x %s".formatted(image.channels(), image.height(), image.width());
    }
    return manifest.features() == null ? "the words" : manifest.features() + " features";
  }

  private void requireAnswers(List<String> names) {
    String what = manifest.labels() == null ? "words" : "labels";
    requireSmall(names);
    INDArray[] outputs =
        network.output(false, names.stream().map(this::example).toArray(INDArray[]::new));
    long[] shape = outputs[0].shape();
    if (outputs.length != 1 || shape.length < 2 || shape[shape.length - 1] != takes.answers()) {
      throw Refusal.of(
          file,
          "%s has %s %s; expected those of the network's answers, %s.",
          ModelArchive.MANIFEST,
          takes.answers(),
          what,
          Arrays.toString(shape));
    }
  }

  /** Finds the sizes of all activations before room is made for any. */
  private void requireSmall(List<String> names) {
    ComputationGraphConfiguration copy = network.getConfiguration().clone();
    InputType[] types = names.stream().map(name -> takes.type(name, 1)).toArray(InputType[]::new);
    Map<String, InputType> activations = copy.getLayerActivationTypes(false, false, types);
    activations.forEach(
        (vertex, type) -> {
          long size = 1;
          for (long side : type.getShape(false)) {
            size = side > LARGEST_ACTIVATION || side < 0 ? Long.MAX_VALUE : saturated(size, side);
          }
          if (size > LARGEST_ACTIVATION) {
            throw Refusal.of(
                file,
                "the network's %s gives %s for one example; expected at most %,d numbers.",
                Refusal.quoted(vertex),
                Refusal.quoted(type.toString()),
                LARGEST_ACTIVATION);
          }
        });
  }

  private static long saturated(long a, long b) {
    return b != 0 && a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b;
  }

  private INDArray example(String input) {
    long[] shape = takes.shape(input, 1, 1);
    return takes.isWords(input)
        ? Nd4j.valueArrayOf(shape, (double) (takes.words() - 1)).castTo(params())
        : Nd4j.zeros(params(), shape);
  }

  private org.nd4j.linalg.api.buffer.DataType params() {
    return network.params().dataType();
  }

  private void require(String name, Object value, boolean right, String expected) {
    if (!right) {
      throw Refusal.of(
          file,
          "%s has the %s %s; expected %s.",
          ModelArchive.MANIFEST,
          name,
          Refusal.quoted(String.valueOf(value)),
          expected);
    }
  }
}
