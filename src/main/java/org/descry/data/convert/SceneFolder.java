package org.descry.data.convert;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.descry.DescryException;
import org.descry.data.Part;
import org.descry.data.builtin.ShapeScenes;
import org.descry.data.caption.CaptionData;
import org.descry.data.caption.CaptionSet;
import org.descry.data.caption.PixelInputs;
import org.descry.io.NewFolder;
import org.descry.io.PngWriter;

/** Writes the built-in scenes as people have their own: image files and a table of captions. */
public final class SceneFolder {
  /** The table: a row a caption, with the image's file and part. */
  public static final String CAPTIONS = "captions.csv";

  private SceneFolder() {}

  /**
   * Writes {@code folder} whole or not at all.
   *
   * @throws DescryException if the folder exists or cannot be written
   */
  public static void write(CaptionData scenes, Path folder) {
    NewFolder.create(
        folder,
        inner -> {
          try (BufferedWriter table = Files.newBufferedWriter(inner.resolve(CAPTIONS))) {
            table.write("image,caption,split\n");
            write(scenes.train(), Part.TRAIN, inner, table);
            write(scenes.validation(), Part.VALIDATION, inner, table);
            write(scenes.test(), Part.TEST, inner, table);
          }
        });
  }

  private static void write(CaptionSet set, Part part, Path folder, BufferedWriter table)
      throws IOException {
    PixelInputs inputs = (PixelInputs) set.inputs();
    Path images = Files.createDirectories(folder.resolve("images").resolve(part.toString()));
    for (int i = 0; i < set.images(); i++) {
      String name = part + "-" + set.name(i) + ".png";
      try (OutputStream png = Files.newOutputStream(images.resolve(name))) {
        PngWriter.write(inputs.pixels(i), ShapeScenes.SIZE, ShapeScenes.SIZE, png);
      }
      for (String caption : set.texts(i)) {
        table.write(name + "," + caption + "," + part + "\n");
      }
    }
  }
}
