import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.util.Map;
import java.util.StringJoiner;

public class Caption {
  public static void main(String[] args)
      throws Exception { // scenes-encoder.onnx scenes-decoder.onnx image.png
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession encoder = environment.createSession(args[0]);
        OrtSession decoder = environment.createSession(args[1]);
        OnnxTensor image = Classify.pixels(environment, new File(args[2]), 48);
        OrtSession.Result seen = encoder.run(Map.of("image", image))) {
      Map<String, String> metadata = decoder.getMetadata().getCustomMetadata();
      String[] words = new ObjectMapper().readValue(metadata.get("vocabulary"), String[].class);
      float[][] state = (float[][]) seen.get(0).getValue();
      StringJoiner caption = new StringJoiner(" ");
      long word = 1; // <START>
      for (int length = Integer.parseInt(metadata.get("steps")); length > 0; length--) {
        try (OnnxTensor last = OnnxTensor.createTensor(environment, new long[] {word});
            OnnxTensor before = OnnxTensor.createTensor(environment, state);
            OrtSession.Result next = decoder.run(Map.of("word", last, "state", before))) {
          word = likeliest(((float[][]) next.get("probabilities").get().getValue())[0]);
          state = (float[][]) next.get("nextState").get().getValue();
        }
        if (word == 2) { // <END>
          break;
        }
        caption.add(words[(int) word]);
      }
      System.out.println(caption);
    }
  }

  static int likeliest(float[] probabilities) { // never <NULL>, <START>, <UNK>
    int best = 2;
    for (int i = 4; i < probabilities.length; i++) {
      best = probabilities[i] > probabilities[best] ? i : best;
    }
    return best;
  }
}
