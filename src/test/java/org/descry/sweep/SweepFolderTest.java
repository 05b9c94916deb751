package org.descry.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep's folder: what is gone on with, replaced, and left alone. */
class SweepFolderTest {
  private static final String BUDGET = "budget: {candidates: 14}\n";

  @TempDir Path dir;

  private final FakeTraining fake = new FakeTraining();

  @Test
  void aSweepGoesOnOnlyIfItsDataAreThereAndHasNoUseForThemAtItsEnd() throws IOException {
    Path text = Files.writeString(dir.resolve("text.txt"), "a b c d\ne f g h\n");
    SweepPlan plan = Sweeps.in(dir, BUDGET, "data.path=" + text);
    fake.sweep(plan, new Sweep.Options(1, false, false), trial -> false).run();
    Files.delete(text);
    assertThat(fake.resume(plan).candidates()).hasSize(14);
    SweepPlan longer = Sweeps.in(dir, "budget: {candidates: 15}", "data.path=" + text);
    assertThatThrownBy(() -> fake.resume(longer))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(text.toString());
  }

  @Test
  void anEarlierSweepIsReplacedOnlyWhenAsked() throws IOException {
    SweepPlan plan = Sweeps.in(dir, BUDGET);
    fake.run(plan, 1);
    assertThatThrownBy(() -> fake.run(plan, 1)).hasMessageContaining("holds an earlier sweep");
    Path left = Files.writeString(plan.folder().resolve("trials/001-0.log"), "");
    fake.sweep(plan, new Sweep.Options(null, false, true), trial -> false).run();
    assertThat(left).doesNotExist();
  }

  @Test
  void aFolderOfSomethingElseIsLeftAlone() throws IOException {
    SweepPlan plan = Sweeps.in(dir, BUDGET);
    Path model = plan.folder().resolve("model.zip");
    Files.createDirectories(plan.folder());
    Files.writeString(model, "trained");
    assertThatThrownBy(
            () -> fake.sweep(plan, new Sweep.Options(null, false, true), trial -> false).run())
        .hasMessageContaining("holds something else than a sweep");
    assertThat(model).hasContent("trained");
  }

  @Test
  void onlyASweepsOwnFilesAreReplacedAndTheBestModelStaysUntilThereIsANewOne() throws IOException {
    SweepPlan plan = Sweeps.in(dir, BUDGET);
    fake.run(plan, 1);
    Path model = Files.writeString(plan.folder().resolve("model.zip"), "first");
    Path trial = Files.createDirectories(plan.folder().resolve("trials/000-0"));
    Files.writeString(trial.resolve("summary.json"), "{}");
    Path notes = Files.writeString(trial.resolve("notes.txt"), "mine");
    Sweep replacing = fake.sweep(plan, new Sweep.Options(null, false, true), trialJob -> false);
    assertThatThrownBy(replacing::run)
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("something else than a sweep: " + notes);
    assertThat(notes).hasContent("mine");
    assertThat(trial.resolve("summary.json")).exists();
    Files.delete(notes);
    replacing.run();
    assertThat(model).exists();
    assertThat(trial.resolve("summary.json")).doesNotExist();
  }

  @Test
  void oneProcessAtATimeHoldsASweep() {
    SweepPlan plan = Sweeps.in(dir, BUDGET);
    Sweep outer =
        fake.sweep(
            plan,
            new Sweep.Options(1, false, false),
            trial -> {
              assertThatThrownBy(() -> fake.resume(plan))
                  .hasMessageContaining("A sweep named words is running in")
                  .isInstanceOf(DescryException.class);
              return false;
            });
    assertThat(outer.run().candidates()).hasSize(14);
  }
}
