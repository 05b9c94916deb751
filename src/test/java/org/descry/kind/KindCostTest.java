package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What one more kind of job costs: the files that all kinds share and that name a kind. */
class KindCostTest {
  private static final Path SOURCES = Path.of("src/main/java/org/descry");

  /** What every kind is named in. */
  private static final Set<String> ALL_KINDS =
      Set.of(
          "archive/ModelKind.java",
          "export/ExportedKind.java",
          "job/DataSettings.java",
          "job/ModelSettings.java",
          "kind/Kinds.java");

  private record Names(String own, String anywhere, Set<String> also) {}

  /**
   * How a kind is called in its own files' names and in others' code, and where beside the usual.
   */
  private static final Map<String, Names> KINDS =
      Map.of(
          "classifier",
          new Names(
              "kind/classifier/|(?<!Sequence)Classifier|ImageData|model/(Conv|Res|Fast|Three)",
              "\\bClassifier(Kind|Settings)\\b|(?<!SEQUENCE_)CLASSIFIER\\b|ImageDataSettings"
                  + "|TrainedClassifier|ImageClassifier|ExportedClassifier|\"convnet\""
                  + "|\"cifar10\"|\"image-folder\"",
              Set.of("job/CaptionDataSettings.java", "kind/captioner/PretrainedStages.java")),
          "captioner",
          new Names(
              "kind/captioner/|Caption",
              "Captioner(Kind|Settings)|CaptioningRnn|CAPTIONER\\b|CaptionDataSettings"
                  + "|TrainedCaptioner|ImageCaptioner|\"captioning-rnn\"|ExportedCaptioner"
                  + "|\"shape-captions\"",
              Set.of("generate/RnnWeights.java")),
          "language",
          new Names(
              "kind/language/|Language|TextData",
              "Language(Kind|Settings|Rnn|Model)\\b|LANGUAGE_MODEL|TextDataSettings|TextModel"
                  + "|\"language-rnn\"",
              Set.of("cli/SampleCommand.java", "job/SequenceDataSettings.java")),
          "sequence",
          new Names(
              "kind/sequence/|Sequence(Settings|DataSettings|Rnn|Classifier)",
              "Sequence(Kind|Settings|DataSettings|Rnn|Classifier)\\b|SEQUENCE_CLASSIFIER"
                  + "|\"sequence-rnn\"|\"sequences\"",
              Set.of()));

  @Test
  void filesThatNameAKindAreFewAndKnown() throws IOException {
    Map<String, String> code = code();
    KINDS.forEach(
        (kind, names) ->
            assertThat(shared(names, code))
                .as(kind)
                .containsExactlyInAnyOrderElementsOf(
                    Stream.of(ALL_KINDS, names.also).flatMap(Set::stream).toList()));
  }

  @Test
  void theDesignPageCountsThem() throws IOException {
    Names latest = KINDS.get("sequence");
    Map<String, String> code = code();
    Pattern own = Pattern.compile(latest.own);
    long files = code.keySet().stream().filter(name -> own.matcher(name).find()).count();
    Matcher row =
        Pattern.compile("(?m)^\\| a kind of job .*?(\\d+) files of its own.*?(\\d+) shared ones")
            .matcher(Files.readString(Path.of("docs/design.md")));
    assertThat(row.find()).isTrue();
    assertThat(List.of(row.group(1), row.group(2)))
        .containsExactly(String.valueOf(files), String.valueOf(shared(latest, code).size()));
  }

  private static Set<String> shared(Names names, Map<String, String> code) {
    Pattern own = Pattern.compile(names.own);
    Pattern anywhere = Pattern.compile(names.anywhere);
    return code.keySet().stream()
        .filter(name -> !own.matcher(name).find() && anywhere.matcher(code.get(name)).find())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Sources by name, without comments. */
  private static Map<String, String> code() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .collect(
              Collectors.toMap(
                  file -> SOURCES.relativize(file).toString().replace('\\', '/'),
                  KindCostTest::withoutComments));
    }
  }

  private static String withoutComments(Path file) {
    try {
      return Files.readString(file).replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("//.*", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
