package org.descry.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.archive.ModelKind;
import org.descry.export.samediff.SameDiffGraph;
import org.descry.model.NetworkLayers;
import org.descry.model.NetworkModel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What the exports of a model and its card have of their own for its kind. */
abstract class ExportedKind {
  final Manifest manifest;
  final Facts facts;

  ExportedKind(Manifest manifest, Facts facts) {
    this.manifest = manifest;
    this.facts = facts;
  }

  /**
   * What is so of each model of the kind.
   *
   * @param examples what its data's parts hold
   * @param data what it is asked about, in the plural
   * @param task the Hugging Face Hub's name of what it does
   * @param sources its data by the name of their source in a job; %s stands for where they lie
   * @param stock how plain DL4J holds it
   */
  record Facts(
      String examples,
      String data,
      String task,
      Map<String, String> sources,
      Supplier<Exporter> stock) {}

  /** The only list of the kinds that are exported. */
  static ExportedKind of(Manifest manifest) {
    return switch (ModelKind.of(manifest)) {
      case CLASSIFIER -> new ExportedClassifier(manifest);
      case CAPTIONER -> new ExportedCaptioner(manifest);
      case LANGUAGE_MODEL -> new ExportedLanguageModel(manifest);
      case SEQUENCE_CLASSIFIER -> new ExportedSequenceClassifier(manifest);
    };
  }

  /**
   * The model as one graph.
   *
   * @throws org.descry.DescryException where a layer has no SameDiff definition that could be used
   */
  static SameDiffGraph graph(ModelArchive model) {
    SameDiffGraph graph = new SameDiffGraph(model);
    of(model.manifest()).define(graph, model);
    return graph;
  }

  /** Adds what goes in and what comes out. */
  abstract void define(SameDiffGraph graph, ModelArchive model);

  /** One sentence: what the model does. */
  abstract String purpose();

  /** What it cannot, in sentences. */
  abstract List<String> limits();

  /** The names of its files where a file holds one graph. */
  List<String> files(String name) {
    return List.of(name);
  }

  /** A program on Descry's own classes. */
  abstract String dl4j(String file);

  /** How programs that ask an exported graph end. */
  abstract Programs programs(ModelArchive model);

  /**
   * The ends of two programs that do the same.
   *
   * @param sameDiff on ND4J alone
   * @param onnx in Python
   */
  record Programs(String sameDiff, String onnx) {
    Programs filled(Object... values) {
      return new Programs(
          String.format(Locale.ROOT, sameDiff, values), String.format(Locale.ROOT, onnx, values));
    }
  }

  /**
   * What a graph with the names of {@link SameDiffGraph} takes and gives.
   *
   * @param numbers the type of words
   */
  abstract Signature signature(ModelArchive model, String numbers);

  /** What such a graph answers to a probe: probabilities or scores, N x K or N x T x V. */
  abstract INDArray ask(NamedGraph graph, ModelArchive model, Probe probe);

  /** What it sees, in words. */
  final String seen() {
    Manifest.ImageShape image = manifest.image();
    return image == null
        ? "features of width " + manifest.features()
        : "images of %s x %s pixels (%s)"
            .formatted(
                image.height(),
                image.width(),
                image.channels() == 3 ? "RGB" : image.channels() + " channels");
  }

  /** What writes word by word: a graph's step goes on from a state. */
  abstract static class Decoder extends ExportedKind {
    Decoder(Manifest manifest, Facts facts) {
      super(manifest, facts);
    }

    /** Where a graph's first step begins, N x (L S H). */
    abstract INDArray initialState(NamedGraph graph, ModelArchive model, Probe probe);

    final Signature addStep(Signature signature, ModelArchive model, String numbers) {
      String state = "N x " + NetworkLayers.stateWidth(model.network());
      return signature
          .add("input", SameDiffGraph.WORD, "N", numbers, "the last word, 0 to " + (words() - 1))
          .add("input", SameDiffGraph.STATE, state, "the state before that word")
          .add(
              "output",
              SameDiffGraph.PROBABILITIES,
              "N x " + words(),
              "of the next word, 0 to 1; a row's sum is 1")
          .add("output", SameDiffGraph.NEXT_STATE, state, "the state after that word");
    }

    final int words() {
      return manifest.outputNames().size();
    }

    @Override
    INDArray ask(NamedGraph graph, ModelArchive model, Probe probe) {
      INDArray words = probe.inputs().get(NetworkModel.WORDS);
      INDArray state = initialState(graph, model, probe);
      INDArray[] steps = new INDArray[(int) words.size(1)];
      for (int t = 0; t < steps.length; t++) {
        INDArray word = words.getColumn(t).castTo(DataType.INT);
        Map<String, INDArray> step =
            graph.ask(
                Map.of(SameDiffGraph.WORD, word, SameDiffGraph.STATE, state),
                SameDiffGraph.PROBABILITIES,
                SameDiffGraph.NEXT_STATE);
        steps[t] = step.get(SameDiffGraph.PROBABILITIES);
        state = step.get(SameDiffGraph.NEXT_STATE);
      }
      return Nd4j.stack(1, steps);
    }
  }

  /**
   * The network rebuilt from DL4J's own layers, so that plain {@link
   * org.deeplearning4j.nn.graph.ComputationGraph#load} reads it in a program that has never heard
   * of Descry.
   */
  static final class Stock implements Exporter {
    private static Exporter of(Manifest manifest) {
      return ExportedKind.of(manifest).facts.stock().get();
    }

    @Override
    public List<String> files(Manifest manifest, String name) {
      return of(manifest).files(manifest, name);
    }

    @Override
    public void write(ModelArchive model, List<Path> files) throws IOException {
      of(model.manifest()).write(model, files);
    }

    @Override
    public List<OutputPair> answers(ModelArchive model, Probe probe, List<Path> files)
        throws IOException {
      return of(model.manifest()).answers(model, probe, files);
    }

    @Override
    public String usage(ModelArchive model, List<String> files) {
      return of(model.manifest()).usage(model, files);
    }
  }
}
