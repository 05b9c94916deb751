package org.descry.testing;

import static net.jqwik.api.Arbitraries.integers;

import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;

/**
 * Small random shapes for jqwik: {@code @ForAll KernelShapes.Conv shape} in any property draws one.
 * Every shape that is drawn is valid, with an output of at least 1 x 1.
 */
public final class KernelShapes implements ArbitraryProvider {
  private static final Map<Class<?>, Arbitrary<?>> SHAPES =
      Map.of(Affine.class, affine(), Conv.class, conv(), Pool.class, pool(), Rnn.class, rnn());

  /** x is n x d, w is d x m. */
  public record Affine(int n, int d, int m) {}

  /** x is n x c x h x w, the filters are f x c x hh x ww. */
  public record Conv(int n, int c, int h, int w, int f, int hh, int ww, int stride, int pad) {
    boolean valid() {
      return hh <= h + 2 * pad && ww <= w + 2 * pad;
    }

    /** Rows of the output. */
    public int outHeight() {
      return ReferenceConv2d.outputSize(h, hh, stride, pad);
    }

    /** Columns of the output. */
    public int outWidth() {
      return ReferenceConv2d.outputSize(w, ww, stride, pad);
    }
  }

  /** x is n x c x h x w, the window is height x width. */
  public record Pool(int n, int c, int h, int w, int height, int width, int stride) {
    /** Rows of the output. */
    public int outHeight() {
      return ReferenceConv2d.outputSize(h, height, stride, 0);
    }

    /** Columns of the output. */
    public int outWidth() {
      return ReferenceConv2d.outputSize(w, width, stride, 0);
    }
  }

  /** x is n x steps x d, the state is n x h. */
  public record Rnn(int n, int steps, int d, int h) {}

  @Override
  public boolean canProvideFor(TypeUsage type) {
    return SHAPES.containsKey(type.getRawType());
  }

  @Override
  public Set<Arbitrary<?>> provideFor(TypeUsage type, SubtypeProvider subtypes) {
    return Set.of(SHAPES.get(type.getRawType()));
  }

  private static Arbitrary<Affine> affine() {
    return Combinators.combine(upTo(6), upTo(9), upTo(7)).as(Affine::new);
  }

  private static Arbitrary<Conv> conv() {
    Arbitrary<Integer> side = integers().between(3, 12);
    Arbitrary<Integer> pad = integers().between(0, 2);
    return Combinators.combine(upTo(4), upTo(4), side, side, upTo(5), upTo(5), upTo(5))
        .as((n, c, h, w, f, hh, ww) -> new Conv(n, c, h, w, f, hh, ww, 1, 0))
        .flatMap(
            s ->
                Combinators.combine(upTo(3), pad)
                    .as((stride, p) -> new Conv(s.n, s.c, s.h, s.w, s.f, s.hh, s.ww, stride, p)))
        .filter(Conv::valid);
  }

  private static Arbitrary<Pool> pool() {
    Arbitrary<Integer> side = integers().between(3, 12);
    Arbitrary<Integer> window = upTo(3);
    return Combinators.combine(upTo(4), upTo(4), side, side, window, window, upTo(3)).as(Pool::new);
  }

  private static Arbitrary<Rnn> rnn() {
    return Combinators.combine(upTo(4), upTo(6), upTo(5), upTo(5)).as(Rnn::new);
  }

  private static Arbitrary<Integer> upTo(int largest) {
    return integers().between(1, largest);
  }
}
