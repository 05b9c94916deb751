package org.descry.kind.language;

import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.data.text.TextFiles;
import org.descry.data.text.TextUnit;
import org.descry.data.text.TextVocabulary;
import org.descry.engine.Replicas;
import org.descry.generate.TextSampler;
import org.descry.job.TextDataSettings;
import org.descry.kind.TrainedModel;
import org.descry.model.SharedParameters;

/** A language model from a model zip, at work on prompts. For any number of threads. */
public final class TrainedLanguageModel extends TrainedModel {
  private final TextVocabulary vocabulary;
  private final TextSampler original;
  private final Replicas<TextSampler> samplers;

  TrainedLanguageModel(Path file, ModelArchive archive) {
    super(file, archive);
    vocabulary = archive.manifest().text();
    original = TextSampler.of(archive.network(), vocabulary);
    samplers = new Replicas<>(original::replica);
  }

  /**
   * @throws DescryException if the zip is damaged, or holds no language model
   */
  public static TrainedLanguageModel load(Path file) {
    return new TrainedLanguageModel(file, ModelArchive.read(file, Manifest.LANGUAGE_MODEL));
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

  /**
   * The prompt and its likeliest continuation, token by token, up to the end of the line if the
   * model has learnt where lines end.
   *
   * @param length of the continuation, in tokens, at most
   * @throws DescryException if the prompt is empty, or made of other tokens than the model knows
   */
  public String greedy(String prompt, int length) {
    StringBuilder text = new StringBuilder();
    greedy(prompt, length, text::append);
    return text.toString();
  }

  /**
   * As {@link #greedy(String, int)}.
   *
   * @param heard is told the prompt, then the continuation piece by piece; may throw to end it
   */
  public void greedy(String prompt, int length, Consumer<String> heard) {
    tell(prompt, heard, (sampler, tokens, told) -> sampler.greedy(tokens, length, told));
  }

  /**
   * The prompt and a continuation that is drawn, up to the end of the line as {@link
   * #greedy(String, int)}.
   *
   * @param length of the continuation, in tokens, at most
   * @param temperature above 0: above 1 is bolder, below 1 more careful
   * @param seed the same seed draws the same
   * @throws DescryException as {@link #greedy(String, int)}
   */
  public String sample(String prompt, int length, double temperature, long seed) {
    StringBuilder text = new StringBuilder();
    sample(prompt, length, temperature, seed, text::append);
    return text.toString();
  }

  /**
   * As {@link #sample(String, int, double, long)}.
   *
   * @param heard as for {@link #greedy(String, int, Consumer)}
   */
  public void sample(
      String prompt, int length, double temperature, long seed, Consumer<String> heard) {
    tell(
        prompt,
        heard,
        (sampler, tokens, told) -> sampler.sample(tokens, length, temperature, seed, told));
  }

  private interface Search {
    void run(TextSampler sampler, int[] prompt, IntConsumer told);
  }

  private void tell(String prompt, Consumer<String> heard, Search search) {
    int[] tokens = encode(vocabulary, prompt);
    heard.accept(vocabulary.decode(tokens));
    samplers.call(
        sampler -> {
          search.run(sampler, tokens, token -> heard.accept(vocabulary.following(token)));
          return null;
        });
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
