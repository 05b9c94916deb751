package org.descry.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.bytedeco.javacpp.Loader;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.descry.testing.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.LoggerFactory;

/** What is read for nobody must not decide anything, nor be heard. */
class ReadAheadTest {
  private static final Path OLD = Path.of("src/test/resources");

  @TempDir private Path dir;

  /** Reads its arguments ahead, and lets them log where the first one says so. */
  static final class Program {
    public static void main(String[] args) throws InterruptedException {
      for (int i = 1; i < args.length; i++) {
        ReadAhead ahead = ReadAhead.of("predict", "none.zip", args[i]);
        if (args[0].equals("log")) {
          ahead.mayLog();
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
          if (thread.getName().equals("read-ahead")) {
            thread.join(args[0].equals("log") ? 0 : 2000);
          }
        }
      }
    }
  }

  private List<String> loaded(List<String> arguments) throws Exception {
    return loaded("-Xmx1g", arguments);
  }

  private List<String> loaded(String option, List<String> arguments) throws Exception {
    Path log = dir.resolve("classes");
    Process program =
        ChildJvm.of(
                List.of("-XX:ActiveProcessorCount=2", option, "-Xlog:class+load:file=" + log),
                Program.class,
                arguments.toArray(String[]::new))
            .redirectErrorStream(true)
            .start();
    assertThat(program.inputReader().lines()).isEmpty();
    assertThat(program.waitFor()).isZero();
    try (Stream<String> lines = Files.lines(log)) {
      return lines.map(line -> line.replaceAll("^(\\[[^]]*])+ | source: .*$", "")).toList();
    }
  }

  private static List<String> models() throws IOException {
    List<String> models = new ArrayList<>();
    for (String folder : List.of("models-of-0.1.0", "org/descry/archive/0.1.0")) {
      try (Stream<Path> files = Files.list(OLD.resolve(folder))) {
        files.map(Path::toString).filter(name -> name.endsWith(".zip")).forEach(models::add);
      }
    }
    return models;
  }

  @Test
  void leavesTheNativeBinaryToTheEngine() throws Exception {
    List<String> arguments = models();
    arguments.add(0, "log");
    assertThat(loaded(arguments))
        .contains(ComputationGraphConfiguration.class.getName())
        .doesNotContain(Nd4j.class.getName(), Loader.class.getName());
  }

  @Test
  void leavesLoggingToTheCommandLine() throws Exception {
    assertThat(loaded(List.of("wait", models().get(0))))
        .contains(Manifest.class.getName())
        .doesNotContain(LoggerFactory.class.getName());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xmx256m", "-XX:ActiveProcessorCount=1"})
  void takesNothingThatIsScarce(String option) throws Exception {
    assertThat(loaded(option, List.of("log", models().get(0))))
        .contains(ReadAhead.class.getName())
        .doesNotContain(SealedZip.class.getName());
  }

  @Test
  void leavesLargeModelsToTheCommand() throws Exception {
    Path large = dir.resolve("large.zip");
    byte[] content = new byte[(1 << 20) + 1];
    try (ZipFile small = new ZipFile(models().get(0));
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(large))) {
      for (ZipEntry entry : Collections.list(small.entries())) {
        out.putNextEntry(new ZipEntry(entry.getName()));
        boolean told = entry.getName().equals(ModelArchive.MANIFEST);
        out.write(told ? content : small.getInputStream(entry).readAllBytes());
      }
    }
    assertThat(loaded(List.of("log", large.toString())))
        .contains(SealedZip.class.getName())
        .doesNotContain(Manifest.class.getName());
  }

  @Test
  void keepsToItselfWhatIsWrong() throws Exception {
    Path cut = dir.resolve("cut.zip");
    byte[] whole = Files.readAllBytes(Path.of(models().get(0)));
    Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
    Path text = Files.writeString(dir.resolve("text.zip"), "no zip");
    Path folder = Files.createDirectory(dir.resolve("folder.zip"));
    assertThat(loaded(List.of("log", cut.toString(), text.toString(), folder.toString())))
        .contains(SealedZip.class.getName());
    ReadAhead.of("\0.zip").mayLog(); // no file can be called so
  }
}
