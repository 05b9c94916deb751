package org.descry.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.descry.DescryException;
import org.descry.layer.ConvReluPoolLayer;
import org.descry.model.CaptioningRnn;

/**
 * Model zips with faults: a damaged one is refused in a sentence or answers as before, bit by bit;
 * one whose digests were made anew is refused or is a model like any other.
 */
class ModelZipFuzzTest {
  private static final List<byte[]> MODELS =
      List.of(
          SmallModels.bytes(
              SmallModels.classifier(new ConvReluPoolLayer.Builder().filters(2).build())),
          SmallModels.bytes(SmallModels.captioner((CaptioningRnn.Images) null)),
          SmallModels.bytes(SmallModels.all().get("TiedRnnVertex")));
  private static final int[] EXTREMES = {
    0, 1, -1, 8, 0xffff, 1 << 16, Integer.MAX_VALUE, Integer.MIN_VALUE
  };
  private static final Pattern TOKEN =
      Pattern.compile("-?\\d+(\\.\\d+)?(E-?\\d+)?|true|false|null|\"[^\"]*\"");
  private static final List<String> TOKENS =
      List.of(
          "0",
          "-1",
          "1",
          "2",
          "3",
          "7",
          "64",
          "1000000",
          "2147483647",
          "-2147483648",
          "1e308",
          "99999999999999999999",
          "NaN",
          "null",
          "true",
          "\"\"",
          "\"x\"",
          "[]",
          "{}",
          "[1]");
  private static final int SECONDS = 10;

  private static Path file;
  private static ExecutorService reader;

  @BeforeContainer
  static void open() throws IOException {
    file = Files.createTempFile("descry", ".zip");
    reader = Executors.newSingleThreadExecutor();
  }

  @AfterContainer
  static void close() throws IOException {
    reader.shutdown();
    Files.delete(file);
  }

  @Example
  void wholeModelsAnswer() throws Exception {
    for (byte[] model : MODELS) {
      assertThat(answer(model)).isNotEmpty();
    }
  }

  @Property(tries = 600, seed = "23", shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void damage(@ForAll long seed) throws Exception {
    damaged(seed);
  }

  @Property(tries = 300, seed = "23", shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void forgery(@ForAll long seed) throws Exception {
    forged(seed);
  }

  @Property(
      tries = 6000,
      seed = "23",
      shrinking = ShrinkingMode.OFF,
      edgeCases = EdgeCasesMode.NONE)
  @Tag("slow")
  void muchDamage(@ForAll long seed) throws Exception {
    damaged(seed);
  }

  @Property(
      tries = 4000,
      seed = "23",
      shrinking = ShrinkingMode.OFF,
      edgeCases = EdgeCasesMode.NONE)
  @Tag("slow")
  void muchForgery(@ForAll long seed) throws Exception {
    forged(seed);
  }

  private static void damaged(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] model = MODELS.get(random.nextInt(MODELS.size()));
    byte[] changed = model;
    for (int faults = 1 + random.nextInt(3); faults > 0; faults--) {
      changed = damage(changed, random);
    }
    float[] answer = answer(changed);
    if (answer != null) {
      assertThat(answer).containsExactly(answer(model));
    }
  }

  /** The answers of a zip whose digests are right whatever was done to its entries. */
  private static void forged(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] model = MODELS.get(random.nextInt(MODELS.size()));
    Map<String, byte[]> entries = new LinkedHashMap<>(Zips.entries(model));
    for (int faults = 1 + random.nextInt(2); faults > 0; faults--) {
      forge(entries, random);
    }
    answer(Zips.sealed(entries));
  }

  private static byte[] damage(byte[] zip, SplittableRandom random) {
    if (zip.length == 0) {
      return zip;
    }
    int at = random.nextInt(zip.length);
    int directory =
        Math.max(0, Math.min(zip.length - 1, zip.length < 22 ? 0 : Zips.directory(zip)));
    byte[] copy = zip.clone();
    switch (random.nextInt(11)) {
      case 0 -> copy[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> copy[at] = (byte) random.nextInt();
      case 2 -> number(copy, at, random);
      case 3 -> number(copy, random.nextInt(directory, zip.length), random);
      case 4 -> number(copy, random.nextInt(Math.min(30, zip.length)), random);
      case 5 -> copy = Arrays.copyOf(zip, at);
      case 6 -> {
        byte[] more = new byte[1 + random.nextInt(64)];
        random.nextBytes(more);
        copy = Zips.concat(Zips.part(zip, 0, at), more, Zips.part(zip, at, zip.length));
      }
      case 7 -> {
        int to = Math.min(zip.length, at + 1 + random.nextInt(64));
        copy = Zips.concat(Zips.part(zip, 0, at), Zips.part(zip, to, zip.length));
      }
      case 8 -> {
        byte[] content = new byte[random.nextInt(600)];
        random.nextBytes(content);
        byte[] entry = Zips.local(name(random), content);
        copy = directory == 0 || directory > zip.length - 22 ? zip : Zips.withHidden(zip, entry);
      }
      case 9 -> copy = Zips.concat(Zips.local(name(random), new byte[9]), zip);
      default -> {
        int to = Math.min(zip.length, at + random.nextInt(64));
        int other = random.nextInt(zip.length);
        System.arraycopy(zip, at, copy, other, Math.min(to - at, zip.length - other));
      }
    }
    return copy;
  }

  private static String name(SplittableRandom random) {
    return List.of(
            EntryList.COEFFICIENTS,
            EntryList.CONFIGURATION,
            ModelArchive.MANIFEST,
            "preprocessor.bin",
            "x")
        .get(random.nextInt(5));
  }

  private static void number(byte[] zip, int at, SplittableRandom random) {
    ByteBuffer buffer = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int value = EXTREMES[random.nextInt(EXTREMES.length)];
    if (random.nextBoolean() && at + 4 <= zip.length) {
      buffer.putInt(at, value);
    } else if (at + 2 <= zip.length) {
      buffer.putShort(at, (short) value);
    }
  }

  private static void forge(Map<String, byte[]> entries, SplittableRandom random) {
    List<String> names = new ArrayList<>(entries.keySet());
    names.remove(ModelArchive.CHECKSUMS);
    String name = names.get(random.nextInt(names.size()));
    byte[] content = entries.get(name);
    String other = names.get(random.nextInt(names.size()));
    switch (random.nextInt(7)) {
      case 0 -> entries.put(name, bits(content, random));
      case 1 -> entries.put(name, Arrays.copyOf(content, random.nextInt(2 * content.length + 1)));
      case 2 -> {
        entries.put(name, entries.get(other));
        entries.put(other, content);
      }
      case 3 -> entries.remove(name);
      case 4 -> entries.put(name(random) + (random.nextBoolean() ? "" : "2"), content);
      default -> {
        String json = random.nextInt(3) == 0 ? ModelArchive.MANIFEST : EntryList.CONFIGURATION;
        if (entries.containsKey(json)) {
          entries.put(json, token(entries.get(json), random));
        }
      }
    }
  }

  private static byte[] bits(byte[] content, SplittableRandom random) {
    byte[] copy = content.clone();
    for (int n = random.nextInt(4); n >= 0 && copy.length > 0; n--) {
      copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return copy;
  }

  /** Replaces a number, a text or the like by another, or by one from elsewhere in the text. */
  private static byte[] token(byte[] content, SplittableRandom random) {
    String text = new String(content, StandardCharsets.UTF_8);
    List<MatchResult> tokens = TOKEN.matcher(text).results().toList();
    if (tokens.isEmpty()) {
      return content;
    }
    MatchResult token = tokens.get(random.nextInt(tokens.size()));
    String other =
        random.nextInt(3) == 0
            ? tokens.get(random.nextInt(tokens.size())).group()
            : TOKENS.get(random.nextInt(TOKENS.size()));
    return (text.substring(0, token.start()) + other + text.substring(token.end()))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** What the zip's model answers, or null where it is refused in a sentence. */
  private static float[] answer(byte[] zip) throws Exception {
    Files.write(file, zip);
    try {
      return reader
          .submit(() -> SmallModels.answer(ModelArchive.read(file)))
          .get(SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return fail("reading took more than %d s".formatted(SECONDS), e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DescryException refused) {
        assertThat(refused.getMessage()).contains(file.toString()).doesNotContain("\n");
        return null;
      }
      throw e;
    }
  }
}
