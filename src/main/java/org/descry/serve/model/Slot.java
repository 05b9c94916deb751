package org.descry.serve.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A version of a model: its file, and the model while it is loaded. Its owner guards it. */
final class Slot {
  Source source;
  ServedModel<?, ?> model;

  /** Why the file, as it is now, is not taken; null where nothing is wrong. */
  String problem;

  /** Whether the file, as it is now, has been loaded before. */
  boolean proven;

  /** Is under way; null where nothing is. */
  CompletableFuture<Void> loading;

  /** When it was last asked for, as {@link System#nanoTime} counts. */
  long used = System.nanoTime();

  Slot(Source source) {
    this.source = source;
  }

  /** The file has been replaced. */
  void changed(Source now) {
    source = now;
    problem = null;
    proven = false;
  }

  boolean stale() {
    return model != null && !model.source().equals(source);
  }

  /** Whether a question would be answered, if need be after it is loaded again. */
  boolean usable() {
    return model != null || (proven && problem == null);
  }

  /** To be written as JSON. */
  Map<String, Object> described() {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("version", Long.toString(source.version()));
    described.put("state", model != null ? "ready" : problem != null ? "refused" : "unloaded");
    if (model != null) {
      described.put("task", model.service().traits().task());
      described.put("selfTest", model.selfTest());
    }
    described.put("problem", problem);
    return described;
  }
}
