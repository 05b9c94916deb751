package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What people unpack is whole: its pages and job files point at nothing that was left out. */
class DistributionTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s#]+)[^)]*\\)");
  private static final Pattern SCHEMA = Pattern.compile("\\$schema=(\\S+)");

  /** By the name in the archive, where each file is in the project. */
  private static TreeMap<String, Path> archive() throws Exception {
    Element assembly =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(Path.of("src/dist/assembly.xml").toFile())
            .getDocumentElement();
    TreeMap<String, Path> archive = new TreeMap<>();
    for (Element set : elements(assembly, "fileSet")) {
      String from = text(set, "directory").replace("${project.basedir}", ".");
      if (!from.startsWith("${")) { // what the build makes
        List<String> includes =
            elements(set, "include").stream().map(Element::getTextContent).toList();
        add(archive, Path.of(from), text(set, "outputDirectory"), includes);
      }
    }
    for (Element file : elements(assembly, "file")) {
      Path source = Path.of(text(file, "source"));
      archive.put(name(text(file, "outputDirectory"), source.getFileName()), source);
    }
    return archive;
  }

  private static void add(
      TreeMap<String, Path> archive, Path folder, String to, List<String> includes)
      throws IOException {
    List<String> patterns = includes.isEmpty() ? List.of("**") : includes;
    for (String pattern : patterns) {
      Path root = folder.resolve(pattern.replaceFirst("/?\\*.*", ""));
      var matches = root.getFileSystem().getPathMatcher("glob:" + pattern);
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Path name = folder.relativize(file);
          if (matches.matches(name)) {
            archive.put(name(to, name), file);
          }
        }
      }
    }
  }

  private static String name(String folder, Path file) {
    return folder.isEmpty() ? file.toString() : folder + "/" + file;
  }

  private static List<Element> elements(Element in, String name) {
    NodeList found = in.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }

  private static String text(Element in, String name) {
    return elements(in, name).get(0).getTextContent().strip();
  }

  @Test
  void whatItsFilesPointAtIsInIt() throws Exception {
    TreeMap<String, Path> archive = archive();
    assertThat(archive.keySet())
        .contains("README.md", "LICENSE", "NOTICE", "bin/descry", "jobs/shapes-convnet.yaml")
        .contains("docs/commands.md", "models/word-rnn.zip");
    TreeSet<String> folders = new TreeSet<>();
    archive.keySet().forEach(name -> folders.add(name.replaceFirst("/[^/]*$", "")));
    List<String> missing = new ArrayList<>();
    for (String name : archive.keySet()) {
      Pattern pointer = name.endsWith(".md") ? LINK : name.endsWith(".yaml") ? SCHEMA : null;
      if (pointer == null || name.equals("CHANGELOG.md")) {
        continue;
      }
      for (MatchResult link :
          pointer.matcher(Files.readString(archive.get(name))).results().toList()) {
        String target = Path.of("./" + name).resolveSibling(link.group(1)).normalize().toString();
        if (!link.group(1).startsWith("http")
            && !archive.containsKey(target)
            && folders.stream().noneMatch(folder -> (folder + "/").startsWith(target + "/"))) {
          missing.add(name + ": " + link.group(1));
        }
      }
    }
    assertThat(missing).isEmpty();
  }
}
