package org.descry.data.caption;

import java.nio.FloatBuffer;
import org.descry.data.EpochBatches;
import org.descry.data.TokenArrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** The off-heap arrays of one batch of images with their captions. */
final class CaptionBuffer implements EpochBatches.Buffer {
  private final CaptionSet captions;
  private final int[][] groups;
  private final int count;
  private final int each;
  private final Presentation presentation;
  private final float[] whole;
  private final INDArray images;
  private final FloatBuffer imageValues;
  private final TokenArrays tokens;

  /**
   * @param groups captions of one image each, at least one and at most {@code each}
   * @param count number of images
   * @param each number of rows for the captions of one
   * @param presentation how they are shown
   */
  CaptionBuffer(
      CaptionSet captions,
      int[][] groups,
      int count,
      int each,
      int steps,
      Presentation presentation) {
    this.captions = captions;
    this.groups = groups;
    this.count = count;
    this.each = each;
    this.presentation = presentation;
    whole = new float[captions.inputs().floats()];
    images = captions.inputs().allocate(count);
    imageValues = images.data().asNioFloat();
    tokens = new TokenArrays(count * each, steps);
  }

  @Override
  public void fill(int epoch, int[] order, int from) {
    int floats = captions.inputs().floats();
    for (int i = 0; i < count; i++) {
      int[] group = groups[order[from + i]];
      int image = captions.imageOf(group[0]);
      presentation.fill(captions.inputs(), image, epoch, imageValues, i * floats, whole);
      for (int g = 0; g < each; g++) {
        fillRow(i * each + g, g < group.length ? group[g] : -1);
      }
    }
  }

  /**
   * Writes a caption, or a row that carries no loss.
   *
   * @param caption -1 for none
   */
  private void fillRow(int row, int caption) {
    if (caption < 0) {
      tokens.fill(row, captions.tokens(), 0, 0);
    } else {
      tokens.fill(row, captions.tokens(), captions.start(caption), captions.length(caption) - 1);
    }
  }

  @Override
  public MultiDataSet data() {
    return tokens.data(presentation.masked(), images);
  }
}
