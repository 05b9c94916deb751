package org.descry.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.descry.model.CaptioningRnn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stranger may have put into the JSON of a model zip is refused in a sentence. */
class HostileSettingsTest extends RefusedZips {
  private static final byte[] CAPTIONER =
      SmallModels.bytes(SmallModels.captioner((CaptioningRnn.Images) null));

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
        "org.descry.archive.HostileSettingsTest$Gadget",
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null | holds null; expected JSON that Descry wrote.",
        "{} | names no kind of model; expected one written by Descry.",
        "[] | cannot be read: ",
        "{\"kind\": \"classifier\", \"labels\": [\"a\"]} | has no output, image,",
      })
  void aManifestThatLacksWhatItsModelNeedsIsRefused(String manifest, String reason)
      throws IOException {
    assertRefused(
        Zips.edited(MODEL, ModelArchive.MANIFEST, json -> manifest),
        ModelArchive.MANIFEST + " " + reason);
  }
}
