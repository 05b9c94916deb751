package org.descry.data.image.cifar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.descry.DescryException;
import org.descry.data.image.cifar.CifarDownload.Archive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CifarDownloadTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  @TempDir Path folder;
  private final List<String> ranges = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private byte[] content;
  private Archive archive;

  /** How the server answers a request. */
  private interface Answer {
    void to(HttpExchange exchange, int from) throws IOException;
  }

  @BeforeEach
  void pack() throws Exception {
    byte[] records = new byte[3073 * 50];
    new Random(1).nextBytes(records);
    for (int i = 0; i < records.length; i += 3073) {
      records[i] = 3;
    }
    pack("cifar-10-batches-bin/data_batch_1.bin", records);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  @Test
  void fetchesVerifiesAndUnpacks() throws IOException {
    serve(this::partial);
    Path unpacked = fetch();
    assertThat(CifarFolder.read(unpacked).train().size()).isEqualTo(50);
    assertThat(files()).containsExactly("cifar-10-batches-bin");
    assertThat(fetch()).isEqualTo(unpacked);
    assertThat(ranges).containsExactly("none");
  }

  @Test
  void goesOnWhereAnEarlierRunStopped() throws IOException {
    serve(this::partial);
    Files.write(part(), Arrays.copyOf(content, 1000));
    fetch();
    assertThat(ranges).containsExactly("bytes=1000-");
  }

  @Test
  void aCompletePartIsNotFetchedAgain() throws IOException {
    serve(this::partial);
    Files.write(part(), content);
    fetch();
    assertThat(ranges).containsExactly("bytes=" + content.length + "-");
  }

  @Test
  void startsAfreshWhereTheServerKnowsNoRanges() throws IOException {
    serve((exchange, from) -> send(exchange, 200, 0, content.length));
    Files.write(part(), new byte[1000]);
    fetch();
    assertThat(files()).containsExactly("cifar-10-batches-bin");
  }

  @Test
  void aConnectionCutInTheMiddleIsTakenUpAgain() throws IOException {
    serve(
        (exchange, from) -> {
          if (from == 0) {
            send(exchange, 200, 0, content.length / 2);
          } else {
            partial(exchange, from);
          }
        });
    fetch();
    assertThat(ranges).hasSize(2);
    assertThat(ranges.get(1)).startsWith("bytes=");
  }

  @Test
  void aConnectionCutAgainAndAgainKeepsWhatCame() throws IOException {
    serve((exchange, from) -> send(exchange, from == 0 ? 200 : 206, from, from + 1000));
    assertThatThrownBy(this::fetch)
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(archive.file())
        .hasMessageContaining("broke off 4 times");
    assertThat(Files.size(part())).isBetween(1L, 4000L);
    assertThat(files()).containsExactly(archive.file() + ".part");
  }

  @Test
  void aServerThatStallsIsGivenUpOn() throws IOException {
    serve(
        (exchange, from) -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content, 0, 100);
          exchange.getResponseBody().flush();
          sleep(20_000);
        });
    CifarDownload download = new CifarDownload(base(), Duration.ofMillis(300));
    assertThatThrownBy(() -> download.fetch(archive, folder))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("no data for 300 ms");
  }

  @Test
  void aWrongChecksumIsRefusedAndForgotten() throws IOException {
    serve(this::partial);
    content[content.length / 2]++;
    assertThatThrownBy(this::fetch)
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(archive.md5());
    assertThat(files()).isEmpty();
  }

  @Test
  void aMissingArchiveIsNamed() throws IOException {
    serve((exchange, from) -> exchange.sendResponseHeaders(404, -1));
    assertThatThrownBy(this::fetch)
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(base().resolve(archive.file()).toString())
        .hasMessageContaining("404");
  }

  @Test
  void aServerThatIsNotThereIsNamed() throws IOException {
    serve(this::partial);
    server.stop(0);
    assertThatThrownBy(this::fetch)
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(base().toString())
        .hasMessageContaining("no connection");
  }

  @Test
  void anArchiveThatReachesOutsideIsRefused() throws Exception {
    pack("cifar-10-batches-bin/../../escaped.bin", new byte[10]);
    serve(this::partial);
    assertThatThrownBy(this::fetch)
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("escaped.bin");
    assertThat(folder.resolveSibling("escaped.bin")).doesNotExist();
    assertThat(files()).containsExactly(archive.file() + ".part");
  }

  private void pack(String name, byte[] bytes) throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new GzipCompressorOutputStream(packed))) {
      TarArchiveEntry entry = new TarArchiveEntry(name, true);
      entry.setSize(bytes.length);
      tar.putArchiveEntry(entry);
      tar.write(bytes);
      tar.closeArchiveEntry();
    }
    content = packed.toByteArray();
    String md5 = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    archive = new Archive("cifar-10-binary.tar.gz", md5, "cifar-10-batches-bin");
  }

  private void serve(Answer answer) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task);
              thread.setDaemon(true);
              return thread;
            }));
    server.createContext(
        "/kriz/" + archive.file(),
        exchange -> {
          try (exchange) {
            String range = exchange.getRequestHeaders().getFirst("Range");
            ranges.add(range == null ? "none" : range);
            answer.to(exchange, range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", "")));
          }
        });
    server.start();
  }

  /** As a server with range support does it. */
  private void partial(HttpExchange exchange, int from) throws IOException {
    if (from >= content.length) {
      exchange.sendResponseHeaders(416, -1);
    } else {
      send(exchange, from == 0 ? 200 : 206, from, content.length);
    }
  }

  /** Promises everything from {@code from} on and sends it up to {@code to}. */
  private void send(HttpExchange exchange, int status, int from, int to) throws IOException {
    if (status == 206) {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    exchange.sendResponseHeaders(status, content.length - from);
    exchange.getResponseBody().write(content, from, to - from);
    exchange.getResponseBody().flush();
  }

  private URI base() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/kriz/");
  }

  private Path fetch() {
    return new CifarDownload(base(), TIMEOUT).fetch(archive, folder);
  }

  private Path part() {
    return folder.resolve(archive.file() + ".part");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
