package org.descry.train.report;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
import org.descry.report.Html;
import org.descry.report.Page;
import org.descry.report.ReportSection;
import org.descry.train.Summary;
import org.descry.train.Task;

/**
 * The report of a training as one HTML page without anything outside itself: while it runs, when it
 * was stopped, and of what came of it.
 *
 * @param about what is known from the beginning
 * @param epochs so far
 */
public record ReportPage(About about, List<EpochMetrics> epochs) {
  /** Seconds after which a page of a running training loads itself anew. */
  private static final int RELOAD = 10;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss xxx", Locale.ROOT);

  private static final String STYLE =
      """
      .mistakes, .captions { display: flex; flex-wrap: wrap; gap: 1rem; }
      .mistakes figure { margin: 0; width: 6.5rem; font-size: 12px; overflow-wrap: anywhere; }
      .captions figure { margin: 0; width: 13rem; font-size: 13px; line-height: 1.35; }
      .looks { display: flex; flex-wrap: wrap; gap: .25rem; margin-bottom: 1rem; }
      .looks figure { margin: 0; width: 5rem; font-size: 12px; text-align: center; }
      .looks img { width: 5rem; display: block; }
      .captions ul { margin: .2rem 0; padding-left: 1.1rem; }
      .captions img { width: 8rem; image-rendering: pixelated; display: block; }
      .filters { display: flex; flex-wrap: wrap; gap: .3rem; }
      .filters img { width: 2.4rem; image-rendering: pixelated; display: block; }
      .mistakes img { width: 6.5rem; image-rendering: pixelated; display: block; }
      """;

  private static final String COPY =
      "<p><button onclick='navigator.clipboard.writeText(document.getElementById(\"job\")"
          + ".textContent)'>Copy</button></p>";

  /**
   * What is known of a training from its beginning.
   *
   * @param host the machine that it runs on
   * @param job its file, resolved
   * @param epochs how many there are to be
   * @param data what it reads
   * @param network what it trains
   */
  public record About(
      String name,
      String host,
      String job,
      int epochs,
      Metric selection,
      Task.Data data,
      List<Row> network) {

    /** A layer or vertex. */
    public record Row(String name, String type, String inputs, long parameters) {}

    /** Of a job's task, before the first step. */
    public static About of(Job job, int epochs, Task task) {
      return new About(
          job.name(),
          hostName(),
          JobFile.resolved(job),
          epochs,
          Metric.named(job.training().selectBy().metric(), task.known()),
          task.data(),
          rows(task.network()));
    }

    private static String hostName() {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        return "unknown";
      }
    }

    private static List<Row> rows(ComputationGraph network) {
      List<Row> rows = new ArrayList<>();
      for (int index : network.topologicalSortOrder()) {
        GraphVertex vertex = network.getVertices()[index];
        if (!vertex.isInputVertex()) {
          String name = vertex.getVertexName();
          Object type = // of a vertex, not what runs it
              vertex.hasLayer()
                  ? vertex.getLayer().conf().getLayer()
                  : network.getConfiguration().getVertices().get(name);
          rows.add(
              new Row(
                  name,
                  type.getClass().getSimpleName(),
                  String.join(", ", network.getConfiguration().getVertexInputs().get(name)),
                  vertex.numParams()));
        }
      }
      return rows;
    }
  }

  /** Of a training that goes on. */
  public String running() {
    return page(
        "<p class='state'>Running: epoch %s of %s is done. Written %s; the page loads itself anew.</p>"
            .formatted(epochs.size(), about.epochs, now()),
        "<meta http-equiv='refresh' content='%s'>".formatted(RELOAD),
        bestSoFar(),
        List.of());
  }

  /** Of a training that ended before its time. */
  public String stopped(String why) {
    return page(
        "<p class='state'>%s Written %s.</p>".formatted(Html.escape(why), now()),
        "",
        bestSoFar(),
        List.of());
  }

  /** Of one that came to its end. */
  public String finished(Summary summary, List<ReportSection> sections) {
    Map<String, String> facts = new LinkedHashMap<>();
    summary.evaluation().measures().forEach((name, value) -> facts.put(name, Html.number(value)));
    facts.put("Best epoch", summary.bestEpoch() + " of " + summary.epochs());
    facts.put("Validation loss", Html.number(summary.validationLoss()));
    summary.scores().forEach((name, value) -> facts.put(Metric.title(name), Html.number(value)));
    facts.put("Ended", now());
    if (summary.multiplyAdds() != null) {
      facts.put("Multiply-adds", String.format(Locale.ROOT, "%,d", summary.multiplyAdds()));
    }
    facts.put("Training time", Html.seconds(summary.seconds()));
    facts.put("Where it went", summary.time().toString());
    facts.put("Seed", Long.toString(summary.seed()));
    facts.put(
        "Engine",
        "%s, %s thread%s, %s"
            .formatted(
                summary.binary(),
                summary.threads(),
                summary.threads() == 1 ? "" : "s",
                summary.precision()));
    facts.put(
        "Versions",
        summary.versions().entrySet().stream()
            .map(version -> version.getKey() + " " + version.getValue())
            .collect(Collectors.joining(", ")));
    return page("", "", facts, sections);
  }

  private Map<String, String> bestSoFar() {
    Map<String, String> facts = new LinkedHashMap<>();
    best()
        .ifPresent(
            best -> {
              facts.put("Best epoch so far", Integer.toString(best.epoch()));
              facts.put("Validation loss", Html.number(best.validationLoss()));
              best.scores()
                  .forEach((name, value) -> facts.put(Metric.title(name), Html.number(value)));
            });
    if (!epochs.isEmpty()) {
      facts.put("Training time", Html.seconds(last().seconds()));
    }
    return facts;
  }

  private EpochMetrics last() {
    return epochs.get(epochs.size() - 1);
  }

  /** The first of the best epochs by what the job selects by. */
  private Optional<EpochMetrics> best() {
    return EpochMetrics.best(epochs, about.selection);
  }

  private String page(
      String state, String head, Map<String, String> facts, List<ReportSection> sections) {
    facts.put("Host", about.host);
    facts.put(
        "Data",
        String.format(
            Locale.ROOT,
            "%,d %s to train on, %,d for validation, %,d for the test",
            about.data.train(),
            about.data.examples(),
            about.data.validation(),
            about.data.test()));
    facts.put("Parameters", String.format(Locale.ROOT, "%,d", parameters()));
    String rows =
        facts.entrySet().stream()
            .map(fact -> Html.row(fact.getKey(), fact.getValue()))
            .collect(Collectors.joining());
    return Page.html(
        about.name,
        head,
        STYLE,
        state
            + Html.facts(rows)
            + (epochs.isEmpty() ? "" : charts())
            + sections.stream().map(ReportSection::toString).collect(Collectors.joining())
            + new ReportSection("Network", network())
            + new ReportSection(
                "Job", COPY + "<pre id='job' class='scroll'>" + Html.text(about.job) + "</pre>"));
  }

  private long parameters() {
    return about.network.stream().mapToLong(About.Row::parameters).sum();
  }

  private static String now() {
    return TIME.format(Instant.now().atZone(ZoneId.systemDefault()));
  }

  private String network() {
    StringBuilder rows =
        new StringBuilder(
            "<tr><th class='text'>name</th><th class='text'>type</th><th class='text'>after</th>"
                + "<th>parameters</th></tr>\n");
    for (About.Row row : about.network) {
      rows.append(
          String.format(
              Locale.ROOT,
              "<tr><th scope='row'>%s</th><td class='text'>%s</td><td"
                  + " class='text'>%s</td><td>%,d</td></tr>\n",
              Html.escape(row.name),
              Html.escape(row.type),
              Html.escape(row.inputs),
              row.parameters));
    }
    return Html.table(rows.toString());
  }

  private String charts() {
    return new EpochCharts(epochs, best().map(EpochMetrics::epoch).orElse(0)).html();
  }
}
