package org.descry.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.descry.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A zip's own batch and answers tell whether the network is the same still. */
class SelfTestTest {
  private static final Path FILE = Path.of("model.zip");

  @TempDir private Path folder;

  @Test
  void everySortOfModelCarriesOneAndPassesIt() {
    SmallModels.all()
        .forEach(
            (name, model) -> {
              ModelArchive read = ModelArchive.read(write(name, model));
              assertThat(read.selfTest()).as(name).isNotNull();
              double distance = read.selfTest().check(FILE, read.manifest(), read.network(), 0);
              assertThat(distance).as(name).isLessThan(1e-5);
            });
  }

  private Path write(String name, ModelArchive model) {
    try {
      return Files.write(folder.resolve(name + ".zip"), SmallModels.bytes(model));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aNetworkOfOtherAnswersIsRefused() {
    ModelArchive read =
        ModelArchive.read(write("it", SmallModels.all().values().iterator().next()));
    read.network().params().muli(1.01);
    assertThatThrownBy(() -> read.selfTest().check(FILE, read.manifest(), read.network(), 0))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll("model.zip", "descry/selftest.json", "expected at most");
  }

  @Test
  void aBatchThatDoesNotFitIsRefused() {
    ModelArchive read =
        ModelArchive.read(write("it", SmallModels.all().values().iterator().next()));
    SelfTest good = read.selfTest();
    SelfTest.Values input = good.inputs().get(0);
    List<SelfTest> bad =
        List.of(
            new SelfTest(good.tolerance(), null, null),
            new SelfTest(good.tolerance(), List.of(), good.outputs()),
            new SelfTest(2, good.inputs(), good.outputs()),
            new SelfTest(good.tolerance(), good.inputs(), List.of()),
            changed(good, new SelfTest.Values("other", input.shape(), input.data())),
            changed(good, new SelfTest.Values(input.name(), List.of(), input.data())),
            changed(good, new SelfTest.Values(input.name(), List.of(1L << 40, 1L), input.data())),
            changed(good, new SelfTest.Values(input.name(), input.shape(), null)),
            changed(good, new SelfTest.Values(input.name(), input.shape(), "!")),
            changed(good, new SelfTest.Values(input.name(), input.shape(), "AAAA")));
    for (SelfTest test : bad) {
      assertThatThrownBy(() -> test.check(FILE, read.manifest(), read.network(), 0))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("no batch for the network");
    }
  }

  @Test
  void answersThatAreNoneAreRefused() {
    ModelArchive read =
        ModelArchive.read(write("it", SmallModels.all().values().iterator().next()));
    SelfTest good = read.selfTest();
    SelfTest.Values output = good.outputs().get(0);
    for (String data : new String[] {null, "!", "AAAA", "AADAfw=="}) {
      SelfTest.Values bad = new SelfTest.Values(output.name(), output.shape(), data);
      SelfTest test = new SelfTest(good.tolerance(), good.inputs(), List.of(bad));
      assertThatThrownBy(() -> test.check(FILE, read.manifest(), read.network(), 0))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("no batch for the network");
    }
  }

  /** Whatever the JSON is, the sentence says what is wrong with it, not with classes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "",
        "[]",
        "7",
        "{\"inputs\": [null]}",
        "{\"inputs\": [{\"shape\": [null]}]}",
        "{\"tolerance\": {}}",
        "{} {}"
      })
  void jsonThatIsNoSelfTestIsRefused(String json) throws IOException {
    byte[] zip = SmallModels.bytes(SmallModels.all().values().iterator().next());
    Path file =
        Files.write(
            folder.resolve("it.zip"), Zips.edited(zip, ModelArchive.SELF_TEST, text -> json));
    assertThatThrownBy(() -> ModelArchive.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("it.zip: descry/selftest.json ")
        .hasMessageNotContainingAny("java", "org.descry", "jackson", "`Stream");
  }

  private static SelfTest changed(SelfTest test, SelfTest.Values input) {
    return new SelfTest(test.tolerance(), List.of(input), test.outputs());
  }
}
