package org.descry.train;

/** What a job's best model reaches on the test part. */
public interface Results {
  /** The figures that count, for a line of text. */
  String headline();
}
