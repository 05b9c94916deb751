package org.descry.engine;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.descry.engine.dnn.Dnn;
import org.descry.engine.dnn.Precision;
import org.descry.io.Listing;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The state of the machine and the engine, and what to do about anything that looks wrong.
 *
 * @param jdk version and vendor of the Java runtime
 * @param jdkFeature its feature release, 17 or 25
 * @param jvmArguments the options the JVM was started with
 * @param engine the binary and its threads
 * @param direct whether oneDNN is called directly: {@code on}, or why not
 * @param bfloat16 whether trainings in this precision are possible: {@code on}, {@code emulated}
 *     and by what, or why not
 * @param blas the vendor of the BLAS library
 * @param processors the logical processors that the JVM may use
 * @param load the load average of the last minute before measuring, negative where unknown
 * @param memory the limits
 * @param cache where native libraries are unpacked, and its bytes
 * @param openMp the variables of the user's environment that OpenMP and OpenBLAS read
 * @param throughput the measured speed
 */
public record Diagnosis(
    String jdk,
    int jdkFeature,
    List<String> jvmArguments,
    Engine.Choice engine,
    String direct,
    String bfloat16,
    String blas,
    int processors,
    double load,
    Memory memory,
    Cache cache,
    Map<String, String> openMp,
    Throughput throughput) {
  /** A fast binary reaches several times this on any processor with AVX2. */
  private static final double LOW_GFLOPS_PER_THREAD = 30;

  private static final double BUSY_LOAD_PER_PROCESSOR = 0.5;
  private static final long LOW_HEAP_BYTES = 1L << 30;
  private static final long LOW_FREE_BYTES = 2L << 30;
  private static final int FIRST_JDK_WITH_NATIVE_WARNINGS = 24;

  /**
   * Memory limits in bytes.
   *
   * @param heap the most the Java heap may take
   * @param offHeap the most that arrays off the heap may take
   * @param process the most the whole process may take before allocation fails
   * @param machine the memory of the machine or container
   * @param free what of it programs can still get, caches included
   */
  public record Memory(long heap, long offHeap, long process, long machine, long free) {}

  /** The folder that JavaCPP unpacks native libraries into, once for all programs. */
  public record Cache(String folder, long bytes) {
    private static Cache look() {
      try {
        Path folder = Loader.getCacheDir().toPath();
        long bytes =
            Listing.below(folder).stream()
                .filter(Files::isRegularFile)
                .mapToLong(file -> file.toFile().length())
                .sum();
        return new Cache(folder.toString(), bytes);
      } catch (IOException e) {
        return new Cache("unknown", 0); // another program may be at it
      }
    }
  }

  /** Starts the engine if it does not run, looks at the machine, and measures. */
  public static Diagnosis run() {
    Engine.Choice engine = Engine.start();
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    Map<String, String> openMp = new TreeMap<>(System.getenv());
    openMp.keySet().removeIf(name -> !name.matches("(OMP|GOMP|OPENBLAS)_.*"));
    return new Diagnosis(
        Runtime.version() + ", " + System.getProperty("java.vendor"),
        Runtime.version().feature(),
        ManagementFactory.getRuntimeMXBean().getInputArguments(),
        engine,
        Dnn.state(),
        Precision.BFLOAT16.state(),
        Nd4j.getExecutioner().getEnvironmentInformation().getProperty("blas.vendor"),
        Runtime.getRuntime().availableProcessors(),
        system.getSystemLoadAverage(),
        new Memory(
            Runtime.getRuntime().maxMemory(),
            Pointer.maxBytes(),
            Pointer.maxPhysicalBytes(),
            system.getTotalMemorySize(),
            available(system)),
        Cache.look(),
        openMp,
        Throughput.measure());
  }

  /**
   * Linux counts its file cache as used, though programs get it on demand; a container does not.
   */
  private static long available(OperatingSystemMXBean system) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
      Map<String, Long> bytes =
          lines
              .map(line -> line.split("[:\\s]+"))
              .collect(
                  Collectors.toMap(words -> words[0], words -> Long.parseLong(words[1]) << 10));
      boolean container = system.getTotalMemorySize() < bytes.get("MemTotal");
      return container ? system.getFreeMemorySize() : bytes.get("MemAvailable");
    } catch (IOException e) {
      return system.getFreeMemorySize();
    }
  }

  /** One sentence for each thing that looks wrong, saying what to do; empty when all is well. */
  public List<String> advice() {
    List<String> advice = new ArrayList<>();
    adviseOnBinary(advice);
    adviseOnLoadAndThreads(advice);
    adviseOnOpenMp(advice);
    adviseOnMemory(advice);
    if (jdkFeature >= FIRST_JDK_WITH_NATIVE_WARNINGS
        && jvmArguments.stream().noneMatch(a -> a.startsWith("--sun-misc-unsafe-memory-access"))) {
      advice.add(
          "Java "
              + jdkFeature
              + " warns about native access: start it with --enable-native-access=ALL-UNNAMED"
              + " --sun-misc-unsafe-memory-access=allow.");
    }
    return advice;
  }

  private void adviseOnBinary(List<String> advice) {
    if (engine.binary().equals(engine.fastest())) {
      return;
    }
    advice.add(
        engine.present().contains(engine.fastest())
            ? "The processor runs "
                + engine.fastest()
                + ", but "
                + engine.binary()
                + " was asked for: unset "
                + Engine.BINARY_VARIABLE
                + " and leave out --binary."
            : "The processor runs "
                + engine.fastest()
                + ", which is not on the class path: add the nd4j-native jar with that"
                + " classifier.");
  }

  private void adviseOnLoadAndThreads(List<String> advice) {
    boolean busy = load > BUSY_LOAD_PER_PROCESSOR * processors;
    if (busy) {
      advice.add(
          String.format(
              Locale.ROOT,
              "The machine is busy (load %.1f on %d processors), which slows training and these"
                  + " figures: stop other programs, or give fewer threads with %s.",
              load,
              processors,
              Engine.THREADS_VARIABLE));
    }
    if (engine.threads() > processors) {
      advice.add(
          String.format(
              Locale.ROOT,
              "%d threads share %d processors and wait for one another: set %s to %d.",
              engine.threads(),
              processors,
              Engine.THREADS_VARIABLE,
              processors));
    }
    double expected = LOW_GFLOPS_PER_THREAD * Math.min(engine.threads(), processors);
    double slowest = Math.min(throughput.matmul(), throughput.convolution());
    if (slowest < expected && !busy) {
      advice.add(
          String.format(
              Locale.ROOT,
              "%.0f GFLOP/s is little for %d threads (expected over %.0f): look for a limit on"
                  + " processor time, a hot processor, or a slow binary.",
              slowest,
              engine.threads(),
              expected));
    }
  }

  private void adviseOnOpenMp(List<String> advice) {
    openMp.forEach(
        (variable, value) -> {
          boolean spins =
              (variable.equals("OMP_WAIT_POLICY") && value.equalsIgnoreCase("ACTIVE"))
                  || (variable.equals("GOMP_SPINCOUNT") && value.matches("(?i)inf.*|\\d{6,}"));
          boolean binds =
              variable.equals("GOMP_CPU_AFFINITY")
                  || (variable.equals("OMP_PROC_BIND") && !value.equalsIgnoreCase("false"));
          if (spins) {
            advice.add(
                variable
                    + "="
                    + value
                    + " lets waiting threads spin, which is many times slower beside another"
                    + " program: unset it.");
          } else if (binds) {
            advice.add(
                variable
                    + "="
                    + value
                    + " ties threads to processors, where Java's own threads get in their way:"
                    + " unset it.");
          }
        });
  }

  private void adviseOnMemory(List<String> advice) {
    if (memory.heap() < LOW_HEAP_BYTES) {
      advice.add(
          "The Java heap is limited to "
              + (memory.heap() >> 20)
              + " MiB: data sets live there, so start Java with -Xmx2g or more.");
    }
    if (memory.free() < LOW_FREE_BYTES) {
      advice.add(
          "Only "
              + (memory.free() >> 20)
              + " MiB of memory are free: stop other programs or train with a smaller batch.");
    }
  }
}
