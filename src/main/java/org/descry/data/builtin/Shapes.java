package org.descry.data.builtin;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.descry.data.Seeds;
import org.descry.data.image.ImageSet;
import org.descry.data.image.ImageSplits;

/**
 * The built-in set: one coloured figure of ten kinds on a textured background, 32 x 32 RGB, drawn
 * at random in colour, place, size, turn, texture and noise. Everything comes from the seed, in
 * arithmetic that gives the same bytes on every machine.
 *
 * <p>Figure and background swap light and dark from image to image, and figures move about, so that
 * a linear model of the pixels has little to hold on to.
 */
public final class Shapes {
  static final int TRAIN = 8000;
  static final int VALIDATION = 1000;
  static final int TEST = 1000;

  private static final int SIZE = 32;
  private static final int SAMPLES = 4; // per pixel and axis, for smooth edges
  private static final int CHANNELS = 3;
  private static final double MIN_RADIUS = 7;
  private static final double MAX_RADIUS = 12;
  private static final double MAX_TURN = StrictMath.toRadians(30);
  private static final double MIN_CONTRAST = 70; // mean difference of the channels, of 255
  private static final double MAX_NOISE = 22;
  private static final double MAX_TEXTURE = 28;

  private Shapes() {}

  /** The set in its usual sizes. */
  public static ImageSplits generate(long seed) {
    return generate(seed, TRAIN, VALIDATION, TEST);
  }

  /** Parts of the given sizes, independent of one another; classes take turns in each. */
  public static ImageSplits generate(long seed, int train, int validation, int test) {
    return new ImageSplits(part(seed, 0, train), part(seed, 1, validation), part(seed, 2, test));
  }

  /** The classes, indexed by label. */
  public static List<String> labelNames() {
    return Figure.ALL.stream().map(Figure.Named::name).toList();
  }

  private static ImageSet part(long seed, int part, int count) {
    byte[][] images = new byte[count][];
    int[] labels = new int[count];
    IntStream.range(0, count)
        .parallel()
        .forEach(
            i -> {
              labels[i] = i % Figure.ALL.size();
              Figure figure = Figure.ALL.get(labels[i]).figure();
              images[i] = new Painter(Seeds.random(seed, part, i)).paint(figure);
            });
    return new ImageSet(SIZE, SIZE, CHANNELS, labelNames(), images, labels);
  }

  /** Draws one image from one random stream. */
  private static final class Painter {
    private final SplittableRandom random;
    private final double[] canvas = new double[SIZE * SIZE * CHANNELS];

    Painter(SplittableRandom random) {
      this.random = random;
    }

    byte[] paint(Figure figure) {
      double[] ground = colour();
      double[] ink = colour();
      while (contrast(ground, ink) < MIN_CONTRAST) {
        ink = colour();
      }
      paintTexture(ground);
      paintFigure(figure, ink);
      return withNoise(between(4, MAX_NOISE));
    }

    private double[] colour() {
      return new double[] {between(20, 235), between(20, 235), between(20, 235)};
    }

    private static double contrast(double[] a, double[] b) {
      double sum = 0;
      for (int c = 0; c < CHANNELS; c++) {
        sum += Math.abs(a[c] - b[c]);
      }
      return sum / CHANNELS;
    }

    /** Waves, a chequerboard or blobs of light and dark around the ground colour. */
    private void paintTexture(double[] ground) {
      int kind = (int) between(0, 3);
      double strength = between(6, MAX_TEXTURE);
      double angle = between(0, Math.PI);
      double period = between(4, 12);
      double across = StrictMath.cos(angle) / period;
      double along = StrictMath.sin(angle) / period;
      double phase = between(0, 1);
      double[] lattice = new double[81];
      for (int i = 0; i < lattice.length; i++) {
        lattice[i] = between(-1, 1);
      }
      for (int y = 0, out = 0; y < SIZE; y++) {
        for (int x = 0; x < SIZE; x++) {
          double u = x * across + y * along + phase;
          double v = y * across - x * along + phase;
          double light =
              switch (kind) {
                case 0 -> triangleWave(u);
                case 1 -> Math.signum(triangleWave(u)) * Math.signum(triangleWave(v));
                default -> valueNoise(lattice, x / 4.0, y / 4.0);
              };
          for (int c = 0; c < CHANNELS; c++) {
            canvas[out++] = ground[c] + strength * light;
          }
        }
      }
    }

    private static double triangleWave(double t) {
      return 4 * Math.abs(t - Math.floor(t) - 0.5) - 1;
    }

    /** Bilinear interpolation of a 9 x 9 lattice. */
    private static double valueNoise(double[] lattice, double x, double y) {
      int column = (int) x;
      int row = (int) y;
      double fx = x - column;
      double fy = y - row;
      int at = row * 9 + column;
      double top = lattice[at] * (1 - fx) + lattice[at + 1] * fx;
      double bottom = lattice[at + 9] * (1 - fx) + lattice[at + 10] * fx;
      return top * (1 - fy) + bottom * fy;
    }

    private void paintFigure(Figure figure, double[] ink) {
      double radius = between(MIN_RADIUS, MAX_RADIUS);
      double centreX = between(radius, SIZE - radius);
      double centreY = between(radius, SIZE - radius);
      double turn = between(-MAX_TURN, MAX_TURN);
      double cos = StrictMath.cos(turn) / radius;
      double sin = StrictMath.sin(turn) / radius;
      double shade = between(-20, 20); // from the figure's top to its bottom
      for (int y = 0; y < SIZE; y++) {
        for (int x = 0; x < SIZE; x++) {
          int hits = 0;
          for (int s = 0; s < SAMPLES * SAMPLES; s++) {
            double dx = x + (s % SAMPLES + 0.5) / SAMPLES - centreX;
            double dy = y + (Math.floorDiv(s, SAMPLES) + 0.5) / SAMPLES - centreY;
            hits += figure.contains(cos * dx + sin * dy, cos * dy - sin * dx) ? 1 : 0;
          }
          double cover = hits / (double) (SAMPLES * SAMPLES);
          double light = shade * (y - centreY) / radius;
          for (int c = 0; c < CHANNELS; c++) {
            int at = (y * SIZE + x) * CHANNELS + c;
            canvas[at] += cover * (ink[c] + light - canvas[at]);
          }
        }
      }
    }

    private byte[] withNoise(double strength) {
      byte[] pixels = new byte[canvas.length];
      for (int i = 0; i < pixels.length; i++) {
        double noise = strength * (between(-1, 1) + between(-1, 1));
        pixels[i] = (byte) Math.max(0, Math.min(255, Math.floor(canvas[i] + noise + 0.5)));
      }
      return pixels;
    }

    /** Spelt out, because {@code nextDouble(a, b)} is not promised to stay the same. */
    private double between(double low, double high) {
      return low + (high - low) * random.nextDouble();
    }
  }
}
