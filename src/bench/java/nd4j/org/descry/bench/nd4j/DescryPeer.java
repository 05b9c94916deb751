package org.descry.bench.nd4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.descry.UsageException;
import org.descry.bench.Batches;
import org.descry.bench.ConvSpec;
import org.descry.bench.Meter;
import org.descry.bench.Peer;
import org.descry.bench.SequenceBatch;
import org.descry.bench.SequenceSpec;
import org.descry.bench.Trial;
import org.descry.data.caption.Vocabulary;
import org.descry.data.image.ChannelNormalizer;
import org.descry.data.image.ImageLoader;
import org.descry.engine.Engine;
import org.descry.engine.dnn.Precision;
import org.descry.generate.Decoder;
import org.descry.kernel.Activation;
import org.descry.kernel.RnnCell;
import org.descry.layer.ExplicitLayer;
import org.descry.model.CaptioningRnn;
import org.descry.model.Classifier;
import org.descry.model.ConvNet;
import org.descry.model.LanguageRnn;
import org.descry.model.Loss;
import org.descry.model.NetworkModel;
import org.descry.model.NetworkSettings;
import org.descry.model.ThreeLayerConvNet;
import org.descry.replay.RecordedOutput;
import org.descry.replay.RecordedStep;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Descry's layers in a ComputationGraph, fed as its own data pipeline does. The property {@code
 * bench.precision} says in what precision its steps are done, float32 by default; {@code
 * bench.binary} which of the package's native builds does them, the fastest by default.
 */
public final class DescryPeer extends Nd4jPeer {
  private static final long SEED = 1;
  private static final double HE_WEIGHTS = 0;
  private static final float NEVER = -1e9f;
  private static final double HALF = 0.5;
  private static final Precision PRECISION =
      Precision.valueOf(System.getProperty("bench.precision", "float32").toUpperCase(Locale.ROOT));

  public static void main(String[] args) throws IOException {
    Trial.run(new DescryPeer(), args);
  }

  @Override
  public String obstacle() {
    String binary = System.getProperty("bench.binary");
    try {
      Engine.Choice choice = Engine.start(binary, null);
      return binary != null && choice.present().size() == 1
          ? "the package holds no other build"
          : PRECISION.obstacle();
    } catch (UsageException e) {
      return e.getMessage();
    }
  }

  @Override
  public void train(ConvSpec net, int batch, Meter meter) {
    measure(graph(net), images(net, batch), meter);
  }

  static MultiDataSet images(ConvSpec net, int batch) {
    return new MultiDataSet(channelsLastPixels(net, batch), oneHotLabels(net, batch));
  }

  @Override
  public void infer(ConvSpec net, int batch, Meter meter) {
    RecordedOutput graph = RecordedOutput.of(graph(net));
    INDArray pixels = channelsLastPixels(net, batch);
    meter.measure(
        () -> {
          graph.output(pixels).get(0).data().asFloat();
          return Double.NaN;
        });
  }

  /** Steps as a training does them. */
  static void measure(ComputationGraph graph, MultiDataSet data, Meter meter) {
    RecordedStep step = RecordedStep.halving(graph, PRECISION);
    meter.measure(
        () -> {
          step.fit(data);
          return graph.score();
        });
  }

  /** Shape N x C x H x W seen through N x H x W x C memory. */
  private static INDArray channelsLastPixels(ConvSpec net, int batch) {
    return Nd4j.createFromArray(Batches.pixelsChannelsLast(net, batch))
        .reshape(batch, net.height(), net.width(), net.channels())
        .permute(0, 3, 1, 2);
  }

  private static ComputationGraph graph(ConvSpec net) {
    if (net.isResidual()) {
      return OwnGraphs.of(net);
    }
    NetworkSettings solver =
        NetworkSettings.of(SEED, new Adam(Peer.LEARNING_RATE)).withL2(ConvSpec.L2);
    return graph(classifier(net).configuration(solver));
  }

  static ComputationGraph graph(ComputationGraphConfiguration configuration) {
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init();
    return graph;
  }

  /** As a trained classifier does it. */
  @Override
  public void predict(ConvSpec net, Path image, Meter meter) {
    RecordedOutput graph = RecordedOutput.of(graph(net));
    ImageLoader loader = new ImageLoader(net.height(), net.width(), net.channels());
    List<Double> half = Collections.nCopies(net.channels(), HALF);
    ChannelNormalizer normalizer = new ChannelNormalizer(half, half);
    meter.measure(
        () -> {
          List<byte[]> pixels = List.of(loader.load(image).pixels());
          INDArray scores =
              graph.output(normalizer.apply(net.height(), net.width(), pixels)).get(0);
          scores.argMax(1).getLong(0);
          return Double.NaN;
        });
  }

  private static Classifier classifier(ConvSpec net) {
    if (net.equals(ConvSpec.THREE_LAYER)) {
      ConvSpec.Stage stage = net.stages().get(0);
      return new ThreeLayerConvNet(
          net.channels(),
          net.height(),
          net.width(),
          net.classes(),
          stage.filters(),
          stage.filterSize(),
          net.hidden().get(0),
          HE_WEIGHTS,
          Loss.SOFTMAX);
    }
    return new ConvNet(
        net.channels(),
        net.height(),
        net.width(),
        net.classes(),
        net.stages().stream()
            .map(stage -> new ConvNet.Stage(stage.filters(), stage.filterSize(), stage.pool()))
            .toList(),
        net.hidden(),
        HE_WEIGHTS,
        Loss.SOFTMAX,
        net.batchNorm(),
        0,
        Activation.RELU);
  }

  @Override
  public void train(SequenceSpec net, int batch, Meter meter) {
    measure(graph(net), sentences(net, batch), meter);
  }

  static MultiDataSet sentences(SequenceSpec net, int batch) {
    SequenceBatch sentences = SequenceBatch.of(net, batch).transposed();
    INDArray words = throughTimeMajor(sentences, sentences.words());
    INDArray next = throughTimeMajor(sentences, sentences.next());
    INDArray mask =
        Nd4j.createFromArray(sentences.mask())
            .reshape(sentences.rows(), sentences.columns())
            .transpose();
    INDArray[] inputs =
        net.hasFeatures() ? new INDArray[] {features(net, batch), words} : new INDArray[] {words};
    return new MultiDataSet(inputs, new INDArray[] {next}, null, new INDArray[] {mask});
  }

  /** The decoder looks at the network once, before the first sentence, as for many images. */
  @Override
  public void generate(SequenceSpec net, int batch, int words, Meter meter) {
    ComputationGraph graph = graph(net);
    graph
        .getLayer(NetworkModel.SCORES)
        .getParam(ExplicitLayer.BIAS)
        .putScalar(Vocabulary.END, NEVER);
    Layer projection = graph.getLayer(CaptioningRnn.PROJECTION);
    Decoder decoder = new Decoder(graph);
    INDArray features = features(net, batch);
    meter.measure(
        () -> {
          INDArray h0 = projection.activate(features, false, LayerWorkspaceMgr.noWorkspaces());
          if (decoder.greedy(h0, words)[0].length != words) {
            throw new IllegalStateException("a sentence ended early");
          }
          return Double.NaN;
        });
  }

  static RnnCell cell(SequenceSpec net) {
    return net.lstm() ? RnnCell.LSTM : RnnCell.VANILLA;
  }

  /** Shape N x T seen through T x N memory. */
  private static INDArray throughTimeMajor(SequenceBatch timeMajor, int[] words) {
    return words(words, timeMajor.rows(), timeMajor.columns()).transpose();
  }

  private static ComputationGraph graph(SequenceSpec net) {
    NetworkSettings solver = NetworkSettings.of(SEED, new Adam(Peer.LEARNING_RATE));
    return graph(
        net.hasFeatures()
            ? new CaptioningRnn(
                    net.features(),
                    null,
                    net.vocabulary(),
                    net.embedding(),
                    net.hidden(),
                    net.layers(),
                    cell(net),
                    net.steps())
                .configuration(solver)
            : new LanguageRnn(
                    net.vocabulary(),
                    net.embedding(),
                    net.hidden(),
                    net.layers(),
                    cell(net),
                    net.steps(),
                    false,
                    false)
                .configuration(solver));
  }
}
