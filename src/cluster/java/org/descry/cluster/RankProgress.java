package org.descry.cluster;

import org.descry.metrics.EpochMetrics;
import org.descry.train.TrainingProgress;

/**
 * Passes on how the first rank's training goes, with the files that it leaves.
 *
 * @param own the rank's run folder, which is gone with it
 * @param shown the driver's
 */
record RankProgress(DriverLink driver, FolderMirror mirror, String own, String shown)
    implements TrainingProgress {
  /** What is said of the folder is true of the driver's. */
  String told(String sentence) {
    return sentence.replace(own, shown);
  }

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
    driver.tell(Message.NOTE, told(sentence));
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
