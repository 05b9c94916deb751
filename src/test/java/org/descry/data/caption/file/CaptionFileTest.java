package org.descry.data.caption.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.descry.DescryException;
import org.descry.data.BadRecordException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaptionFileTest {
  @TempDir Path directory;

  /** The captions of a file as {@code image|text}, bad records as {@code ! message}. */
  private List<String> read(String content) throws IOException {
    Path file = Files.writeString(directory.resolve("captions"), content);
    List<String> all = new ArrayList<>();
    try (CaptionFile open = CaptionFile.open(file, CaptionFormat.AUTO)) {
      boolean more = true;
      while (more) {
        try {
          Caption caption = open.next();
          more = caption != null;
          if (more) {
            all.add(caption.image().path() + "|" + caption.text());
          }
        } catch (BadRecordException e) {
          all.add("! " + e.getMessage().substring(directory.toString().length() + 1));
        }
      }
    }
    return all;
  }

  private static String coco(String images, String annotations) {
    return "{\"images\": [%s], \"annotations\": [%s]}".formatted(images, annotations);
  }

  private static String image(String id, String name) {
    return "{\"id\": %s, \"file_name\": \"%s\"}".formatted(id, name);
  }

  private static String annotation(String id, String caption) {
    return "{\"image_id\": %s, \"caption\": \"%s\"}".formatted(id, caption);
  }

  @Test
  void cocoIdsAreKeysWhetherTextOrNumbers() throws IOException {
    String images =
        String.join(
            ",",
            image("\"img-a07\"", "a.jpg"),
            image("\"img-b07\"", "b.jpg"),
            image("7", "c.jpg"),
            image("18446744073709551617", "d.jpg"),
            image("\"11\"", "e.jpg"),
            image("12", "f.jpg"));
    String annotations =
        String.join(
            ",",
            annotation("\"img-b07\"", "of b"),
            annotation("\"img-a07\"", "of a"),
            annotation("7.0", "of c"),
            annotation("18446744073709551617", "of d"),
            annotation("11", "of e"),
            annotation("\"12\"", "of f"));
    assertThat(read(coco(images, annotations)))
        .containsExactly(
            "b.jpg|of b", "a.jpg|of a", "c.jpg|of c", "d.jpg|of d", "e.jpg|of e", "f.jpg|of f");
  }

  @Test
  void aNumberAndTheSameNumberAsTextAreTwoIdsWhereBothAreGiven() throws IOException {
    String images = image("7", "number.jpg") + "," + image("\"7\"", "text.jpg");
    String annotations = annotation("\"7\"", "t") + "," + annotation("7", "n");
    assertThat(read(coco(images, annotations))).containsExactly("text.jpg|t", "number.jpg|n");
  }

  @Test
  void cocoIdsThatAreGivenTwiceAreNamed() {
    String twice = image("\"x\"", "a.jpg") + "," + image("\"x\"", "b.jpg");
    assertThatThrownBy(() -> read(coco(twice, "")))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("images[1]")
        .hasMessageContaining("got id x for a.jpg and for b.jpg");
  }

  @Test
  void badAnnotationsAreNamedAndReadingGoesOn() throws IOException {
    String annotations =
        String.join(
            ",",
            annotation("8", "of none"),
            "{\"image_id\": 7}",
            "{\"image_id\": 7, \"caption\": null}",
            "{\"image_id\": 7, \"caption\": [\"a\"]}",
            "{\"image_id\": true, \"caption\": \"a\"}",
            "{\"image_id\": 7.5, \"caption\": \"a\"}",
            "{\"image_id\": 1e999, \"caption\": \"a\"}",
            "[]",
            annotation("7", "a dog"));
    assertThat(read(coco(image("7", "a.jpg"), annotations)))
        .containsExactly(
            "! captions, annotations[0]: image_id 8 is not among the images of the file",
            "! captions, annotations[1]: expected a field \"caption\", found none",
            "! captions, annotations[2]: expected a field \"caption\", found none",
            "! captions, annotations[3]: expected text as \"caption\", got: [\"a\"]",
            "! captions, annotations[4]: expected a whole number or text as \"image_id\", got:"
                + " true",
            "! captions, annotations[5]: expected a whole number or text as \"image_id\", got: 7.5",
            "! captions, annotations[6]: expected a whole number or text as \"image_id\", got:"
                + " \"Infinity\"",
            "! captions, annotations[7]: expected a JSON object, got: []",
            "a.jpg|a dog");
  }

  @Test
  void karpathysFolderGoesBeforeTheName() throws IOException {
    assertThat(
            read(
                """
                {"images": [
                 {"filepath": "val2014", "filename": "1.jpg", "cocoid": 42, "imgid": 0,
                  "split": "val", "sentences": [{"raw": "a dog"}, {"raw": null}, 3]},
                 {"filename": "1.jpg", "split": "val", "sentences": [{"tokens": ["a", "cat"]}]}]}
                """))
        .containsExactly(
            "val2014/1.jpg|a dog",
            "! captions, images[0].sentences[1]: expected \"raw\" or \"tokens\" in a sentence,"
                + " found neither",
            "! captions, images[0].sentences[2]: expected \"raw\" or \"tokens\" in a sentence,"
                + " found neither",
            "1.jpg|a cat");
  }

  @Test
  void flickr30ksBarsAreReadAndTheOneThatIsMissingIsMended() throws IOException {
    assertThat(
            read(
                "image_name| comment_number| comment\r\n"
                    + "1.jpg| 0| Two \" friends \" talk .\r\n"
                    + "1.jpg| 4   A dog runs | jumps .\r\n"
                    + "2.jpg| 1   A dog runs .\r\n"
                    + "3.jpg| 1| A sign says a|b .\r\n"
                    + "4.jpg\r\n"))
        .containsExactly(
            "1.jpg|Two \" friends \" talk .",
            "1.jpg|jumps .",
            "2.jpg|A dog runs .",
            "3.jpg|A sign says a|b .",
            "! captions:6: expected 3 columns, image_name|comment_number|comment, got: 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "image_name,comment_number,comment\n1.jpg,0,\"A dog, red .\"\n",
        "\uFEFFimage,caption\r\n1.jpg,\"A dog, red .\"\r\n",
        "\"Image\",\"Caption\"\r1.jpg,\"A dog, red .\"\r",
        ",file_name,caption\n0,1.jpg,\"A dog, red .\"\n",
        "caption;filename\n\"A dog, red .\"; 1.jpg\n",
        "filename\ttext\n1.jpg\tA dog, red .\n",
        "image | caption\n1.jpg | A dog, red .\n",
        "image name| comment number| comment\n1.jpg| 0| A dog, red .\n",
      })
  void tablesAreReadByTheirHeader(String content) throws IOException {
    assertThat(read(content)).containsExactly("1.jpg|A dog, red .");
  }

  @Test
  void quotedCaptionsGoOverLinesAndAnOpenQuoteCostsOneRow() throws IOException {
    assertThat(
            read(
                "image,caption\n1.jpg,\"A dog\nand a \"\"cat\"\"\n.\"\n2.jpg,A dog\n"
                    + "3.jpg,\"A cow\n4.jpg,A cat\n5.jpg,\n,A cat\n"))
        .containsExactly(
            "1.jpg|A dog\nand a \"cat\"\n.",
            "2.jpg|A dog",
            "! captions:6: a quote is opened and not closed",
            "4.jpg|A cat",
            "5.jpg|",
            "! captions:9: expected the name of an image, got none");
  }

  @Test
  void theSplitOfATableIsRead() throws IOException {
    Path file =
        Files.writeString(directory.resolve("c.csv"), "filename,split,caption\n1.jpg,dev,A dog\n");
    try (CaptionFile open = CaptionFile.open(file, CaptionFormat.AUTO)) {
      assertThat(open.next().split()).isEqualTo("dev");
    }
  }

  @Test
  void aLineWithoutAnEndIsRefused() {
    assertThatThrownBy(() -> read("image,caption\n1.jpg," + "a".repeat(2_000_000)))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("captions:2: expected lines of at most");
  }
}
