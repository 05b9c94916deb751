import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.descry.Descry;
import org.descry.DescryException;
import org.descry.TimedOutException;
import org.descry.kind.classifier.ImageClassifier;
import org.descry.kind.classifier.TrainedClassifier.Answer;

/**
 * A service in the program of your own: POST an image to /classify, get its class. One classifier
 * answers all threads.
 *
 * <p>Arguments: the model zip and the port. Then: {@code curl --data-binary @image.png
 * localhost:8080/classify}
 */
public class ClassifyService {
  public static void main(String[] args) throws IOException {
    start(Path.of(args[0]), Integer.parseInt(args[1]));
  }

  static HttpServer start(Path model, int port) throws IOException {
    ImageClassifier classifier = // once; starts the engine
        Descry.open(model, ImageClassifier.class).within(Duration.ofSeconds(10));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.createContext("/classify", exchange -> classify(classifier, exchange));
    server.start();
    return server;
  }

  private static void classify(ImageClassifier classifier, HttpExchange exchange)
      throws IOException {
    try (exchange) {
      try {
        Answer best = classifier.classify(exchange.getRequestBody(), 1).get(0);
        answer(exchange, 200, best.label() + " " + best.value());
      } catch (TimedOutException e) { // too many callers
        answer(exchange, 503, e.getMessage());
      } catch (DescryException e) { // no image, or a damaged one: one sentence
        answer(exchange, 400, e.getMessage());
      }
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
