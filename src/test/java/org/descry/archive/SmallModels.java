package org.descry.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.data.image.ChannelNormalizer;
import org.descry.data.text.TextUnit;
import org.descry.data.text.TextVocabulary;
import org.descry.io.Json;
import org.descry.kernel.RnnCell;
import org.descry.layer.AffineBatchNormReluLayer;
import org.descry.layer.AffineLayer;
import org.descry.layer.AffineReluLayer;
import org.descry.layer.BatchNormLayer;
import org.descry.layer.ConvBatchNormReluLayer;
import org.descry.layer.ConvBatchNormReluPoolLayer;
import org.descry.layer.ConvReluLayer;
import org.descry.layer.ConvReluPoolLayer;
import org.descry.layer.DropoutLayer;
import org.descry.layer.LayerNormLayer;
import org.descry.layer.Normalization;
import org.descry.layer.ReluLayer;
import org.descry.layer.SigmoidLayer;
import org.descry.layer.SoftmaxLossLayer;
import org.descry.layer.SvmLossLayer;
import org.descry.model.CaptioningRnn;
import org.descry.model.ConvNet;
import org.descry.model.LanguageRnn;
import org.descry.model.NetworkModel;
import org.descry.model.NetworkSettings;
import org.descry.train.CosineSchedule;
import org.descry.train.OneCycleSchedule;
import org.descry.train.WarmUpSchedule;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Models of a few numbers, one for each class that Descry saves. As a program, writes them and
 * their answers into a folder: the fixtures of a version are made once, by that version.
 */
final class SmallModels {
  private static final int SIDE = 4;
  private static final int CHANNELS = 2;
  private static final List<String> LABELS = List.of("one", "two", "three");
  private static final List<String> WORDS =
      List.of("<NULL>", "<START>", "<END>", "<UNK>", "a", "dog");

  private SmallModels() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    Map<String, float[]> answers = new LinkedHashMap<>();
    for (Map.Entry<String, ModelArchive> model : all().entrySet()) {
      Files.write(folder.resolve(model.getKey() + ".zip"), bytes(model.getValue()));
      answers.put(model.getKey(), answer(model.getValue()));
    }
    Files.writeString(folder.resolve("answers.json"), Json.pretty(answers));
  }

  static byte[] bytes(ModelArchive model) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      model.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** What a model says to fixed inputs. */
  static float[] answer(ModelArchive model) {
    return answer(model.network(), model.manifest());
  }

  static float[] answer(ComputationGraph network, Manifest manifest) {
    INDArray[] inputs =
        network.getConfiguration().getNetworkInputs().stream()
            .map(name -> input(name, manifest))
            .toArray(INDArray[]::new);
    return network.output(false, inputs)[0].dup('c').data().asFloat();
  }

  private static INDArray input(String name, Manifest manifest) {
    if (name.equals(NetworkModel.WORDS)) {
      return Nd4j.createFromArray(new float[][] {{1, 2, 0}, {0, 1, 2}});
    }
    long[] shape =
        manifest.image() == null
            ? new long[] {2, manifest.features()}
            : new long[] {
              2, manifest.image().channels(), manifest.image().height(), manifest.image().width()
            };
    long length = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    return Nd4j.linspace(DataType.FLOAT, -1, 2.0 / length, length).reshape(shape);
  }

  /** The models by the simple name of the class that each stands for. */
  static Map<String, ModelArchive> all() {
    Map<String, ModelArchive> models = new LinkedHashMap<>();
    Stream.of(
            new ConvReluLayer.Builder().filters(2).build(),
            new ConvReluPoolLayer.Builder().filters(2).build(),
            new ConvBatchNormReluLayer.Builder().filters(2).build(),
            new ConvBatchNormReluPoolLayer.Builder().filters(2).build(),
            new AffineReluLayer.Builder().nOut(3).build(),
            new AffineBatchNormReluLayer.Builder().nOut(3).build(),
            new BatchNormLayer.Builder().build(),
            new ReluLayer.Builder().build(),
            new SigmoidLayer.Builder().build(),
            new DropoutLayer.Builder().probability(0.4).seed(7).build())
        .forEach(layer -> models.put(layer.getClass().getSimpleName(), classifier(layer)));
    models.put("AffineLayer", classifier());
    models.put(
        "LayerNormLayer",
        classifier(
            new AffineLayer.Builder().nOut(3).build(), new LayerNormLayer.Builder().build()));
    models.put("SoftmaxLossLayer", classifier(new SoftmaxLossLayer(), plain()));
    models.put("SvmLossLayer", classifier(new SvmLossLayer(), plain()));
    models.put("CosineSchedule", scheduled(new CosineSchedule(0.1, 0, 10)));
    models.put("OneCycleSchedule", scheduled(new OneCycleSchedule(0.01, 0.1, 0, 3, 10)));
    models.put("WarmUpSchedule", scheduled(new WarmUpSchedule(new FixedSchedule(0.1), 3)));
    models.put("OneHotLayer", language(new LanguageRnn(3, 0, 3, 1, 4, false)));
    models.put("WordEmbeddingLayer", language(new LanguageRnn(3, 2, 3, 1, 4, false)));
    models.put("RnnVertex", language(new LanguageRnn(3, 2, 2, 2, RnnCell.LSTM, 4, false, false)));
    models.put(
        "TiedRnnVertex", language(new LanguageRnn(3, 2, 2, 1, RnnCell.LSTM, 4, false, true)));
    models.put(
        "TemporalBiasLayer",
        language(new LanguageRnn(3, 2, 2, 1, RnnCell.VANILLA, 4, false, true)));
    models.put("TemporalAffineLayer", captioner(null));
    models.put("TemporalSoftmaxLossLayer", captioner(images(false)));
    models.put("FrozenLayer", captioner(images(true)));
    return models;
  }

  private static IUpdater plain() {
    return new Adam(0.1);
  }

  private static ModelArchive scheduled(ISchedule schedule) {
    IUpdater updater = plain();
    updater.setLrAndSchedule(Double.NaN, schedule);
    return classifier(new SoftmaxLossLayer(), updater);
  }

  /** Image, layers, affine scores, softmax. */
  static ModelArchive classifier(Layer... layers) {
    return classifier(new SoftmaxLossLayer(), plain(), layers);
  }

  private static ModelArchive classifier(Layer loss, IUpdater updater, Layer... layers) {
    GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .seed(7)
            .updater(updater)
            .graphBuilder()
            .addInputs(NetworkModel.IMAGE)
            .setInputTypes(InputType.convolutional(SIDE, SIDE, CHANNELS));
    String previous = NetworkModel.IMAGE;
    for (Layer layer : layers) {
      String name = "layer" + previous.length();
      graph.addLayer(name, layer, previous);
      previous = name;
    }
    return new ModelArchive(
        initialised(
            graph
                .addLayer("scores", new AffineLayer.Builder().nOut(LABELS.size()).build(), previous)
                .addLayer(NetworkModel.OUTPUT, loss, "scores")
                .setOutputs(NetworkModel.OUTPUT)
                .build()),
        ModelKind.classifier(
            loss instanceof SvmLossLayer ? "score" : "probability",
            LABELS,
            new Manifest.ImageShape(CHANNELS, SIDE, SIDE),
            normalizer(),
            provenance()));
  }

  private static ModelArchive language(LanguageRnn model) {
    return new ModelArchive(
        initialised(model.configuration(NetworkSettings.of(7, plain()))),
        ModelKind.languageModel(
            new TextVocabulary(TextUnit.CHARACTER, Arrays.asList("a", "b", "c")), provenance()));
  }

  private static CaptioningRnn.Images images(boolean frozen) {
    return new CaptioningRnn.Images(
        CHANNELS, SIDE, SIDE, List.of(new ConvNet.Stage(2, 3, true)), false, frozen);
  }

  static ModelArchive captioner(CaptioningRnn.Images images) {
    int features = images == null ? 5 : 0;
    CaptioningRnn model =
        new CaptioningRnn(features, images, WORDS.size(), 2, 3, 1, RnnCell.VANILLA, 3);
    return new ModelArchive(
        initialised(model.configuration(NetworkSettings.of(7, plain()))),
        ModelKind.captioner(
            images == null ? null : new Manifest.ImageShape(CHANNELS, SIDE, SIDE),
            images == null ? features : null,
            images == null ? null : normalizer(),
            WORDS,
            3,
            provenance()));
  }

  private static ComputationGraph initialised(ComputationGraphConfiguration configuration) {
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    // As after some training: no variance is 0, so that no answer is certain.
    network.paramTable().entrySet().stream()
        .filter(param -> param.getKey().endsWith("_" + Normalization.RUNNING_VARIANCE))
        .forEach(param -> param.getValue().assign(1));
    network.getUpdater().getStateViewArray().assign(0.25);
    return network;
  }

  private static ChannelNormalizer normalizer() {
    return new ChannelNormalizer(List.of(0.5, 0.25), List.of(0.2, 0.1));
  }

  private static Manifest.Provenance provenance() {
    ObjectNode job = Json.MAPPER.createObjectNode().put("name", "small");
    JsonNode node = job;
    return new Manifest.Provenance(node, Map.of("train", 10), null, Map.of("descry", "0.1.0"));
  }
}
