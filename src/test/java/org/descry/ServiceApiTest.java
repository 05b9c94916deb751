package org.descry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.imageio.ImageIO;
import org.descry.data.image.ImageLoader;
import org.descry.kind.InputImage;
import org.descry.kind.captioner.ImageCaptioner;
import org.descry.kind.classifier.ImageClassifier;
import org.descry.kind.classifier.TrainedClassifier;
import org.descry.kind.classifier.TrainedClassifier.Answer;
import org.descry.kind.language.TextModel;
import org.descry.testing.Discs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models as services use them: opened from anywhere, asked about images of any form. */
class ServiceApiTest {
  private static final Path CLASSIFIER = Path.of("models/shapes-classifier.zip");
  private static final Path CAPTIONER = Path.of("models/shapes-captioner.zip");
  private static final Path LANGUAGE = Path.of("models/word-rnn.zip");

  @TempDir private Path dir;

  @Test
  void filesBytesStreamsAndPixelsGetTheSameAnswers() throws IOException {
    Path file = Discs.write(dir, 32);
    byte[] bytes = Files.readAllBytes(file);
    BufferedImage pixels = ImageIO.read(file.toFile());
    try (ImageClassifier classifier = Descry.open(CLASSIFIER, ImageClassifier.class)) {
      List<Answer> expected = TrainedClassifier.load(CLASSIFIER).classify(List.of(file), 3).get(0);
      assertThat(expected).hasSize(3);
      assertThat(expected.get(0).label()).isEqualTo("circle").isIn(classifier.labels());
      assertThat(classifier.classify(file, 3)).isEqualTo(expected);
      assertThat(classifier.classify(bytes, 3)).isEqualTo(expected);
      assertThat(classifier.classify(new ByteArrayInputStream(bytes), 3)).isEqualTo(expected);
      assertThat(classifier.classify(pixels, 3)).isEqualTo(expected);
      List<InputImage> all =
          List.of(
              InputImage.of(file),
              InputImage.of(bytes),
              InputImage.of(new ByteArrayInputStream(bytes)),
              InputImage.of(pixels));
      List<List<Answer>> together = classifier.classifyAll(all, 3); // whose last digits are others
      assertThat(together).hasSize(4).containsOnly(together.get(0));
      assertThat(together.get(0))
          .satisfies(each -> assertThat(labels(each)).isEqualTo(labels(expected)));
      assertThat(together.get(0).get(0).value()).isCloseTo(expected.get(0).value(), within(1e-5f));
      assertThat(classifier.classify(file, 99)).hasSize(classifier.labels().size());
      assertThatThrownBy(() -> classifier.classify(file, 0))
          .isInstanceOf(UsageException.class)
          .hasMessage("0 answers are asked for; expected 1 or more.");
    }
    try (ImageCaptioner captioner = Descry.open(CAPTIONER, ImageCaptioner.class)) {
      String expected = captioner.caption(file, captioner.beam(1));
      assertThat(expected).contains("red");
      assertThat(captioner.caption(bytes, captioner.beam(1))).isEqualTo(expected);
      assertThat(captioner.caption(new ByteArrayInputStream(bytes), captioner.beam(1)))
          .isEqualTo(expected);
      assertThat(captioner.caption(pixels, captioner.beam(1))).isEqualTo(expected);
      List<InputImage> two = List.of(InputImage.of(bytes), InputImage.of(pixels));
      assertThat(captioner.captionAll(two, captioner.beam(1))).containsExactly(expected, expected);
    }
  }

  private static List<String> labels(List<? extends Answer> answers) {
    return answers.stream().map(Answer::label).toList();
  }

  /** However pixels lie in memory, they count as those of a PNG file of them. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_INT_ARGB,
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_4BYTE_ABGR,
        BufferedImage.TYPE_BYTE_GRAY,
        BufferedImage.TYPE_USHORT_GRAY,
        BufferedImage.TYPE_BYTE_INDEXED,
        BufferedImage.TYPE_BYTE_BINARY
      })
  void pixelsAreThoseOfTheirFile(int type) throws IOException {
    BufferedImage image = painted(type);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, "png", png)).isTrue();
    ImageLoader loader = new ImageLoader(20, 30, 3);
    byte[] expected = InputImage.of(png.toByteArray()).load(loader).pixels();
    assertThat(InputImage.of(image).load(loader).pixels()).isEqualTo(expected);
    BufferedImage part = image.getSubimage(5, 3, 9, 7);
    png.reset();
    ImageIO.write(part, "png", png);
    assertThat(InputImage.of(part).load(loader).pixels())
        .isEqualTo(InputImage.of(png.toByteArray()).load(loader).pixels());
  }

  private static BufferedImage painted(int type) {
    BufferedImage image = new BufferedImage(30, 20, type);
    Graphics2D graphics = image.createGraphics();
    for (int i = 0; i < 30; i++) {
      graphics.setColor(new Color(8 * i, 255 - 8 * i, (37 * i) % 256, 255));
      graphics.fillRect(i, i % 5, 1, 15);
    }
    graphics.dispose();
    return image;
  }

  @Test
  void coloursThatAreMultipliedByTheirOpacityCountAsTheyWere() {
    BufferedImage straight = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    straight.setRGB(0, 0, 0x80ff0000);
    ImageLoader loader = new ImageLoader(1, 1, 3);
    for (int type :
        new int[] {BufferedImage.TYPE_INT_ARGB_PRE, BufferedImage.TYPE_4BYTE_ABGR_PRE}) {
      BufferedImage multiplied = new BufferedImage(1, 1, type);
      multiplied.setRGB(0, 0, straight.getRGB(0, 0));
      assertThat(InputImage.of(multiplied).load(loader).pixels())
          .isEqualTo(InputImage.of(straight).load(loader).pixels());
    }
  }

  @Test
  void whatIsNoImageIsOneSentence() {
    ImageLoader loader = new ImageLoader(2, 2, 3, 100);
    assertThatThrownBy(() -> InputImage.of(new byte[3]).load(loader))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Image of the bytes (3 bytes) is no image that can be read");
    assertThatThrownBy(() -> InputImage.of(new ByteArrayInputStream(new byte[3])).load(loader))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Image of the stream (3 bytes) is no image that can be read");
    assertThatThrownBy(() -> InputImage.of(broken()).load(loader))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Image of the stream cannot be read (connection reset)");
    BufferedImage large = new BufferedImage(11, 10, BufferedImage.TYPE_INT_RGB);
    assertThatThrownBy(() -> InputImage.of(large).load(loader))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Image of the pixels has 10 x 11 pixels; expected at most 100");
  }

  private static InputStream broken() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        throw new IOException("connection reset");
      }
    };
  }

  @Test
  void modelsComeFromStreams() throws IOException {
    try (InputStream in = Files.newInputStream(LANGUAGE);
        TextModel model = Descry.open(in, TextModel.class)) {
      assertThat(model.greedy("我们", 2)).startsWith("我们 今天");
      assertThat(in.read()).isEqualTo(-1);
    }
    byte[] cut = Files.readAllBytes(CLASSIFIER);
    assertThatThrownBy(() -> Descry.open(new ByteArrayInputStream(cut, 0, cut.length / 2)))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("The stream: not a whole zip");
    assertThatThrownBy(() -> Descry.open(broken()))
        .isInstanceOf(DataException.class)
        .hasMessage("The stream: cannot be read: connection reset.");
    assertThatThrownBy(() -> Descry.open(new ByteArrayInputStream(cut), TextModel.class))
        .isInstanceOf(DataException.class)
        .hasMessage("The stream is a classifier; expected a model that is a TextModel.");
    assertThatThrownBy(() -> Descry.open(CAPTIONER, ImageClassifier.class))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(CAPTIONER + " is a captioner; expected");
  }

  @Test
  void aCallerWithoutTimeGetsNoAnswerAndAClosedModelGivesNone() throws IOException {
    Path file = Discs.write(dir, 32);
    ImageClassifier classifier = Descry.open(CLASSIFIER, ImageClassifier.class);
    assertThatThrownBy(() -> classifier.within(Duration.ZERO).classify(file, 1))
        .isInstanceOf(TimedOutException.class);
    assertThat(classifier.within(Duration.ofDays(1)).classify(file, 1)).hasSize(1);
    classifier.within(Duration.ofDays(1)).close();
    assertThatThrownBy(() -> classifier.classify(file, 1))
        .isInstanceOf(IllegalStateException.class);

    ImageCaptioner captioner = Descry.open(CAPTIONER, ImageCaptioner.class);
    assertThatThrownBy(() -> captioner.within(Duration.ZERO).caption(file, captioner.beam(1)))
        .isInstanceOf(TimedOutException.class);
    captioner.close();
    assertThatThrownBy(() -> captioner.caption(file, captioner.beam(1)))
        .isInstanceOf(IllegalStateException.class);

    TextModel model = Descry.open(LANGUAGE, TextModel.class);
    assertThatThrownBy(() -> model.within(Duration.ZERO).greedy("我们", 2))
        .isInstanceOf(TimedOutException.class);
    model.close();
    assertThatThrownBy(() -> model.greedy("我们", 2)).isInstanceOf(IllegalStateException.class);
  }
}
