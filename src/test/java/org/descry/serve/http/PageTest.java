package org.descry.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.assertj.core.data.Offset;
import org.descry.Descry;
import org.descry.job.JobFile;
import org.descry.kind.language.TrainedLanguageModel;
import org.descry.testing.Chromium;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The page at the server's root, in a browser where there is one; and the list of addresses. */
class PageTest {
  /** A folder for screenshots, to be looked at; none are left without. */
  private static final String SCREENSHOTS = System.getProperty("descry.screenshots");

  private static final byte[] IMAGE = Serving.disc(40, 3);

  @RegisterExtension static final Serving serving = Serving.models();

  @TempDir private Path folder;

  @Test
  void thePageNeedsNothingFromElsewhere() {
    for (String path : new String[] {"/", "/page/style.css", "/page/page.js"}) {
      HttpResponse<byte[]> file = serving.get(path);
      assertThat(file.statusCode()).isEqualTo(200);
      assertThat(Serving.text(file)).doesNotContainPattern("(src|href|url|import)\\W+https?:");
      assertThat(file.headers().firstValue("Content-Security-Policy").orElseThrow())
          .startsWith("default-src 'self'");
    }
  }

  @Test
  void allAddressesAreDescribed() {
    JsonNode paths = Serving.json(serving.get("/openapi.json")).get("paths");
    TreeSet<String> described = new TreeSet<>();
    paths
        .fields()
        .forEachRemaining(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method -> {
                          if (!method.equals("parameters")) {
                            described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                          }
                        }));
    List<String> served = new ArrayList<>(serving.addresses());
    served.removeIf(
        address ->
            address.contains("/versions/") || address.matches("GET (/|/page/.*|/openapi.json)"));
    assertThat(described).containsExactlyInAnyOrderElementsOf(served);
  }

  private Chromium browser() throws IOException, InterruptedException {
    assumeTrue(Chromium.program() != null, "no Chromium");
    return new Chromium(Files.createDirectories(folder.resolve("profile")));
  }

  private static void photograph(Chromium browser, String name) throws IOException {
    byte[] png = browser.screenshot();
    assertThat(png.length).isGreaterThan(5000);
    if (SCREENSHOTS != null) {
      Files.write(Path.of(SCREENSHOTS, name + ".png"), png);
    }
  }

  private static String choose(String model) {
    return "(() => { const m = document.getElementById('model'); m.value = '%s'; m.dispatchEvent(new Event('change')); })()"
        .formatted(model);
  }

  @Test
  void aPersonSeesAnswers() throws Exception {
    try (Chromium browser = browser()) {
      browser.call("Page.enable", Map.of());
      for (boolean phone : new boolean[] {false, true}) {
        browser.screen(phone ? 390 : 1100, phone ? 844 : 900, phone);
        browser.open("http://127.0.0.1:" + serving.port() + "/");
        browser.await("document.querySelectorAll('#model option').length === 3");
        String where = phone ? "phone-dark" : "desktop-light";

        browser.value(choose("shapes-classifier"));
        browser.value("document.getElementById('example').click()"); // before the model is there
        browser.await("document.querySelectorAll('.bars li').length === 5");
        browser.await("document.getElementById('timing').textContent.includes('ms')");
        double sum =
            browser
                .value(
                    "[...document.querySelectorAll('.bars .value')].reduce((a, v) => a +"
                        + " parseFloat(v.textContent), 0)")
                .asDouble();
        assertThat(sum).isBetween(40.0, 100.5);
        photograph(browser, "classifier-" + where);
        assertThat(browser.value("document.getElementById('about').innerText").asText())
            .contains("Validation accuracy", "8,000 to train on, 1,000 for validation")
            .containsPattern("Self-test\\s+passed")
            .doesNotContain("validationAccuracy", "0.0e+00");
        int width = phone ? 390 : 1100;
        assertThat(browser.faults(width)).isEmpty();

        browser.value(choose("shapes-captioner"));
        browser.await("document.querySelectorAll('.captions dd').length === 2");
        photograph(browser, "captioner-" + where);
        assertThat(browser.faults(width)).isEmpty();

        browser.value(choose("word-rnn"));
        browser.await("!document.getElementById('ask-text').hidden");
        browser.value(
            "document.getElementById('greedy').checked = true;"
                + " document.getElementById('length').value = 12;"
                + " document.getElementById('prompt').focus()");
        String token = firstToken();
        browser.type(token);
        browser.press("Tab", 9);
        browser.press("Tab", 9);
        browser.press("Tab", 9);
        browser.press("Tab", 9);
        assertThat(browser.value("document.activeElement.id").asText()).isEqualTo("go");
        browser.press("Enter", 13);
        browser.await("document.getElementById('timing').textContent.includes('ms')");
        assertThat(browser.value("document.querySelector('#answer').textContent").asText())
            .isEqualTo(continued(token));
        assertThat(browser.value("document.getElementById('problem').textContent").asText())
            .isEmpty();
        photograph(browser, "language-" + where);
        assertThat(browser.faults(width)).isEmpty();
        assertThat(unnamed(browser)).isEmpty();
      }
    }
  }

  @Test
  void aPersonSeesWhereACaptionerLooked() throws Exception {
    Path model = Serving.looking(folder);
    try (Serving looking = new Serving(model)) {
      JsonNode answer = looking.image("/v1/models/model/caption?attention=true", IMAGE);
      JsonNode attention = answer.get("attention");
      assertThat(attention.get("rows").asInt()).isEqualTo(12);
      assertThat(attention.get("columns").asInt()).isEqualTo(12);
      List<String> words = new ArrayList<>();
      attention.get("words").forEach(word -> words.add(word.asText()));
      assertThat(words).isNotEmpty();
      assertThat(answer.get("caption").asText()).isEqualTo(String.join(" ", words));
      assertThat(attention.get("weights")).hasSameSizeAs(words);
      for (JsonNode places : attention.get("weights")) {
        assertThat(places).hasSize(144);
        double sum = 0;
        for (JsonNode place : places) {
          sum += place.asDouble();
        }
        assertThat(sum).isCloseTo(1, Offset.offset(1e-4));
      }
      assertThat(looking.image("/v1/models/model/caption", IMAGE).has("attention")).isFalse();
      try (Chromium browser = browser()) {
        browser.call("Page.enable", Map.of());
        browser.screen(1100, 900, false);
        browser.open("http://127.0.0.1:" + looking.port() + "/");
        browser.await("document.getElementById('about').children.length > 0");
        browser.value("document.getElementById('example').click()");
        browser.await("document.querySelectorAll('.looks canvas').length > 0");
        assertThat(browser.value("document.querySelectorAll('.captions dd').length").asInt())
            .isEqualTo(3);
        String caption =
            browser.value("document.querySelectorAll('.captions dd')[1].textContent").asText();
        assertThat(
                browser
                    .value(
                        "[...document.querySelectorAll('.looks figcaption')].map(f =>"
                            + " f.textContent).join(' ')")
                    .asText())
            .isEqualTo(caption);
        photograph(browser, "attention");
      }
    }
  }

  @Test
  void aPersonIsToldTheClassOfAText() throws Exception {
    Path names = Files.writeString(folder.resolve("names.txt"), "a\taba\nb\tbab\n".repeat(20));
    JobFile job =
        JobFile.parse(
            "job",
            """
            name: letters
            model: {type: sequence-rnn, hidden: 4}
            data: {source: sequences, unit: character, validation: 0, test: 0}
            training: {epochs: 1, batchSize: 20}
            """);
    Path model = Descry.train(job.set("data.path=" + names).set("output.dir=" + folder).job());
    try (Serving classes = new Serving(model);
        Chromium browser = browser()) {
      browser.screen(390, 844, true);
      browser.open("http://127.0.0.1:" + classes.port() + "/");
      browser.await("!document.getElementById('ask-text').hidden");
      assertThat(browser.value("document.getElementById('ask-text').innerText").asText())
          .contains("Text to tell the class of", "Ask")
          .doesNotContain("Temperature", "Go on", "Stop");
      browser.value("document.getElementById('prompt').focus()");
      browser.type("aba");
      browser.value("document.getElementById('go').click()");
      browser.await("document.querySelectorAll('.bars li').length === 2");
      photograph(browser, "sequences");
    }
  }

  @Test
  void whatDoesNotLookIsNotAskedWhere() {
    HttpResponse<byte[]> refused =
        serving.post("/v1/models/shapes-captioner/caption?attention=true", "image/png", IMAGE);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(Serving.text(refused)).contains("There is no option attention");
  }

  private static String firstToken() {
    return TrainedLanguageModel.load(Serving.LANGUAGE).manifest().text().tokens().get(3);
  }

  private static String continued(String prompt) {
    return TrainedLanguageModel.load(Serving.LANGUAGE).greedy(prompt, 12);
  }

  /** What a screen reader could only call "button" or "edit". */
  private static List<String> unnamed(Chromium browser) throws IOException {
    browser.call("Accessibility.enable", Map.of());
    List<String> unnamed = new ArrayList<>();
    for (JsonNode node : browser.call("Accessibility.getFullAXTree", Map.of()).get("nodes")) {
      boolean control =
          List.of(
                  "button",
                  "textbox",
                  "combobox",
                  "spinbutton",
                  "checkbox",
                  "link",
                  "image",
                  "heading")
              .contains(node.at("/role/value").asText());
      if (control
          && !node.path("ignored").asBoolean()
          && node.at("/name/value").asText().isBlank()) {
        unnamed.add(node.toString());
      }
    }
    return unnamed;
  }

  @Test
  void aKeyIsAskedFor() throws Exception {
    Path keys = Files.writeString(folder.resolve("keys"), "the-key\n");
    try (Serving closed = new Serving(Serving.LANGUAGE, settings -> settings.apiKeys = keys);
        Chromium browser = browser()) {
      browser.open("http://127.0.0.1:" + closed.port() + "/");
      browser.await("!document.getElementById('key-form').hidden");
      browser.type("the-key");
      browser.press("Enter", 13);
      browser.await("document.querySelectorAll('#model option').length === 1");
      assertThat(browser.value("document.getElementById('key-form').hidden").asBoolean()).isTrue();
    }
  }
}
