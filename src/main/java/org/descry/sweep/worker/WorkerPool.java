package org.descry.sweep.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.commons.io.FileUtils;
import org.descry.data.SharedData;
import org.descry.engine.Memory;
import org.descry.io.AtomicFiles;
import org.descry.io.IoErrors;
import org.descry.job.JobFile;
import org.descry.sweep.trial.Trial;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains in processes of their own, so that a crash costs no more than one training. A process is
 * kept for the next training; one that died is replaced, and its training begun again, so often.
 */
public final class WorkerPool implements TrialRunner {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);

  private static final long CLOSING_MILLIS = 500;

  /** Bytes of decoded data from which workers have them in common. */
  private static final long LARGE = 16L << 20;

  private final int workers;
  private final int threads;
  private final int retries;
  private final long large;
  private final TrialScores scores;
  private final BlockingQueue<WorkerProcess> idle = new LinkedBlockingQueue<>();
  private final Set<WorkerProcess> all = new HashSet<>();
  private Path shared;
  private boolean closed;

  /** With the usual size from which data are shared. */
  public WorkerPool(int workers, int threads, int retries, List<String> metrics) {
    this(workers, threads, retries, metrics, LARGE);
  }

  /**
   * @param workers most processes at the same time: as many as there are callers
   * @param threads of each
   * @param retries after a process died
   * @param metrics that trainings are judged by, the first first
   * @param large bytes of decoded data from which workers have them in common
   */
  public WorkerPool(int workers, int threads, int retries, List<String> metrics, long large) {
    this.workers = workers;
    this.threads = threads;
    this.retries = retries;
    this.large = large;
    scores = new TrialScores(metrics);
    Thread watch = new Thread(this::watchShares, "shares of workers");
    watch.setDaemon(true);
    watch.start();
  }

  @Override
  public Optional<Trial> run(TrialJob job, Watch watch) {
    long begun = System.nanoTime();
    Path jobFile = beside(job, ".yaml");
    Path log = beside(job, ".log");
    try {
      Files.createDirectories(jobFile.getParent());
      AtomicFiles.write(jobFile, JobFile.resolved(job.job()));
    } catch (IOException e) {
      throw IoErrors.unwritable(jobFile, e);
    }
    for (int attempt = 0; ; attempt++) {
      WorkerProcess worker = take();
      if (worker == null) {
        return Optional.empty();
      }
      try {
        Worker.Reply reply = worker.train(jobFile, job.until(), log, watch);
        giveBack(worker, reply.last());
        double seconds = Math.round((System.nanoTime() - begun) / 1e6) / 1e3;
        return Optional.of(
            reply.failure() == null
                ? scores.of(job, seconds, reply.paused())
                : job.failed(seconds, reply.failure()));
      } catch (IOException e) {
        giveBack(worker, true);
        if (isClosed()) {
          return Optional.empty();
        }
        LOG.debug("The worker of {} ended", jobFile, e);
        if (worker.wasGreedy()) {
          return Optional.of(
              job.failed(
                  (System.nanoTime() - begun) / 1e9,
                  "Out of memory: it took more than its share, %s MB; expected a smaller training.batchSize or model, or fewer workers."
                      .formatted(worker.shareInMegabytes())));
        }
        if (attempt == retries) {
          return Optional.of(
              job.died(
                  (System.nanoTime() - begun) / 1e9,
                  "The process that trained it ended (%s), %s; %s holds what it printed."
                      .formatted(e.getMessage(), times(attempt + 1), log)));
        }
      }
    }
  }

  @Override
  public synchronized void share(SharedData.Content data, Path file) {
    if (closed || data.bytes() < large) {
      return;
    }
    try {
      data.write(file);
      shared = file;
    } catch (IOException e) {
      LOG.warn(
          "The workers do not share their data, of {}: {} cannot be written ({}); each reads its"
              + " own.",
          Memory.words(data.bytes()),
          file,
          IoErrors.of(e));
    }
  }

  private static String times(int attempts) {
    return attempts == 1 ? "once" : attempts + " times";
  }

  private static Path beside(TrialJob job, String ending) {
    return job.folder().resolveSibling(job.folder().getFileName() + ending);
  }

  /** A process that waits for work, else a new one; null once closed. */
  private synchronized WorkerProcess take() {
    while (!closed) {
      WorkerProcess worker = idle.poll();
      if (worker == null) {
        worker = WorkerProcess.start(workers, threads, shared);
        all.add(worker);
      }
      if (worker.alive()) {
        return worker;
      }
      all.remove(worker);
    }
    return null;
  }

  private synchronized void giveBack(WorkerProcess worker, boolean spent) {
    if (spent) {
      worker.close();
      all.remove(worker);
    } else {
      idle.add(worker);
    }
  }

  /** Waits a little for it: Ctrl-C reaches the workers at the same time as this program. */
  private synchronized boolean isClosed() {
    try {
      if (!closed) {
        wait(CLOSING_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return closed;
  }

  private void watchShares() {
    try {
      while (!isClosed()) { // which waits a little
        running().forEach(WorkerProcess::requireShare);
      }
    } catch (RuntimeException e) {
      LOG.debug("Shares are no longer watched", e);
    }
  }

  private synchronized List<WorkerProcess> running() {
    return List.copyOf(all);
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
    all.forEach(WorkerProcess::close);
    if (shared != null) {
      FileUtils.deleteQuietly(shared.toFile());
    }
  }
}
