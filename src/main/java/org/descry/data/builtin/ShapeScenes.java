package org.descry.data.builtin;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.data.Seeds;
import org.descry.data.caption.CaptionData;
import org.descry.data.caption.CaptionSet;
import org.descry.data.caption.PixelInputs;
import org.descry.data.caption.Tokenizer;
import org.descry.data.caption.Vocabulary;
import org.descry.data.image.ChannelNormalizer;

/**
 * The built-in set {@code shape-captions}: images of {@link ShapeScene}s, 48 x 48 RGB on a dark,
 * lightly grained ground, with five captions each. The same seed gives the same bits everywhere,
 * and a scene does not depend on how many there are.
 *
 * <p>Neighbours in a row lie at least 14 pixels apart along it and at most 6 across it, so that no
 * relation is in doubt; no two figures of a scene agree in colour and shape.
 */
public final class ShapeScenes {
  /** Height and width of an image in pixels. */
  public static final int SIZE = 48;

  static final int TRAIN = 4000;
  static final int VALIDATION = 500;
  static final int TEST = 500;

  private static final int CHANNELS = 3;
  private static final int SAMPLES = 3; // per pixel and axis, for smooth edges
  private static final double SMALL_RADIUS = 4.2;
  private static final double BIG_RADIUS = 7.2;
  private static final int GROUND = 40;
  private static final int GRAIN = 6;
  // Centres along the row, by the number of figures, and how far a figure strays from its place.
  private static final int[][] CENTRES = {{24}, {14, 34}, {8, 24, 40}};
  private static final int[] STRAY_ALONG = {8, 3, 1};
  private static final int STRAY_ACROSS = 3;

  private static final Map<String, int[]> INK =
      Map.of(
          "red", new int[] {220, 40, 40},
          "green", new int[] {40, 180, 60},
          "blue", new int[] {50, 80, 230},
          "yellow", new int[] {235, 215, 50},
          "white", new int[] {240, 240, 240});
  private static final Map<String, Figure> FIGURES =
      Figure.ALL.stream().collect(Collectors.toMap(Figure.Named::name, Figure.Named::figure));

  /**
   * The generated set and the scenes behind its images, in the same order.
   *
   * @param data images and captions
   * @param train scenes of the training images
   * @param validation scenes of the validation images
   * @param test scenes of the test images
   */
  public record Generated(
      CaptionData data,
      List<ShapeScene> train,
      List<ShapeScene> validation,
      List<ShapeScene> test) {}

  private record Painted(ShapeScene scene, byte[] pixels) {}

  private ShapeScenes() {}

  /** Generates the set in its standard size. */
  public static Generated generate(long seed) {
    return generate(seed, TRAIN, VALIDATION, TEST);
  }

  /**
   * Generates the set.
   *
   * @throws DescryException if a count is negative or there are no training images
   */
  public static Generated generate(long seed, int train, int validation, int test) {
    if (train < 1 || validation < 0 || test < 0) {
      throw new UsageException(
          "shape-captions needs at least one training image and no negative counts, got: %s, %s, %s"
              .formatted(train, validation, test));
    }
    List<List<Painted>> parts =
        List.of(part(seed, 0, train), part(seed, 1, validation), part(seed, 2, test));
    byte[][] learnt = parts.get(0).stream().map(Painted::pixels).toArray(byte[][]::new);
    ChannelNormalizer normalizer = PixelInputs.fitted(learnt, CHANNELS, SIZE, SIZE).normalizer();
    Stream<List<String>> sentences =
        parts.get(0).stream().flatMap(p -> p.scene().captions().stream()).map(Tokenizer::tokenize);
    Vocabulary vocabulary = Vocabulary.of(sentences::iterator, 1);
    Function<List<Painted>, CaptionSet> set = part -> captionSet(part, normalizer, vocabulary);
    CaptionData data =
        new CaptionData(set.apply(parts.get(0)), set.apply(parts.get(1)), set.apply(parts.get(2)));
    return new Generated(data, scenes(parts.get(0)), scenes(parts.get(1)), scenes(parts.get(2)));
  }

  private static List<ShapeScene> scenes(List<Painted> part) {
    return part.stream().map(Painted::scene).toList();
  }

  private static CaptionSet captionSet(
      List<Painted> part, ChannelNormalizer normalizer, Vocabulary vocabulary) {
    byte[][] pixels = part.stream().map(Painted::pixels).toArray(byte[][]::new);
    return new CaptionSet(
        IntStream.range(0, part.size())
            .mapToObj(i -> String.format(Locale.ROOT, "scene-%05d", i))
            .toList(),
        new PixelInputs(pixels, CHANNELS, SIZE, SIZE, normalizer),
        part.stream().map(p -> p.scene().captions()).toList(),
        vocabulary,
        Integer.MAX_VALUE);
  }

  private static List<Painted> part(long seed, int part, int count) {
    return IntStream.range(0, count)
        .parallel()
        .mapToObj(i -> paint(Seeds.random(seed, part, i)))
        .toList();
  }

  private static Painted paint(SplittableRandom random) {
    ShapeScene scene = scene(random);
    byte[] canvas = new byte[SIZE * SIZE * CHANNELS];
    for (int i = 0; i < canvas.length; i++) {
      canvas[i] = (byte) (GROUND + random.nextInt(-GRAIN, GRAIN + 1));
    }
    int kind = scene.items().size() - 1;
    for (int i = 0; i <= kind; i++) {
      int along = CENTRES[kind][i] + stray(random, STRAY_ALONG[kind]);
      int across = SIZE / 2 + stray(random, kind == 0 ? STRAY_ALONG[0] : STRAY_ACROSS);
      ShapeScene.Item item = scene.items().get(i);
      draw(canvas, item, scene.vertical() ? across : along, scene.vertical() ? along : across);
    }
    return new Painted(scene, canvas);
  }

  private static int stray(SplittableRandom random, int most) {
    return random.nextInt(-most, most + 1);
  }

  private static ShapeScene scene(SplittableRandom random) {
    // A fifth of the scenes has one figure, the rest two or three.
    int draw = random.nextInt(5);
    int count = draw == 0 ? 1 : draw < 3 ? 2 : 3;
    List<ShapeScene.Item> items = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    while (items.size() < count) {
      String colour = ShapeScene.COLOURS.get(random.nextInt(ShapeScene.COLOURS.size()));
      String shape = ShapeScene.SHAPES.get(random.nextInt(ShapeScene.SHAPES.size()));
      if (taken.add(colour + shape)) {
        items.add(new ShapeScene.Item(random.nextBoolean(), colour, shape));
      }
    }
    return new ShapeScene(items, random.nextBoolean());
  }

  private static void draw(byte[] canvas, ShapeScene.Item item, int centreX, int centreY) {
    Figure figure = FIGURES.get(item.shape());
    int[] ink = INK.get(item.colour());
    double radius = item.big() ? BIG_RADIUS : SMALL_RADIUS;
    int reach = (int) Math.ceil(radius);
    for (int y = centreY - reach; y <= centreY + reach; y++) {
      for (int x = centreX - reach; x <= centreX + reach; x++) {
        double cover = cover(figure, x - centreX, y - centreY, radius);
        if (cover > 0 && x >= 0 && x < SIZE && y >= 0 && y < SIZE) {
          int at = (y * SIZE + x) * CHANNELS;
          for (int c = 0; c < CHANNELS; c++) {
            int ground = canvas[at + c] & 0xff;
            canvas[at + c] = (byte) Math.round(ground + cover * (ink[c] - ground));
          }
        }
      }
    }
  }

  /** The part of the pixel at (x, y) from the figure's centre that the figure covers, 0 to 1. */
  private static double cover(Figure figure, int x, int y, double radius) {
    int inside = 0;
    for (int i = 0; i < SAMPLES * SAMPLES; i++) {
      double dx = (i % SAMPLES + 0.5) / SAMPLES - 0.5;
      double dy = (i / SAMPLES + 0.5) / SAMPLES - 0.5;
      if (figure.contains((x + dx) / radius, (y + dy) / radius)) {
        inside++;
      }
    }
    return (double) inside / (SAMPLES * SAMPLES);
  }
}
