package consumer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.descry.DataException;
import org.descry.Descry;
import org.descry.TimedOutException;
import org.descry.kind.classifier.ImageClassifier;
import org.descry.kind.classifier.TrainedClassifier.Answer;
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

  /** One for all requests; Spring closes it. */
  @Bean
  ImageClassifier classifier(@Value("${models}") Path models) {
    return Descry.open(models.resolve("shapes-classifier.zip"), ImageClassifier.class)
        .within(Duration.ofSeconds(10));
  }

  /** What a client sees. */
  @RestController
  static class Service {
    private final ImageClassifier classifier;

    Service(ImageClassifier classifier) {
      this.classifier = classifier;
    }

    @PostMapping("/classify")
    List<Answer> classify(@RequestParam("image") MultipartFile upload) throws IOException {
      try (InputStream image = upload.getInputStream()) {
        return classifier.classify(image, 3);
      } catch (TimedOutException e) { // too many callers
        throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, e.getMessage(), e);
      } catch (DataException e) { // no image, or a damaged one: one sentence
        throw new ResponseStatusException(HttpStatus.BAD_REQUEST, e.getMessage(), e);
      }
    }
  }
}
