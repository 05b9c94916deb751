package org.descry.sweep.worker;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.descry.DescryException;
import org.descry.engine.Engine;
import org.descry.engine.Memory;
import org.descry.io.Json;
import org.descry.metrics.EpochMetrics;

/** A {@link Worker} seen from the program that started it. For one thread; any may close it. */
final class WorkerProcess implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long PATIENCE_SECONDS = 5;
  private static final long PAGE = 4096;

  /** Options of the program that are not for its workers: they have their own, or would clash. */
  private static final Pattern OWN =
      Pattern.compile(
          "-Xm[nsx]|-XX:(Max|Min|Initial)(RAM|HeapSize)|-XX:\\+Use\\w*GC|-XX:TieredStop|-agent|-javaagent"
              + "|-Dorg\\.bytedeco\\.javacpp\\.max|-Dcom\\.sun\\.management|-Xlog|-Xdebug|-Xrun");

  /** Where Java finds options beside the command line's: those that are inherited are on it. */
  private static final List<String> OPTIONS =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private final Process process;
  private final BufferedReader out;
  private final Writer in;
  private final long share;
  private volatile boolean greedy;

  /** The process ended before its training did. */
  static final class DiedException extends IOException {
    private static final long serialVersionUID = 1L;

    DiedException(int exitCode) {
      super(exitCode > 128 ? "signal " + (exitCode - 128) : "exit code " + exitCode);
    }
  }

  private WorkerProcess(Process process, long share) {
    this.process = process;
    this.share = share;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.in = process.outputWriter(StandardCharsets.UTF_8);
  }

  /**
   * Starts a process with its share of the machine.
   *
   * @param workers how many share the memory
   * @param threads of an operation
   * @param shared file with data that are decoded already; null for none
   */
  static WorkerProcess start(int workers, int threads, Path shared) {
    long share = Memory.machine() / workers;
    List<String> command = command(share);
    if (shared != null) {
      command.add(shared.toString());
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    settle(builder.environment(), threads);
    try {
      return new WorkerProcess(builder.redirectErrorStream(true).start(), share);
    } catch (IOException e) {
      throw new DescryException(
          "A worker cannot be started (%s); expected the Java of this program at %s."
              .formatted(e.getMessage(), builder.command().get(0)),
          e);
    }
  }

  /** Makes of this program's environment that of a worker. */
  static void settle(Map<String, String> environment, int threads) {
    environment.keySet().removeAll(OPTIONS);
    environment.put(Engine.THREADS_VARIABLE, Integer.toString(threads));
    environment.put("OMP_NUM_THREADS", Integer.toString(threads));
  }

  /** As the engine limits a process by itself (half of the memory for arrays), but shared. */
  private static List<String> command(long share) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(inherited(ManagementFactory.getRuntimeMXBean().getInputArguments()));
    command.addAll(
        List.of(
            "-Xmx" + Math.max(64, share / 4 >> 20) + "m",
            "-D" + Memory.ARRAYS + "=" + share / 2,
            "-D" + Memory.PROCESS + "=" + share / 10 * 9,
            // The threads of the collector and the optimising compiler would take cores from
            // others.
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Worker.class.getName()));
    return command;
  }

  /** Those of the program's options that its workers get too. */
  static List<String> inherited(List<String> options) {
    return options.stream().filter(option -> !OWN.matcher(option).lookingAt()).toList();
  }

  /**
   * Ends the process if it takes more than its share, where the system says how much it takes (as
   * Linux does): arrays that the engine does not count would otherwise cost other workers theirs.
   * Pages of files do not count, which are in memory once for all.
   */
  void requireShare() {
    try {
      String[] pages = Files.readString(Path.of("/proc/" + process.pid() + "/statm")).split(" ");
      if ((Long.parseLong(pages[1]) - Long.parseLong(pages[2])) * PAGE > share) {
        greedy = true;
        close();
      }
    } catch (IOException | NumberFormatException e) {
      // Not Linux, or it has ended.
    }
  }

  /** Whether it was ended because it took more than its share. */
  boolean wasGreedy() {
    return greedy;
  }

  /** Its part of the machine's memory, in MB. */
  long shareInMegabytes() {
    return share >> 20;
  }

  boolean alive() {
    return process.isAlive();
  }

  /**
   * Trains a job.
   *
   * @param until the epoch after which it pauses
   * @param log that gets whatever the process prints meanwhile
   * @param watch is told of each epoch
   * @return how it ended
   * @throws DiedException if the process ended before
   */
  Worker.Reply train(Path jobFile, int until, Path log, TrialRunner.Watch watch)
      throws IOException {
    try (BufferedWriter printed = Files.newBufferedWriter(log)) {
      if (!write(Json.line(new Worker.Request(jobFile.toString(), until)))) {
        throw new DiedException(exitCode());
      }
      watch.begin(() -> write(Worker.STOP + jobFile));
      for (String line = readLine(); line != null; line = readLine()) {
        if (line.startsWith(Worker.Reply.MARK)) {
          return JSON.readValue(line.substring(Worker.Reply.MARK.length()), Worker.Reply.class);
        }
        if (line.startsWith(Worker.EPOCH)) {
          watch.epoch(JSON.readValue(line.substring(Worker.EPOCH.length()), EpochMetrics.class));
        } else if (!line.isEmpty()) {
          printed.write(line + "\n");
        }
      }
    }
    throw new DiedException(exitCode());
  }

  /** False if the process has ended. */
  private synchronized boolean write(String line) {
    try {
      in.write(line + "\n");
      in.flush();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private String readLine() {
    try {
      return out.readLine();
    } catch (IOException e) {
      return null; // closed
    }
  }

  private int exitCode() {
    try {
      if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return process.destroyForcibly().isAlive() ? -1 : process.exitValue();
  }

  /** Ends the process at once. */
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
