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

  /** The product of two square matrices that gives the machine's peak. */
  public static final Workload MATMUL = matmul(1024);

  /** Every other workload in the table's order. A new row is a line here and a method of Peer. */
  public static final List<Workload> NETWORKS =
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

  public static Workload byId(String id) {
    return Stream.concat(Stream.of(MATMUL), NETWORKS.stream())
        .filter(workload -> workload.id.equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "expected one of "
                        + NETWORKS.stream().map(Workload::id).toList()
                        + ", got: "
                        + id));
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

  private static Workload step(String name, SequenceSpec net, int batch) {
    return new Workload(
        name + "-" + batch,
        batch,
        net.stepFlops(batch),
        (peer, meter) -> peer.train(net, batch, meter));
  }

  private static Workload generation(String name, SequenceSpec net, int batch) {
    return new Workload(
        name + "-" + batch,
        batch,
        net.generationFlops(batch, GENERATED_WORDS),
        (peer, meter) -> peer.generate(net, batch, GENERATED_WORDS, meter));
  }
}
