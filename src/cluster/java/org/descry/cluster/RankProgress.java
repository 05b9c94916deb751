package org.descry.cluster;

import org.descry.metrics.EpochMetrics;
import org.descry.train.TrainingProgress;

/** Passes on how the first rank's training goes, with the files that it leaves. */
record RankProgress(DriverLink driver, FolderMirror mirror) implements TrainingProgress {
  @Override
  public void started(Plan plan) {
    driver.tell(Message.STARTED, plan);
  }

  @Override
  public void goesOn(int epoch, int step) {
    driver.tell(Message.GOES_ON, new int[] {epoch, step});
  }

  @Override
  public void note(String sentence) {
    driver.tell(Message.NOTE, sentence);
  }

  @Override
  public void step(int epoch, int step, double meanLoss, double examplesPerSecond) {
    mirror.update();
    driver.tell(Message.STEP, new double[] {epoch, step, meanLoss, examplesPerSecond});
  }

  @Override
  public void epoch(EpochMetrics metrics, boolean best) {
    mirror.update();
    driver.tell(best ? Message.BEST_EPOCH : Message.EPOCH, metrics);
  }
}
