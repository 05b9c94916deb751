package org.descry.data.caption;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.descry.DataException;

/**
 * COCO's captions JSON: {@code images[] {id, file_name}} and {@code annotations[] {image_id,
 * caption}}. The file is streamed twice, since either array may come first.
 */
final class CocoCaptions implements CaptionReader {
  private final Map<Long, String> names;
  private final JsonArrayReader annotations;

  CocoCaptions(Path file) throws IOException {
    names = names(file);
    annotations = new JsonArrayReader(file, "annotations");
  }

  private static Map<Long, String> names(Path file) throws IOException {
    Map<Long, String> names = new HashMap<>();
    try (JsonArrayReader images = new JsonArrayReader(file, "images")) {
      for (JsonNode image = images.next(); image != null; image = images.next()) {
        names.put(
            images.required(image, "id").asLong(), images.required(image, "file_name").asText());
      }
    }
    return names;
  }

  @Override
  public Caption read() throws IOException {
    JsonNode annotation = annotations.next();
    if (annotation == null) {
      return null;
    }
    long id = annotations.required(annotation, "image_id").asLong();
    String name = names.get(id);
    if (name == null) {
      throw new DataException(
          annotations.location() + ": image_id " + id + " is not among the images of the file");
    }
    String text = annotations.required(annotation, "caption").asText();
    return new Caption(name, text, "", annotations.location());
  }

  @Override
  public void close() throws IOException {
    annotations.close();
  }
}
