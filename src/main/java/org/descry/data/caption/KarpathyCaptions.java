package org.descry.data.caption;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.StringJoiner;
import org.descry.DataException;

/**
 * Karpathy's {@code dataset_*.json}: {@code images[] {filename, split, sentences[] {raw, tokens}}}.
 * The tokens serve where the raw sentence is missing.
 */
final class KarpathyCaptions implements CaptionReader {
  private final JsonArrayReader images;
  private final Queue<Caption> pending = new ArrayDeque<>();

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
      String name = images.required(image, "filename").asText();
      String split = images.required(image, "split").asText();
      for (JsonNode sentence : images.required(image, "sentences")) {
        pending.add(new Caption(name, text(sentence), split, images.location()));
      }
    }
    return pending.remove();
  }

  private String text(JsonNode sentence) {
    if (sentence.hasNonNull("raw")) {
      return sentence.get("raw").asText();
    }
    if (!sentence.hasNonNull("tokens")) {
      throw new DataException(
          images.location() + ": expected \"raw\" or \"tokens\" in a sentence, found neither");
    }
    StringJoiner words = new StringJoiner(" ");
    sentence.get("tokens").forEach(word -> words.add(word.asText()));
    return words.toString();
  }

  @Override
  public void close() throws IOException {
    images.close();
  }
}
