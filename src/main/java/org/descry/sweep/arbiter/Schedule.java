package org.descry.sweep.arbiter;

import java.util.OptionalInt;

/** Which candidates are trained on, and how far. Hears of outcomes in the order of the pieces. */
interface Schedule {
  /** Every candidate to its end. */
  Schedule WHOLE =
      new Schedule() {
        @Override
        public int until(int candidate) {
          return Piece.ALL;
        }

        @Override
        public OptionalInt promote(boolean last) {
          return OptionalInt.empty();
        }

        @Override
        public void tell(int candidate, Outcome outcome) {}
      };

  /** After which epoch the next piece of a candidate ends. */
  int until(int candidate);

  /**
   * A candidate that is to be trained on.
   *
   * @param last whether there is no other work left, nor any under way
   */
  OptionalInt promote(boolean last);

  void tell(int candidate, Outcome outcome);
}
