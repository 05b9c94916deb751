package org.descry.cluster;

/** What a rank tells the driver. */
enum Message {
  STARTED,
  GOES_ON,
  NOTE,
  STEP,
  EPOCH,
  BEST_EPOCH,
  /** A file of the run folder, its content after the name. */
  FILE,
  /** The names of all files of the run folder. */
  FILES,
  DONE,
  STOPPED,
  FAILED
}
