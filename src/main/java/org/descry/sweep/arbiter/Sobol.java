package org.descry.sweep.arbiter;

import java.util.SplittableRandom;
import org.apache.commons.math3.random.SobolSequenceGenerator;
import org.descry.sweep.space.JobSpace;

/**
 * Points that fill the space evenly: Sobol's sequence, moved round by a shift from the seed
 * (Cranley and Patterson, "Randomization of Number Theoretic Methods for Multiple Integration",
 * SIAM J. Numer. Anal. 13, 1976).
 */
final class Sobol extends Proposer {
  private final double[] shift;
  private final SobolSequenceGenerator sequence;

  Sobol(JobSpace space, long seed) {
    super(space);
    shift = new SplittableRandom(seed).doubles(space.numParameters()).toArray();
    sequence = shift.length == 0 ? null : new SobolSequenceGenerator(shift.length);
  }

  @Override
  double[] propose() {
    double[] point = shift.length == 0 ? new double[0] : sequence.nextVector();
    for (int i = 0; i < point.length; i++) {
      point[i] = (point[i] + shift[i]) % 1;
    }
    return point;
  }
}
