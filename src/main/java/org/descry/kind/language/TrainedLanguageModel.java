package org.descry.kind.language;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.archive.ModelArchive;
import org.descry.archive.ModelKind;
import org.descry.data.text.TextFiles;
import org.descry.data.text.TextUnit;
import org.descry.data.text.TextVocabulary;
import org.descry.engine.Deadline;
import org.descry.engine.Replicas;
import org.descry.generate.TextSampler;
import org.descry.job.TextDataSettings;
import org.descry.kind.TrainedModel;
import org.descry.model.SharedParameters;

/** A language model from a model zip, at work on prompts. For any number of threads. */
public final class TrainedLanguageModel extends TrainedModel implements TextModel {
  private final TextVocabulary vocabulary;
  private final TextSampler original;
  private final Replicas<TextSampler> samplers;
  private final Duration limit;

  TrainedLanguageModel(Path file, ModelArchive archive) {
    super(file, archive);
    vocabulary = archive.manifest().text();
    original = TextSampler.of(archive.network(), vocabulary);
    samplers = new Replicas<>(original::replica);
    limit = null;
  }

  /** The same for callers with less time. */
  private TrainedLanguageModel(TrainedLanguageModel same, Duration limit) {
    super(same.file(), same.archive());
    vocabulary = same.vocabulary;
    original = same.original;
    samplers = same.samplers;
    this.limit = limit;
  }

  /**
   * @throws DescryException if the zip is damaged, or holds no language model
   */
  public static TrainedLanguageModel load(Path file) {
    return new TrainedLanguageModel(file, ModelArchive.read(file, ModelKind.LANGUAGE_MODEL));
  }

  @Override
  public LanguageService service() {
    return new LanguageService(vocabulary, original);
  }

  @Override
  public LanguageEvaluation evaluate() {
    return score(TextParts.test(settings(), vocabulary));
  }

  /**
   * Measures the model on another text, all of it, read as the training read its own.
   *
   * @param text a UTF-8 file
   * @throws DescryException if it cannot be read, or holds tokens that the model does not know
   */
  @Override
  public LanguageEvaluation evaluate(Path text) {
    return score(
        TextParts.Part.of(
            settings().sequences(), TextFiles.read(text), vocabulary, text.toString()));
  }

  private TextDataSettings settings() {
    return (TextDataSettings) job().data();
  }

  private LanguageEvaluation score(TextParts.Part part) {
    double loss =
        samplers.call(
            sampler -> TextEvaluation.of(SharedParameters.replica(network()), part).loss());
    return LanguageEvaluation.of(loss, vocabulary.unit() == TextUnit.CHARACTER);
  }

  @Override
  public String greedy(String prompt, int length) {
    StringBuilder text = new StringBuilder();
    greedy(prompt, length, text::append);
    return text.toString();
  }

  @Override
  public void greedy(String prompt, int length, Consumer<String> heard) {
    tell(prompt, heard, (sampler, tokens, told) -> sampler.greedy(tokens, length, told));
  }

  @Override
  public String sample(String prompt, int length, double temperature, long seed) {
    StringBuilder text = new StringBuilder();
    sample(prompt, length, temperature, seed, text::append);
    return text.toString();
  }

  @Override
  public void sample(
      String prompt, int length, double temperature, long seed, Consumer<String> heard) {
    tell(
        prompt,
        heard,
        (sampler, tokens, told) -> sampler.sample(tokens, length, temperature, seed, told));
  }

  @Override
  public TrainedLanguageModel within(Duration newLimit) {
    return new TrainedLanguageModel(this, newLimit);
  }

  @Override
  public void close() {
    samplers.close();
  }

  private interface Search {
    void run(TextSampler sampler, int[] prompt, IntConsumer told);
  }

  private void tell(String prompt, Consumer<String> heard, Search search) {
    Deadline deadline = Deadline.in(limit);
    int[] tokens = encode(vocabulary, prompt);
    heard.accept(vocabulary.decode(tokens));
    samplers.call(
        sampler -> {
          search.run(
              sampler,
              tokens,
              token -> {
                deadline.check(); // ends the search, for which nobody waits
                heard.accept(vocabulary.following(token));
              });
          return null;
        },
        deadline);
  }

  static int[] encode(TextVocabulary vocabulary, String prompt) {
    int[] tokens = vocabulary.encode(prompt, "The prompt");
    if (tokens.length == 0) {
      throw new UsageException(
          "The prompt has no tokens; expected at least one that the model can go on from.");
    }
    return tokens;
  }
}
