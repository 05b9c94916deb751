package org.descry.bench.nd4j;

import java.io.IOException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.bench.ConvSpec;
import org.descry.bench.Meter;
import org.descry.bench.SequenceSpec;
import org.descry.bench.Trial;
import org.descry.engine.Engine;
import org.descry.replay.RecordedStep;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * Descry's layers in a graph that was put together by hand, trained by DL4J's own {@code fit} or,
 * where the property {@code bench.recorded} is set, by a {@link RecordedStep}.
 */
public final class OwnGraphPeer extends Nd4jPeer {
  public static void main(String[] args) throws IOException {
    Engine.start();
    Trial.run(new OwnGraphPeer(), args);
  }

  @Override
  public void train(ConvSpec net, int batch, Meter meter) {
    train(OwnGraphs.of(net), DescryPeer.images(net, batch), meter);
  }

  @Override
  public void train(SequenceSpec net, int batch, Meter meter) {
    train(OwnGraphs.of(net), DescryPeer.sentences(net, batch), meter);
  }

  private static void train(ComputationGraph graph, MultiDataSet data, Meter meter) {
    if (Boolean.getBoolean("bench.recorded")) {
      DescryPeer.measure(graph, data, meter);
      return;
    }
    fit(graph, data, meter);
  }

  @Override
  public void infer(ConvSpec net, int batch, Meter meter) {
    throw new UnsupportedOperationException("infer");
  }

  @Override
  public void generate(SequenceSpec net, int batch, int words, Meter meter) {
    throw new UnsupportedOperationException("generate");
  }
}
