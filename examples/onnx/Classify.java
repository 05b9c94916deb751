import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.FloatBuffer;
import java.util.Map;
import javax.imageio.ImageIO;

public class Classify {
  public static void main(String[] args) throws Exception { // shapes.onnx image.png
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession model = environment.createSession(args[0]);
        OnnxTensor image = pixels(environment, new File(args[1]), 32);
        OrtSession.Result answer = model.run(Map.of("image", image))) {
      String names = model.getMetadata().getCustomMetadata().get("labels");
      String[] labels = new ObjectMapper().readValue(names, String[].class);
      float[] probabilities = ((float[][]) answer.get(0).getValue())[0];
      int best = 0;
      for (int i = 1; i < probabilities.length; i++) {
        best = probabilities[i] > probabilities[best] ? i : best;
      }
      System.out.println(labels[best] + " " + probabilities[best]);
    }
  }

  static OnnxTensor pixels(OrtEnvironment environment, File file, int side)
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
    long[] shape = {1, 3, side, side};
    return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
  }
}
