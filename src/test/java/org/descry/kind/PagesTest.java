package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.kind.classifier.AugmentedSheet;
import org.descry.metrics.EpochMetrics;
import org.descry.sweep.SyntheticSweep;
import org.descry.sweep.report.SweepReport;
import org.descry.testing.Chromium;
import org.descry.testing.SmallJobs;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;
import org.descry.train.compare.RunComparison;
import org.descry.train.folder.StoredRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of page that commands write, in a browser where there is one: on a desktop and on a
 * phone, light and dark, nothing scrolls sideways, is cut off, covers its neighbour or is hard to
 * read, and no figure is written as Java would.
 */
class PagesTest {
  /** A folder for screenshots, to be looked at; none are left without. */
  private static final String SCREENSHOTS = System.getProperty("descry.screenshots");

  @TempDir private Path dir;

  private final Map<String, Path> pages = new LinkedHashMap<>();

  @Test
  void nobodyFindsAFault() throws Exception {
    assumeTrue(Chromium.program() != null, "no Chromium");
    classifiers();
    words();
    sweeps();
    List<String> faults = new ArrayList<>();
    try (Chromium browser = new Chromium(Files.createDirectories(dir.resolve("profile")))) {
      browser.call("Page.enable", Map.of());
      for (Map.Entry<String, Path> page : pages.entrySet()) {
        for (int width : new int[] {390, 1100}) {
          for (boolean dark : new boolean[] {false, true}) {
            browser.screen(width, 900, dark);
            browser.open(page.getValue().toUri().toString());
            String name = page.getKey() + (dark ? "-dark-" : "-light-") + width;
            browser.faults(width).forEach(fault -> faults.add(name + ": " + fault));
            if (SCREENSHOTS != null) {
              int height = browser.value("document.documentElement.scrollHeight").asInt();
              browser.screen(width, height, dark);
              Files.write(Path.of(SCREENSHOTS, name + ".png"), browser.screenshot());
            }
          }
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  private Path train(Job job) {
    Training training =
        Kinds.training(
            job,
            new Training.Options(Training.Start.NEW, null, false),
            new TrainingProgress() {
              @Override
              public void epoch(EpochMetrics metrics, boolean best) {
                if (metrics.epoch() == 1) {
                  keep(job, "running");
                }
              }
            });
    training.run();
    keep(job, "finished");
    return training.folder();
  }

  private void keep(Job job, String state) {
    String name = job.name() + "-" + state;
    Path page = dir.resolve(name + ".html");
    try {
      Files.copy(dir.resolve(job.name()).resolve("report.html"), page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    pages.put(name, page);
  }

  private void classifiers() throws IOException {
    String longer = "training={epochs: 12, batchSize: 10, watch: true}";
    Job classifier = SmallJobs.shapes("classifier", dir, longer).job();
    Path one = train(classifier);
    Job deep =
        JobFile.parse(
                "job",
                """
                name: another-classifier-with-a-long-name
                model: {type: convnet, stages: [{filters: 4}, {filters: 4}], hidden: [8], batchNorm: true}
                data: {source: shapes, train: 20, validation: 10, test: 10}
                training: {epochs: 2, batchSize: 20, watch: true}
                """)
            .set("output.dir=" + dir)
            .job();
    Path other = train(deep);
    pages.put("compare", dir.resolve("runs.html"));
    new RunComparison(List.of(StoredRun.in(one), StoredRun.in(other)))
        .write(dir.resolve("runs.html"));
    pages.put("rates", dir.resolve("rates.html"));
    Files.writeString(dir.resolve("rates.html"), Kinds.findRate(classifier).html());
    pages.put("augmented", dir.resolve("augmented.html"));
    AugmentedSheet.write(classifier, dir.resolve("augmented.html"));
  }

  private void words() {
    train(SmallJobs.looking("captioner", dir).job());
    train(
        JobFile.parse(
                "job",
                """
                name: language
                model: {type: language-rnn, hidden: 8}
                data: {source: text, path: "builtin:hello-world", unit: character, sequences: running, steps: 5, validation: 0, test: 0}
                training: {epochs: 3, batchSize: 1}
                """)
            .set("output.dir=" + dir)
            .job());
  }

  private void sweeps() throws IOException {
    List<Path> folders = new ArrayList<>();
    for (int candidates : new int[] {0, 1, 60}) {
      String name = "sweep-" + candidates;
      Path folder = Files.createDirectory(dir.resolve(name));
      if (candidates < 60) {
        SweepReport.writeRunning(SyntheticSweep.of(candidates, 1, folder), folder);
      } else {
        SweepReport.write(SyntheticSweep.of(candidates, 2, folder), folder);
      }
      pages.put(name, folder.resolve("report.html"));
      folders.add(folder);
    }
    pages.put("sweeps", dir.resolve("sweeps.html"));
    SweepReport.compare(folders.subList(1, 3), dir.resolve("sweeps.html"));
  }
}
