package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * What the pages point at exists: other pages, headings, files, classes; and all that is there is
 * on a page.
 */
class DocumentationTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
  private static final Pattern TYPE =
      Pattern.compile("((?:[a-z]\\w*\\.)*)([A-Z][a-zA-Z0-9]*[a-z][a-zA-Z0-9]*)(?:[.(].*)?");

  /** Capitalised code that names no class. */
  private static final Set<String> NO_TYPES =
      Set.of("Thumbs.db", "Flickr8k.token.txt", "Classify.java", "Caption.java", "Wh");

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      return Stream.concat(
              Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "models/README.md")
                  .map(Path::of),
              docs.filter(file -> file.toString().endsWith(".md")))
          .sorted()
          .toList();
    }
  }

  /** A page without its blocks of code. */
  private static String prose(Path page) throws IOException {
    return Files.readString(page).replaceAll("(?ms)^```.*?^```$", "");
  }

  private static Set<String> headings(Path page) throws IOException {
    return prose(page)
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> dead = new ArrayList<>();
    for (Path page : pages()) {
      for (MatchResult link : LINK.matcher(prose(page)).results().toList()) {
        String target = link.group(1);
        if (target.matches("https?:.*")) {
          continue;
        }
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        if (!Files.exists(file) || parts.length == 2 && !headings(file).contains(parts[1])) {
          dead.add(page + ": " + target);
        }
      }
    }
    assertThat(dead).isEmpty();
  }

  @Test
  void theReadmeLeadsToEveryPage() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    assertThat(pages())
        .filteredOn(page -> !page.endsWith("README.md"))
        .allSatisfy(page -> assertThat(readme).contains("(" + page + ")"));
    assertThat(readme.lines().count()).isLessThan(130);
  }

  @Test
  void everyVariableIsDescribed() throws IOException {
    Pattern variable = Pattern.compile("\"((?:DESCRY|OMP|GOMP)_[A-Z_]+)\"");
    Set<String> variables = new HashSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        variable
            .matcher(Files.readString(file))
            .results()
            .forEach(name -> variables.add(name.group(1)));
      }
    }
    String page = Files.readString(Path.of("docs/engine.md"));
    assertThat(variables)
        .contains("DESCRY_THREADS")
        .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
  }

  @Test
  void everyJobFileThatIsNamedExists() throws IOException {
    Set<String> known = new HashSet<>();
    for (String folder : List.of("resources/jobs", "resources/sweeps")) {
      try (Stream<Path> files = Files.list(Path.of(folder))) {
        files.forEach(file -> known.add(file.getFileName().toString()));
      }
    }
    for (String page : List.of("job-files.md", "sweeps.md", "reference-systems.md")) {
      Pattern file = Pattern.compile("\\| [^|]*`([a-z0-9-]+\\.yaml)`");
      assertThat(file.matcher(prose(Path.of("docs", page))).results().map(name -> name.group(1)))
          .as(page)
          .isNotEmpty()
          .isSubsetOf(known);
    }
  }

  @Test
  void everyClassThatIsNamedExists() throws IOException {
    Set<String> known = classes();
    try (Stream<Path> programs = Files.walk(Path.of("examples"))) {
      programs.forEach(file -> known.add(file.getFileName().toString().replace(".java", "")));
    }
    List<String> unknown = new ArrayList<>();
    for (Path page : pages()) {
      if (page.endsWith("CHANGELOG.md")) {
        continue; // tells of classes that are gone
      }
      for (MatchResult code : CODE.matcher(prose(page)).results().toList()) {
        var type = TYPE.matcher(code.group(1));
        if (type.matches() && !NO_TYPES.contains(code.group(1))) {
          String name = type.group(1) + type.group(2);
          if (!known.contains(name) && !known.contains("org.descry." + name)) {
            unknown.add(page + ": " + code.group(1));
          }
        }
      }
    }
    assertThat(unknown).isEmpty();
  }

  /** Full and simple names of all classes on the class path and of the JDK's. */
  private static Set<String> classes() throws IOException {
    Set<String> names = new HashSet<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path root = Path.of(entry);
      if (Files.isDirectory(root)) {
        try (Stream<Path> files = Files.walk(root)) {
          files.forEach(file -> add(names, root.relativize(file).toString()));
        }
      } else if (entry.endsWith(".jar") && Files.exists(root)) {
        try (JarFile jar = new JarFile(root.toFile())) {
          jar.stream().forEach(file -> add(names, file.getName()));
        }
      }
    }
    for (String part : List.of("java.base/java", "java.desktop/java/awt/image")) {
      try (Stream<Path> jdk =
          Files.walk(FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", part))) {
        jdk.forEach(file -> add(names, file.toString()));
      }
    }
    return names;
  }

  private static void add(Set<String> names, String file) {
    if (file.endsWith(".class")) {
      String name = file.substring(0, file.length() - 6).replace('/', '.').replace('$', '.');
      names.add(name);
      names.add(name.substring(name.lastIndexOf('.') + 1));
    }
  }

  /** The compiler checks the syntax and the references of Javadoc; this, that there is some. */
  @Test
  void everyPackageAndPublicTypeHasJavadoc() throws IOException {
    Pattern comment = Pattern.compile("\\*/.*?^public ", Pattern.MULTILINE | Pattern.DOTALL);
    List<Path> without = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java/org/descry"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file);
        Path info = file.resolveSibling("package-info.java");
        if (!Files.exists(info) || text.contains("\npublic ") && !comment.matcher(text).find()) {
          without.add(file);
        }
      }
    }
    assertThat(without).isEmpty();
  }

  @Test
  void everyCommandAndOptionIsDescribed() throws IOException {
    String page = Files.readString(Path.of("docs/commands.md"));
    String common = page.substring(0, page.indexOf("\n## "));
    List<String> missing = new ArrayList<>();
    describe(Main.commandLine(), "", page, common, missing);
    assertThat(missing).isEmpty();
  }

  private static void describe(
      CommandLine command, String name, String page, String common, List<String> missing) {
    String section = section(page, name);
    for (var option : command.getCommandSpec().options()) {
      String text = option.longestName();
      Pattern mention = Pattern.compile("(?<![\\w-])" + Pattern.quote(text) + "(?![\\w-])");
      if (!mention.matcher(section).find() && !mention.matcher(common).find()) {
        missing.add("descry " + name + " " + text);
      }
    }
    command
        .getSubcommands()
        .forEach(
            (child, line) -> {
              if (!child.equals("help")) {
                describe(line, (name + " " + child).strip(), page, common, missing);
              }
            });
  }

  /** What stands under a command's heading; sections below it are other commands'. */
  private static String section(String page, String name) {
    int from =
        name.isEmpty()
            ? 0
            : page.indexOf("\n" + "#".repeat(1 + name.split(" ", -1).length) + " " + name + "\n");
    assertThat(from).as("a heading for " + name).isNotNegative();
    int to = page.indexOf("\n##", from + 1);
    return page.substring(from, to < 0 ? page.length() : to);
  }
}
