package org.descry.kind.language;

import java.nio.file.Path;
import java.util.Arrays;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.data.text.TextVocabulary;
import org.descry.engine.Replicas;
import org.descry.generate.TextSampler;
import org.descry.kind.TrainedModel;

/** A language model from a model zip, at work on prompts. For any number of threads. */
public final class TrainedLanguageModel implements TrainedModel {
  private final Path file;
  private final ModelArchive archive;
  private final TextVocabulary vocabulary;
  private final Replicas<TextSampler> samplers;

  TrainedLanguageModel(Path file, ModelArchive archive) {
    this.file = file;
    this.archive = archive;
    vocabulary = archive.manifest().text();
    TextSampler original =
        vocabulary.hasUnknown()
            ? new TextSampler(archive.network(), 0) // never says that it does not know
            : new TextSampler(archive.network());
    samplers = new Replicas<>(original::replica);
  }

  /**
   * @throws DescryException if the zip is damaged, or holds no language model
   */
  public static TrainedLanguageModel load(Path file) {
    ModelArchive archive = ModelArchive.read(file);
    archive.manifest().requireKind(Manifest.LANGUAGE_MODEL, file);
    return new TrainedLanguageModel(file, archive);
  }

  @Override
  public Manifest manifest() {
    return archive.manifest();
  }

  @Override
  public LanguageEvaluation evaluate() {
    throw new UnsupportedOperationException(file.toString());
  }

  /**
   * The prompt and its likeliest continuation, token by token.
   *
   * @param length of the continuation, in tokens
   * @throws DescryException if the prompt is empty, or made of other tokens than the model knows
   */
  public String greedy(String prompt, int length) {
    int[] tokens = encode(prompt);
    return text(tokens, samplers.call(sampler -> sampler.greedy(tokens, length)));
  }

  /**
   * The prompt and a continuation that is drawn.
   *
   * @param length of the continuation, in tokens
   * @param temperature above 0: above 1 is bolder, below 1 more careful
   * @param seed the same seed draws the same
   * @throws DescryException as {@link #greedy}
   */
  public String sample(String prompt, int length, double temperature, long seed) {
    int[] tokens = encode(prompt);
    return text(
        tokens, samplers.call(sampler -> sampler.sample(tokens, length, temperature, seed)));
  }

  private int[] encode(String prompt) {
    int[] tokens = vocabulary.encode(prompt, "The prompt");
    if (tokens.length == 0) {
      throw new UsageException(
          "The prompt has no tokens; expected at least one that the model can go on from.");
    }
    return tokens;
  }

  private String text(int[] prompt, int[] continuation) {
    int[] all = Arrays.copyOf(prompt, prompt.length + continuation.length);
    System.arraycopy(continuation, 0, all, prompt.length, continuation.length);
    return vocabulary.decode(all);
  }
}
