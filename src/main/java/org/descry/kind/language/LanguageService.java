package org.descry.kind.language;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.descry.UsageException;
import org.descry.data.text.TextVocabulary;
import org.descry.generate.TextSampler;
import org.descry.kind.service.Options;
import org.descry.kind.service.Service;
import org.descry.kind.service.Tensor;
import org.descry.kind.service.TensorType;

/** A language model for a server: prompts in, continued texts out, one at a time. */
final class LanguageService implements Service<LanguageService.Prompt, LanguageService.Text> {
  private static final int LONGEST = 4096;
  private static final int USUAL_LENGTH = 200;
  private static final TensorType INPUT = TensorType.texts("prompt");
  private static final TensorType OUTPUT = TensorType.texts("text");
  private static final Traits TRAITS =
      new Traits(
          "generate",
          Content.TEXT,
          List.of(INPUT),
          List.of(OUTPUT),
          List.of("length", "greedy", "temperature", "seed"),
          List.of(1));

  private final TextVocabulary vocabulary;
  private final TextSampler sampler;

  /**
   * @param tokens of the prompt
   * @param length of the continuation, at most
   * @param heard is called as the continuation grows
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Prompt(
      int[] tokens,
      int length,
      boolean greedy,
      double temperature,
      long seed,
      Consumer<Supplier<String>> heard) {}

  /**
   * @param all the prompt and its continuation
   * @param tokens of the continuation
   */
  record Text(String all, int tokens) {}

  /**
   * @param sampler whose replicas work
   */
  LanguageService(TextVocabulary vocabulary, TextSampler sampler) {
    this.vocabulary = vocabulary;
    this.sampler = sampler;
  }

  @Override
  public Traits traits() {
    return TRAITS;
  }

  @Override
  public Prompt example() {
    int[] last = {vocabulary.size() - 1};
    return new Prompt(last, 8, true, 1, 1, Options.NONE.heard());
  }

  @Override
  public Prompt question(String name, byte[] content, Options options) {
    return prompt(new String(content, StandardCharsets.UTF_8), options);
  }

  @Override
  public List<Prompt> questions(Map<String, Tensor> inputs, Options options) {
    return INPUT.in(inputs).texts().stream().map(text -> prompt(text, options)).toList();
  }

  private Prompt prompt(String text, Options options) {
    int[] tokens = TrainedLanguageModel.encode(vocabulary, text);
    if (tokens.length > LONGEST) {
      throw new UsageException(
          "The prompt has %s tokens; expected at most %s.".formatted(tokens.length, LONGEST));
    }
    return new Prompt(
        tokens,
        options.integer("length", USUAL_LENGTH, 1, LONGEST),
        options.flag("greedy"),
        options.positive("temperature", 1),
        options.whole("seed", 1, Long.MIN_VALUE, Long.MAX_VALUE),
        options.heard());
  }

  @Override
  public Map<String, Object> told(Prompt question, Text answer) {
    return Map.of("text", answer.all, "tokens", answer.tokens);
  }

  @Override
  public List<Tensor> tensors(List<Text> answers) {
    return List.of(Tensor.ofTexts(OUTPUT, answers.stream().map(Text::all).toList()));
  }

  @Override
  public Worker<Prompt, Text> worker() {
    TextSampler own = sampler.replica();
    return batch -> batch.stream().map(prompt -> continued(own, prompt)).toList();
  }

  private Text continued(TextSampler sampler, Prompt prompt) {
    Pieces pieces = new Pieces(prompt);
    if (prompt.greedy) {
      sampler.greedy(prompt.tokens, prompt.length, pieces);
    } else {
      sampler.sample(prompt.tokens, prompt.length, prompt.temperature, prompt.seed, pieces);
    }
    return new Text(pieces.all.toString(), pieces.count);
  }

  /** Tells of a text as it grows, piece by piece. */
  private final class Pieces implements IntConsumer {
    private final Prompt prompt;
    private final StringBuilder all;
    private int count;
    private int told;

    Pieces(Prompt prompt) {
      this.prompt = prompt;
      all = new StringBuilder(vocabulary.decode(prompt.tokens));
      told = all.length();
    }

    @Override
    public void accept(int token) {
      all.append(vocabulary.following(token));
      count++;
      prompt.heard.accept(this::piece);
    }

    /** What has come since it was asked for last. */
    private String piece() {
      String piece = all.substring(told);
      told = all.length();
      return piece;
    }
  }
}
