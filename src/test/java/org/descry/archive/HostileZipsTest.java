package org.descry.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.descry.DescryException;
import org.descry.layer.ConvReluLayer;
import org.descry.model.CaptioningRnn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stranger may have put into a model zip is refused in a sentence. */
class HostileZipsTest {
  private static final byte[] MODEL =
      SmallModels.bytes(SmallModels.classifier(new ConvReluLayer.Builder().filters(2).build()));
  private static final byte[] CAPTIONER =
      SmallModels.bytes(SmallModels.captioner((CaptioningRnn.Images) null));

  @TempDir private Path dir;

  private void assertRefused(byte[] zip, String... reasons) throws IOException {
    Path file = Files.write(dir.resolve("model.zip"), zip);
    assertThatThrownBy(() -> ModelArchive.read(file))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContainingAll(reasons)
        .hasMessageNotContaining("\n");
  }

  @Test
  void theModelItselfIsRead() throws IOException {
    Path file = Files.write(dir.resolve("model.zip"), MODEL);
    assertThat(Zips.sealed(Zips.entries(MODEL))).isEqualTo(MODEL);
    assertThatCode(() -> ModelArchive.read(file)).doesNotThrowAnyException();
    assertThat(ModelArchive.readManifest(file).labels()).hasSize(3);
  }

  private static byte[] serialised() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(7);
    }
    return bytes.toByteArray();
  }

  @Test
  void aLocalEntryBeforeTheArchiveIsRefused() throws IOException {
    byte[] front = Zips.concat(Zips.local("preprocessor.bin", serialised()), MODEL);
    assertRefused(front, "not a whole zip");
  }

  @Test
  void aLocalEntryInFrontOfTheOthersIsRefused() throws IOException {
    byte[] hidden = Zips.local("preprocessor.bin", serialised());
    byte[] front = Zips.concat(hidden, MODEL);
    int directory = Zips.directory(MODEL) + hidden.length;
    ByteBuffer bytes = ByteBuffer.wrap(front).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(front.length - 6, directory);
    for (int at = directory; bytes.getInt(at) == 0x02014b50; ) {
      bytes.putInt(at + 42, bytes.getInt(at + 42) + hidden.length);
      at += 46 + bytes.getShort(at + 28) + bytes.getShort(at + 30);
    }
    assertRefused(front, "holds data at byte 0 that its central directory does not list");
  }

  @Test
  void aSecondLocalEntryOfANameIsRefused() throws IOException {
    byte[] zeros = Zips.entries(MODEL).get(EntryList.COEFFICIENTS);
    Arrays.fill(zeros, zeros.length - 8, zeros.length, (byte) 0);
    byte[] back = Zips.withHidden(MODEL, Zips.local(EntryList.COEFFICIENTS, zeros));
    assertRefused(back, "that its central directory does not list");
  }

  @Test
  void dataBehindTheArchiveAreRefused() throws IOException {
    assertRefused(Zips.concat(MODEL, new byte[] {1}), "not a whole zip");
    assertRefused(Zips.withHidden(MODEL, new byte[] {1}), "holds data at byte ");
    assertRefused(Zips.concat(MODEL, MODEL), "not a whole zip");
  }

  @Test
  void anEntryThatTheDirectoryListsTwiceIsRefused() throws IOException {
    int directory = Zips.directory(MODEL);
    ByteBuffer zip = ByteBuffer.wrap(MODEL).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    int length = 46 + zip.getShort(directory + 28) + zip.getShort(directory + 30);
    byte[] twice =
        Zips.concat(
            Zips.part(MODEL, 0, directory + length), Zips.part(MODEL, directory, MODEL.length));
    ByteBuffer end = ByteBuffer.wrap(twice).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    int at = twice.length - 22;
    end.putShort(at + 8, (short) (end.getShort(at + 8) + 1));
    end.putShort(at + 10, (short) (end.getShort(at + 10) + 1));
    end.putInt(at + 12, end.getInt(at + 12) + length);
    assertRefused(twice, "holds data at byte ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"preprocessor.bin", "normalizer.bin", "../evil", "descry/", "x\ny"})
  void anEntryThatIsNotOnTheListIsRefused(String name) throws IOException {
    Map<String, byte[]> entries = Zips.entries(MODEL);
    entries.put(name, new byte[] {1, 2});
    assertRefused(Zips.sealed(entries), "which Descry never writes; expected only ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "configuration.json",
        "coefficients.bin",
        "descry/manifest.json",
        "descry/sha256.json"
      })
  void aMissingEntryIsNamed(String name) throws IOException {
    Map<String, byte[]> entries = Zips.entries(MODEL);
    entries.remove(name);
    byte[] zip = name.equals(ModelArchive.CHECKSUMS) ? Zips.zip(entries) : Zips.sealed(entries);
    assertRefused(zip, "has no " + name);
  }

  @Test
  void everyCutIsRefused() throws IOException {
    for (int length = 0; length < MODEL.length; length++) {
      assertRefused(Arrays.copyOf(MODEL, length), "not a whole zip");
    }
  }

  @Test
  void arraysOfOtherLengthsAreRefusedBeforeTheyAreUnpacked() throws IOException {
    byte[] bomb = new byte[100_000_000];
    assertRefused(
        Zips.with(MODEL, EntryList.COEFFICIENTS, bomb),
        "coefficients.bin has 100,000,000 bytes; expected the 137 values of FLOAT");
    assertRefused(
        Zips.with(MODEL, EntryList.UPDATER, bomb),
        "updaterState.bin has 100,000,000 bytes; expected the 274 values of FLOAT");
    byte[] coefficients = Zips.entries(MODEL).get(EntryList.COEFFICIENTS);
    assertRefused(
        Zips.with(MODEL, EntryList.COEFFICIENTS, Arrays.copyOf(coefficients, 600)),
        "expected the 137 values of FLOAT");
    assertRefused(
        Zips.with(
            MODEL, EntryList.COEFFICIENTS, Arrays.copyOf(coefficients, coefficients.length + 4)),
        "expected the 137 values of FLOAT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"configuration.json", "descry/manifest.json", "descry/sha256.json"})
  void hugeTextsAreRefusedBeforeTheyAreUnpacked(String name) throws IOException {
    Map<String, byte[]> entries = Zips.entries(MODEL);
    entries.put(name, new byte[50_000_000]);
    byte[] zip = name.equals(ModelArchive.CHECKSUMS) ? Zips.zip(entries) : Zips.sealed(entries);
    assertRefused(zip, name + " unpacks to 50,000,000 bytes; expected at most ");
  }

  @Test
  void arrayHeadersAreNotBelieved() throws IOException {
    byte[] coefficients = Zips.entries(MODEL).get(EntryList.COEFFICIENTS);
    for (int at = 0; at < coefficients.length - 137 * 4; at++) {
      byte[] changed = coefficients.clone();
      changed[at] ^= 0x7f;
      Path file =
          Files.write(dir.resolve("m.zip"), Zips.with(MODEL, EntryList.COEFFICIENTS, changed));
      try {
        // ND4J's element stride is not read: the values lie one behind another.
        assertThat(ModelArchive.read(file).network().numParams()).isEqualTo(137);
      } catch (DescryException e) {
        assertThat(e).hasMessageContaining("expected the 137 values of FLOAT");
      }
    }
  }

  /** A class that must not even be initialised. */
  static final class Gadget {
    static {
      Trap.sprung = true;
    }
  }

  static final class Trap {
    static boolean sprung;
  }

  private static byte[] network(UnaryOperator<String> edit) {
    return Zips.edited(MODEL, EntryList.CONFIGURATION, edit);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.descry.archive.HostileZipsTest$Gadget",
        "javax.swing.JEditorPane",
        "org.deeplearning4j.nn.conf.layers.DenseLayer",
        "org.descry.train.TrainingJob",
        "[Lorg.descry.layer.AffineLayer;"
      })
  void noOtherClassThanLayersAndTheirPartsIsMade(String className) throws IOException {
    for (String old :
        new String[] {
          "org.descry.layer.ConvReluLayer",
          "org.nd4j.linalg.learning.config.Adam",
          "org.deeplearning4j.nn.conf.graph.LayerVertex"
        }) {
      assertRefused(
          network(json -> json.replaceFirst(Pattern.quote(old), className.replace("$", "\\$"))),
          "names the class " + className + "; expected layers, vertices and their settings alone.");
    }
    assertThat(Trap.sprung).isFalse();
  }

  @Test
  void noClassIsMadeOfAListThatBeginsWithItsName() throws IOException {
    assertRefused(
        network(
            json ->
                json.replaceFirst(
                    "\"idropout\" : null",
                    "\"idropout\" : [\"org.descry.archive.HostileZipsTest\\$Gadget\", {}]")),
        "expected names in lists of names alone");
    assertThat(Trap.sprung).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"padding\" : [ 1, 1 ] | \"padding\" : [ 100000000, 100000000 ] | at most",
        "\"filters\" : 2 | \"filters\" : 2147483647 | has W of",
        "\"filters\" : 2 | \"filters\" : 99999999999999 | at most 2,147,483,647",
        "\"kernel\" : [ 3, 3 ] | \"kernel\" : [ 3 ] | restore",
        "\"kernel\" : [ 3, 3 ] | \"kernel\" : [ -3, -3 ] | restore",
        "\"stride\" : [ 1, 1 ] | \"stride\" : [ 0, 0 ] | restore",
        "\"nOut\" : 3 | \"nOut\" : 0 | restore",
        "\"W\" : [ 2, 2, 3, 3 ] | \"W\" : [ 2, 2, 9, 1 ] | has W of",
        "\"dataType\" : \"FLOAT\" | \"dataType\" : \"INT\" | expected FLOAT or DOUBLE",
        "\"dataType\" : \"FLOAT\" | \"dataType\" : \"DOUBLE\" | values of DOUBLE",
        "\"topologicalOrder\" : [ 0, 1, | \"topologicalOrder\" : [ 1, 0, 9, | order",
        "\"networkInputs\" : [ \"image\" ] | \"networkInputs\" : [ \"im\\\\nage\" ] | order",
        "\"networkOutputs\" : [ \"loss\" ] | \"networkOutputs\" : [ ] | expected names",
        "\"vertices\" : { | \"vertices\" : [], \"x\" : { | describes no network",
        "{ | [ | cannot be read",
      })
  void aConfigurationThatIsNoneOfItsOwnIsRefused(String old, String changed, String reason)
      throws IOException {
    assertRefused(network(json -> json.replaceFirst(Pattern.quote(old), changed)), reason);
  }

  @Test
  void keysThatStandTwiceAreRefused() throws IOException {
    assertRefused(
        network(json -> json.replaceFirst("\"filters\" : 2", "\"filters\" : 2, \"filters\" : 2")),
        "configuration.json cannot be read: ",
        "Duplicate");
    assertRefused(
        Zips.edited(
            MODEL, ModelArchive.MANIFEST, json -> json.replaceFirst("\\{", "{\"kind\": 1,")),
        "descry/manifest.json cannot be read: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"one\", | '' | has 2 labels; expected those of the network's answers",
        "\"one\" | \"one\", \"four\" | has 4 labels; expected those of the network's answers",
        "\"height\" : 4 | \"height\" : 5 | has no answer to images of",
        "\"height\" : 4 | \"height\" : 2000000000 | expected sides of 1 to",
        "\"height\" : 4 | \"height\" : -4 | expected sides of 1 to",
        "\"channels\" : 2 | \"channels\" : 3 | has the normalizer 2 channels; expected the 3",
        "0.5, | '' | cannot be read",
        "\"mean\" : [ 0.5, 0.25 ] | \"mean\" : [ 0.5, 1e999 ] | cannot be read",
        "\"output\" : \"probability\" | \"output\" : \"verdict\" | has the output verdict",
        "\"kind\" : \"classifier\" | \"kind\" : \"oracle\" | has the kind oracle",
        "\"kind\" : \"classifier\" | \"kind\" : \"captioner\" | has no ",
        "\"format\" : 1 | \"format\" : 2 | was written by a later version",
      })
  void aManifestThatDoesNotFitTheNetworkIsRefused(String old, String changed, String reason)
      throws IOException {
    assertRefused(
        Zips.edited(
            MODEL, ModelArchive.MANIFEST, json -> json.replaceFirst(Pattern.quote(old), changed)),
        reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"dog\" | \"dog\", \"cat\" | has no answer to",
        ", \"dog\" | '' | has 5 words; expected those of the network's answers",
        "\"<END>\" | \"dogs\" | must begin with",
        "\"features\" : 5 | \"features\" : 6 | has no answer to",
        "\"features\" : 5 | \"features\" : 2000000000 | at most",
        "\"steps\" : 3 | \"steps\" : 0 | has the steps 0; expected 1 to",
      })
  void aCaptionersManifestThatDoesNotFitIsRefused(String old, String changed, String reason)
      throws IOException {
    assertRefused(
        Zips.edited(
            CAPTIONER,
            ModelArchive.MANIFEST,
            json -> json.replaceFirst(Pattern.quote(old), changed)),
        reason);
  }

  @Test
  void parametersThatAreNoNumbersAreRefused() throws IOException {
    byte[] coefficients = Zips.entries(MODEL).get(EntryList.COEFFICIENTS);
    ByteBuffer.wrap(coefficients).putFloat(coefficients.length - 4, Float.NaN);
    assertRefused(
        Zips.with(MODEL, EntryList.COEFFICIENTS, coefficients),
        "1 of the network's 137 parameters are NaN or infinite");
  }

  @Test
  void digestsOfEntriesThatAreNotThereAreRefused() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>(Zips.entries(MODEL));
    String digests = new String(entries.get(ModelArchive.CHECKSUMS), UTF_8);
    entries.put(
        ModelArchive.CHECKSUMS,
        digests.replaceFirst("\\{", "{\"more.bin\": \"0\",").getBytes(UTF_8));
    assertRefused(Zips.zip(entries), "has no more.bin; expected what descry/sha256.json lists");
  }
}
