import java.awt.image.BufferedImage;
import java.io.File;
import java.util.StringJoiner;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.ObjectMapper;

public class Caption {
  public static void main(String[] args)
      throws Exception { // scenes-encoder.zip scenes-decoder.zip image.png
    ComputationGraph encoder = ComputationGraph.load(new File(args[0]), false);
    ComputationGraph decoder = ComputationGraph.load(new File(args[1]), false);
    String[] words; // <NULL>, <START>, <END>, <UNK>, ...
    try (ZipFile zip = new ZipFile(args[1])) {
      var names = zip.getInputStream(zip.getEntry("descry/labels.json"));
      words = new ObjectMapper().readValue(names, String[].class);
    }
    INDArray state = encoder.outputSingle(pixels(new File(args[2]), 48));
    StringJoiner caption = new StringJoiner(" ");
    float word = 1; // <START>
    for (int length = 0; length < 30; length++) {
      INDArray[] next = decoder.output(Nd4j.createFromArray(new float[][] {{word}}), state);
      next[0]
          .putScalar(0, 0, 0)
          .putScalar(0, 1, 0)
          .putScalar(0, 3, 0); // never <NULL>, <START>, <UNK>
      int likeliest = next[0].argMax(1).getInt(0);
      if (likeliest == 2) { // <END>
        break;
      }
      caption.add(words[likeliest]);
      word = likeliest;
      state = next[1];
    }
    System.out.println(caption);
  }

  static INDArray pixels(File file, int side)
      throws Exception { // 1 x 3 x side x side, red first, 0 to 255
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    image.createGraphics().drawImage(ImageIO.read(file), 0, 0, side, side, null);
    float[] values = new float[3 * side * side];
    for (int i = 0; i < side * side; i++) {
      int rgb = image.getRGB(i % side, i / side);
      for (int c = 0; c < 3; c++) {
        values[c * side * side + i] = rgb >> 16 - 8 * c & 0xff;
      }
    }
    return Nd4j.createFromArray(values).reshape(1, 3, side, side);
  }
}
