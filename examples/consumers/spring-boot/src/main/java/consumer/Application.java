package consumer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.descry.DataException;
import org.descry.kind.classifier.TrainedClassifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;

/** POST an image as the part {@code image} to /classify, get its three likeliest classes. */
@SpringBootApplication
public class Application {
  public static void main(String[] args) {
    SpringApplication.run(Application.class, args);
  }

  /** One for all requests. */
  @Bean
  TrainedClassifier classifier(@Value("${models}") Path models) {
    return TrainedClassifier.load(models.resolve("shapes-classifier.zip"));
  }

  /** What a client sees. */
  @RestController
  static class Service {
    private final TrainedClassifier classifier;

    Service(TrainedClassifier classifier) {
      this.classifier = classifier;
    }

    @PostMapping("/classify")
    List<TrainedClassifier.Answer> classify(@RequestParam("image") MultipartFile upload)
        throws IOException {
      Path image = Files.createTempFile("image", "");
      try {
        upload.transferTo(image);
        return classifier.classify(List.of(image), 3).get(0);
      } catch (DataException e) { // no image, or a damaged one: one sentence
        throw new ResponseStatusException(HttpStatus.BAD_REQUEST, e.getMessage(), e);
      } finally {
        Files.delete(image);
      }
    }
  }
}
