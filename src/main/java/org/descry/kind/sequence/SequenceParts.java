package org.descry.kind.sequence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.descry.DataException;
import org.descry.data.Intake;
import org.descry.data.Seeds;
import org.descry.data.text.TextUnit;
import org.descry.data.text.TextVocabulary;
import org.descry.job.SequenceDataSettings;
import org.descry.kind.sequence.SequenceReader.Sequence;

/**
 * Labelled sequences in three parts; labels and tokens are those of the training part. A part with
 * a share of 0 is the training part itself.
 *
 * @param known what the sequences are made of
 */
record SequenceParts(Known known, SequenceSet train, SequenceSet validation, SequenceSet test) {
  /** What stands for all labels where there are no classes. */
  static final List<String> NO_CLASSES = List.of("mean");

  private static final long SPLIT = 0x5EC5;

  /**
   * What a model knows of sequences.
   *
   * @param labels the classes, sorted; {@link #NO_CLASSES} where labels do not matter
   * @param vocabulary null of numbers
   * @param width of a step
   */
  record Known(List<String> labels, TextVocabulary vocabulary, int width) {
    /**
     * Sequences as a network reads them.
     *
     * @throws DataException for a label or a token that is not known, or other steps
     */
    SequenceSet set(List<Sequence> sequences) {
      float[][] steps = new float[sequences.size()][];
      int[] numbers = new int[sequences.size()];
      for (int i = 0; i < numbers.length; i++) {
        Sequence sequence = sequences.get(i);
        numbers[i] = labels.equals(NO_CLASSES) ? 0 : number(sequence);
        steps[i] = steps(sequence);
      }
      return new SequenceSet(steps, width, numbers);
    }

    private int number(Sequence sequence) {
      int number = labels.indexOf(sequence.label());
      if (number < 0) {
        throw new DataException(
            "%s: the label \"%s\" was never seen in training; expected one of the %s labels: %s."
                .formatted(
                    sequence.where(), sequence.label(), labels.size(), Intake.examples(labels)));
      }
      return number;
    }

    /** As {@link #set}, of one. */
    float[] steps(Sequence sequence) {
      if ((sequence.tokens() == null) != (vocabulary == null) || sequence.width() != width) {
        throw new DataException(
            "%s: has %s; expected %s."
                .formatted(
                    sequence.where(),
                    described(sequence.tokens() != null, sequence.width()),
                    described(vocabulary != null, width)));
      }
      if (vocabulary == null) {
        return sequence.numbers();
      }
      return floats(vocabulary.encode(sequence.tokens(), sequence.where()));
    }

    /** Numbers of tokens as a network reads them. */
    static float[] floats(int[] tokens) {
      float[] steps = new float[tokens.length];
      for (int t = 0; t < steps.length; t++) {
        steps[t] = tokens[t];
      }
      return steps;
    }

    private static String described(boolean text, int width) {
      return text ? "a text" : "steps of %s numbers".formatted(width);
    }
  }

  /**
   * Reads a job's data and cuts it into parts.
   *
   * @param classes whether labels matter
   * @param atMost the number of sequences that each part is cut to
   * @throws DataException if it cannot be read or a part is empty
   */
  static SequenceParts read(
      SequenceDataSettings data, boolean classes, long seed, int atMost, Intake intake) {
    Cut cut = Cut.of(data, seed, intake);
    List<List<String>> training = tokens(cut.train);
    TextVocabulary vocabulary = null;
    if (cut.train.get(0).tokens() != null) {
      List<Sequence> heldOut = new ArrayList<>(cut.validation);
      heldOut.addAll(cut.test);
      vocabulary =
          TextVocabulary.of(
              TextUnit.valueOf(data.unit().name()),
              training,
              tokens(heldOut),
              data.minCount(),
              false);
    }
    Known known =
        new Known(
            classes ? labels(data, cut.train) : NO_CLASSES, vocabulary, cut.train.get(0).width());
    SequenceSet train = known.set(cut.train).first(atMost);
    return new SequenceParts(
        known,
        train,
        cut.validation.isEmpty() ? train : known.set(cut.validation).first(atMost),
        cut.test.isEmpty() ? train : known.set(cut.test).first(atMost));
  }

  /** The test part for what a model knows already, as a training has it. */
  static SequenceSet test(SequenceDataSettings data, Known known, long seed, Intake intake) {
    Cut cut = Cut.of(data, seed, intake);
    return known.set(cut.test.isEmpty() ? cut.train : cut.test);
  }

  private static List<List<String>> tokens(List<Sequence> sequences) {
    return sequences.stream().filter(s -> s.tokens() != null).map(Sequence::tokens).toList();
  }

  private static List<String> labels(SequenceDataSettings data, List<Sequence> train) {
    List<String> labels =
        train.stream().map(Sequence::label).distinct().sorted(Comparator.naturalOrder()).toList();
    if (labels.size() < 2) {
      throw new DataException(
          "%s: the training part has one label alone: %s; expected at least two."
              .formatted(data.path(), labels.get(0)));
    }
    return labels;
  }

  /** The sequences in a drawn order, the test part last. */
  private record Cut(List<Sequence> train, List<Sequence> validation, List<Sequence> test) {
    static Cut of(SequenceDataSettings data, long seed, Intake intake) {
      List<Sequence> all = SequenceReader.ofJob(data, seed, intake);
      int[] order = IntStream.range(0, all.size()).toArray();
      Seeds.shuffle(order, Seeds.random(seed, SPLIT));
      List<Sequence> drawn = IntStream.of(order).mapToObj(all::get).toList();
      int testFrom = all.size() - share(data.test(), all.size());
      int validationFrom = testFrom - share(data.validation(), all.size());
      if (validationFrom < 1) {
        throw new DataException(
            "%s: has %s sequences; expected enough for a training part beside data.validation and data.test."
                .formatted(data.path(), all.size()));
      }
      return new Cut(
          drawn.subList(0, validationFrom),
          drawn.subList(validationFrom, testFrom),
          drawn.subList(testFrom, all.size()));
    }

    private static int share(double share, int of) {
      return share == 0 ? 0 : Math.max(1, (int) Math.round(share * of));
    }
  }
}
