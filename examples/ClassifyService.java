import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Executors;
import org.descry.DescryException;
import org.descry.kind.classifier.TrainedClassifier;

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
    TrainedClassifier classifier = TrainedClassifier.load(model); // once; starts the engine
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.createContext("/classify", exchange -> classify(classifier, exchange));
    server.start();
    return server;
  }

  private static void classify(TrainedClassifier classifier, HttpExchange exchange)
      throws IOException {
    Path image = Files.createTempFile("image", "");
    try (exchange;
        InputStream body = exchange.getRequestBody()) {
      Files.copy(body, image, StandardCopyOption.REPLACE_EXISTING);
      try {
        TrainedClassifier.Answer best = classifier.classify(List.of(image), 1).get(0).get(0);
        answer(exchange, 200, best.label() + " " + best.value());
      } catch (DescryException e) { // no image, or a damaged one: one sentence
        answer(exchange, 400, e.getMessage());
      }
    } finally {
      Files.delete(image);
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
