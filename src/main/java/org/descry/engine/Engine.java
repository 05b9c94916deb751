package org.descry.engine;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.Loader;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.engine.dnn.Dnn;
import org.descry.engine.dnn.Precision;
import org.descry.engine.tape.RecordingExecutioner;
import org.descry.io.Unpacking;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Chooses and loads ND4J's native binary: the fastest build on the class path that the processor
 * can run, with one thread a core. ND4J by itself takes whichever build it finds first, even one
 * that the processor cannot run.
 *
 * <p>Start it before anything touches ND4J. The choice holds for the life of the JVM.
 */
public final class Engine {
  /** Environment variable that names the binary: plain, onednn, onednn-avx2 or onednn-avx512. */
  static final String BINARY_VARIABLE = "DESCRY_BINARY";

  /** Environment variable that gives the number of threads. */
  public static final String THREADS_VARIABLE = "DESCRY_THREADS";

  private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";

  private static Choice choice;

  private Engine() {}

  /**
   * What the engine runs on.
   *
   * @param binary the build that is loaded: plain, onednn, onednn-avx2 or onednn-avx512
   * @param fastest the fastest build that this processor can run, present or not
   * @param present the builds on the class path, slowest first
   * @param threads the threads of an operation
   * @param processor the processor's name
   */
  public record Choice(
      String binary, String fastest, List<String> present, int threads, String processor) {
    public Choice {
      present = List.copyOf(present);
    }

    /** The line for the user: {@code Engine: onednn-avx512, 2 threads}. */
    @Override
    public String toString() {
      return "Engine: " + binary + ", " + threads + (threads == 1 ? " thread" : " threads");
    }
  }

  /** Starts the engine with the settings of the environment, unless it runs already. */
  public static Choice start() {
    return start(null, null);
  }

  /**
   * Starts the engine, or returns the choice made when it was started.
   *
   * @param binary the build to load; null for {@code DESCRY_BINARY}, else JavaCPP's own property
   *     {@code platform.extension}, else the fastest that runs here
   * @param threads the threads of an operation; null for {@code DESCRY_THREADS}, else {@code
   *     OMP_NUM_THREADS}, else the number of physical cores
   * @throws DescryException if a setting is wrong, if the binary is absent or not for this
   *     processor, or if the engine already runs with other settings
   */
  public static synchronized Choice start(String binary, Integer threads) {
    if (choice == null) {
      choice = load(binary, threads, System.getenv());
    } else if ((binary != null && !binary.equals(choice.binary))
        || (threads != null && threads != choice.threads)) {
      throw new DescryException(
          "The engine already runs ("
              + choice
              + "): the binary and the threads can be chosen only when the program starts.");
    }
    return choice;
  }

  /**
   * The threads that the engine takes where nothing else is asked for. Starts nothing.
   *
   * @throws DescryException if the environment's setting is wrong
   */
  public static int usualThreads() {
    return OpenMp.threads(
        null,
        System.getenv(),
        Processor.detect().cores(),
        Runtime.getRuntime().availableProcessors());
  }

  private static Choice load(String wantedBinary, Integer wantedThreads, Map<String, String> env) {
    requireOneOf(Dnn.VARIABLE, env, "on", "off");
    requireOneOf(Precision.VARIABLE, env, Precision.NATIVE, Precision.EMULATED);
    Processor processor = Processor.detect();
    Set<Binary> present = Binary.present(Engine.class.getClassLoader());
    Binary binary = Binary.choose(processor.features(), present, wanted(wantedBinary, env));
    int threads =
        OpenMp.threads(
            wantedThreads, env, processor.cores(), Runtime.getRuntime().availableProcessors());

    System.setProperty(EXTENSION, binary.extension());
    if (System.getProperty(RecordingExecutioner.PROPERTY) == null) {
      System.setProperty(RecordingExecutioner.PROPERTY, RecordingExecutioner.class.getName());
    }
    // JavaCPP would cap off-heap memory at the size of the Java heap, a quarter of the machine.
    Memory.setLimits();
    requireCache();
    boolean configured = OpenMp.configure(threads, env);
    loadOnThreadOfItsOwn();
    if (!configured) {
      NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
    }
    requireLoaded(binary);
    Binary fastest = Binary.choose(processor.features(), Set.of(Binary.values()), null);
    return new Choice(
        binary.id(),
        fastest.id(),
        present.stream().map(Binary::id).toList(),
        threads,
        processor.model());
  }

  static void requireOneOf(String variable, Map<String, String> env, String usual, String other) {
    String value = env.getOrDefault(variable, "");
    if (!List.of("", usual, other).contains(value.strip().toLowerCase(Locale.ROOT))) {
      throw new UsageException(
          "%s is '%s': expected %s or %s.".formatted(variable, value, usual, other));
    }
  }

  private static String wanted(String argument, Map<String, String> env) {
    if (argument != null) {
      return argument;
    }
    String variable = env.getOrDefault(BINARY_VARIABLE, "");
    if (!variable.isBlank()) {
      return variable.strip();
    }
    String extension = System.getProperty(EXTENSION);
    if (extension == null) {
      return null;
    }
    return extension.isEmpty() ? Binary.PLAIN.id() : extension.substring(1);
  }

  /**
   * ND4J sets the OpenMP thread count of the thread that loads it to the machine's core count; on a
   * thread of its own that leaves every other thread with the count from the environment.
   */
  private static void loadOnThreadOfItsOwn() {
    Throwable[] failure = new Throwable[1];
    Thread loader = new Thread(Nd4j::getBackend, "engine-loader");
    loader.setUncaughtExceptionHandler((thread, error) -> failure[0] = error);
    loader.start();
    try {
      loader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DescryException("Interrupted while the native binary was loading.", e);
    }
    if (failure[0] != null) {
      Unpacking.requireDisk(failure[0], () -> Loader.getCacheDir().toPath());
      throw new DescryException(
          "ND4J's native binary does not load: " + rootMessage(failure[0]), failure[0]);
    }
  }

  /** JavaCPP itself would print where it was. */
  private static void requireCache() {
    try {
      Loader.getCacheDir();
    } catch (IOException e) {
      Unpacking.requireDisk(e, Unpacking::temporary);
    }
  }

  private static String rootMessage(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.toString();
  }

  /** Guards against code that touched ND4J before the engine was started. */
  private static void requireLoaded(Binary binary) {
    String path = Loader.getLoadedLibraries().get("nd4jcpu");
    if (path == null || !path.replace('\\', '/').contains(binary.folder())) {
      throw new DescryException(
          "ND4J was loaded from " + path + " before the engine could choose " + binary.id() + ".");
    }
  }
}
