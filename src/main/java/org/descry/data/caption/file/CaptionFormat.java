package org.descry.data.caption.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.descry.DataException;
import org.descry.data.BadRecordException;
import org.descry.io.EndingFiles;

/** How an annotation file is written. */
public enum CaptionFormat {
  /** Found out from the file's beginning. */
  AUTO,
  /** Lines of {@code name#number<TAB>caption}. */
  FLICKR8K,
  /** A table under a header that names the columns, such as {@code image,caption}. */
  KAGGLE,
  /** COCO's captions JSON. */
  COCO,
  /** Karpathy's {@code dataset_*.json}, which brings its split. */
  KARPATHY;

  CaptionReader open(Path file) throws IOException {
    return switch (this) {
      case AUTO -> sniff(file).open(file);
      case FLICKR8K -> new FlickrCaptions(file);
      case KAGGLE -> new TableCaptions(file);
      case COCO -> new CocoCaptions(file);
      case KARPATHY -> new KarpathyCaptions(file);
    };
  }

  /** Tells the format from the first characters of the file. */
  private static CaptionFormat sniff(Path file) throws IOException {
    if (startsWithBrace(file)) {
      try (JsonArrayReader images = new JsonArrayReader(file, "images")) {
        JsonNode first = firstGood(images);
        return first != null && first.has("sentences") ? KARPATHY : COCO;
      }
    }
    try (TextLines lines = new TextLines(file)) {
      String first = lines.next();
      if (first != null && TableHeader.parse(first) != null) {
        return KAGGLE;
      }
      if (first != null && first.contains("#") && first.contains("\t")) {
        return FLICKR8K;
      }
      throw new DataException(
          lines.location()
              + ": the caption format cannot be told; expected name#number<TAB>caption, a header"
              + " such as "
              + TableHeader.EXAMPLE
              + " or JSON");
    }
  }

  /** What is bad before it is left out when the captions are read. */
  private static JsonNode firstGood(JsonArrayReader images) throws IOException {
    while (true) {
      try {
        return images.next();
      } catch (BadRecordException e) {
        continue;
      }
    }
  }

  private static boolean startsWithBrace(Path file) throws IOException {
    try (InputStream in = EndingFiles.open(file)) {
      for (byte b : in.readNBytes(64)) {
        if (b > ' ') {
          return b == '{';
        }
      }
      return false;
    }
  }
}
