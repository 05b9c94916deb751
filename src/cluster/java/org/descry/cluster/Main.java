package org.descry.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What spark-submit calls: {@code descry}, on the cluster that spark-submit names. */
public final class Main {
  private static final List<String> COMMANDS = List.of("train", "sweep", "predict", "caption");

  private Main() {}

  /** As {@code descry train ...} and so on, with {@code --cluster}. */
  public static void main(String[] args) {
    boolean shared = args.length > 0 && COMMANDS.contains(args[0]);
    Stream<String> cluster =
        shared ? Stream.of("--cluster", SparkSettings.SUBMITTED) : Stream.empty();
    org.descry.cli.Main.main(Stream.concat(Arrays.stream(args), cluster).toArray(String[]::new));
  }
}
