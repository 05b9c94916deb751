import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.descry.generate.Decoding;
import org.descry.kind.captioner.TrainedCaptioner;

/**
 * Captions images three ways.
 *
 * <p>Arguments: the model zip and image files.
 */
public class CaptionImages {
  private static final int MAX_WORDS = 30;

  public static void main(String[] args) {
    TrainedCaptioner captioner = TrainedCaptioner.load(Path.of(args[0]));
    List<Path> images = Arrays.stream(args).skip(1).map(Path::of).toList();
    print("greedy", captioner.caption(images, Decoding.greedy(MAX_WORDS)));
    print("beam", captioner.caption(images, Decoding.beam(MAX_WORDS, 3, 0.7)));
    print("drawn", captioner.caption(images, Decoding.sample(MAX_WORDS, 0.8, 5, 1)));
  }

  private static void print(String way, List<String> captions) {
    captions.forEach(caption -> System.out.println(way + ": " + caption));
  }
}
