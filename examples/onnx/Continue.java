import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

public class Continue {
  public static void main(String[] args) throws Exception { // words.onnx 4 deep
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession model = environment.createSession(args[0])) {
      String names = model.getMetadata().getCustomMetadata().get("vocabulary");
      List<String> words = List.of(new ObjectMapper().readValue(names, String[].class));
      TensorInfo states = (TensorInfo) model.getInputInfo().get("state").getInfo();
      float[][] state = new float[1][(int) states.getShape()[1]]; // zeros to begin with
      StringJoiner text = new StringJoiner(" ").add(args[2]);
      long word = words.indexOf(args[2]);
      for (int i = Integer.parseInt(args[1]); i > 0; i--) {
        try (OnnxTensor last = OnnxTensor.createTensor(environment, new long[] {word});
            OnnxTensor before = OnnxTensor.createTensor(environment, state);
            OrtSession.Result next = model.run(Map.of("word", last, "state", before))) {
          float[] probabilities = ((float[][]) next.get("probabilities").get().getValue())[0];
          state = (float[][]) next.get("nextState").get().getValue();
          word = 0;
          for (int j = 1; j < probabilities.length; j++) {
            word = probabilities[j] > probabilities[(int) word] ? j : word;
          }
        }
        if (words.get((int) word).equals("<EOS>")) {
          break;
        }
        text.add(words.get((int) word));
      }
      System.out.println(text);
    }
  }
}
