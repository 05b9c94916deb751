package org.descry.data.caption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.descry.DescryException;
import org.descry.data.Fingerprint;
import org.descry.data.Intake;
import org.descry.data.KeptData;
import org.descry.data.OnBadRecord;
import org.descry.data.SharedData;
import org.descry.data.caption.CaptionLimits.LongCaptions;
import org.descry.data.image.ImageLoader;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Records that hold no caption are left out and told of, up to a limit. */
class BadCaptionRecordsTest extends DrawnCaptions {

  /** Sixty captions of thirty images, some of them without a word. */
  private CaptionFiles withoutWords(int bad) throws IOException {
    StringBuilder text = new StringBuilder("image,caption\n");
    for (int i = 0; i < 60; i++) {
      String name = "%02d.png".formatted(i / 2);
      draw("images/" + name, i);
      text.append(name).append(i < 2 * bad && i % 2 == 1 ? ",...\n" : ",a dog\n");
    }
    return CaptionFiles.of(write("captions.txt", text.toString()), directory.resolve("images"));
  }

  @Test
  void aCaptionWithoutWordsIsLeftOutAndToldOf() throws IOException {
    CaptionFiles files = withoutWords(4);
    CaptionData[] data = new CaptionData[1];
    List<String> told = told(Intake.class, () -> data[0] = load(files));
    assertThat(size(data[0])).isEqualTo(56);
    assertThat(data[0].badRecords()).isEqualTo(4);
    assertThat(told)
        .singleElement()
        .asString()
        .contains("Bad records left out: 4 (data.maxBadRecords = 10)")
        .contains("captions.txt:3: the caption of 00.png has no words: ...")
        .contains("captions.txt:7")
        .endsWith("; ...");
  }

  @Test
  void namesInListsThatNoCaptionIsOfAreToldOf() throws IOException {
    CaptionFiles files =
        withoutWords(0)
            .withLists(
                new CaptionFiles.SplitLists(
                    write("train.txt", "00.png\n01\nabsent\n"),
                    write("validation.txt", "02.png\nlost.png\n"),
                    null));
    assertThat(told(CaptionParts.class, () -> load(files)))
        .containsExactly("Images in data.splits that no caption is of: 2 of 5: absent; lost.png");
  }

  /** What the class logs meanwhile. */
  private static List<String> told(Class<?> by, Runnable work) {
    Logger logger = (Logger) LoggerFactory.getLogger(by);
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    logger.addAppender(appender);
    try {
      work.run();
    } finally {
      logger.detachAppender(appender);
    }
    return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  /** Other seeds hold out other images, of the same ones. */
  @Test
  void imagesThatAnotherProcessHasDecodedAreTheSameForAnySeed() throws IOException {
    CaptionFiles files = withoutWords(2);
    write("images/07.png", "no image");
    SharedData writer = SharedData.gathering();
    load(files, 1, writer);
    Path decoded = directory.resolve("decoded.bin");
    writer.take().orElseThrow().write(decoded);
    Map<Long, String> expected = new HashMap<>();
    for (long seed = 1; seed < 4; seed++) {
      expected.put(seed, load(files, seed, SharedData.none()));
    }
    assertThat(Set.copyOf(expected.values())).hasSize(3);
    for (int i = 0; i < 30; i++) {
      write("images/%02d.png".formatted(i), "nobody looks at it");
    }
    expected.forEach(
        (seed, was) -> assertThat(load(files, seed, SharedData.in(decoded))).isEqualTo(was));
  }

  private static String load(CaptionFiles files, long seed, SharedData shared) {
    CaptionLimits limits = new CaptionLimits(1, 9, LongCaptions.FAIL, 0);
    ImageLoader images = new ImageLoader(2, 2, 3);
    Intake intake = new Intake(OnBadRecord.SKIP, 9, new KeptData(shared));
    CaptionData data = CaptionData.load(files, limits, images, seed, intake);
    assertThat(data.badRecords()).isEqualTo(3);
    Fingerprint all = new Fingerprint();
    for (CaptionSet part : List.of(data.train(), data.validation(), data.test())) {
      part.addTo(all);
      PixelInputs inputs = (PixelInputs) part.inputs();
      float[] values = new float[inputs.floats() * inputs.size()];
      for (int i = 0; i < inputs.size(); i++) {
        inputs.fill(i, FloatBuffer.wrap(values), i * inputs.floats());
      }
      all.add(values);
    }
    return all.hex();
  }

  @Test
  void aFileThatIsSpelledInTwoWaysKeepsItsPixels() throws IOException {
    StringBuilder text = new StringBuilder("image,caption\n");
    for (int i = 0; i < 30; i++) {
      draw("images/" + i + ".png", 4 * i);
      text.append(i + ".png,a dog\n././" + i + ".png,a cat\n");
    }
    CaptionData data =
        load(CaptionFiles.of(write("captions.txt", text.toString()), directory.resolve("images")));
    int images = 0;
    for (CaptionSet part : List.of(data.train(), data.validation(), data.test())) {
      PixelInputs inputs = (PixelInputs) part.inputs();
      for (int i = 0; i < part.images(); i++) {
        int number = Integer.parseInt(part.name(i).replaceAll("\\D", ""));
        assertThat(inputs.pixels(i)[0]).isEqualTo((byte) (4 * number));
        images++;
      }
    }
    assertThat(images).isEqualTo(60);
  }

  @Test
  void badRecordsAreLeftOutUpToTheLimit() throws IOException {
    CaptionFiles files = withoutWords(3);
    CaptionLimits limits = new CaptionLimits(1, 9, LongCaptions.FAIL, 0);
    ImageLoader images = new ImageLoader(2, 2, 3);
    Intake two = new Intake(OnBadRecord.SKIP, 2);
    assertThatThrownBy(() -> CaptionData.load(files, limits, images, 1, two))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("More bad records than data.maxBadRecords = 2: ")
        .hasMessageContaining("captions.txt:3");
    Intake none = new Intake(OnBadRecord.FAIL, 2);
    assertThatThrownBy(() -> CaptionData.load(files, limits, images, 1, none))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("captions.txt:3: the caption of 00.png has no words: ...")
        .hasMessageContaining("data.onBadRecord");
  }

  @Test
  void whatWasLeftOutIsToldWhereNothingIsLeft() throws IOException {
    CaptionFiles files = CaptionFiles.of(write("c.txt", "a.png#0\t!\nb.png\n"), directory);
    assertThatThrownBy(() -> load(files))
        .hasMessageContaining("No usable pair")
        .hasMessageContaining("bad records left out: 2: ")
        .hasMessageContaining("c.txt:2");
  }
}
