package org.descry.kind.bulk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.descry.DescryException;
import org.descry.data.image.ImagePart;
import org.descry.io.IoErrors;
import org.descry.io.NameLock;
import org.descry.kind.ImageAnswers;

/**
 * Answers about all images of a folder or pack, in a folder of files: {@code part-00000.jsonl}, or
 * another format, for each part of the images, with a row for each image in their order; images
 * that cannot be used stand in {@code part-00000.bad.jsonl} in its place. A part's file is there
 * whole or not at all, so that a run that is killed goes on where it was when it is begun again,
 * with no line twice or missing. Every processor works on a part of its own, and reads the next
 * images meanwhile.
 */
public final class BulkAnswers {
  private static final int PART_SIZE = 500;

  private final Path model;
  private final ImageAnswers answers;
  private final Path input;
  private final AnswerFolder folder;
  private final AnswerFormat format;
  private final int threads;
  private final int partSize;
  private List<ImagePart> parts;
  private volatile boolean stopped;

  /**
   * What there is in the end.
   *
   * @param images that were answered
   * @param bad records that have no answer
   * @param parts files of answers
   * @param seconds of this run
   * @param imagesPerSecond of this run, bad ones too
   */
  public record Summary(int images, int bad, int parts, double seconds, double imagesPerSecond) {}

  /**
   * @param model the zip that the answers are its
   * @param format of the files of answers
   */
  public BulkAnswers(
      Path model, ImageAnswers answers, Path input, Path output, AnswerFormat format) {
    this(
        model,
        answers,
        input,
        output,
        format,
        Runtime.getRuntime().availableProcessors(),
        PART_SIZE);
  }

  /**
   * @param partSize images in a part of a folder
   */
  BulkAnswers(
      Path model,
      ImageAnswers answers,
      Path input,
      Path output,
      AnswerFormat format,
      int threads,
      int partSize) {
    this.model = model;
    this.answers = answers;
    this.input = input;
    folder = new AnswerFolder(output.toAbsolutePath().normalize(), format);
    this.format = format;
    this.threads = threads;
    this.partSize = partSize;
  }

  /** Leaves the parts that are under way; may be called by any thread. */
  public void stop() {
    stopped = true;
  }

  /**
   * Answers what has no answer yet.
   *
   * @throws DescryException if the input cannot be read, the output cannot be written or holds
   *     other answers
   * @throws CancellationException if {@link #stop} was called
   */
  public Summary run() {
    return run(null);
  }

  /** Does parts elsewhere. */
  @FunctionalInterface
  public interface Workers {
    /**
     * Calls {@link #part} for each number, on any machine, and returns when all are done.
     *
     * @throws CancellationException if that was broken off
     */
    void answer(List<Integer> numbers);
  }

  /**
   * As {@link #run()}, with the parts done elsewhere.
   *
   * @param workers null for threads of this process
   */
  public Summary run(Workers workers) {
    long start = System.nanoTime();
    List<ImagePart> all = parts();
    try (NameLock lock = folder.take()) {
      folder.begin(model, settings(), all);
      List<Integer> open =
          IntStream.range(0, all.size())
              .filter(i -> !Files.exists(folder.part(i)))
              .boxed()
              .toList();
      if (workers == null) {
        answer(open);
      } else if (!open.isEmpty()) {
        workers.answer(open);
      }
      int bad = folder.bad(all.size());
      int images = all.stream().mapToInt(ImagePart::size).sum();
      int now = open.stream().mapToInt(i -> all.get(i).size()).sum();
      double seconds = (System.nanoTime() - start) / 1e9;
      Summary summary = new Summary(images - bad, bad, all.size(), seconds, now / seconds);
      folder.end(summary);
      return summary;
    } catch (IOException e) {
      throw IoErrors.unwritable(folder.path(), e);
    }
  }

  /** Does one part of those that another process has begun, on the calling thread. */
  public void part(int number) {
    ExecutorService reader = Executors.newSingleThreadExecutor();
    try {
      write(number, reader);
    } finally {
      end(reader);
    }
  }

  /** Listed once: a process of a cluster does many of them. */
  private synchronized List<ImagePart> parts() {
    if (parts == null) {
      parts = ImagePart.of(input, partSize);
    }
    return parts;
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new TreeMap<>(answers.settings());
    if (format != AnswerFormat.JSON_LINES) {
      settings.put("format", format.name());
    }
    return settings;
  }

  private void write(int number, ExecutorService readers) {
    new PartWriter(answers, format, readers, () -> stopped)
        .write(parts().get(number), folder.part(number), folder.badPart(number));
  }

  private void answer(List<Integer> open) {
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    ExecutorService readers = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> under = new ArrayList<>();
      for (int i : open) {
        under.add(workers.submit(() -> write(i, readers)));
      }
      for (Future<?> one : under) {
        get(one);
      }
    } finally {
      stopped = true; // whoever is still at work after a failure
      end(workers);
      end(readers);
    }
  }

  /** Nothing is written any more once the folder is somebody else's. */
  private static void end(ExecutorService threads) {
    threads.shutdownNow();
    boolean interrupted = false;
    while (!threads.isTerminated()) {
      try {
        threads.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a task answered, or its failure. */
  static <T> T get(Future<T> task) {
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DescryException("Interrupted while images were answered.", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause(); // tasks throw no others
    }
  }
}
