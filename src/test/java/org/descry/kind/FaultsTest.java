package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.cli.Cli;
import org.descry.cli.Main;
import org.descry.data.EpochBatches;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.testing.SmallJobs;
import org.descry.train.Task;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;
import org.descry.train.step.Batches;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Whatever fails, a training ends with one sentence, and the earlier model is as it was. */
@Timeout(180)
class FaultsTest {
  @TempDir Path dir;

  private JobFile job() {
    return SmallJobs.shapes(
        "n",
        dir.resolve("runs"),
        "data.train=40",
        "training={epochs: 2, batchSize: 10, dataTimeout: 1s}");
  }

  private byte[] earlier() throws IOException {
    Kinds.training(job().job(), new Training.Options(false, false), TrainingProgress.NONE).run();
    return Files.readAllBytes(dir.resolve("runs/n/model.zip"));
  }

  /** What happens in place of a batch. */
  private interface Fault {
    void happen() throws Exception;
  }

  private record Faulty(Fault fault) implements EpochBatches.Buffer {
    @Override
    public void fill(int epoch, int[] order, int from) {
      try {
        fault.happen();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public MultiDataSet data() {
      throw new AssertionError("there is none");
    }
  }

  private void train(Fault fault) {
    Task.Loader loader = (job, limits, intake) -> faulty(Kinds.load(job, limits), job, fault);
    new Training(job().job(), loader, new Training.Options(true, false), TrainingProgress.NONE)
        .run();
  }

  private static Task faulty(Task task, Job job, Fault fault) {
    return (Task)
        Proxy.newProxyInstance(
            Task.class.getClassLoader(),
            new Class<?>[] {Task.class},
            (proxy, method, args) -> {
              if (method.getName().equals("batches")) {
                return new Batches(
                    new EpochBatches(EpochBatches.Order.fixed(40), 10, n -> new Faulty(fault)),
                    job.training(),
                    batch -> 10);
              }
              try {
                return method.invoke(task, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void iteratorsThatThrowAnythingOrHang() throws IOException {
    byte[] model = earlier();
    RuntimeException exception = new DataException("no more");
    assertThatThrownBy(() -> train(() -> raise(exception))).isSameAs(exception);
    Error error = new StackOverflowError("deep");
    assertThatThrownBy(
            () ->
                train(
                    () -> {
                      throw error;
                    }))
        .isSameAs(error);
    assertThatThrownBy(() -> train(() -> TimeUnit.DAYS.sleep(1)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("No batch of the data was made in 1 s (training.dataTimeout)");
    Thread training = Thread.currentThread();
    assertThatThrownBy(
            () ->
                train(
                    () -> {
                      training.interrupt();
                      TimeUnit.DAYS.sleep(1);
                    }))
        .isInstanceOf(DescryException.class)
        .hasMessage("Interrupted while a batch of the data was waited for.");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(dir.resolve("runs/n/model.zip")).hasBinaryContent(model);
    assertThat(dir.resolve("runs/n/.new")).doesNotExist();
  }

  private static void raise(RuntimeException failure) {
    throw failure;
  }

  /** Runs a training in a JVM of its own, which must end with this code and one sentence. */
  private String refused(int code, List<String> prefix, List<String> jvm, String... settings)
      throws Exception {
    Path file = dir.resolve("job.yaml");
    Files.writeString(file, JobFile.resolved(job().job()));
    List<String> args = new ArrayList<>(List.of("train", file.toString(), "--force", "--quiet"));
    for (String setting : settings) {
      args.addAll(List.of("--set", setting));
    }
    ProcessBuilder program = Cli.program(Main.class, args.toArray(String[]::new));
    List<String> command = new ArrayList<>(program.command());
    command.addAll(command.indexOf("-cp"), jvm); // behind the program's own
    command.addAll(0, prefix);
    Path err = dir.resolve("err");
    Process process =
        program
            .command(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(err.toFile())
            .start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    String said = Files.readString(err);
    assertThat(process.exitValue()).as(said).isEqualTo(code);
    assertThat(said.lines().filter(line -> !line.startsWith("WARN"))).as(said).hasSize(1);
    assertThat(said).doesNotContain("bug in Descry");
    return said;
  }

  /** A limit on the size of files fails as a full disk does: in the middle of one. */
  @Test
  void filesThatCannotBeWrittenToTheirEnd() throws Exception {
    byte[] model = earlier();
    List<String> limited = List.of("bash", "-c", "ulimit -f 1024; exec \"$0\" \"$@\"");
    assertThat(refused(4, limited, List.of("-XX:-UsePerfData"), "model.hidden=1000"))
        .contains("Cannot write to " + dir.resolve("runs/n"))
        .contains("expected a folder that can be written and has room");
    assertThat(dir.resolve("runs/n/model.zip")).hasBinaryContent(model);
  }

  @Test
  void aDiskThatIsFull() throws Exception {
    Process mount =
        new ProcessBuilder(
                "unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=64k", "none", dir.toString())
            .start();
    assumeThat(mount.waitFor()).as("this machine lets nobody mount a disk of his own").isZero();
    Path disk = Files.createDirectories(dir.resolve("disk"));
    List<String> onDisk =
        List.of(
            "unshare",
            "-rm",
            "bash",
            "-c",
            "mount -t tmpfs -o size=192k none " + disk + "; exec \"$0\" \"$@\"");
    assertThat(refused(4, onDisk, List.of(), "model.hidden=200", "output.dir=" + disk))
        .contains("Cannot write to " + disk.resolve("n"));
  }

  @Test
  void aHeapThatIsTooSmall() throws Exception {
    byte[] model = earlier();
    assertThat(refused(5, List.of(), List.of("-Xmx60m"), "data.train=100000"))
        .contains("Out of memory");
    assertThat(dir.resolve("runs/n/model.zip")).hasBinaryContent(model);
  }

  @Test
  void tooLittleMemoryOffTheHeap() throws Exception {
    byte[] model = earlier();
    assertThat(
            refused(
                5,
                List.of(),
                List.of("-Dorg.bytedeco.javacpp.maxbytes=24m"),
                "model.filters=64",
                "model.hidden=500"))
        .contains("emory");
    assertThat(dir.resolve("runs/n/model.zip")).hasBinaryContent(model);
  }
}
