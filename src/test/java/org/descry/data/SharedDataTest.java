package org.descry.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.descry.data.SharedData.Content;
import org.descry.data.SharedData.Decoded;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class SharedDataTest {
  private static final int LENGTH = 12;

  @TempDir Path dir;
  private Path file;
  private byte[][] bytes;

  /** What is known of rows. */
  record About(String name, int[] numbers) {}

  private final Logger logger = (Logger) LoggerFactory.getLogger(SharedData.class);
  private final ListAppender<ILoggingEvent> told = new ListAppender<>();

  @BeforeEach
  void listen() {
    told.start();
    logger.addAppender(told);
    logger.setAdditive(false);
  }

  @AfterEach
  void listenNoMore() {
    logger.setAdditive(true);
    logger.detachAppender(told);
  }

  @BeforeEach
  void write() throws IOException {
    file = dir.resolve("decoded.bin");
    bytes = new byte[30][LENGTH];
    Random random = new Random(5);
    for (byte[] row : bytes) {
      random.nextBytes(row);
    }
    SharedData shared = SharedData.gathering();
    Intake intake = intake(shared);
    intake.leaveOut(new BadRecordException(Path.of("before"), null, "of another step"));
    intake.decoded(About.class, "key", () -> decode(intake));
    Content content = shared.take().orElseThrow();
    assertThat(content.bytes()).isEqualTo(30 * LENGTH);
    assertThat(shared.take()).isEmpty();
    content.write(file);
  }

  private static Rows rows(byte[][] rows) {
    return new Rows() {
      @Override
      public int size() {
        return rows.length;
      }

      @Override
      public int length() {
        return LENGTH;
      }

      @Override
      public byte[] row(int index) {
        return rows[index];
      }
    };
  }

  private static Intake intake(SharedData shared) {
    return new Intake(OnBadRecord.SKIP, 9, new KeptData(shared));
  }

  private Decoded<About> decode(Intake intake) {
    intake.leaveOut(new BadRecordException(Path.of("bad"), "row 3", "cannot be used"));
    List<Rows> parts =
        List.of(
            rows(Arrays.copyOf(bytes, 20)),
            rows(new byte[0][]),
            rows(Arrays.copyOfRange(bytes, 20, 30)));
    return new Decoded<>(new About("a", new int[] {1, 2}), parts);
  }

  /** What was read anew in this process, which is then known by its key. */
  private List<String> readAnew(String key) {
    List<String> anew = new ArrayList<>();
    Intake intake = intake(SharedData.in(file));
    Decoded<About> decoded =
        intake.decoded(
            About.class,
            key,
            () -> {
              anew.add(key);
              return decode(intake);
            });
    assertThat(decoded.about().numbers()).containsExactly(1, 2);
    assertThat(intake.leftOut())
        .containsExactly(new Intake.BadRecord("bad", "row 3", "cannot be used"));
    List<byte[]> rows = new ArrayList<>();
    for (Rows part : decoded.parts()) {
      IntStream.range(0, part.size()).mapToObj(part::row).forEach(rows::add);
    }
    assertThat(rows.toArray(byte[][]::new)).isDeepEqualTo(bytes);
    assertThat(decoded.parts().stream().map(Rows::size)).containsExactly(20, 0, 10);
    return anew;
  }

  @Test
  void anotherProcessHasWhatWasDecoded() {
    assertThat(readAnew("key")).isEmpty();
    assertThat(readAnew("another")).containsExactly("another");
    assertThat(told.list).isEmpty();
  }

  @Test
  void aFileThatIsMissingIsNotUsed() throws IOException {
    Files.delete(file);
    assertThat(readAnew("key")).hasSize(1);
  }

  @Test
  void aFileThatWasChangedAnywhereIsNotUsed() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at += 1 + at / 40) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      Files.write(file, damaged);
      assertThat(readAnew("key")).as("byte %s", at).hasSize(1);
    }
    assertThat(told.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .allMatch(line -> line.startsWith("The data in " + file + " are not used, but read anew: "))
        .anyMatch(line -> line.endsWith("its header is damaged"))
        .anyMatch(line -> line.endsWith("its content is damaged"));
    for (int size : new int[] {0, 1, 15, 16, 17, whole.length / 2, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, size));
      assertThat(readAnew("key")).as("%s bytes", size).hasSize(1);
    }
    Files.write(file, Arrays.copyOf(whole, whole.length + 1));
    assertThat(readAnew("key")).hasSize(1);
    Files.write(file, whole);
    assertThat(readAnew("key")).isEmpty();
  }

  @Test
  void aFileOfSomebodyElseStays() throws IOException {
    Path other = Files.writeString(dir.resolve("other"), "mine");
    Rows rows = rows(bytes);
    Content content = new Content("key", new Decoded<>("", List.of(rows)));
    assertThatThrownBy(() -> content.write(other)).isInstanceOf(IOException.class);
    assertThat(other).hasContent("mine");
  }

  /** As no buffer has more than 2 GB: here, of four rows. */
  @Test
  void rowsOfSeveralBuffers() throws IOException {
    Path plain = Files.createFile(dir.resolve("plain"));
    for (byte[] row : bytes) {
      Files.write(plain, row, StandardOpenOption.APPEND);
    }
    try (var channel = FileChannel.open(plain)) {
      MappedRows rows = MappedRows.of(channel, 0, 30, LENGTH, 4 * LENGTH + 1);
      assertThat(IntStream.range(0, 30).mapToObj(rows::row).toArray(byte[][]::new))
          .isDeepEqualTo(bytes);
    }
  }
}
