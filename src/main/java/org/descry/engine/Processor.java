package org.descry.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the kernel says about the processor.
 *
 * @param model its name, or "unknown"
 * @param features its features under the kernel's names ("avx2", "avx512f"), empty where unknown
 * @param cores its physical cores, 0 where unknown
 */
record Processor(String model, Set<String> features, int cores) {
  Processor {
    features = Set.copyOf(features);
  }

  /** Reads {@code /proc/cpuinfo}; elsewhere than on Linux nothing is known. */
  static Processor detect() {
    try {
      return parse(Files.readString(Path.of("/proc/cpuinfo")));
    } catch (IOException e) {
      return new Processor("unknown", Set.of(), 0);
    }
  }

  /** Reads the text of {@code /proc/cpuinfo}: one paragraph a logical processor. */
  static Processor parse(String cpuinfo) {
    Set<String> cores = new HashSet<>();
    Set<String> features = null;
    String model = "unknown";
    for (String paragraph : cpuinfo.split("\\n\\s*\\n")) {
      String flags = value(paragraph, "flags");
      if (flags != null) {
        Set<String> own = Arrays.stream(flags.split(" ")).collect(Collectors.toSet());
        // A build must run on every core, and hybrid processors have unequal ones.
        if (features == null) {
          features = own;
        } else {
          features.retainAll(own);
        }
      }
      String name = value(paragraph, "model name");
      model = name == null ? model : name;
      String core = value(paragraph, "core id");
      if (core != null) {
        cores.add(value(paragraph, "physical id") + "/" + core);
      }
    }
    return new Processor(model, features == null ? Set.of() : features, cores.size());
  }

  private static String value(String paragraph, String key) {
    return paragraph
        .lines()
        .map(line -> line.split(":", 2))
        .filter(pair -> pair.length == 2 && pair[0].strip().equals(key))
        .map(pair -> pair[1].strip())
        .findFirst()
        .orElse(null);
  }
}
