package org.descry.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.descry.sweep.space.Axis;
import org.descry.sweep.space.JobSpace;

/**
 * Trainings that {@link SweepRecorder} recorded, to be searched again in no time: the validation
 * losses of a point between those of the grid are interpolated, in the logarithm of each setting.
 */
final class RecordedSweep {
  /** Epochs of each training. */
  static final int EPOCHS = 9;

  /** The loss of a training that diverged. */
  private static final double DIVERGED = 10;

  private final List<double[]> axes = new ArrayList<>();
  private final List<String> keys = new ArrayList<>();
  private final double[][] curves;

  RecordedSweep() {
    SweepPlan plan = Sweeps.plan(SweepRecorder.SWEEP);
    for (Axis axis : plan.space().axes()) {
      keys.add(axis.dimension().key());
      axes.add(axis.samples().stream().mapToDouble(v -> Math.log(v.doubleValue())).toArray());
    }
    try (InputStream in = RecordedSweep.class.getResourceAsStream("recorded.txt")) {
      curves =
          new String(in.readAllBytes(), StandardCharsets.US_ASCII)
              .lines()
              .map(RecordedSweep::curve)
              .toArray(double[][]::new);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double[] curve(String line) {
    double[] known = Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
    double[] curve = new double[EPOCHS];
    Arrays.fill(curve, DIVERGED);
    for (int i = 0; i < Math.min(known.length, EPOCHS); i++) {
      curve[i] = Double.isFinite(known[i]) ? Math.min(DIVERGED, known[i]) : DIVERGED;
    }
    return curve;
  }

  /** What was recorded, between the points of the grid too. */
  static JobSpace space() {
    return new JobSpace(
        List.of(
            Axis.logUniform("training.optimizer.learningRate", 1e-3, 0.3, null),
            Axis.logIntegers("model.hidden", 4, 32, null),
            Axis.logIntegers("training.batchSize", 4, 36, null),
            Axis.logIntegers("model.embedding", 2, 18, null)));
  }

  int size() {
    return curves.length;
  }

  /** The least loss of the first so many epochs. */
  double loss(Map<String, JsonNode> settings, int epochs) {
    double least = Double.POSITIVE_INFINITY;
    double[] curve = curve(settings, 0, 0);
    for (int epoch = 0; epoch < Math.min(EPOCHS, epochs); epoch++) {
      least = Math.min(least, curve[epoch]);
    }
    return least;
  }

  private double[] curve(Map<String, JsonNode> settings, int axis, int index) {
    if (axis == axes.size()) {
      return curves[index];
    }
    double[] values = axes.get(axis);
    double x = Math.log(settings.get(keys.get(axis)).doubleValue());
    int low = 0;
    while (low < values.length - 2 && values[low + 1] <= x) {
      low++;
    }
    double share = Math.min(1, Math.max(0, (x - values[low]) / (values[low + 1] - values[low])));
    double[] below = curve(settings, axis + 1, index * values.length + low);
    double[] above = curve(settings, axis + 1, index * values.length + low + 1);
    double[] between = new double[EPOCHS];
    for (int i = 0; i < EPOCHS; i++) {
      between[i] = (1 - share) * below[i] + share * above[i];
    }
    return between;
  }
}
