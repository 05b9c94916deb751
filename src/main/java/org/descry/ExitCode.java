package org.descry;

/** What the command line answers the program that called it; scripts and schedulers go by it. */
public enum ExitCode {
  /** Everything asked for is done; a training that its {@code maxTime} ended too. */
  DONE(0),
  /** A failure of no kind below. */
  FAILURE(1),
  /** The command line, the job file or the sweep file asks for what cannot be. */
  USAGE(2),
  /** A data set, an image, a text or a model cannot be read, is damaged or does not fit. */
  DATA(3),
  /** A file or folder cannot be written. */
  DISK(4),
  /** Not enough memory. */
  MEMORY(5),
  /** The loss is no longer finite, or has exploded. */
  DIVERGED(6),
  /**
   * Interrupted, with {@code --exit-resumable}: {@code --resume} goes on. As sysexits' TEMPFAIL.
   */
  RESUMABLE(75),
  /** Ended since its terminal was closed: 128 and the signal's number, as shells report it. */
  HANGUP(129),
  /** Interrupted by Ctrl-C: 128 and the signal's number, as shells report it. */
  INTERRUPTED(130),
  /** Ended by a polite kill, likewise. */
  TERMINATED(143);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
