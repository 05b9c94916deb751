package org.descry.kernel;

import org.descry.engine.NativeOp;

/** The recurrent cells that a {@link StackedRnn} can be made of. */
public enum RnnCell {
  /** The tanh cell of {@link VanillaRnn}, whose state is h. */
  VANILLA(1, 1) {
    @Override
    Recurrence recurrence(boolean reversed, int truncation, StepInput joining) {
      return new VanillaRecurrence(new VanillaRnn(reversed, truncation, joining, true));
    }

    @Override
    public CellStep step() {
      NativeOp advance = new NativeOp("matmul", 0, 0, 0).then("add").then("tanh");
      return (a, wH, before, after) -> advance.in(before[0], wH, a).out(after[0]).run();
    }
  },

  /** The same without tanh, whose state is h: {@code h[t] = x[t] Wx + h[t-1] Wh + b}. */
  LINEAR(1, 1) {
    @Override
    Recurrence recurrence(boolean reversed, int truncation, StepInput joining) {
      return new VanillaRecurrence(new VanillaRnn(reversed, truncation, joining, false));
    }

    @Override
    public CellStep step() {
      NativeOp advance = new NativeOp("matmul", 0, 0, 0).then("add");
      return (a, wH, before, after) -> advance.in(before[0], wH, a).out(after[0]).run();
    }
  },

  /** The cell of {@link Lstm}, with gates in the order i, f, o, g, whose state is h and c. */
  LSTM(4, 2) {
    @Override
    Recurrence recurrence(boolean reversed, int truncation, StepInput joining) {
      return new LstmRecurrence(new Lstm(reversed, truncation, joining));
    }

    @Override
    public CellStep step() {
      return new LstmCellStep();
    }
  },

  /**
   * The gated recurrent unit with gates in the order r, z, n and the reset behind the product, as
   * PyTorch has it but for its second bias of n; its state is h.
   */
  GRU(3, 1) {
    @Override
    Recurrence recurrence(boolean reversed, int truncation, StepInput joining) {
      return new Gru(reversed, truncation, joining);
    }

    @Override
    public CellStep step() {
      return new GruCellStep();
    }
  };

  private final int gates;
  private final int states;

  RnnCell(int gates, int states) {
    this.gates = gates;
    this.states = states;
  }

  /** G, the number of blocks of H columns in the parameters: Wx is D x (G H), Wh is H x (G H). */
  public int gates() {
    return gates;
  }

  /** S, the number of arrays N x H in the state, of which the first is the output. */
  public int states() {
    return states;
  }

  /**
   * New scratch for whole sequences.
   *
   * @param joining what joins the input step by step, or null
   */
  abstract Recurrence recurrence(boolean reversed, int truncation, StepInput joining);

  /** New scratch for one step after another, without a way back. */
  public abstract CellStep step();
}
