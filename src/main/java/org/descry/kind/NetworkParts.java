package org.descry.kind;

import java.util.List;
import org.descry.job.InitName;
import org.descry.job.RnnName;
import org.descry.job.StageSettings;
import org.descry.kernel.RnnCell;
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
    return stages.stream()
        .map(stage -> new ConvNet.Stage(stage.filters(), stage.filterSize(), stage.pool()))
        .toList();
  }
}
