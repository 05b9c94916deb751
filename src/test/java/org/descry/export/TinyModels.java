package org.descry.export;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.archive.ModelArchive;
import org.descry.job.JobFile;
import org.descry.kernel.RnnCell;
import org.descry.kind.Kinds;
import org.descry.layer.AffineLayer;
import org.descry.layer.AffineReluLayer;
import org.descry.layer.LayerNormLayer;
import org.descry.layer.RnnVertex;
import org.descry.layer.Sequences;
import org.descry.layer.SoftmaxLossLayer;
import org.descry.layer.TemporalAffineLayer;
import org.descry.layer.TemporalSoftmaxLossLayer;
import org.descry.layer.WordEmbeddingLayer;
import org.descry.model.NetworkModel;
import org.descry.testing.RandomArrays;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Models that a moment's training gives. */
final class TinyModels {
  private TinyModels() {}

  private static Path train(String name, String model, String data, Path dir) {
    JobFile file =
        JobFile.parse(
                "job",
                """
                seed: 3
                training: {epochs: 1, batchSize: 20, optimizer: {type: adam, learningRate: 0.01}}
                """)
            .set("model=" + model)
            .set("data=" + data)
            .set("name=" + name)
            .set("output.dir=" + dir);
    return train(file);
  }

  private static Path train(JobFile file) {
    Training job =
        Kinds.training(file.job(), new Training.Options(false, false), TrainingProgress.NONE);
    job.run();
    return job.folder().resolve("model.zip");
  }

  static Path classifier(String name, String model, Path dir) {
    return train(name, model, "{source: shapes, train: 40, validation: 10, test: 10}", dir);
  }

  static Path threeLayer(Path dir) {
    return classifier(
        "three-layer", "{type: three-layer-convnet, filters: 4, filterSize: 5, hidden: 16}", dir);
  }

  static Path svm(Path dir) {
    return classifier(
        "svm",
        "{type: convnet, stages: [{filters: 3, pool: false}, {filters: 4}], hidden: [], loss: svm}",
        dir);
  }

  static Path activated(Path dir, String activation) {
    return classifier(
        activation,
        "{type: convnet, stages: [{filters: 3, pool: false}, {filters: 4}], hidden: [8],"
            + " batchNorm: %b, activation: %s}".formatted(activation.equals("tanh"), activation),
        dir);
  }

  /** With batch norm and dropout. */
  static Path convNet(Path dir) {
    return classifier(
        "convnet",
        "{type: convnet, stages: [{filters: 3, pool: false}, {filters: 4}], hidden: [12, 8],"
            + " batchNorm: true, dropout: 0.4}",
        dir);
  }

  /**
   * A captioner of images.
   *
   * @param rnn vanilla or lstm
   */
  static Path captioner(Path dir, String rnn, int layers) {
    return captioner(dir, "captioner-%s-%d".formatted(rnn, layers), rnn, layers, "freeze: false");
  }

  /** A captioner that looks at the grid of its last stage, with dropout. */
  static Path lookingCaptioner(Path dir, String rnn) {
    return captioner(
        dir,
        "captioner-looking-" + rnn,
        rnn,
        2,
        "attention: soft, attentionWidth: 6, embeddingDropout: 0.2, outputDropout: 0.2");
  }

  /** A captioner whose stages are those of {@link #convNet} and have not learnt. */
  static Path frozenCaptioner(Path dir, Path convNet) {
    return captioner(
        dir, "captioner-frozen", "lstm", 1, "freeze: true, initFrom: '%s'".formatted(convNet));
  }

  private static Path captioner(Path dir, String name, String rnn, int layers, String stages) {
    return train(
        name,
        "{type: captioning-rnn, stages: [{filters: 3, pool: false}, {filters: 4}], batchNorm: true,"
            + " embedding: 4, hidden: 8, rnn: %s, layers: %d, %s}".formatted(rnn, layers, stages),
        "{source: shape-captions, train: 20, validation: 10, test: 10}",
        dir);
  }

  /** A captioner of ready-made features. */
  static Path featureCaptioner(Path dir, int layers) {
    StringBuilder names = new StringBuilder();
    StringBuilder captions = new StringBuilder("image,caption\n");
    for (int i = 0; i < 20; i++) {
      names.append(i).append(".jpg\n");
      captions.append(i).append(".jpg,a dog runs\n").append(i).append(".jpg,the dog\n");
    }
    try {
      Nd4j.writeAsNumpy(Nd4j.rand(DataType.FLOAT, 20, 6), dir.resolve("features.npy").toFile());
      Files.writeString(dir.resolve("features.txt"), names);
      Files.writeString(dir.resolve("captions.txt"), captions);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return train(
        "features-" + layers,
        "{type: captioning-rnn, stages: [], embedding: 4, hidden: 8, layers: %d}".formatted(layers),
        "{source: captions, captions: %1$s/captions.txt, features: %1$s/features.npy, minCount: 1}"
            .formatted(dir),
        dir);
  }

  /**
   * @param embedding 0 for one-hot tokens
   */
  static Path languageModel(Path dir, String rnn, int embedding, int layers) throws IOException {
    Files.createDirectories(dir);
    Path text = Files.writeString(dir.resolve("text.txt"), "hello world ".repeat(20));
    return train(
        "language-%s-%d-%d".formatted(rnn, embedding, layers),
        "{type: language-rnn, embedding: %d, hidden: 8, rnn: %s, layers: %d}"
            .formatted(embedding, rnn, layers),
        "{source: text, path: %s, unit: character, steps: 10}".formatted(text),
        dir);
  }

  /** Puts names of at most 20 letters into classes. */
  static Path sequenceClassifier(Path dir) {
    return train(
        JobFile.read(Path.of("resources/jobs/names.yaml"))
            .set("model.hidden=6")
            .set("data.maxSteps=20")
            .set("training.epochs=1")
            .set("output.dir=" + dir));
  }

  /** Scores tokens by the vectors that it reads them as. */
  static Path tiedLanguageModel(Path dir) throws IOException {
    Path text = Files.writeString(dir.resolve("text.txt"), "hello world ".repeat(20));
    return train(
        "language-tied",
        "{type: language-rnn, embedding: 8, hidden: 8, rnn: lstm, tied: true}",
        "{source: text, path: %s, unit: character, steps: 10}".formatted(text),
        dir);
  }

  /** A classifier with layer norm, of parameters that all differ. */
  static Path normalized(Path dir) throws IOException {
    return with(
        threeLayer(dir.resolve("of-rows")),
        dir.resolve("normalized"),
        graph(NetworkModel.IMAGE, InputType.convolutional(32, 32, 3))
            .addLayer("hidden", new AffineReluLayer.Builder().nOut(6).build(), NetworkModel.IMAGE)
            .addLayer("norm", new LayerNormLayer.Builder().build(), "hidden")
            .addLayer("scores", new AffineLayer.Builder().nOut(10).build(), "norm")
            .addLayer(NetworkModel.OUTPUT, new SoftmaxLossLayer(), "scores")
            .setOutputs(NetworkModel.OUTPUT));
  }

  /** A reader of tokens in both directions, with layer norm of its states. */
  static Path bidirectional(Path dir, RnnCell cell, int layers) throws IOException {
    Path model = languageModel(dir.resolve("of-" + cell + layers), "lstm", 4, 1);
    int tokens = ModelArchive.readManifest(model).text().size();
    return with(
        model,
        dir.resolve("bidirectional-" + cell + layers),
        graph(NetworkModel.WORDS, Sequences.words(10))
            .addLayer(
                NetworkModel.EMBEDDING,
                new WordEmbeddingLayer.Builder().vocabulary(tokens).width(4).build(),
                NetworkModel.WORDS)
            .addVertex(
                NetworkModel.RNN,
                new RnnVertex(cell, 4, 3, layers, true, false, 0),
                NetworkModel.EMBEDDING)
            .addLayer("norm", new LayerNormLayer.Builder().build(), NetworkModel.RNN)
            .addLayer(
                NetworkModel.SCORES, new TemporalAffineLayer.Builder().nOut(tokens).build(), "norm")
            .addLayer(NetworkModel.OUTPUT, new TemporalSoftmaxLossLayer(), NetworkModel.SCORES)
            .setOutputs(NetworkModel.OUTPUT));
  }

  private static GraphBuilder graph(String input, InputType type) {
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .graphBuilder()
        .addInputs(input)
        .setInputTypes(type);
  }

  /** A model zip with another network, which has learnt nothing. */
  static Path with(Path model, Path folder, GraphBuilder builder) throws IOException {
    ComputationGraph network = new ComputationGraph(builder.build());
    network.init();
    INDArray params = network.params();
    params.addi(new RandomArrays(5).normal(params.shape()).muli(0.1));
    Path file = Files.createDirectories(folder).resolve("model.zip");
    try (OutputStream out = Files.newOutputStream(file)) {
      new ModelArchive(network, ModelArchive.readManifest(model)).writeForUse(out);
    }
    return file;
  }
}
