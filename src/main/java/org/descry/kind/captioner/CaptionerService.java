package org.descry.kind.captioner;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/** A captioner for a server: images or features in, sentences out. */
final class CaptionerService implements Service<CaptionerService.Scene, String> {
  /** As many as buffers of a captioner's steps are kept for. */
  private static final List<Integer> SIZES = List.of(1, 8, 32, 64);

  private static final int WIDEST_BEAM = 32;
  private static final int LARGEST_K = 1_000_000;
  private static final TensorType OUTPUT = TensorType.texts("caption");

  private final DecodingSettings usual;
  private final Captioner captioner;
  private final ImageInput images;
  private final TensorType input;

  /**
   * How words are found, to be compared.
   *
   * @param beam width of the search; 0 for a draw
   */
  record Way(int beam, double temperature, int topK, long seed) {}

  /**
   * @param row normalised pixels, or features
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Scene(float[] row, Way way) {}

  /**
   * @param captioner whose replicas work
   */
  CaptionerService(Path file, Manifest manifest, DecodingSettings usual, Captioner captioner) {
    this.usual = usual;
    this.captioner = captioner;
    images = manifest.image() == null ? null : new ImageInput(file, manifest);
    input = images == null ? TensorType.numbers("features", manifest.features()) : images.type();
  }

  @Override
  public String task() {
    return "caption";
  }

  @Override
  public Content content() {
    return images == null ? Content.FEATURES : Content.IMAGE;
  }

  @Override
  public List<TensorType> inputs() {
    return List.of(input);
  }

  @Override
  public List<TensorType> outputs() {
    return List.of(OUTPUT);
  }

  @Override
  public List<String> options() {
    return List.of("beam", "sample", "temperature", "topK", "seed");
  }

  @Override
  public List<Integer> sizes() {
    return SIZES;
  }

  @Override
  public Scene example() {
    float[] row = images == null ? new float[input.width()] : images.example();
    return new Scene(row, way(Options.NONE));
  }

  @Override
  public Scene question(String name, byte[] content, Options options) {
    if (images == null) {
      throw new DataException(
          "The model was trained on features, but %s is a file; expected a tensor of features."
              .formatted(name));
    }
    Way way = way(options);
    return new Scene(images.row(name, content), way);
  }

  @Override
  public List<Scene> questions(Map<String, Tensor> inputs, Options options) {
    Way way = way(options);
    if (images != null) {
      return images.rows(inputs).stream().map(row -> new Scene(row, way)).toList();
    }
    Tensor tensor = input.in(inputs);
    input.requireFinite(tensor);
    List<Scene> scenes = new ArrayList<>();
    for (int i = 0; i < tensor.rows(); i++) {
      scenes.add(new Scene(tensor.row(i), way));
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
  public Map<String, Object> told(Scene question, String answer) {
    return Map.of("caption", answer);
  }

  @Override
  public List<Tensor> tensors(List<String> answers) {
    return List.of(Tensor.ofTexts(OUTPUT, answers));
  }

  @Override
  public Worker<Scene, String> worker() {
    Captioner own = captioner.replica();
    RowBuffers buffers =
        images == null ? RowBuffers.ofVectors(input.width(), SIZES) : images.buffers(SIZES);
    return batch -> {
      Map<Way, List<Integer>> groups = new LinkedHashMap<>();
      for (int i = 0; i < batch.size(); i++) {
        groups.computeIfAbsent(batch.get(i).way, way -> new ArrayList<>()).add(i);
      }
      String[] answers = new String[batch.size()];
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
      String[] answers) {
    // What is drawn for a row depends on its number: each is drawn as if it were alone.
    int size = way.beam == 0 ? 1 : members.size();
    for (int from = 0; from < members.size(); from += size) {
      List<Integer> some = members.subList(from, from + size);
      List<float[]> rows = some.stream().map(i -> batch.get(i).row).toList();
      List<List<String>> captions = own.describe(own.states(buffers.filled(rows)), decoding(way));
      for (int i = 0; i < some.size(); i++) {
        answers[some.get(i)] = String.join(" ", captions.get(i));
      }
    }
  }

  private Decoding decoding(Way way) {
    return way.beam == 0
        ? Decoding.sample(usual.maxLength(), way.temperature, way.topK, way.seed)
        : CaptionScorer.decoding(usual, way.beam);
  }
}
