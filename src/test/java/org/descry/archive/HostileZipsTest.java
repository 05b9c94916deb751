package org.descry.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.lang3.SerializationUtils;
import org.descry.DescryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stranger may have put into a model zip is refused in a sentence. */
class HostileZipsTest extends RefusedZips {

  @Test
  void theModelItselfIsRead() throws IOException {
    Path file = Files.write(dir.resolve("model.zip"), MODEL);
    assertThat(Zips.sealed(Zips.entries(MODEL))).isEqualTo(MODEL);
    assertThatCode(() -> ModelArchive.read(file)).doesNotThrowAnyException();
    assertThat(ModelArchive.readManifest(file).labels()).hasSize(3);
  }

  @Test
  void aLocalEntryBeforeTheArchiveIsRefused() throws IOException {
    byte[] front =
        Zips.concat(Zips.local("preprocessor.bin", SerializationUtils.serialize(7)), MODEL);
    assertRefused(front, "not a whole zip");
  }

  @Test
  void aLocalEntryInFrontOfTheOthersIsRefused() throws IOException {
    byte[] hidden = Zips.local("preprocessor.bin", SerializationUtils.serialize(7));
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

  @Test
  void whatIsNoZipIsRefused() throws IOException {
    assertRefused("not a zip".getBytes(UTF_8), "not a whole zip");
    assertRefused(dir.resolve("missing.zip"), "no such file; expected a model zip.");
    assertRefused(dir, "is a folder; expected a model zip.");
  }

  @Test
  void aFlippedBitIsFound() throws IOException {
    byte[] flipped = MODEL.clone();
    flipped[flipped.length / 2] ^= 0x10;
    assertRefused(flipped, "; expected ");
  }

  @Test
  void aZipOfPlainDl4jIsRefused() throws IOException {
    Path plain = dir.resolve("plain.zip");
    ModelArchive.read(Files.write(dir.resolve("model.zip"), MODEL)).network().save(plain.toFile());
    assertRefused(plain, "has no descry/sha256.json; expected a model zip written by Descry.");
  }

  @ParameterizedTest
  @CsvSource({"null, holds null", "{}, has no digest of "})
  void aZipThatListsNoDigestsIsRefused(String digests, String found) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>(Zips.entries(MODEL));
    entries.put(ModelArchive.CHECKSUMS, digests.getBytes(UTF_8));
    assertRefused(Zips.zip(entries), "descry/sha256.json " + found);
  }
}
