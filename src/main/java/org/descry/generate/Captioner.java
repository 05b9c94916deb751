package org.descry.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.data.caption.ImageInputs;
import org.descry.data.caption.Vocabulary;
import org.descry.model.InferenceNetwork;
import org.descry.model.NetworkLayers;
import org.descry.model.SharedParameters;
import org.descry.replay.RecordedOutput;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Says what is on images, many at a time: an encoder from images to initial states, and a decoder
 * from states to words. For one thread at a time.
 *
 * <p>It holds a copy of what it needs of the network's image side and only reads the rest. The
 * network's parameters must not change while it is used.
 */
public final class Captioner {
  private static final int BATCH_SIZE = 100;

  private final ComputationGraph encoder;
  private final RecordedOutput asked;
  private final Decoder decoder;
  private final Vocabulary vocabulary;

  /**
   * @param network a network made by {@link org.descry.model.CaptioningRnn}
   * @param vocabulary what its words mean
   */
  public Captioner(ComputationGraph network, Vocabulary vocabulary) {
    encoder = InferenceNetwork.of(network, List.of(NetworkLayers.initialState(network)));
    asked = RecordedOutput.ofConstant(encoder);
    decoder = new Decoder(network);
    this.vocabulary = vocabulary;
  }

  private Captioner(Captioner original) {
    encoder = SharedParameters.replica(original.encoder);
    asked = RecordedOutput.ofConstant(encoder);
    decoder = new Decoder(original.decoder);
    vocabulary = original.vocabulary;
  }

  /** A captioner for another thread, over the same weights; this one may be at work meanwhile. */
  public Captioner replica() {
    return new Captioner(this);
  }

  /**
   * The initial states that images lead to.
   *
   * @param images N x C x H x W, or features N x D
   * @return N x (L S H), and behind them the places that are looked at
   */
  public INDArray states(INDArray images) {
    return asked.output(images).get(0).dup();
  }

  /** The sentences that initial states, as {@link #states} gives them, lead to, as words. */
  public List<List<String>> describe(INDArray states, Decoding decoding) {
    return Arrays.stream(decoding.decode(decoder, states)).map(vocabulary::decode).toList();
  }

  /**
   * A sentence for each image, as words.
   *
   * @throws CancellationException if the thread is interrupted
   */
  public List<List<String>> describe(ImageInputs images, Decoding decoding) {
    List<List<String>> sentences = new ArrayList<>();
    for (int from = 0; from < images.size(); from += BATCH_SIZE) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("interrupted while images were captioned");
      }
      int to = Math.min(images.size(), from + BATCH_SIZE);
      sentences.addAll(describe(states(images.batch(from, to)), decoding));
    }
    return sentences;
  }

  /** Whether it looks at the image before each word. */
  public boolean looks() {
    return decoder.looks();
  }

  /**
   * Where a captioner looks before each word of a sentence.
   *
   * @param state of one image, as {@link #states} gives it
   * @return the weights of the grid's places, row by row, for each word; empty without attention
   */
  public List<float[]> attention(INDArray state, List<String> sentence) {
    int[] tokens = vocabulary.encode(sentence);
    return decoder.attention(state, Arrays.copyOfRange(tokens, 1, tokens.length - 1));
  }

  /** The mean of the images' initial states, of one row: what is left of them when none is seen. */
  public INDArray meanState(ImageInputs images) {
    INDArray sum = null;
    for (int from = 0; from < images.size(); from += BATCH_SIZE) {
      int to = Math.min(images.size(), from + BATCH_SIZE);
      INDArray part = states(images.batch(from, to)).sum(true, 0);
      sum = sum == null ? part : sum.addi(part);
    }
    return sum.divi(images.size());
  }
}
