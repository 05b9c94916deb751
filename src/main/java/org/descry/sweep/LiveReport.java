package org.descry.sweep;

import org.descry.DiskException;
import org.descry.sweep.report.SweepReport;
import org.descry.sweep.report.SweepResults;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The report of a sweep that goes on, written as often as it takes no time to speak of. */
final class LiveReport {
  private static final Logger LOG = LoggerFactory.getLogger(LiveReport.class);

  /** How many times as long as a report took there is none. */
  private static final int REST = 50;

  private final SweepPlan plan;
  private long due = System.nanoTime();

  LiveReport(SweepPlan plan) {
    this.plan = plan;
  }

  /** What is known so far. */
  SweepResults results(Scoreboard board) {
    return new SweepResults(
        plan.job().name(),
        plan.settings().strategy().toString(),
        plan.objectives(),
        plan.dimensions(),
        board.candidates(),
        board.elapsed());
  }

  /** A candidate more is known. */
  synchronized void update(Scoreboard board) {
    long begun = System.nanoTime();
    if (begun - due < 0) {
      return;
    }
    try {
      SweepReport.writeRunning(results(board), plan.folder());
    } catch (DiskException e) { // the report at the end says so if it is still so
      LOG.debug("No report while the sweep goes on", e);
    }
    long ended = System.nanoTime();
    due = ended + REST * (ended - begun);
  }
}
