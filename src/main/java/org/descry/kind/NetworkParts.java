package org.descry.kind;

import java.util.List;
import org.descry.job.InitName;
import org.descry.job.RnnName;
import org.descry.job.StageSettings;
import org.descry.kernel.RnnCell;
import org.descry.kernel.Window;
import org.descry.model.ConvNet;

/** What networks of several kinds are made of, from a job's settings. */
public final class NetworkParts {
  private NetworkParts() {}

  /** What a job's recurrent network is made of. */
  public static RnnCell cell(RnnName name) {
    return switch (name) {
      case VANILLA -> RnnCell.VANILLA;
      case LSTM -> RnnCell.LSTM;
      case GRU -> RnnCell.GRU;
    };
  }

  /** Whether recurrent weights start uniform. */
  public static boolean uniform(InitName name) {
    return switch (name) {
      case NORMAL -> false;
      case UNIFORM -> true;
    };
  }

  /** The convolutional stages, input first. */
  public static List<ConvNet.Stage> stages(List<StageSettings> stages) {
    return stages.stream().map(NetworkParts::stage).toList();
  }

  private static ConvNet.Stage stage(StageSettings stage) {
    int size = stage.filterSize();
    int stride = stage.stride();
    int dilation = stage.dilation();
    int pad = stage.padding() == null ? (size - 1) / 2 * dilation : stage.padding();
    int pool = stage.poolSize();
    int poolStride = stage.poolStride() == null ? pool : stage.poolStride();
    return new ConvNet.Stage(
        stage.filters(),
        new Window(size, size, stride, stride, pad, pad, dilation, dilation),
        stage.pool() ? new Window(pool, pool, poolStride, poolStride, 0, 0) : null,
        stage.dropout());
  }
}
