package org.descry.cli.progress;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.descry.io.Json;
import org.descry.metrics.EpochMetrics;
import org.descry.train.TrainingProgress;

/** Tells how a training goes to programs: one object of JSON a line, with its time and event. */
public final class JsonProgress implements TrainingProgress {
  private static final int STEP_SECONDS = 30;

  private final PrintWriter out;
  private final Clock clock;
  private Instant told = Instant.MIN;

  JsonProgress(PrintWriter out, Clock clock) {
    this.out = out;
    this.clock = clock;
  }

  /** With the time of day. */
  public static JsonProgress to(PrintWriter out) {
    return new JsonProgress(out, Clock.systemUTC());
  }

  @Override
  public void started(Plan plan) {
    event("started", plan);
  }

  @Override
  public void goesOn(int epoch, int step) {
    event("resumed", Map.of("epoch", epoch, "step", step));
  }

  @Override
  public void note(String sentence) {
    event("note", Map.of("message", sentence));
  }

  @Override
  public void step(int epoch, int step, double meanLoss, double examplesPerSecond) {
    if (clock.instant().isAfter(told.plusSeconds(STEP_SECONDS))) {
      event("step", new Step(epoch, step, meanLoss, examplesPerSecond));
    }
  }

  private record Step(int epoch, int step, double trainLoss, double examplesPerSecond) {}

  @Override
  public void epoch(EpochMetrics metrics, boolean best) {
    ObjectNode facts = Json.MAPPER.valueToTree(metrics);
    event("epoch", facts.put("best", best));
  }

  /**
   * Prints an event.
   *
   * @param name of it
   * @param facts an object whose fields say more
   */
  public void event(String name, Object facts) {
    told = clock.instant();
    ObjectNode line = Json.MAPPER.createObjectNode();
    line.put("time", told.truncatedTo(ChronoUnit.MILLIS).toString());
    line.put("event", name);
    line.setAll((ObjectNode) Json.MAPPER.valueToTree(facts));
    out.println(Json.line(line));
    out.flush();
  }
}
