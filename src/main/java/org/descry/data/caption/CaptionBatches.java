package org.descry.data.caption;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.descry.data.Buckets;
import org.descry.data.EpochBatches;
import org.descry.data.EpochBatches.Order;
import org.descry.data.Seeds;

/**
 * Batches of N captions, all float32:
 *
 * <ul>
 *   <li>features 0: the images, N x C x H x W over channels-last memory, or N x D;
 *   <li>features 1: the tokens read, N x T, {@code <START>} to the last word;
 *   <li>labels 0: the tokens to be said, N x T, the first word to {@code <END>}, as indices;
 *   <li>label mask 0: N x T, 1 where there is a token to be said, 0 after {@code <END>}; the same
 *       as the mask of features 1, where it is asked for.
 * </ul>
 *
 * N x T are views over time-major memory of T x N. Short captions are filled up with {@code
 * <NULL>}. The last batch of an epoch may be smaller. The order depends on (seed, epoch) alone.
 *
 * <p>Where images come with all their captions together, there are N / m images for N captions, m
 * being the most that an image has, so that an image is encoded once; rows that an image has no
 * caption for are masked as a whole.
 */
public final class CaptionBatches {
  private CaptionBatches() {}

  private static EpochBatches of(
      CaptionSet captions,
      int[][] groups,
      int batchSize,
      int steps,
      Presentation presentation,
      IntFunction<SplittableRandom> shuffle) {
    if (steps < captions.longest() - 1) {
      throw new IllegalArgumentException(
          "Expected at least %s steps for the longest caption, got: %s"
              .formatted(captions.longest() - 1, steps));
    }
    int each = most(groups);
    return new EpochBatches(
        new Order(groups.length, shuffle),
        Math.max(1, batchSize / each),
        count -> new CaptionBuffer(captions, groups, count, each, steps, presentation));
  }

  /**
   * Batches in the order of the captions.
   *
   * @param steps T; at least one less than the tokens of the longest caption
   */
  public static EpochBatches inOrder(CaptionSet captions, int batchSize, int steps) {
    return of(captions, singly(captions), batchSize, steps, Presentation.PLAIN, null);
  }

  /**
   * Batches of images with all their captions, in a new order each epoch.
   *
   * @param batchSize N, the number of captions; at least one image's
   */
  public static EpochBatches together(CaptionSet captions, int batchSize, int steps, long seed) {
    return together(captions, batchSize, steps, seed, Presentation.PLAIN);
  }

  /**
   * As {@link #together(CaptionSet, int, int, long)}.
   *
   * @param presentation how captions and images are shown
   */
  public static EpochBatches together(
      CaptionSet captions, int batchSize, int steps, long seed, Presentation presentation) {
    return of(
        captions,
        groups(captions),
        batchSize,
        steps,
        presentation,
        epoch -> Seeds.random(seed, epoch));
  }

  /**
   * As {@link #together}, but images whose longest captions are of about one length stand together:
   * T differs from batch to batch.
   *
   * @param presentation how captions and images are shown
   */
  public static EpochBatches bucketed(
      CaptionSet captions, int batchSize, long seed, Presentation presentation) {
    int[][] groups = groups(captions);
    int each = most(groups);
    int[] lengths =
        Arrays.stream(groups)
            .mapToInt(
                group -> Arrays.stream(group).map(i -> captions.length(i) - 1).max().orElse(1))
            .toArray();
    return Buckets.of(lengths, Math.max(1, batchSize / each), seed)
        .epochs(
            (images, steps) ->
                new CaptionBuffer(captions, groups, images, each, steps, presentation));
  }

  private static int[][] groups(CaptionSet captions) {
    return IntStream.range(0, captions.images())
        .mapToObj(captions::captionsOf)
        .filter(group -> group.length > 0)
        .toArray(int[][]::new);
  }

  private static int most(int[][] groups) {
    return Arrays.stream(groups).mapToInt(group -> group.length).max().orElse(1);
  }

  private static int[][] singly(CaptionSet captions) {
    return IntStream.range(0, captions.size()).mapToObj(i -> new int[] {i}).toArray(int[][]::new);
  }
}
