package org.descry.sweep.worker;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.descry.DescryException;
import org.descry.engine.Engine;
import org.descry.engine.Memory;
import org.descry.io.Json;
import org.descry.metrics.EpochMetrics;

/** A {@link Worker} seen from the program that started it. For one thread; any may close it. */
final class WorkerProcess implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long PATIENCE_SECONDS = 5;

  private final Process process;
  private final BufferedReader out;
  private final Writer in;

  /** The process ended before its training did. */
  static final class DiedException extends IOException {
    private static final long serialVersionUID = 1L;

    DiedException(int exitCode) {
      super(exitCode > 128 ? "signal " + (exitCode - 128) : "exit code " + exitCode);
    }
  }

  private WorkerProcess(Process process) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.in = process.outputWriter(StandardCharsets.UTF_8);
  }

  /**
   * Starts a process with its share of the machine.
   *
   * @param workers how many share the memory
   * @param threads of an operation
   */
  static WorkerProcess start(int workers, int threads) {
    ProcessBuilder builder = new ProcessBuilder(command(workers));
    builder.environment().put(Engine.THREADS_VARIABLE, Integer.toString(threads));
    builder.environment().put("OMP_NUM_THREADS", Integer.toString(threads));
    try {
      return new WorkerProcess(builder.redirectErrorStream(true).start());
    } catch (IOException e) {
      throw new DescryException(
          "A worker cannot be started (%s); expected the Java of this program at %s."
              .formatted(e.getMessage(), builder.command().get(0)),
          e);
    }
  }

  /** As the engine limits a process by itself (half of the memory for arrays), but shared. */
  private static List<String> command(int workers) {
    long share =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize()
            / workers;
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx" + Math.max(64, share / 4 >> 20) + "m",
        "-D" + Memory.ARRAYS + "=" + share / 2,
        "-D" + Memory.PROCESS + "=" + share / 10 * 9,
        // The threads of the collector and the optimising compiler would take cores from others.
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        Worker.class.getName());
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
