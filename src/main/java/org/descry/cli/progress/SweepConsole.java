package org.descry.cli.progress;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
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
  private Plan plan;

  SweepConsole(PrintWriter out, boolean terminal) {
    this.out = Printer.of(out);
    this.terminal = terminal;
  }

  /** For the program's own output. */
  public static SweepConsole to(PrintWriter out) {
    return new SweepConsole(out, Terminal.isThere());
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
    out.line("%s", describe(candidate, state));
    state(state);
  }

  private String describe(Candidate candidate, State state) {
    String settings = settings(candidate.settings());
    String outcome;
    if (!candidate.scored()) {
      outcome = "failed  " + settings + "  " + failure(candidate);
    } else {
      outcome =
          String.format(
              Locale.ROOT,
              "%s %s%s  %s  %.1f s%s%s%s",
              Metric.words(plan.objective().metric()),
              Wording.number(candidate.score()),
              candidate.trials().size() > 1 ? " ± " + Wording.number(candidate.spread()) : "",
              settings,
              candidate.trials().stream().mapToDouble(Trial::seconds).sum(),
              pruned(candidate),
              state.bestCandidate() == candidate.number() ? "  best" : "",
              partly(candidate));
    }
    return "candidate %s  %s%s"
        .formatted(candidate.number(), outcome, terminal ? "" : "  (" + standing(state) + ")");
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
    return settings.entrySet().stream()
        .map(setting -> setting.getKey().replaceAll(".*\\.", "") + "=" + setting.getValue())
        .collect(Collectors.joining(" "));
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
