package org.descry.data.caption.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.StringJoiner;
import org.descry.io.Excerpt;

/**
 * Karpathy's {@code dataset_*.json}: {@code images[] {filepath, filename, cocoid, imgid, split,
 * sentences[] {raw, tokens}}}. The tokens serve where the raw sentence is missing; {@code filepath}
 * and the ids may be.
 */
final class KarpathyCaptions implements CaptionReader {
  private record Sentence(ImageName image, String split, JsonNode sentence, Location location) {}

  private final JsonArrayReader images;
  private final Queue<Sentence> pending = new ArrayDeque<>();

  KarpathyCaptions(Path file) throws IOException {
    images = new JsonArrayReader(file, "images");
  }

  @Override
  public Caption read() throws IOException {
    while (pending.isEmpty()) {
      JsonNode image = images.next();
      if (image == null) {
        return null;
      }
      ImageName name =
          new ImageName(
              image.hasNonNull("filepath") ? images.text(image, "filepath") : "",
              images.text(image, "filename"),
              id(image, "cocoid"),
              id(image, "imgid"));
      String split = images.text(image, "split");
      int number = 0;
      JsonNode sentences = images.required(image, "sentences");
      if (!sentences.isArray()) {
        throw images
            .location()
            .within(".sentences")
            .bad("expected an array, got: " + Excerpt.of(sentences.toString()));
      }
      for (JsonNode sentence : sentences) {
        Location location = images.location().within(".sentences[" + number++ + "]");
        pending.add(new Sentence(name, split, sentence, location));
      }
    }
    Sentence next = pending.remove();
    return new Caption(next.image(), text(next), next.split(), next.location());
  }

  private String id(JsonNode image, String field) {
    return image.hasNonNull(field) ? images.id(image, field).toString() : null;
  }

  private static String text(Sentence sentence) {
    JsonNode raw = sentence.sentence().path("raw");
    JsonNode tokens = sentence.sentence().path("tokens");
    if (raw.isTextual()) {
      return raw.textValue();
    }
    if (!tokens.isArray()) {
      throw sentence.location().bad("expected \"raw\" or \"tokens\" in a sentence, found neither");
    }
    StringJoiner words = new StringJoiner(" ");
    tokens.forEach(word -> words.add(word.asText()));
    return words.toString();
  }

  @Override
  public void close() throws IOException {
    images.close();
  }
}
