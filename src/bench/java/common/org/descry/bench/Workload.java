package org.descry.bench;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * One row of the table: something that every peer can be asked to repeat.
 *
 * @param id what the command line and the JSON call it
 * @param batch examples in one step
 * @param flops floating-point operations that the arithmetic of one step needs
 * @param body asks a peer to do it until the meter has finished
 */
public record Workload(String id, int batch, double flops, BiConsumer<Peer, Meter> body) {

  private static final int GENERATED_WORDS = 30;
  private static final int GROWTH_BATCH = 16;

  /** The product of two square matrices that gives the machine's peak. */
  public static final Workload MATMUL = matmul(1024);

  /** What all contenders do, in the table's order. A new row is a line and a method of Peer. */
  public static final List<Workload> CLASSIC =
      List.of(
          step("three-layer-step", ConvSpec.THREE_LAYER, 100),
          step("three-layer-step", ConvSpec.THREE_LAYER, 32),
          forward("three-layer-forward", ConvSpec.THREE_LAYER, 100),
          step("four-stage-step", ConvSpec.FOUR_STAGE, 100),
          step("captioning-step", SequenceSpec.CAPTIONER, 100),
          step("captioning-step", SequenceSpec.CAPTIONER, 25),
          step("language-model-step", SequenceSpec.LANGUAGE_MODEL, 64),
          generation("caption-generation", SequenceSpec.CAPTIONER, 1),
          generation("caption-generation", SequenceSpec.CAPTIONER, 100));

  /** What Descry, TensorFlow and PyTorch do besides. */
  public static final List<Workload> FURTHER =
      List.of(
          step("lstm-captioning-step", SequenceSpec.LSTM_CAPTIONER, 100),
          step("lstm-language-model-step", SequenceSpec.LSTM_LANGUAGE_MODEL, 64),
          step("batch-norm-step", ConvSpec.BATCH_NORM, 100),
          step("residual-step", ConvSpec.RESIDUAL, 100),
          prediction("predict-image", ConvSpec.THREE_LAYER));

  /**
   * One workload in several sizes, whose cost should grow with the size and no faster.
   *
   * @param of what grows
   * @param unit what the cost is divided by
   */
  public record Growth(String of, String unit, List<Workload> sizes) {}

  /** What Descry does alone. The examples of a step are the units there. */
  public static final List<Growth> GROWTHS =
      List.of(
          new Growth(
              "N",
              "image",
              sizes(64, 256, 1024)
                  .map(n -> step("growth-batch", ConvSpec.THREE_LAYER, n))
                  .toList()),
          new Growth(
              "T",
              "word",
              sizes(32, 128, 512)
                  .map(t -> grown("growth-steps", t, SequenceSpec.languageModel(t, false)))
                  .toList()),
          new Growth(
              "H and W",
              "pixel",
              sizes(32, 64, 128).map(side -> grown("growth-side", side)).toList()));

  private static Stream<Integer> sizes(Integer... sizes) {
    return Stream.of(sizes);
  }

  /** All that can be asked for by name. */
  public static List<Workload> all() {
    return Stream.of(CLASSIC, FURTHER, GROWTHS.stream().flatMap(g -> g.sizes.stream()).toList())
        .flatMap(List::stream)
        .toList();
  }

  public static Workload byId(String id) {
    return Stream.concat(Stream.of(MATMUL), all().stream())
        .filter(workload -> workload.id.equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "expected one of "
                        + all().stream().map(Workload::id).toList()
                        + ", got: "
                        + id));
  }

  /** Whether it is a training step. */
  public boolean isStep() {
    return id.contains("-step-");
  }

  /** Whether its steps are no arithmetic alone, so that a share of the peak says nothing. */
  public boolean isMoreThanArithmetic() {
    return id.startsWith("predict");
  }

  private static Workload matmul(int size) {
    return new Workload(
        "matmul-" + size, 1, 2.0 * size * size * size, (peer, meter) -> peer.multiply(size, meter));
  }

  private static Workload step(String name, ConvSpec net, int batch) {
    return new Workload(
        name + "-" + batch,
        batch,
        net.stepFlops(batch),
        (peer, meter) -> peer.train(net, batch, meter));
  }

  private static Workload forward(String name, ConvSpec net, int batch) {
    return new Workload(
        name + "-" + batch,
        batch,
        net.forwardFlops(batch),
        (peer, meter) -> peer.infer(net, batch, meter));
  }

  private static Workload prediction(String name, ConvSpec net) {
    return new Workload(
        name,
        1,
        net.forwardFlops(1),
        (peer, meter) -> peer.predict(net, Batches.imageFile(net), meter));
  }

  private static Workload step(String name, SequenceSpec net, int batch) {
    return new Workload(
        name + "-" + batch,
        batch,
        net.stepFlops(batch),
        (peer, meter) -> peer.train(net, batch, meter));
  }

  private static Workload grown(String name, int steps, SequenceSpec net) {
    return new Workload(
        name + "-" + steps,
        steps * GROWTH_BATCH,
        net.stepFlops(GROWTH_BATCH),
        (peer, meter) -> peer.train(net, GROWTH_BATCH, meter));
  }

  private static Workload grown(String name, int side) {
    ConvSpec net = ConvSpec.ofSide(side);
    return new Workload(
        name + "-" + side,
        side * side * GROWTH_BATCH,
        net.stepFlops(GROWTH_BATCH),
        (peer, meter) -> peer.train(net, GROWTH_BATCH, meter));
  }

  private static Workload generation(String name, SequenceSpec net, int batch) {
    return new Workload(
        name + "-" + batch,
        batch,
        net.generationFlops(batch, GENERATED_WORDS),
        (peer, meter) -> peer.generate(net, batch, GENERATED_WORDS, meter));
  }
}
