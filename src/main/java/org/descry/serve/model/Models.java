package org.descry.serve.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.engine.Memory;
import org.descry.kind.TrainedModel;
import org.descry.serve.Meters;
import org.descry.serve.Refused;
import org.descry.serve.ServerSettings;
import org.descry.serve.batch.Batcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All models that there are files of. The newest version of each is loaded, and others when they
 * are asked for; what has been unused longest goes when memory is short, and comes back when it is
 * asked for. Files are looked at again and again: a new version is loaded, checked and warmed up
 * before it takes the place of the one before, which finishes what it took. All loading is one
 * thread's.
 */
public final class Models implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("org.descry.serve");

  private final ModelFiles files;
  private final Function<Path, TrainedModel> opener;
  private final Batcher.Limits limits;
  private final long memory;
  private final Meters meters;
  private final Slots slots = new Slots();
  private final ScheduledExecutorService loader =
      Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "serve-loader"));
  private boolean looked;

  /** What kept the files from being looked at the last time; of the loader's thread. */
  private String trouble;

  private volatile boolean closed;

  /**
   * @param path a zip, or a folder of models
   * @param opener opens a zip
   */
  public Models(
      Path path, Function<Path, TrainedModel> opener, ServerSettings settings, Meters meters) {
    this.files = new ModelFiles(path);
    this.opener = opener;
    this.meters = meters;
    memory = settings.memory();
    limits =
        new Batcher.Limits(
            settings.workers(),
            settings.maxBatch(),
            settings.queue(),
            settings.maxDelay().toNanos(),
            settings.precision());
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Begins to look at the files, every so often. A zip that was named itself is loaded when this
   * returns; a folder's are a while later.
   *
   * @throws DescryException if a zip that was named itself is no model, or a folder is none
   */
  public void start(long pollMillis) {
    List<Source> first = files.find();
    CompletableFuture<Void> begun = CompletableFuture.runAsync(() -> apply(first), loader);
    if (files.single()) {
      begun.join();
      synchronized (this) {
        slots
            .all()
            .filter(slot -> slot.problem != null)
            .findFirst()
            .ifPresent(
                slot -> {
                  throw new DataException(slot.problem);
                });
      }
    }
    loader.scheduleWithFixedDelay(this::look, pollMillis, pollMillis, TimeUnit.MILLISECONDS);
  }

  /** Looks at the files; where they cannot be read, all stays as it is. */
  private void look() {
    try {
      apply(files.find());
      trouble = null;
    } catch (RuntimeException e) {
      if (!e.toString().equals(trouble)) { // once, not every few seconds
        LOG.warn("{}", e.getMessage());
      }
      trouble = e.toString();
    }
  }

  private void apply(List<Source> found) {
    List<String> names;
    synchronized (this) {
      slots.update(found).forEach(Models::unload);
      names = slots.names();
    }
    for (String name : names) {
      for (Slot slot = due(name); slot != null && !closed; slot = due(name)) {
        load(slot);
      }
    }
    synchronized (this) {
      looked = true;
    }
  }

  private synchronized Slot due(String name) {
    return slots.due(name);
  }

  /** Loads what the slot's file holds now; what was loaded before stays if it is refused. */
  private void load(Slot slot) {
    Source source;
    synchronized (this) {
      source = slot.source;
    }
    ServedModel<?, ?> loaded = null;
    try {
      loaded = ServedModel.of(source, opener.apply(source.file()), limits, meters);
      take(slot, loaded);
      LOG.info(
          "{} version {} is in service: {}", source.model(), source.version(), loaded.selfTest());
    } catch (RuntimeException | Error e) { // one file does not end the watch over the others
      String problem = e instanceof DescryException ? e.getMessage() : source.file() + ": " + e;
      LOG.warn("{} version {} is refused: {}", source.model(), source.version(), problem);
      if (loaded != null) {
        close(loaded);
      }
      synchronized (this) {
        slot.problem = problem;
      }
    }
  }

  private synchronized void take(Slot slot, ServedModel<?, ?> loaded) {
    makeRoom(slot, loaded);
    ServedModel<?, ?> before = slot.model;
    slot.model = loaded;
    slot.proven = true;
    slot.used = System.nanoTime();
    if (before != null) {
      close(before);
    }
    slots.supersededBy(slot).forEach(Models::unload);
  }

  /** Unloads what was unused longest. */
  private void makeRoom(Slot slot, ServedModel<?, ?> loaded) {
    if (loaded.bytes() > memory) {
      throw new DataException(
          "%s: its parameters take %s; expected at most %s (--memory)."
              .formatted(
                  loaded.source().file(), Memory.words(loaded.bytes()), Memory.words(memory)));
    }
    for (Slot other : slots.inTheWay(slot, memory - loaded.bytes())) {
      LOG.info("{} version {} makes room", other.model.name(), other.model.version());
      unload(other);
    }
  }

  private static void unload(Slot slot) {
    if (slot.model != null) {
      close(slot.model);
      slot.model = null;
    }
  }

  /** Lets it finish what it took. */
  private static void close(ServedModel<?, ?> model) {
    daemon(model::close, "serve-close-" + model.name()).start();
  }

  /**
   * Uses a model, which is loaded first if need be.
   *
   * @param version null for the newest that works
   * @param others where to go on if the model has to be loaded
   * @param use may be called again, with what took the place of a model that went out of service
   * @throws Refused if there is no such model
   */
  public <R> CompletableFuture<R> use(
      String name,
      String version,
      Executor others,
      Function<ServedModel<?, ?>, CompletableFuture<R>> use) {
    ServedModel<?, ?> model;
    CompletableFuture<Void> loading;
    synchronized (this) {
      Slot slot = slots.find(name, version);
      slot.used = System.nanoTime();
      model = slot.model;
      loading = model == null ? loading(slot) : null;
    }
    if (model == null) {
      return loading.thenComposeAsync(nothing -> use(name, version, others, use), others);
    }
    try {
      return use.apply(model);
    } catch (Refused e) {
      if (e.status() == Refused.gone().status() && !closed) {
        return use(name, version, others, use);
      }
      throw e;
    }
  }

  private CompletableFuture<Void> loading(Slot slot) {
    if (slot.problem != null) {
      throw new Refused(503, slot.problem);
    }
    if (closed) {
      throw Refused.gone();
    }
    if (slot.loading == null) {
      slot.loading =
          CompletableFuture.runAsync(
                  () -> {
                    if (unknown(slot)) { // the first look may have loaded or refused it meanwhile
                      load(slot);
                    }
                  },
                  loader)
              .whenComplete(
                  (nothing, failure) -> {
                    synchronized (this) {
                      slot.loading = null;
                    }
                  });
    }
    return slot.loading;
  }

  private synchronized boolean unknown(Slot slot) {
    return slot.model == null && slot.problem == null;
  }

  /** Whether the files have been looked at, and some model answers questions. */
  public synchronized boolean ready() {
    return looked && !closed && slots.all().anyMatch(Slot::usable);
  }

  /**
   * Whether a model answers questions.
   *
   * @throws Refused if there is no such model
   */
  public synchronized boolean ready(String name, String version) {
    return !closed && slots.find(name, version).usable();
  }

  /** The versions of a model, newest first. */
  public synchronized List<String> versions(String name) {
    return slots.versions(name);
  }

  /** All models and what has become of them, to be written as JSON. */
  public synchronized List<Map<String, Object>> described() {
    return slots.described();
  }

  /** Takes no more questions, and waits until those taken have been answered. */
  @Override
  public void close() {
    closed = true;
    loader.shutdownNow();
    List<ServedModel<?, ?>> loaded = new ArrayList<>();
    synchronized (this) {
      slots.all().filter(slot -> slot.model != null).forEach(slot -> loaded.add(slot.model));
    }
    loaded.forEach(ServedModel::close);
  }
}
