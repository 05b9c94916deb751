package org.descry.cli.progress;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.descry.io.Json;
import org.descry.metrics.Metric;
import org.descry.sweep.SweepProgress;
import org.descry.sweep.report.SweepResults;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Trial;

/**
 * Shows how a sweep goes: a line a candidate and, on a terminal, a last line with the standing that
 * is rewritten in place; in the end the best candidates as a table.
 */
public final class SweepConsole implements SweepProgress {
  private static final int RANKED = 5;

  private final Printer out;
  private final boolean terminal;
  private final boolean colour;
  private Plan plan;

  SweepConsole(PrintWriter out, boolean terminal, boolean colour) {
    this.out = Printer.of(out);
    this.terminal = terminal;
    this.colour = colour;
  }

  /** For the program's own output. */
  public static SweepConsole to(PrintWriter out, Colours colours) {
    return new SweepConsole(out, Terminal.isThere(), colours.on());
  }

  @Override
  public void started(Plan newPlan) {
    plan = newPlan;
    out.line(
        "Sweep %s: %s search, %s%s, %s of %s each",
        plan.name(),
        plan.strategy(),
        plan.candidates() == Integer.MAX_VALUE
            ? "candidates until the time is over"
            : count(plan.candidates(), "candidate"),
        plan.repeats() == 1 ? "" : " trained " + plan.repeats() + " times",
        count(plan.workers(), "worker"),
        count(plan.threads(), "thread"));
    if (plan.resumed() > 0) {
      out.line("Going on after %s", count(plan.resumed(), "training"));
    }
  }

  @Override
  public void state(State state) {
    if (terminal) {
      out.status(standing(state));
    }
  }

  @Override
  public void candidate(Candidate candidate, State state) {
    boolean best = candidate.scored() && state.bestCandidate() == candidate.number();
    Figures line = describe(candidate, best);
    String text = terminal ? line.within(out.room()) : line.text() + "  (" + standing(state) + ")";
    if (best && colour) {
      out.bright(text);
    } else {
      out.line("%s", text);
    }
    state(state);
  }

  private Figures describe(Candidate candidate, boolean best) {
    Figures line = new Figures().add(0, "candidate %s".formatted(candidate.number()));
    if (!candidate.scored()) {
      line.add(0, "  failed");
      addSettings(line, candidate);
      return line.add(0, "  " + failure(candidate));
    }
    line.add(0, "  " + Metric.words(plan.objective().metric()));
    line.add(0, " " + Wording.number(candidate.score()));
    if (candidate.trials().size() > 1) {
      line.add(1, " ± " + Wording.number(candidate.spread()));
    }
    addSettings(line, candidate);
    double seconds = candidate.trials().stream().mapToDouble(Trial::seconds).sum();
    return line.add(3, String.format(Locale.ROOT, "  %.1f s", seconds))
        .add(2, pruned(candidate))
        .add(0, best ? "  best" : "")
        .add(0, partly(candidate));
  }

  /** The last ones go first where there is no room. */
  private static void addSettings(Figures line, Candidate candidate) {
    String between = "  ";
    for (Map.Entry<String, JsonNode> setting : candidate.settings().entrySet()) {
      line.add(4, between + text(setting));
      between = " ";
    }
  }

  private static String pruned(Candidate candidate) {
    return candidate.pruned() ? "  after epoch " + candidate.epochs() : "";
  }

  private static String failure(Candidate candidate) {
    return candidate.trials().stream()
        .filter(trial -> !trial.succeeded())
        .flatMap(trial -> trial.failure().lines())
        .findFirst()
        .orElse("");
  }

  /** Says that some of a candidate's trainings failed. */
  private static String partly(Candidate candidate) {
    return candidate.failures() == 0
        ? ""
        : "  %s of %s trainings failed: %s"
            .formatted(candidate.failures(), candidate.trials().size(), failure(candidate));
  }

  private String standing(State state) {
    String done =
        plan.candidates() == Integer.MAX_VALUE
            ? Integer.toString(state.done())
            : state.done() + "/" + plan.candidates();
    return "%s done, %s running, %s failed, best %s, %s left"
        .formatted(
            done,
            state.running(),
            state.failed(),
            state.bestCandidate() < 0
                ? "-"
                : Wording.number(state.best()) + " (candidate " + state.bestCandidate() + ")",
            left(state.secondsLeft()));
  }

  private static String left(double seconds) {
    if (Double.isNaN(seconds)) {
      return "-:--";
    }
    return Wording.time(Math.round(seconds));
  }

  /** The best candidates, and where everything lies. */
  public void ranking(SweepResults results, Path folder) {
    top(results, RANKED);
    out.line(
        "%s in %s: %s; the best settings: %s, their model: %s",
        count(results.candidates().size(), "candidate"),
        left(results.seconds()),
        folder.resolve("report.html"),
        folder.resolve("best.yaml"),
        folder.resolve("model.zip"));
  }

  /** What several sweeps came to. */
  public void comparison(List<SweepResults> sweeps, Path page) {
    out.line("%10s  candidates  sweep", Metric.words(sweeps.get(0).objective().metric()));
    for (SweepResults sweep : sweeps) {
      List<Candidate> ranked = sweep.ranked();
      boolean scored = !ranked.isEmpty() && ranked.get(0).scored();
      out.line(
          "%10s  %10d  %s, %s",
          scored ? Wording.number(ranked.get(0).score()) : "none",
          ranked.size(),
          sweep.name(),
          sweep.strategy());
    }
    out.line("The comparison: %s", page);
  }

  /** The best of them. */
  public void top(SweepResults results, int count) {
    String metric = Metric.words(results.objective().metric());
    out.line("rank  candidate  %s  settings", metric);
    List<Candidate> ranked = results.ranked();
    for (int i = 0; i < Math.min(count, ranked.size()); i++) {
      Candidate candidate = ranked.get(i);
      boolean failed = !candidate.scored();
      out.line(
          "%4s  %9d  %" + metric.length() + "s  %s",
          failed ? "-" : i + 1,
          candidate.number(),
          failed ? "failed" : Wording.number(candidate.score()),
          settings(candidate.settings()) + pruned(candidate) + (failed ? "" : partly(candidate)));
    }
  }

  private static String settings(Map<String, JsonNode> settings) {
    return settings.entrySet().stream().map(SweepConsole::text).collect(Collectors.joining(" "));
  }

  private static String text(Map.Entry<String, JsonNode> setting) {
    return setting.getKey().replaceAll(".*\\.", "") + "=" + Json.plain(setting.getValue());
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
