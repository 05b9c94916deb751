package org.descry.io;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The versions that results depend on. */
public final class Versions {
  private static final String DL4J = "/META-INF/maven/org.deeplearning4j/deeplearning4j-nn/";

  private static final String UNKNOWN = "unknown";

  private Versions() {}

  /** Of Descry, its git revision, DL4J and Java, by name. */
  public static Map<String, String> all() {
    Map<String, String> versions = new TreeMap<>();
    versions.put("descry", descry());
    versions.put("dl4j", dl4j());
    versions.put("java", Runtime.version().toString());
    versions.put("revision", revision());
    return versions;
  }

  /** Of this program, or {@code development} outside its jar. */
  public static String descry() {
    String version = Versions.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** Of DL4J and ND4J. */
  public static String dl4j() {
    return property(DL4J + "pom.properties", "version").orElse(UNKNOWN);
  }

  /** The git revision that this program was built from, or {@code unknown}. */
  public static String revision() {
    return Stream.of("revision", "archive")
        .flatMap(key -> property("/org/descry/build.properties", key).stream())
        .filter(value -> value.matches("[0-9a-f]{7,64}")) // not a variable that nobody filled in
        .findFirst()
        .orElse(UNKNOWN);
  }

  private static Optional<String> property(String resource, String key) {
    try (InputStream in = Versions.class.getResourceAsStream(resource)) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return Optional.ofNullable(properties.getProperty(key));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
