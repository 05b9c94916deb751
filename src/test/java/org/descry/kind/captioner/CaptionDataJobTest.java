package org.descry.kind.captioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.descry.DescryException;
import org.descry.generate.Decoding;
import org.descry.job.JobFile;
import org.descry.train.folder.RunFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Captioners of features, and what is said of captions that cannot be used. */
class CaptionDataJobTest {

  /** Ten images by name, with features of the given width. */
  private static JobFile features(Path folder, int width) throws IOException {
    StringBuilder names = new StringBuilder();
    StringBuilder captions = new StringBuilder("image,caption\n");
    for (int i = 0; i < 20; i++) {
      names.append(i).append(".jpg\n");
      captions.append(i).append(".jpg,a dog runs\n").append(i).append(".jpg,the dog\n");
    }
    Nd4j.writeAsNumpy(
        Nd4j.rand(DataType.FLOAT, 20, width), folder.resolve("features.npy").toFile());
    Files.writeString(folder.resolve("features.txt"), names);
    Files.writeString(folder.resolve("captions.txt"), captions);
    return CaptionerJobTest.file("features", folder)
        .set("model.stages=[]")
        .set(
            "data={source: captions, captions: %1$s/captions.txt, features: %1$s/features.npy, minCount: 1}"
                .formatted(folder));
  }

  @Test
  void featuresStandInForImagesAndKeepTheirWidth(@TempDir Path other) throws IOException {
    CaptionerEvaluation report =
        (CaptionerEvaluation) CaptionerJobTest.train(features(other, 6)).results();
    assertThat(report.trueCaptions()).isNull();
    TrainedCaptioner captioner = TrainedCaptioner.load(other.resolve("features/model.zip"));
    assertThat(captioner.evaluate().metrics()).isEqualTo(report.metrics());
    assertThatThrownBy(() -> captioner.caption(List.of(Path.of("a.jpg")), Decoding.greedy(5)))
        .isInstanceOf(DescryException.class)
        .hasMessageEndingWith("was trained on features of width 6; expected a model of images.");
    features(other, 7);
    assertThatThrownBy(captioner::evaluate)
        .isInstanceOf(DescryException.class)
        .hasMessageStartingWith("The data has features of [7]; expected those of ")
        .hasMessageEndingWith(": [6].");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "image,text | captions.txt",
        "image,caption\\n1.jpg | captions.txt:2",
        "image,caption\\n1.jpg,... | has no words",
        "image,caption\\n1.jpg,a b c d | has 4 words, more than data.maxWords = 3",
        "image,caption\\n99.jpg,a b c | 99.jpg",
      })
  void badCaptionsAreASentence(String text, String reason, @TempDir Path other) throws IOException {
    JobFile job = features(other, 2).set("data.maxWords=3").set("data.longCaptions=fail");
    Files.writeString(other.resolve("captions.txt"), text.replace("\\n", "\n"));
    assertThatThrownBy(() -> CaptionerJobTest.train(job))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(reason)
        .hasMessageNotContaining("\n");
    Path run = other.resolve("features");
    if (Files.exists(run)) { // for the list of them
      assertThat(run.toFile().list()).containsExactlyInAnyOrder("job.yaml", RunFolder.BAD_RECORDS);
    }
  }

  @Test
  void dataThatWereMendedAreTrainedOnUnderTheSameName(@TempDir Path other) throws IOException {
    JobFile job = features(other, 2).set("data.onBadRecord=fail");
    Path captions = other.resolve("captions.txt");
    Files.writeString(captions, "image,caption\n1.jpg\n");
    assertThatThrownBy(() -> CaptionerJobTest.train(job)).hasMessageContaining("captions.txt:2");
    assertThat(other.resolve("features").resolve(RunFolder.BAD_RECORDS)).isNotEmptyFile();
    Files.writeString(captions, "image,caption\n1.jpg,a dog\n2.jpg,a cat\n3.jpg,a bird\n");
    CaptionerJobTest.train(job);
    assertThat(other.resolve("features").resolve(RunFolder.BAD_RECORDS)).doesNotExist();
    assertThat(other.resolve("features/model.zip")).isNotEmptyFile();
  }

  @Test
  void noPairThatCanBeUsedIsASentence(@TempDir Path other) throws IOException {
    JobFile file = features(other, 2).set("data.maxMissing=100");
    Files.writeString(other.resolve("captions.txt"), "image,caption\n99.jpg,a b c\n");
    assertThatThrownBy(() -> CaptionerJobTest.train(file))
        .isInstanceOf(DescryException.class)
        .hasMessageStartingWith("No usable pair of image and caption is left in ");
  }

  @Test
  void wordsThatTrainingNeverSawAreUnknownToTheTest(@TempDir Path other) throws IOException {
    JobFile file =
        features(other, 2)
            .set("data.splits.testCaptions=" + other.resolve("t.txt"))
            .set("data.splits.validationCaptions=" + other.resolve("v.txt"));
    Files.writeString(other.resolve("captions.txt"), "image,caption\n1.jpg,a dog\n2.jpg,a cat\n");
    Files.writeString(other.resolve("v.txt"), "image,caption\n3.jpg,un elefante\n");
    Files.writeString(other.resolve("t.txt"), "image,caption\n4.jpg,zwei Elefanten\n");
    CaptionerEvaluation report = (CaptionerEvaluation) CaptionerJobTest.train(file).results();
    assertThat(report.metrics().bleu1()).isZero();
    assertThat(report.perplexity()).isFinite();
  }
}
