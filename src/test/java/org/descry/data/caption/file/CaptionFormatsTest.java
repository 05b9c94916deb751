package org.descry.data.caption.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.descry.DescryException;
import org.descry.data.BadRecordException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptionFormatsTest {
  private static final String COCO =
      """
      {"info": {"year": 2014, "tags": [1, [2]]},
       "annotations": [{"image_id": 7, "id": 1, "caption": "A dog."},
                       {"image_id": 9, "id": 2, "caption": "A \\"cat\\"."}],
       "images": [{"id": 9, "file_name": "9.jpg"}, {"id": 7, "file_name": "7.jpg"}]}
      """;
  private static final String KARPATHY =
      """
      {"images": [
        {"filename": "7.jpg", "split": "train",
         "sentences": [{"raw": "A dog.", "tokens": ["a", "dog"]}, {"tokens": ["the", "dog"]}]},
        {"filename": "8.jpg", "split": "test", "sentences": []},
        {"filename": "9.jpg", "split": "val", "sentences": [{"raw": "A cat."}]}],
       "dataset": "tiny"}
      """;

  @TempDir Path directory;

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("captions"), content);
  }

  private List<String> read(String content, CaptionFormat format) throws IOException {
    return captions(file(content), format).stream()
        .map(caption -> caption.image().path() + "|" + caption.text() + "|" + caption.split())
        .toList();
  }

  private static List<Caption> captions(Path file, CaptionFormat format) {
    List<Caption> captions = new ArrayList<>();
    try (CaptionFile open = CaptionFile.open(file, format)) {
      for (Caption caption = open.next(); caption != null; caption = open.next()) {
        captions.add(caption);
      }
    }
    return captions;
  }

  @Test
  void readsFlickrTokens() throws IOException {
    String content = "\uFEFF7.jpg#0\tA dog , running .\n\n8.jpg.1#12\tA \"cat\"\n";
    List<String> expected = List.of("7.jpg|A dog , running .|", "8.jpg.1|A \"cat\"|");
    assertThat(read(content, CaptionFormat.FLICKR8K)).isEqualTo(expected);
    assertThat(read(content, CaptionFormat.AUTO)).isEqualTo(expected);
  }

  @Test
  void readsKaggleCsv() throws IOException {
    String content =
        "image,caption\r\n"
            + "7.jpg,A dog .\r\n"
            + "8.jpg,\"A cat , \"\" sale \"\" .\"\r\n"
            + "9.jpg,\"A \"\"x\"\"\"\r\n";
    List<String> expected =
        List.of("7.jpg|A dog .|", "8.jpg|A cat , \" sale \" .|", "9.jpg|A \"x\"|");
    assertThat(read(content, CaptionFormat.KAGGLE)).isEqualTo(expected);
    assertThat(read(content, CaptionFormat.AUTO)).isEqualTo(expected);
  }

  /** As in inches; it would take the rows behind it in. */
  @Test
  void aQuoteInsideAColumnIsASign() throws IOException {
    assertThat(
            read(
                "image,caption\n7.jpg,the 6\" pipe\n8.jpg,a dog\n9.jpg,the 5\" bolt\n",
                CaptionFormat.KAGGLE))
        .containsExactly("7.jpg|the 6\" pipe|", "8.jpg|a dog|", "9.jpg|the 5\" bolt|");
  }

  @Test
  void whatIsBadAtTheBeginningDoesNotHideTheFormat() throws IOException {
    Path file = file(KARPATHY.replace("\"images\": [", "\"images\": [3,"));
    try (CaptionFile open = CaptionFile.open(file, CaptionFormat.AUTO)) {
      assertThatThrownBy(open::next).isInstanceOf(BadRecordException.class);
      assertThat(open.next().text()).isEqualTo("A dog.");
    }
  }

  @Test
  void readsCocoWhicheverArrayComesFirst() throws IOException {
    List<String> expected = List.of("7.jpg|A dog.|", "9.jpg|A \"cat\".|");
    assertThat(read(COCO, CaptionFormat.COCO)).isEqualTo(expected);
    assertThat(read(COCO, CaptionFormat.AUTO)).isEqualTo(expected);
  }

  @Test
  void readsKarpathyWithItsSplit() throws IOException {
    List<String> expected =
        List.of("7.jpg|A dog.|train", "7.jpg|the dog|train", "9.jpg|A cat.|val");
    assertThat(read(KARPATHY, CaptionFormat.KARPATHY)).isEqualTo(expected);
    assertThat(read(KARPATHY, CaptionFormat.AUTO)).isEqualTo(expected);
  }

  @Test
  void tellsPlaces() throws IOException {
    Path file = file("7.jpg#0\tA dog\n8.jpg#0\tA cat\n");
    assertThat(captions(file, CaptionFormat.AUTO))
        .extracting(caption -> caption.location().toString())
        .containsExactly(file + ":1", file + ":2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FLICKR8K | 7.jpg#0 A dog                     | captions:1: expected 2 columns",
        "FLICKR8K | 7.jpg#0~A~dog                     | captions:1: expected 2 columns",
        "FLICKR8K | 7.jpg~A dog                       | captions:1: expected name#number",
        "KAGGLE   | 7.jpg,A dog                       | captions:1: expected a header",
        "KAGGLE   | image,caption^7.jpg,A dog, a cat  | captions:2: expected 2 columns",
        "KAGGLE   | image,caption^^7.jpg              | captions:3: expected 2 columns",
        "KAGGLE   | image,caption^7.jpg,\"A dog       | captions:2: a quote is opened",
        "COCO     | {\"images\": [^{                  | captions:2: not valid JSON",
        "COCO     | {\"images\": []}                  | found none",
        "COCO     | {\"images\": [3]}                 | images[0]: expected a JSON object",
        "COCO     | {\"images\": [{\"id\": 3}]}       | \"file_name\"",
        "COCO     | {\"images\":[],\"annotations\":[{\"image_id\":1,\"caption\":\"a\"}]} | not"
            + " among",
        "KARPATHY | {\"images\":[{\"filename\":\"a\"}]}   | \"split\"",
        "KARPATHY | {\"images\":[{\"filename\":\"a\",\"split\":\"val\",\"sentences\":\"a\"}]} |"
            + " images[0].sentences: expected an array, got: \"a\"",
        "AUTO     | A dog                             | format cannot be told",
      })
  void bearsTheMistakeByItsPlace(CaptionFormat format, String content, String message) {
    String text = content.replace('~', '\t').replace('^', '\n');
    assertThatThrownBy(() -> read(text, format))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(message);
  }

  @Test
  void missingEmptyAndBinaryFilesAreRefused() throws IOException {
    assertThatThrownBy(() -> captions(directory.resolve("none"), CaptionFormat.AUTO))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("none does not exist");
    assertThatThrownBy(() -> read("", CaptionFormat.AUTO)).isInstanceOf(DescryException.class);
    Path latin =
        Files.write(
            directory.resolve("latin"),
            "7.jpg#0\tA caf\u00E9".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> captions(latin, CaptionFormat.FLICKR8K))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("not UTF-8");
  }
}
