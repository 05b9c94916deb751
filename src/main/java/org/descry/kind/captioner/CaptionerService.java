package org.descry.kind.captioner;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.descry.DataException;
import org.descry.UsageException;
import org.descry.archive.Manifest;
import org.descry.generate.Captioner;
import org.descry.generate.Decoding;
import org.descry.job.DecodingSettings;
import org.descry.kind.service.ImageInput;
import org.descry.kind.service.Options;
import org.descry.kind.service.RowBuffers;
import org.descry.kind.service.Service;
import org.descry.kind.service.Tensor;
import org.descry.kind.service.TensorType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A captioner for a server: images or features in, sentences out. */
final class CaptionerService implements Service<CaptionerService.Scene, CaptionerService.Said> {
  /** As many as buffers of a captioner's steps are kept for. */
  private static final List<Integer> SIZES = List.of(1, 8, 32, 64);

  private static final int WIDEST_BEAM = 32;
  private static final int LARGEST_K = 1_000_000;
  private static final TensorType OUTPUT = TensorType.texts("caption");

  private final DecodingSettings usual;
  private final Captioner captioner;
  private final ImageInput images;
  private final TensorType input;
  private final Traits traits;

  private static final String ATTENTION = "attention";

  /**
   * How words are found, to be compared.
   *
   * @param beam width of the search; 0 for a draw
   */
  record Way(int beam, double temperature, int topK, long seed) {}

  /**
   * @param row normalised pixels, or features
   * @param attention whether it is asked where the captioner looked
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Scene(float[] row, Way way, boolean attention) {}

  /**
   * @param attention the weights of the grid's places for each word, where they are asked for
   */
  record Said(List<String> words, List<float[]> attention) {
    private String caption() {
      return String.join(" ", words);
    }
  }

  /**
   * Where the captioner looked.
   *
   * @param rows of the grid that lies over the image
   * @param weights of its places, row by row, for each word
   */
  private record Looks(List<String> words, int rows, int columns, List<float[]> weights) {}

  /**
   * @param captioner whose replicas work
   */
  CaptionerService(Path file, Manifest manifest, DecodingSettings usual, Captioner captioner) {
    this.usual = usual;
    this.captioner = captioner;
    images = manifest.image() == null ? null : new ImageInput(file, manifest);
    input = images == null ? TensorType.numbers("features", manifest.features()) : images.type();
    List<String> options = List.of("beam", "sample", "temperature", "topK", "seed");
    traits =
        new Traits(
            "caption",
            images == null ? Content.FEATURES : Content.IMAGE,
            List.of(input),
            List.of(OUTPUT),
            captioner.looks()
                ? Stream.concat(options.stream(), Stream.of(ATTENTION)).toList()
                : options,
            SIZES);
  }

  @Override
  public Traits traits() {
    return traits;
  }

  @Override
  public Scene example() {
    float[] row = images == null ? new float[input.width()] : images.example();
    return new Scene(row, way(Options.NONE), false);
  }

  @Override
  public Scene question(String name, byte[] content, Options options) {
    if (images == null) {
      throw new DataException(
          "The model was trained on features, but %s is a file; expected a tensor of features."
              .formatted(name));
    }
    Way way = way(options);
    return new Scene(images.row(name, content), way, options.flag(ATTENTION));
  }

  @Override
  public List<Scene> questions(Map<String, Tensor> inputs, Options options) {
    Way way = way(options);
    if (images != null) {
      return images.rows(inputs).stream().map(row -> new Scene(row, way, false)).toList();
    }
    Tensor tensor = input.in(inputs);
    input.requireFinite(tensor);
    List<Scene> scenes = new ArrayList<>();
    for (int i = 0; i < tensor.rows(); i++) {
      scenes.add(new Scene(tensor.row(i), way, false));
    }
    return scenes;
  }

  private Way way(Options options) {
    if (!options.flag("sample")) {
      return new Way(options.integer("beam", usual.beam(), 1, WIDEST_BEAM), 1, 0, 0);
    }
    if (options.has("beam")) {
      throw new UsageException("The options sample and beam are both given; expected one of them.");
    }
    return new Way(
        0,
        options.positive("temperature", 1),
        options.integer("topK", 0, 0, LARGEST_K),
        options.whole("seed", 1, Long.MIN_VALUE, Long.MAX_VALUE));
  }

  @Override
  public Map<String, Object> told(Scene question, Said answer) {
    if (!question.attention) {
      return Map.of("caption", answer.caption());
    }
    int places = answer.attention.isEmpty() ? 1 : answer.attention.get(0).length;
    int rows = AttentionMap.rows(places, images.height(), images.width());
    return Map.of(
        "caption",
        answer.caption(),
        ATTENTION,
        new Looks(answer.words, rows, places / rows, answer.attention));
  }

  @Override
  public List<Tensor> tensors(List<Said> answers) {
    return List.of(Tensor.ofTexts(OUTPUT, answers.stream().map(Said::caption).toList()));
  }

  @Override
  public Worker<Scene, Said> worker() {
    Captioner own = captioner.replica();
    RowBuffers buffers =
        images == null ? RowBuffers.ofVectors(input.width(), SIZES) : images.buffers(SIZES);
    return batch -> {
      Map<Way, List<Integer>> groups = new LinkedHashMap<>();
      for (int i = 0; i < batch.size(); i++) {
        groups.computeIfAbsent(batch.get(i).way, way -> new ArrayList<>()).add(i);
      }
      Said[] answers = new Said[batch.size()];
      groups.forEach((way, members) -> answer(own, buffers, batch, way, members, answers));
      return Arrays.asList(answers);
    };
  }

  private void answer(
      Captioner own,
      RowBuffers buffers,
      List<Scene> batch,
      Way way,
      List<Integer> members,
      Said[] answers) {
    // What is drawn for a row depends on its number: each is drawn as if it were alone.
    int size = way.beam == 0 ? 1 : members.size();
    for (int from = 0; from < members.size(); from += size) {
      List<Integer> some = members.subList(from, from + size);
      List<float[]> rows = some.stream().map(i -> batch.get(i).row).toList();
      INDArray states = own.states(buffers.filled(rows));
      List<List<String>> captions = own.describe(states, decoding(way));
      for (int i = 0; i < some.size(); i++) {
        List<String> words = captions.get(i);
        boolean shown = batch.get(some.get(i)).attention && !words.isEmpty();
        answers[some.get(i)] =
            new Said(words, shown ? own.attention(states.getRow(i, true), words) : List.of());
      }
    }
  }

  private Decoding decoding(Way way) {
    return way.beam == 0
        ? Decoding.sample(usual.maxLength(), way.temperature, way.topK, way.seed)
        : CaptionScorer.decoding(usual, way.beam);
  }
}
