package org.descry.bench;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The systems compared, each with the classpath of its own JVM and the settings that were found to
 * make it fastest.
 */
enum Contender {
  DESCRY("Descry", "nd4j", "DescryPeer", Flags.ND4J, Map.of()),
  DESCRY_BF16("Descry, bfloat16", "nd4j", "DescryPeer", Flags.BFLOAT16, Map.of()),
  DESCRY_AVX2("Descry, onednn-avx2", "nd4j", "DescryPeer", Flags.AVX2, Map.of()),
  DESCRY_RECORDED(
      "Descry, own graph, RecordedStep", "nd4j", "OwnGraphPeer", Flags.RECORDED, Map.of()),
  DESCRY_FIT("Descry, own graph, fit", "nd4j", "OwnGraphPeer", Flags.ND4J, Map.of()),
  TENSORFLOW("TensorFlow Java", "tensorflow", "TensorFlowPeer", List.of(), Map.of()),
  DJL("DJL PyTorch", "djl", "DjlPeer", Flags.DJL, Map.of()),
  SAMEDIFF("SameDiff autodiff", "nd4j", "SameDiffPeer", Flags.ND4J, Map.of()),
  // Spinning OpenMP threads get in the way of the im2col loops that DL4J runs in Java.
  DL4J("DL4J layers", "nd4j", "Dl4jPeer", Flags.ND4J, Map.of("OMP_WAIT_POLICY", "PASSIVE"));

  private static final Set<String> OWN_GRAPHS =
      Set.of("three-layer-step-100", "captioning-step-25");

  /** Options of the peers' JVMs. */
  private static final class Flags {
    /** The optimising compiler's threads take the cores from OpenMP's: do without. */
    static final List<String> ND4J = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    static final List<String> RECORDED = with("-Dbench.recorded=true");

    static final List<String> BFLOAT16 = with("-Dbench.precision=bfloat16");

    static final List<String> AVX2 = with("-Dbench.binary=onednn-avx2");

    static final List<String> DJL =
        List.of(
            "-Dai.djl.offline=true",
            "-Dai.djl.default_engine=PyTorch",
            "-Dai.djl.pytorch.num_interop_threads=1",
            "-Dai.djl.pytorch.num_threads=" + Trial.threads(),
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");

    private static List<String> with(String property) {
      return Stream.concat(ND4J.stream(), Stream.of(property)).toList();
    }
  }

  private final String label;
  private final String sources;
  private final String mainClass;
  private final List<String> flags;
  private final Map<String, String> environment;

  Contender(
      String label,
      String sources,
      String mainClass,
      List<String> flags,
      Map<String, String> environment) {
    this.label = label;
    this.sources = sources;
    this.mainClass = mainClass;
    this.flags = flags;
    this.environment = environment;
  }

  String label() {
    return label;
  }

  /** Whether the workload is one of its rows; what is slow anyway is left to the classic ones. */
  boolean does(Workload workload) {
    return switch (this) {
      case DESCRY -> true;
      case DESCRY_BF16 -> workload.isStep();
      case DESCRY_AVX2, TENSORFLOW, DJL -> !isGrowth(workload);
      case DESCRY_RECORDED, DESCRY_FIT -> OWN_GRAPHS.contains(workload.id());
      case SAMEDIFF, DL4J ->
          workload.equals(Workload.MATMUL) || Workload.CLASSIC.contains(workload);
    };
  }

  private static boolean isGrowth(Workload workload) {
    return Workload.GROWTHS.stream().anyMatch(growth -> growth.sizes().contains(workload));
  }

  /** Whether it is another system than Descry. */
  boolean isPeer() {
    return !name().startsWith(DESCRY.name());
  }

  /** Whether it multiplies float32, of which the peak is. */
  boolean multipliesFloat32() {
    return this != DESCRY_BF16;
  }

  /** Whether it can tell what native memory its steps allocate. */
  boolean countsMemory() {
    return sources.equals("nd4j");
  }

  List<String> flags() {
    return flags;
  }

  /** Options and environment, for the record. */
  String settings() {
    return Stream.concat(environment.entrySet().stream().map(Object::toString), flags.stream())
        .collect(Collectors.joining(" "));
  }

  /**
   * The process that measures one workload.
   *
   * @param build Maven's build directory
   * @param result the file that it is to write
   */
  ProcessBuilder process(Path build, Workload workload, Path result) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx4g");
    command.addAll(flags);
    // The limits of the measurement are set on the launcher and handed on.
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith("bench."))
        .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
    command.add("-cp");
    command.add(classpath(build));
    command.add("org.descry.bench." + sources + "." + mainClass);
    command.add(workload.id());
    command.add(result.toString());
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().put("OMP_NUM_THREADS", Integer.toString(Trial.threads()));
    process.environment().putAll(environment);
    return process;
  }

  private String classpath(Path build) {
    Path bench = build.resolve("bench");
    String libraries =
        sources.equals("nd4j")
            ? build.resolve("descry.jar").toString()
            : bench.resolve("lib").resolve(sources) + File.separator + "*";
    return String.join(
        File.pathSeparator,
        bench.resolve("classes/common").toString(),
        bench.resolve("classes").resolve(sources).toString(),
        libraries);
  }
}
