package org.descry.engine;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Loader;
import org.descry.DescryException;
import org.descry.UsageException;

/**
 * The builds of ND4J's native library, slowest first: each is a jar of its own, named by a
 * classifier such as {@code linux-x86_64-onednn-avx2}.
 *
 * <p>The processor features of a build are those its compiler was allowed to use (libnd4j's CMake
 * flags for the extension); a processor that lacks one of them kills the JVM with SIGILL. The plain
 * and the onednn builds are compiled for the platform's baseline; oneDNN itself looks at the
 * processor when it runs.
 */
enum Binary {
  PLAIN(Set.of()),
  ONEDNN(Set.of()),
  ONEDNN_AVX2(Set.of("avx", "avx2", "fma", "f16c")),
  ONEDNN_AVX512(
      Set.of(
          "avx",
          "avx2",
          "fma",
          "f16c",
          "bmi1",
          "bmi2",
          "avx512f",
          "avx512vl",
          "avx512bw",
          "avx512dq",
          "avx512cd"));

  private static final String RESOURCE_ROOT = "org/nd4j/linalg/cpu/nativecpu/bindings/";

  private final Set<String> needed;

  Binary(Set<String> needed) {
    this.needed = needed;
  }

  /**
   * What users call it: {@code plain}, {@code onednn}, {@code onednn-avx2}, {@code onednn-avx512}.
   */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The value of JavaCPP's property {@code platform.extension}. It is empty for the plain build,
   * and must be set all the same: without the property JavaCPP takes the first build it comes
   * across.
   */
  String extension() {
    return this == PLAIN ? "" : "-" + id();
  }

  /** The folder of this build inside its jar. */
  String folder() {
    return RESOURCE_ROOT + Loader.Detector.getPlatform() + extension() + "/";
  }

  boolean runsOn(Set<String> features) {
    return features.containsAll(needed);
  }

  /** The builds for this platform that the class loader can see. */
  static Set<Binary> present(ClassLoader classLoader) {
    String library = System.mapLibraryName("jnind4jcpu");
    Set<Binary> present = EnumSet.noneOf(Binary.class);
    for (Binary binary : values()) {
      if (classLoader.getResource(binary.folder() + library) != null) {
        present.add(binary);
      }
    }
    return present;
  }

  /**
   * The build to load: the one asked for, else the best present that the processor can run.
   *
   * @param features the processor's features as the kernel names them; empty where unknown
   * @param present the builds on the class path
   * @param wanted a build's {@link #id()}, or null for the best
   * @throws DescryException if nothing present runs here, or {@code wanted} is unknown, absent or
   *     needs features that the processor lacks
   */
  static Binary choose(Set<String> features, Set<Binary> present, String wanted) {
    if (wanted != null) {
      return checked(features, present, wanted);
    }
    return Arrays.stream(values())
        .filter(binary -> present.contains(binary) && binary.runsOn(features))
        .reduce((slower, faster) -> faster)
        .orElseThrow(() -> new DescryException(unusable(features, present)));
  }

  private static String unusable(Set<String> features, Set<Binary> present) {
    if (present.isEmpty()) {
      return "No native binary of ND4J is on the class path; expected the jar nd4j-native with classifier %s."
          .formatted(Loader.Detector.getPlatform());
    }
    return "This processor cannot run the native binaries of ND4J that are here (%s), which need %s; expected a Descry that was built with -Dnative.binary=onednn."
        .formatted(ids(present), missing(features, present));
  }

  private static String missing(Set<String> features, Set<Binary> present) {
    return present.stream()
        .flatMap(binary -> binary.needed.stream())
        .filter(need -> !features.contains(need))
        .sorted()
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static Binary checked(Set<String> features, Set<Binary> present, String wanted) {
    Binary binary =
        Arrays.stream(values())
            .filter(candidate -> candidate.id().equals(wanted))
            .findFirst()
            .orElseThrow(
                () ->
                    new UsageException(
                        "The binary '"
                            + wanted
                            + "' is unknown: expected one of those present: "
                            + ids(present)
                            + "."));
    if (!present.contains(binary)) {
      throw new UsageException(
          "The binary '"
              + wanted
              + "' is not on the class path: expected one of those present: "
              + ids(present)
              + ".");
    }
    if (!binary.runsOn(features)) {
      List<String> missing =
          binary.needed.stream().filter(need -> !features.contains(need)).sorted().toList();
      throw new UsageException(
          "The binary '"
              + wanted
              + "' does not run on this processor, which is not known to have "
              + String.join(", ", missing)
              + ": expected one of "
              + ids(present.stream().filter(b -> b.runsOn(features)).toList())
              + ".");
    }
    return binary;
  }

  private static String ids(Collection<Binary> binaries) {
    return binaries.isEmpty()
        ? "none"
        : binaries.stream().map(Binary::id).collect(Collectors.joining(", "));
  }
}
