import java.awt.image.BufferedImage;
import java.io.File;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.parallelism.ParallelInference;
import org.deeplearning4j.parallelism.inference.InferenceMode;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Classifies images on several threads, with DL4J's ParallelInference. An export of the format
 * dl4j-stock needs DL4J alone and normalises by itself; one of the format dl4j needs Descry's jar
 * on the class path too, and normalised images.
 */
public class ClassifyMany {
  public static void main(String[] args) throws Exception { // shapes.zip a.png b.png ...
    JsonNode manifest;
    JsonNode labels;
    try (ZipFile zip = new ZipFile(args[0])) {
      manifest = json(zip, "descry/manifest.json");
      labels = manifest == null ? json(zip, "descry/labels.json") : manifest.get("labels");
    }
    ParallelInference model =
        new ParallelInference.Builder(ComputationGraph.load(new File(args[0]), false))
            .inferenceMode(InferenceMode.INPLACE)
            .workers(2)
            .build();
    Arrays.stream(args, 1, args.length)
        .parallel()
        .map(
            file -> {
              INDArray answer = model.output(image(new File(file), 32, manifest)); // 1 x 10
              int best = answer.argMax(1).getInt(0);
              return file + " " + labels.get(best).asText() + " " + answer.getFloat(0, best);
            })
        .forEachOrdered(System.out::println);
  }

  static JsonNode json(ZipFile zip, String name) throws Exception {
    ZipEntry entry = zip.getEntry(name);
    return entry == null ? null : new ObjectMapper().readTree(zip.getInputStream(entry));
  }

  /** 1 x 3 x side x side, red first: 0 to 255, or normalised as the manifest says. */
  static INDArray image(File file, int side, JsonNode manifest) {
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    try {
      image.createGraphics().drawImage(ImageIO.read(file), 0, 0, side, side, null);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    float[] values = new float[3 * side * side];
    for (int i = 0; i < values.length; i++) {
      int channel = i / (side * side);
      int pixel = i % (side * side);
      int value = image.getRGB(pixel % side, pixel / side) >> 16 - 8 * channel & 0xff;
      values[i] = value;
      if (manifest != null) {
        JsonNode normalizer = manifest.get("normalizer");
        double mean = normalizer.get("mean").get(channel).asDouble();
        values[i] =
            (float) ((value / 255.0 - mean) / normalizer.get("std").get(channel).asDouble());
      }
    }
    return Nd4j.createFromArray(values).reshape(1, 3, side, side);
  }
}
