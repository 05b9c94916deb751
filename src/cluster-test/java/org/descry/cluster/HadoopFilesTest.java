package org.descry.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.descry.DataException;
import org.descry.io.RemoteFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By Hadoop's own file system of this machine, which is asked as HDFS and S3 are. */
class HadoopFilesTest {
  @TempDir Path dir;

  @Test
  void aFolderIsBroughtOnceInAProcess() throws IOException {
    Path folder = Files.createDirectories(dir.resolve("images/cat"));
    Files.writeString(folder.resolve("a.txt"), "a");
    String address = dir.resolve("images").toUri().toString().replace("file:/", "file:///");
    Path here = RemoteFiles.find(address, "").orElseThrow();
    assertThat(here).isNotEqualTo(dir.resolve("images")).hasFileName("images");
    assertThat(here.resolve("cat/a.txt")).hasContent("a");
    Files.writeString(folder.resolve("a.txt"), "changed meanwhile");
    assertThat(RemoteFiles.find(address, "")).hasValue(here);
    assertThat(here.resolve("cat/a.txt")).hasContent("a");
  }

  @Test
  void whatIsNotThereIsNotBrought() {
    assertThat(RemoteFiles.find("file://" + dir.resolve("gone"), "")).isEmpty();
  }

  @Test
  void aFileSystemThatHadoopDoesNotHaveIsNamed() {
    assertThatThrownBy(() -> RemoteFiles.find("nowhere://host/data", ""))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("nowhere://host/data cannot be read: ")
        .hasMessageContaining("nowhere");
  }
}
