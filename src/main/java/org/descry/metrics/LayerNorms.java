package org.descry.metrics;

/**
 * L2 norms of a layer's parameters that are learnt, as {@code training.watch} asks for them.
 *
 * @param weights of the parameters after the epoch
 * @param gradients mean over the epoch's steps, of the mean gradient of a batch's rows, before
 *     clipping and penalties
 * @param updates mean over the epoch's steps, of what is taken from the parameters
 */
public record LayerNorms(double weights, double gradients, double updates) {

  public LayerNorms plus(LayerNorms more) {
    return new LayerNorms(
        weights + more.weights, gradients + more.gradients, updates + more.updates);
  }
}
