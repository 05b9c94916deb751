package org.descry.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.descry.cli.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AsideFolderTest {
  @TempDir Path dir;

  /** A program that makes a folder when it has been told to end. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Thread main = Thread.currentThread();
    CountDownLatch ending = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  ending.countDown();
                  while (main.isAlive() && main.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                  }
                }));
    new Thread(() -> System.exit(7)).start();
    while (ending.getCount() > 0) {
      Thread.onSpinWait();
    }
    new AsideFolder(Path.of(args[0]), "a").close();
  }

  @Test
  void nothingIsLeftOfAFolderThatIsMadeAtTheEnd() throws Exception {
    Process process =
        Cli.program(AsideFolderTest.class, dir.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).isEqualTo(7);
    assertThat(dir).isEmptyDirectory();
  }
}
