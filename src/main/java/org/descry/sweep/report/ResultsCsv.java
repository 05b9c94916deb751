package org.descry.sweep.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.descry.io.Csv;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Trial;

/**
 * {@code results.csv}: a row a candidate, best first, as RFC 4180 has it.
 *
 * <p>Columns: {@code rank} (empty without a score), {@code candidate}, {@code score}, {@code
 * spread}, {@code seconds}, {@code status}, {@code failure}; one a searched setting, named by its
 * key path; where there are several objectives, one for each but the first, and {@code front},
 * which is {@code true} on the Pareto front; and for each repeat {@code seed.0}, {@code score.0},
 * {@code seconds.0} and so on. Numbers are written in full; a number that there is not is an empty
 * cell.
 */
final class ResultsCsv {
  private ResultsCsv() {}

  static String text(SweepResults results, List<RankedCandidate> ranking) {
    int repeats = ranking.stream().mapToInt(s -> s.candidate().trials().size()).max().orElse(0);
    List<List<String>> rows = new ArrayList<>();
    rows.add(header(results, repeats));
    List<Candidate> front = results.front();
    ranking.forEach(ranked -> rows.add(row(results, front, ranked, repeats)));
    return rows.stream()
        .map(row -> row.stream().map(Csv::field).collect(Collectors.joining(",")) + "\r\n")
        .collect(Collectors.joining());
  }

  private static List<String> header(SweepResults results, int repeats) {
    List<String> header =
        new ArrayList<>(
            List.of("rank", "candidate", "score", "spread", "seconds", "status", "failure"));
    results.dimensions().forEach(dimension -> header.add(dimension.key()));
    results.further().forEach(objective -> header.add(objective.metric()));
    if (!results.further().isEmpty()) {
      header.add("front");
    }
    for (int repeat = 0; repeat < repeats; repeat++) {
      header.addAll(List.of("seed." + repeat, "score." + repeat, "seconds." + repeat));
    }
    return header;
  }

  private static List<String> row(
      SweepResults results, List<Candidate> front, RankedCandidate ranked, int repeats) {
    Candidate candidate = ranked.candidate();
    List<String> row = new ArrayList<>();
    row.add(ranked.scored() ? Integer.toString(ranked.rank()) : "");
    row.add(Integer.toString(candidate.number()));
    row.add(number(candidate.score()));
    row.add(number(candidate.spread()));
    row.add(number(ranked.seconds()));
    row.add(ranked.status());
    row.add(ranked.failure());
    results.dimensions().forEach(dimension -> row.add(ranked.setting(dimension.key())));
    results.further().forEach(o -> row.add(number(candidate.score(o, results.objective()))));
    if (!results.further().isEmpty()) {
      row.add(front.contains(candidate) ? "true" : "");
    }
    for (Trial trial : candidate.trials()) {
      row.add(Long.toString(trial.seed()));
      row.add(number(trial.score()));
      row.add(number(trial.seconds()));
    }
    for (int repeat = candidate.trials().size(); repeat < repeats; repeat++) {
      row.addAll(List.of("", "", ""));
    }
    return row;
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : Double.toString(value);
  }
}
