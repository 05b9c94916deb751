package org.descry.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.descry.DataException;
import org.descry.UsageException;
import org.descry.io.RemoteFiles;
import org.descry.job.schema.FilePath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The working folder of the tests is the project's. */
class FilePathTest {
  private static final Path HERE = Path.of("").toAbsolutePath();

  @TempDir Path dir;

  private Path job(String path) throws IOException {
    return Files.writeString(
        dir.resolve("job.yaml"),
        """
        name: small
        model: {type: language-rnn}
        data: {source: text, path: "%s"}
        """
            .formatted(path));
  }

  private static FilePath path(Job job) {
    return ((TextDataSettings) job.data()).path();
  }

  private FilePath path(String path) throws IOException {
    return path(JobFile.read(job(path)).job());
  }

  private static String recorded(Job job) {
    return path(JobFile.parse("run", JobFile.resolved(job)).job()).toString();
  }

  @Test
  void aPathCountsFromTheJobFilesFolder() throws IOException {
    Path text = Files.writeString(dir.resolve("text.txt"), "a b");
    Job job = JobFile.read(job("text.txt")).job();
    assertThat(path(job).find()).isEqualTo(text);
    assertThat(recorded(job)).isEqualTo(text.toString());
    assertThat(JobFile.tree(job).at("/data/path").asText()).isEqualTo("text.txt");
    Job set = JobFile.read(job("other.txt")).set("data.path=text.txt").job();
    assertThat(path(set).find()).isEqualTo(text);
  }

  @Test
  void thenFromTheWorkingFolder() throws IOException {
    Job job = JobFile.read(job("pom.xml")).job();
    assertThat(path(job).find()).isEqualTo(Path.of("pom.xml"));
    assertThat(recorded(job)).isEqualTo(HERE.resolve("pom.xml").toString());
  }

  @Test
  void twoDifferentFilesAreBothNamed() throws IOException {
    Path beside = Files.writeString(dir.resolve("pom.xml"), "a b");
    FilePath path = path("pom.xml");
    assertThatThrownBy(path::find)
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "%s: line 3: data.path is pom.xml, which is both %s and %s; expected one of them, or"
                + " the whole path.",
            dir.resolve("job.yaml"), beside, HERE.resolve("pom.xml"));
    Job job = JobFile.read(dir.resolve("job.yaml")).job();
    assertThatThrownBy(() -> JobFile.resolved(job)).hasMessageContaining("which is both");
  }

  @Test
  void oneFileInBothPlacesIsThatFile() throws IOException {
    Files.createSymbolicLink(dir.resolve("pom.xml"), HERE.resolve("pom.xml"));
    assertThat(path("pom.xml").find()).isEqualTo(Path.of("pom.xml"));
  }

  @Test
  void bothPlacesThatWereTriedAreNamed() throws IOException {
    FilePath path = path("none.txt");
    assertThatThrownBy(path::find)
        .isInstanceOf(DataException.class)
        .hasMessage(
            "%s: line 3: data.path is none.txt, but there is neither %s nor %s; expected a file or"
                + " folder that is there.",
            dir.resolve("job.yaml"), dir.resolve("none.txt"), HERE.resolve("none.txt"));
    assertThat(path.findOrNew()).isEqualTo(Path.of("none.txt"));
    assertThat(recorded(JobFile.read(job("none.txt")).job())).isEqualTo("none.txt");
  }

  @Test
  void variablesAreExpandedInFilesAlone() throws IOException {
    Map.Entry<String, String> home =
        System.getenv().entrySet().stream()
            .filter(entry -> entry.getKey().equals("HOME") || entry.getKey().equals("USERPROFILE"))
            .findFirst()
            .orElseThrow();
    String written = "${" + home.getKey() + "}";
    Job job = JobFile.read(job(written)).job();
    assertThat(path(job).find()).isEqualTo(Path.of(home.getValue()));
    assertThat(recorded(job)).isEqualTo(written);
    assertThat(JobFile.tree(job).at("/data/path").asText()).isEqualTo(written);
    Job inZip = JobFile.of("model.zip", JobFile.tree(job)).job();
    assertThat(path(inZip).find()).isEqualTo(Path.of(written));
    FilePath unset = path("${DESCRY_IS_NOT_SET}/a");
    assertThatThrownBy(unset::find)
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "%s: line 3: data.path is ${DESCRY_IS_NOT_SET}/a, but there is no environment variable"
                + " DESCRY_IS_NOT_SET; expected one that is set, or"
                + " ${DESCRY_IS_NOT_SET:-something}.",
            dir.resolve("job.yaml"));
  }

  @Test
  void aVariableThatIsNotSetHasItsDefault() throws IOException {
    Path text = Files.writeString(dir.resolve("a.txt"), "text");
    assertThat(path("${DESCRY_IS_NOT_SET:-a}.txt").find()).isEqualTo(text);
    assertThat(path("${DESCRY_IS_NOT_SET:-}a.txt").find()).isEqualTo(text);
    assertThat(path("${PATH:-a}.txt").found()).isEmpty();
  }

  @Test
  void aCopyElsewhereMeansTheSameFile() throws IOException {
    Files.writeString(dir.resolve("text.txt"), "a b");
    Job job = JobFile.read(job("text.txt")).job();
    Path copy =
        Files.writeString(
            Files.createDirectories(dir.resolve("trials")).resolve("0.yaml"),
            JobFile.resolved(job));
    assertThat(path(JobFile.read(copy).job()).find()).isEqualTo(path(job).find());
  }

  @Test
  void anAddressIsBroughtHereAndRecordedAsItIs() throws IOException {
    Path text = Files.writeString(dir.resolve("far.txt"), "a b");
    String address = "nearby://" + text;
    Job job = JobFile.read(job(address)).job();
    assertThat(path(job).find()).isEqualTo(text);
    assertThat(recorded(job)).isEqualTo(address);
    assertThat(path(JobFile.parse("run", JobFile.resolved(job)).job()).find()).isEqualTo(text);
    assertThat(path("${DESCRY_IS_NOT_SET:-nearby}://" + text).find()).isEqualTo(text);
  }

  @Test
  void anAddressWithoutAFileIsNamed() throws IOException {
    FilePath gone = path("nearby:///gone/for/good");
    assertThat(gone.found()).isEmpty();
    for (ThrowingCallable call : List.<ThrowingCallable>of(gone::find, gone::findOrNew)) {
      assertThatThrownBy(call)
          .isInstanceOf(DataException.class)
          .hasMessage(
              "%s: line 3: data.path is nearby:///gone/for/good, but there is nothing; expected a"
                  + " file or folder that is there.",
              dir.resolve("job.yaml"));
    }
  }

  @Test
  void anAddressThatNothingReadsIsRefused() throws IOException {
    assumeThat(ServiceLoader.load(RemoteFiles.class)).as("only the test's own").hasSize(1);
    FilePath path = path("hdfs://host:9000/data");
    assertThatThrownBy(path::find)
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "%s: line 3: data.path is hdfs://host:9000/data, but nothing here reads hdfs://"
                + " addresses; expected a path of this machine, or descry-cluster.jar, which reads"
                + " what Hadoop does.",
            dir.resolve("job.yaml"));
  }

  @Test
  void outputStaysBelowTheWorkingFolder() throws IOException {
    Job job = JobFile.read(job("text.txt")).job();
    assertThat(job.output().dir()).isEqualTo("runs");
    assertThatThrownBy(() -> JobFile.read(job("a")).set("output.dir=${HOME}/runs").job())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("dir is ${HOME}/runs, but expected a folder without variables");
    assertThatThrownBy(() -> JobFile.read(job("a")).set("output.dir=~/runs").job())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("dir is ~/runs, but expected a folder without variables and ~.");
  }

  /** Else a folder of that name is made, and removing it is no good idea. */
  @Test
  void aHomeIsNotLookedForHere() throws IOException {
    FilePath path = path("~/text.txt");
    assertThatThrownBy(path::findOrNew)
        .isInstanceOf(UsageException.class)
        .hasMessageEndingWith("is ~/text.txt; expected a path without ~, such as ${HOME}/data.");
  }
}
