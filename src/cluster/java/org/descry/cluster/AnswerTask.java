package org.descry.cluster;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.api.java.function.Function;
import org.descry.DescryException;
import org.descry.engine.Engine;
import org.descry.kind.Kinds;
import org.descry.kind.bulk.AnswerFormat;
import org.descry.kind.bulk.BulkAnswers;

/**
 * Answers one part of the images, with the model that the executor has read once. Says what went
 * wrong, or nothing.
 */
record AnswerTask(
    Setup.Versions versions,
    String model,
    Map<String, Object> settings,
    String input,
    String output,
    String format)
    implements Function<Integer, String> {
  private static final long serialVersionUID = 1L;
  private static final Map<AnswerTask, BulkAnswers> OPEN = new ConcurrentHashMap<>();

  @Override
  public String call(Integer part) {
    try {
      versions.requireHere();
      OPEN.computeIfAbsent(this, AnswerTask::open).part(part);
      return "";
    } catch (DescryException e) {
      return e.exitCode() + " " + e.getMessage();
    }
  }

  private BulkAnswers open() {
    Engine.start();
    Path file = Path.of(model);
    return new BulkAnswers(
        file,
        Kinds.open(file).answers(settings),
        Path.of(input),
        Path.of(output),
        AnswerFormat.named(format));
  }
}
