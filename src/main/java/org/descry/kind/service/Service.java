package org.descry.kind.service;

import java.util.List;
import java.util.Map;

/**
 * A trained model as a server sees it. Questions are made of what clients send on any thread, and
 * checked in full: a question that exists can be answered. Workers answer them in batches. For any
 * number of threads.
 *
 * @param <Q> a question, with all that was asked of its answer
 * @param <A> an answer
 */
public interface Service<Q, A> {
  /** What does not change for as long as the model is there. */
  Traits traits();

  /**
   * What a server tells of a model.
   *
   * @param task what the model does, in a word: {@code predict}, {@code caption} or {@code
   *     generate}
   * @param content what its questions are about
   * @param inputs the tensors that {@link Service#questions} takes
   * @param outputs the tensors that {@link Service#tensors} gives
   * @param options the names of the options that questions know
   * @param sizes of batches, ascending from 1; others cost more. More than the last do not go
   *     together
   */
  record Traits(
      String task,
      Content content,
      List<TensorType> inputs,
      List<TensorType> outputs,
      List<String> options,
      List<Integer> sizes) {}

  /** Media that people send. */
  enum Content {
    IMAGE,
    TEXT,
    /** Numbers that only {@link Service#questions} takes. */
    FEATURES
  }

  /** A question of the model's own, to warm it up. */
  Q example();

  /**
   * The question of a file or text as people send it.
   *
   * @param name what to call it in messages
   * @throws org.descry.DescryException if the content or an option is not what the model takes
   */
  Q question(String name, byte[] content, Options options);

  /**
   * One question for each row of the tensors.
   *
   * @param inputs by name
   * @throws org.descry.DescryException as {@link #question}
   */
  List<Q> questions(Map<String, Tensor> inputs, Options options);

  /** What people are told, to be written as JSON. */
  Map<String, Object> told(Q question, A answer);

  /** The answers of one request, a row each. */
  List<Tensor> tensors(List<A> answers);

  /** A worker for one thread, which shares the model's parameters with all others. */
  Worker<Q, A> worker();

  /**
   * Answers questions, on one thread.
   *
   * @param <Q> a question
   * @param <A> an answer
   */
  @FunctionalInterface
  interface Worker<Q, A> {
    /**
     * An answer for each question, in their order. An answer differs from the one that its question
     * gets alone by 1e-5 at most.
     */
    List<A> answer(List<Q> batch);
  }
}
