package org.descry.io;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** The versions that results depend on. */
public final class Versions {
  private static final String DL4J = "/META-INF/maven/org.deeplearning4j/deeplearning4j-nn/";

  private Versions() {}

  /** Of Descry, DL4J and Java, by name. */
  public static Map<String, String> all() {
    Map<String, String> versions = new TreeMap<>();
    versions.put("descry", descry());
    versions.put("dl4j", dl4j());
    versions.put("java", Runtime.version().toString());
    return versions;
  }

  /** Of this program, or {@code development} outside its jar. */
  public static String descry() {
    String version = Versions.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** Of DL4J and ND4J. */
  public static String dl4j() {
    try (InputStream in = Versions.class.getResourceAsStream(DL4J + "pom.properties")) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("version", "unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
