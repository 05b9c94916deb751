import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;

/** Asks a server of {@code models/} about an image: {@code java Ask.java IMAGE [ADDRESS]}. */
public final class Ask {
  private Ask() {}

  public static void main(String[] args) throws Exception {
    String address = args.length > 1 ? args[1] : "http://127.0.0.1:8080";
    HttpClient client = HttpClient.newHttpClient();
    for (String task :
        new String[] {"shapes-classifier/predict?top=2", "shapes-captioner/caption"}) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(address + "/v1/models/" + task))
                  .header("Content-Type", "application/octet-stream")
                  .POST(BodyPublishers.ofFile(Path.of(args[0])))
                  .build(),
              BodyHandlers.ofString());
      System.out.println(answer.statusCode() + " " + answer.body());
    }
  }
}
