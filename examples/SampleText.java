import java.nio.file.Path;
import org.descry.kind.language.TrainedLanguageModel;

/**
 * Continues a text with a language model.
 *
 * <p>Arguments: the model zip and the beginning of the text.
 */
public class SampleText {
  public static void main(String[] args) {
    TrainedLanguageModel model = TrainedLanguageModel.load(Path.of(args[0]));
    System.out.println("likeliest: " + model.greedy(args[1], 20));
    for (long seed = 1; seed <= 3; seed++) {
      System.out.println("drawn: " + model.sample(args[1], 20, 1.5, seed));
    }
  }
}
