package org.descry.data.caption.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.descry.DataException;
import org.descry.data.BadRecordException;
import org.descry.io.Excerpt;

/**
 * COCO's captions JSON: {@code images[] {id, file_name}} and {@code annotations[] {image_id,
 * caption}}. The file is streamed twice, since either array may come first.
 *
 * <p>Ids are keys of a dictionary as in pycocotools, whole numbers or text; where a number has no
 * image, the image whose id is the same number written as text has it, and the other way round.
 */
final class CocoCaptions implements CaptionReader {
  private final Map<Object, ImageName> names = new HashMap<>();
  private final Map<String, ImageName> namesByText = new HashMap<>();
  private final Queue<BadRecordException> bad = new ArrayDeque<>();
  private final JsonArrayReader annotations;

  CocoCaptions(Path file) throws IOException {
    try (JsonArrayReader images = new JsonArrayReader(file, "images")) {
      boolean more = true;
      while (more) {
        try {
          JsonNode image = images.next();
          more = image != null;
          if (more) {
            add(images, image);
          }
        } catch (BadRecordException e) {
          bad.add(e);
        }
      }
    }
    try {
      annotations = new JsonArrayReader(file, "annotations");
    } catch (DataException e) {
      throw bad.isEmpty() ? e : bad.remove(); // what comes first in the file
    }
  }

  private void add(JsonArrayReader images, JsonNode image) {
    Object id = images.id(image, "id");
    ImageName name = new ImageName("", images.text(image, "file_name"), id.toString(), null);
    ImageName other = names.put(id, name);
    if (other != null && !other.equals(name)) {
      throw new DataException(
          "%s: expected ids that are given once, got id %s for %s and for %s"
              .formatted(
                  images.location(),
                  Excerpt.of(id.toString()),
                  Excerpt.of(other.file()),
                  Excerpt.of(name.file())));
    }
    namesByText.putIfAbsent(id.toString(), name);
  }

  @Override
  public Caption read() throws IOException {
    if (!bad.isEmpty()) {
      throw bad.remove();
    }
    JsonNode annotation = annotations.next();
    if (annotation == null) {
      return null;
    }
    Object id = annotations.id(annotation, "image_id");
    ImageName exact = names.get(id);
    ImageName name = exact == null ? namesByText.get(id.toString()) : exact;
    if (name == null) {
      throw annotations.location().bad("image_id " + id + " is not among the images of the file");
    }
    return new Caption(name, annotations.text(annotation, "caption"), "", annotations.location());
  }

  @Override
  public void close() throws IOException {
    annotations.close();
  }
}
