import java.awt.image.BufferedImage;
import java.io.File;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.ObjectMapper;

public class Classify {
  public static void main(String[] args) throws Exception { // shapes.zip image.png
    ComputationGraph network = ComputationGraph.load(new File(args[0]), false);
    String[] labels;
    try (ZipFile zip = new ZipFile(args[0])) {
      var names = zip.getInputStream(zip.getEntry("descry/labels.json"));
      labels = new ObjectMapper().readValue(names, String[].class);
    }
    INDArray answer = network.outputSingle(pixels(new File(args[1]), 32)); // 1 x 10
    int best = answer.argMax(1).getInt(0);
    System.out.println(labels[best] + " " + answer.getFloat(0, best));
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
