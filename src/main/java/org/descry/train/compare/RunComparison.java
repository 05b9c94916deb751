package org.descry.train.compare;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.descry.io.AtomicFiles;
import org.descry.io.IoErrors;
import org.descry.io.Json;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
import org.descry.report.Html;
import org.descry.report.LineChart;
import org.descry.report.LineChart.Series;
import org.descry.report.Page;
import org.descry.report.Scale;
import org.descry.train.folder.StoredRun;

/**
 * Runs beside one another as a page without anything outside itself: their figures, the settings in
 * which they differ, and their curves over one another.
 */
public record RunComparison(List<StoredRun> runs) {
  private static final String STYLE =
      """
      .run polyline { stroke-width: 2; }
      th:not([scope]) { min-width: 7rem; white-space: normal; overflow-wrap: anywhere; }
      """;

  private static final String NONE = "–";

  public RunComparison {
    runs = List.copyOf(runs);
  }

  /**
   * Writes the page.
   *
   * @throws org.descry.DescryException if it cannot be written
   */
  public void write(Path page) {
    try {
      AtomicFiles.write(page, html());
    } catch (IOException e) {
      throw IoErrors.unwritable(page, e);
    }
  }

  String html() {
    Map<String, List<String>> differences = differences();
    return Page.html(
        "Runs",
        STYLE,
        "<main>%s<h2>Curves</h2><p>%s</p>%s<h2>Settings that differ</h2>%s</main>"
            .formatted(
                table(figures()),
                IntStream.range(0, runs.size())
                    .mapToObj(this::name)
                    .collect(Collectors.joining("&ensp;")),
                curves(),
                differences.isEmpty() ? "<p>None.</p>" : table(differences)));
  }

  /** The keys of the jobs that have not the same value everywhere, with that of each run. */
  public Map<String, List<String>> differences() {
    List<Map<String, String>> settings = new ArrayList<>();
    Set<String> keys = new LinkedHashSet<>();
    for (StoredRun run : runs) {
      Map<String, String> own = new LinkedHashMap<>();
      flatten("", run.job(), own);
      settings.add(own);
      keys.addAll(own.keySet());
    }
    Map<String, List<String>> differences = new LinkedHashMap<>();
    for (String key : keys) {
      List<String> values = settings.stream().map(own -> own.getOrDefault(key, NONE)).toList();
      if (values.stream().distinct().count() > 1) {
        differences.put(key, values);
      }
    }
    return differences;
  }

  private static void flatten(String path, JsonNode value, Map<String, String> into) {
    if (value.isObject()) {
      value
          .properties()
          .forEach(
              entry ->
                  flatten(
                      path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(),
                      entry.getValue(),
                      into));
    } else if (value.isArray() && value.path(0).isObject()) {
      for (int i = 0; i < value.size(); i++) {
        flatten(path + "[" + i + "]", value.get(i), into);
      }
    } else {
      into.put(path, value.isTextual() ? value.asText() : Json.plain(value));
    }
  }

  private Map<String, List<String>> figures() {
    Map<String, List<String>> rows = new LinkedHashMap<>();
    rows.put("State", each(StoredRun::state));
    rows.put("Epochs", each(run -> run.epochs().size() + " of " + run.plannedEpochs()));
    rows.put("Best epoch", each(run -> best(run, epoch -> Integer.toString(epoch.epoch()))));
    for (String name : names()) {
      rows.put(Metric.title(name), each(run -> best(run, epoch -> number(epoch.value(name)))));
    }
    Set<String> tested = new TreeSet<>();
    for (StoredRun run : runs) {
      run.summary()
          .properties()
          .forEach(
              figure -> {
                if (figure.getKey().startsWith("test") && figure.getValue().isNumber()) {
                  tested.add(figure.getKey());
                }
              });
    }
    for (String name : tested) {
      rows.put(Metric.title(name), each(run -> number(figure(run, name))));
    }
    rows.put("Parameters", each(run -> count(run.summary().path("parameters"))));
    rows.put("Training time", each(run -> Html.seconds(run.seconds())));
    return rows;
  }

  private static String count(JsonNode number) {
    return number.isNumber() ? String.format(Locale.ROOT, "%,d", number.asLong()) : NONE;
  }

  private static Double figure(StoredRun run, String name) {
    JsonNode value = run.summary().path(name);
    return value.isNumber() ? value.asDouble() : null;
  }

  private List<String> each(Function<StoredRun, String> figure) {
    return runs.stream().map(figure).toList();
  }

  private static String best(StoredRun run, Function<EpochMetrics, String> figure) {
    Optional<EpochMetrics> best = run.best();
    return best.map(figure).orElse(NONE);
  }

  private static String number(Double value) {
    return value == null ? NONE : Html.number(value);
  }

  private String table(Map<String, List<String>> rows) {
    StringBuilder table = new StringBuilder("<tr><th></th>");
    for (int i = 0; i < runs.size(); i++) {
      table.append("<th>" + name(i) + "</th>");
    }
    table.append("</tr>\n");
    rows.forEach(
        (name, values) -> {
          table.append("<tr><th scope='row'>").append(Html.escape(name)).append("</th>");
          values.forEach(value -> Html.cell(table, Html.escape(value)));
          table.append("</tr>\n");
        });
    return Html.table(table.toString());
  }

  /** A run's, with its colour. */
  private String name(int run) {
    return Html.swatch(run, runs.size()) + Html.escape(runs.get(run).name());
  }

  /** The figures of an epoch that a run has, the losses first. */
  private List<String> names() {
    Set<String> names = new LinkedHashSet<>();
    EpochMetrics.LOSSES.forEach(loss -> names.add(loss.name()));
    runs.forEach(
        run -> run.epochs().forEach(epoch -> names.addAll(new TreeSet<>(epoch.scores().keySet()))));
    return List.copyOf(names);
  }

  private String curves() {
    List<String> names = new ArrayList<>(names());
    names.add(EpochMetrics.LEARNING_RATE.name());
    return names.stream().map(this::chart).collect(Collectors.joining());
  }

  private String chart(String name) {
    List<Series> curves =
        IntStream.range(0, runs.size())
            .mapToObj(
                i ->
                    new Series(
                        runs.get(i).name(),
                        "class='run hue' style='%s'".formatted(Html.hue(i, runs.size())),
                        runs.get(i).epochs().stream().map(epoch -> epoch.value(name)).toList()))
            .toList();
    String title = Metric.title(name);
    List<Double> values = LineChart.values(curves);
    boolean loss = EpochMetrics.LOSSES.stream().anyMatch(metric -> metric.name().equals(name));
    if (loss) {
      return LineChart.svg(title, "", curves, Scale.linear(values))
          + (Scale.wideLosses(values)
              ? LineChart.svg(title + ", logarithmic", "", curves, Scale.logarithmic(values))
              : "");
    }
    return LineChart.svg(title, "", curves, Scale.fitting(values));
  }
}
