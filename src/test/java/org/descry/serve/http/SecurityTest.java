package org.descry.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.descry.DataException;
import org.descry.UsageException;
import org.descry.serve.ServerSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may ask, and how they are spoken with. */
class SecurityTest {
  @TempDir private Path folder;

  @Test
  void onlyAKeyOpensWhatIsNotOpen() throws IOException {
    Path keys = Files.writeString(folder.resolve("keys"), "one-key\n\n  other-key \n");
    try (Serving serving = new Serving(Serving.LANGUAGE, settings -> settings.apiKeys = keys)) {
      assertThat(serving.get("/v2/health/ready").statusCode()).isEqualTo(200);
      for (String path : new String[] {"/v1/models", "/v2", "/metrics", "/v2/models/word-rnn"}) {
        HttpResponse<byte[]> refused = serving.get(path);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(Serving.text(refused)).doesNotContain("one-key");
      }
      for (String wrong : new String[] {"one-ke", "one-key2", "", "Bearer one-key"}) {
        assertThat(
                serving
                    .send(serving.to("/v2").header("Authorization", "Bearer " + wrong).GET())
                    .statusCode())
            .isEqualTo(401);
      }
      assertThat(
              serving
                  .send(serving.to("/v2").header("Authorization", "Bearer one-key").GET())
                  .statusCode())
          .isEqualTo(200);
      assertThat(
              serving
                  .send(serving.to("/v2").header("Authorization", "bearer one-key").GET())
                  .statusCode())
          .isEqualTo(200);
      assertThat(
              serving.send(serving.to("/v2").header("X-API-Key", "other-key").GET()).statusCode())
          .isEqualTo(200);
    }
    Path empty = Files.writeString(folder.resolve("empty"), "\n");
    assertThatThrownBy(() -> new Serving(Serving.LANGUAGE, settings -> settings.apiKeys = empty))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("no key");
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThatThrownBy(() -> new Serving(Serving.LANGUAGE, settings -> settings.apiKeys = binary))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("binary cannot be read (UTF-16 text, not UTF-8)");
  }

  @Test
  void keysMayBeginWithAByteOrderMark() throws IOException {
    Path keys = Files.writeString(folder.resolve("keys"), "\ufeffone-key\r\n");
    try (Serving serving = new Serving(Serving.LANGUAGE, settings -> settings.apiKeys = keys)) {
      assertThat(serving.send(serving.to("/v2").header("X-API-Key", "one-key").GET()).statusCode())
          .isEqualTo(200);
    }
  }

  /** Files that are none, have no end or hold something else. */
  @Test
  @Timeout(60)
  void filesOfKeysAndCertificatesAreRead() throws IOException {
    Path noText = Files.write(folder.resolve("bytes"), new byte[] {(byte) 0xff, 0, 1});
    Path large = Files.write(folder.resolve("large"), new byte[(1 << 20) + 1]);
    List<Path> files = new ArrayList<>(List.of(folder, noText, large, folder.resolve("none")));
    if (Files.exists(Path.of("/dev/zero"))) {
      files.add(Path.of("/dev/zero"));
    }
    for (Path file : files) {
      assertThatThrownBy(() -> new Serving(Serving.LANGUAGE, settings -> settings.apiKeys = file))
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith(file + " ");
      assertThatThrownBy(
              () ->
                  new Serving(
                      Serving.LANGUAGE,
                      settings -> settings.tls = new ServerSettings.Tls(file, file)))
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith(file + " ")
          .hasMessageNotContaining("Exception");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "*", "https://", "https://a b"})
  void anOriginThatIsNone(String origin) {
    assertThatThrownBy(() -> new Serving(Serving.LANGUAGE, settings -> settings.cors = origin))
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll(origin, "expected a site such as https://example.org");
  }

  @Test
  void otherSitesAskOnlyWhereTheyMay() {
    String site = "https://example.org";
    try (Serving serving = new Serving(Serving.LANGUAGE)) {
      assertThat(
              serving
                  .send(serving.to("/v2").header("Origin", site).GET())
                  .headers()
                  .firstValue("Access-Control-Allow-Origin"))
          .isEmpty();
    }
    try (Serving serving = new Serving(Serving.LANGUAGE, settings -> settings.cors = site)) {
      assertThat(
              serving
                  .send(serving.to("/v2").header("Origin", site).GET())
                  .headers()
                  .firstValue("Access-Control-Allow-Origin"))
          .contains(site);
      assertThat(
              serving
                  .send(serving.to("/v2").header("Origin", "https://example.com").GET())
                  .headers()
                  .firstValue("Access-Control-Allow-Origin"))
          .isEmpty();
    }
  }

  private static String pem(String what, byte[] content) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, lines, what);
  }

  @Test
  void httpsIsServedWithACertificateAndItsKey() throws Exception {
    char[] password = "secret-it".toCharArray();
    Path file = folder.resolve("keys.p12");
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(
        List.of(
            "-genkeypair -alias it -keyalg EC -dname CN=localhost -storepass secret-it -ext san=ip:127.0.0.1 -storetype PKCS12"
                .split(" ")));
    command.addAll(List.of("-keystore", file.toString()));
    assertThat(new ProcessBuilder(command).redirectErrorStream(true).start().waitFor()).isZero();
    KeyStore made = KeyStore.getInstance(file.toFile(), password);
    Path certificate =
        Files.writeString(
            folder.resolve("cert.pem"), pem("CERTIFICATE", made.getCertificate("it").getEncoded()));
    Path key =
        Files.writeString(
            folder.resolve("key.pem"),
            pem("PRIVATE KEY", made.getKey("it", password).getEncoded()));

    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("it", made.getCertificate("it"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    try (Serving serving =
        new Serving(
            Serving.LANGUAGE,
            settings -> settings.tls = new ServerSettings.Tls(certificate, key))) {
      HttpClient client = HttpClient.newBuilder().sslContext(tls).build();
      HttpRequest.Builder live =
          HttpRequest.newBuilder(
              URI.create("https://127.0.0.1:" + serving.port() + "/v2/health/live"));
      assertThat(client.send(live.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      HttpRequest large = live.POST(BodyPublishers.ofByteArray(new byte[1 << 24])).build();
      for (int i = 0; i < 10; i++) { // each is answered before it has come
        assertThat(client.send(large, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
      }
    }
    for (ServerSettings.Tls wrong :
        List.of(
            new ServerSettings.Tls(key, key),
            new ServerSettings.Tls(certificate, certificate),
            new ServerSettings.Tls(folder.resolve("none"), key))) {
      assertThatThrownBy(() -> new Serving(Serving.LANGUAGE, settings -> settings.tls = wrong))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("expected");
    }
  }
}
