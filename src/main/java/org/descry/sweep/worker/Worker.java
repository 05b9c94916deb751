package org.descry.sweep.worker;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.descry.DescryException;
import org.descry.ExitCode;
import org.descry.data.SharedData;
import org.descry.io.Deserialization;
import org.descry.io.Json;
import org.descry.io.Logging;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.kind.Kinds;
import org.descry.metrics.EpochMetrics;
import org.descry.train.Training;
import org.descry.train.Training.Start;
import org.descry.train.TrainingProgress;
import org.descry.train.TrainingStoppedException;

/**
 * The process that trains: takes a {@link Request} as a line on standard input, trains its job, and
 * answers with a line for each epoch and a {@link Reply} on standard output, for as long as there
 * are jobs. A line with {@link #STOP} and a job ends its training after a step. The process ends
 * with its input, at once even in the middle of a training, and so with the program that started
 * it.
 */
public final class Worker {
  /** Asks for the end of a job's training. */
  static final String STOP = "stop ";

  /** Tells an epoch from whatever libraries may print. */
  static final String EPOCH = "@descry-epoch ";

  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private final OutputStream out = new FileOutputStream(FileDescriptor.out);
  private final Set<String> stopped = new HashSet<>();
  private final Kinds.Trainings trainings;
  private String job;
  private Training training;

  private Worker(SharedData shared) {
    trainings = Kinds.inARow(shared);
  }

  /**
   * What is to be trained.
   *
   * @param job its file
   * @param until the epoch after which it pauses
   */
  record Request(String job, int until) {}

  /**
   * How a training ended.
   *
   * @param failure in a sentence; null if it ended well
   * @param last whether the process ends now
   * @param paused whether it was stopped before its end
   */
  record Reply(String failure, boolean last, boolean paused) {
    Reply(String failure, boolean last) {
      this(failure, last, false);
    }

    /** Tells a reply from whatever libraries may print. */
    static final String MARK = "@descry-reply ";
  }

  /**
   * @param args a file with data that are decoded already, if there is one
   */
  public static void main(String[] args) throws InterruptedException {
    Logging.start();
    Locale.setDefault(Locale.ROOT); // libraries ask for it
    Deserialization.refuseAll();
    new Worker(args.length == 0 ? SharedData.none() : SharedData.in(Path.of(args[0]))).run();
  }

  private void run() throws InterruptedException {
    Thread reader = new Thread(this::read, "requests");
    reader.setDaemon(true);
    reader.start();
    while (true) {
      Reply reply = train(requests.take());
      begin(null, null);
      say(Reply.MARK, reply);
      if (reply.last()) {
        Runtime.getRuntime().halt(ExitCode.MEMORY.number());
      }
    }
  }

  private void say(String mark, Object what) {
    try {
      out.write(("\n" + mark + Json.line(what) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      Runtime.getRuntime().halt(1); // nobody listens
    }
  }

  private synchronized void begin(String newJob, Training newTraining) {
    job = newJob;
    training = newTraining;
    if (stopped.contains(job)) {
      training.stop();
    }
    stopped.clear();
  }

  /** May come before the training is there, and after it is over. */
  private synchronized void stop(String which) {
    if (which.equals(job)) {
      training.stop();
    } else {
      stopped.add(which);
    }
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith(STOP)) {
          stop(line.substring(STOP.length()));
        } else {
          requests.add(Json.MAPPER.readValue(line, Request.class));
        }
      }
    } catch (IOException e) {
      // as good as the end
    }
    Runtime.getRuntime().halt(0);
  }

  private Reply train(Request request) {
    TrainingProgress progress =
        new TrainingProgress() {
          /** It may have been killed after the last epoch, before it could say that it pauses. */
          @Override
          public void goesOn(int epoch, int step) {
            if (epoch > request.until()) {
              stop(request.job());
            }
          }

          @Override
          public void epoch(EpochMetrics metrics, boolean best) {
            if (metrics.epoch() >= request.until()) {
              stop(request.job());
            }
            say(EPOCH, metrics);
          }
        };
    try {
      Training.Options options = new Training.Options(Start.AUTO_OR_REPLACE, null, false);
      Job its = JobFile.read(Path.of(request.job())).job();
      Training now = trainings.training(its, options, progress);
      begin(request.job(), now);
      if (!now.finished()) {
        now.run();
      }
      return new Reply(null, false);
    } catch (TrainingStoppedException e) {
      return new Reply(null, false, true);
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
