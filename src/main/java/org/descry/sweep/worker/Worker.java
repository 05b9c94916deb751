package org.descry.sweep.worker;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.descry.DescryException;
import org.descry.ExitCode;
import org.descry.io.Deserialization;
import org.descry.io.Json;
import org.descry.job.JobFile;
import org.descry.kind.Kinds;
import org.descry.train.Training;
import org.descry.train.Training.Start;
import org.descry.train.TrainingProgress;

/**
 * The process that trains: takes the path of a job file as a line on standard input, trains it, and
 * answers with a {@link Reply} as a line on standard output, for as long as there are jobs. It ends
 * with its input, at once even in the middle of a training, and so with the program that started
 * it.
 */
public final class Worker {
  private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

  private Worker() {}

  /**
   * How a training ended.
   *
   * @param failure in a sentence; null if it ended well
   * @param last whether the process ends now
   */
  record Reply(String failure, boolean last) {
    /** Tells a reply from whatever libraries may print. */
    static final String MARK = "@descry-reply ";
  }

  public static void main(String[] args) throws InterruptedException {
    Locale.setDefault(Locale.ROOT); // libraries ask for it
    Deserialization.refuseAll();
    new Worker().run();
  }

  private void run() throws InterruptedException {
    Thread reader = new Thread(this::read, "requests");
    reader.setDaemon(true);
    reader.start();
    try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
      while (true) {
        Reply reply = train(requests.take());
        out.write(("\n" + Reply.MARK + Json.line(reply) + "\n").getBytes(StandardCharsets.UTF_8));
        if (reply.last()) {
          Runtime.getRuntime().halt(ExitCode.MEMORY.number());
        }
      }
    } catch (IOException e) {
      Runtime.getRuntime().halt(1); // nobody listens
    }
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        requests.add(line);
      }
    } catch (IOException e) {
      // as good as the end
    }
    Runtime.getRuntime().halt(0);
  }

  private static Reply train(String jobFile) {
    try {
      Training.Options options = new Training.Options(Start.AUTO_OR_REPLACE, null, false);
      Training training =
          Kinds.training(JobFile.read(Path.of(jobFile)).job(), options, TrainingProgress.NONE);
      if (!training.finished()) {
        training.run();
      }
      return new Reply(null, false);
    } catch (OutOfMemoryError e) {
      return new Reply(
          "Out of memory (%s); expected a smaller training.batchSize or model, or fewer workers."
              .formatted(e.getMessage()),
          true);
    } catch (DescryException e) {
      return new Reply(e.getMessage(), false);
    } catch (RuntimeException e) {
      return new Reply("Unexpected failure: " + e, false);
    }
  }
}
