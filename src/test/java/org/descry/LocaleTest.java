package org.descry;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Scanner;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.descry.report.Html;
import org.descry.report.LineChart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is written does not depend on the language of the machine: {@code %d} and {@code %.1f} write
 * other digits in Arabic or Nepali, and I is no i in Turkish.
 */
class LocaleTest {
  private static final Pattern LITERAL =
      Pattern.compile("\"\"\"[\\s\\S]*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"");
  private static final Pattern NUMBER =
      Pattern.compile("%(\\d+\\$)?[-#+ 0,(]*\\d*(\\.\\d+)?[deEfgG]");
  // Methods of ours that take a pattern; UNKNOWN finds one that hands it on without a locale.
  private static final Pattern OUR_FORMATS =
      Pattern.compile("Locale\\.ROOT|(?<![.\\w])(format|row|svg)\\(|out\\.line\\(|Refusal\\.of\\(");
  private static final Pattern UNKNOWN =
      Pattern.compile("String\\.format\\(\\s*[a-z]|\\b[a-z]\\w*\\.formatted\\(|::formatted");

  @Test
  void numbersAreFormattedForNoLanguage() throws IOException {
    assertThat(faults("int i; String s = \"%d\".formatted(1);")).hasSize(1);
    assertThat(faults("int i; String s = String.format(Locale.ROOT, \"%.1f\", 1);")).isEmpty();
    List<String> faults = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        faults(Files.readString(file)).forEach(fault -> faults.add(file + ": " + fault));
      }
    }
    assertThat(faults).as("write %s, or format with Locale.ROOT").isEmpty();
  }

  private static List<String> faults(String source) {
    List<String> faults = new ArrayList<>();
    UNKNOWN.matcher(source).results().map(MatchResult::group).forEach(faults::add);
    LITERAL
        .matcher(source)
        .results()
        .filter(literal -> NUMBER.matcher(literal.group()).find())
        .filter(literal -> !isSafe(source, literal))
        .map(MatchResult::group)
        .forEach(faults::add);
    return faults;
  }

  /** Whether the statement round a pattern says which language it is for. */
  private static boolean isSafe(String source, MatchResult literal) {
    int from = Math.max(0, source.lastIndexOf(";\n", literal.start()));
    for (String end : List.of("{\n", "}\n")) {
      from = Math.max(from, source.lastIndexOf(end, literal.start()));
    }
    int to = source.indexOf(";\n", literal.end());
    String statement = source.substring(from, to < 0 ? source.length() : to);
    return OUR_FORMATS.matcher(statement).find()
        && !source.substring(literal.end()).stripLeading().startsWith(".formatted(");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar-EG", "fa", "mr", "ne", "bn", "tr"})
  void chartsAreDrawnInEveryLanguage(String language) {
    Locale here = Locale.getDefault();
    List<LineChart.Series> curves =
        List.of(new LineChart.Series("I", "class='train'", List.of(1234.5, 0.25, 1e-7)));
    String drawn = LineChart.svg("Loss", Html.number(0.5), curves);
    Locale.setDefault(Locale.forLanguageTag(language));
    try {
      assertThat("%d %s".formatted(12, "I".toLowerCase(Locale.getDefault())))
          .isNotEqualTo("12 i"); // it would show
      assertThat(LineChart.svg("Loss", Html.number(0.5), curves)).isEqualTo(drawn);
    } finally {
      Locale.setDefault(here);
    }
  }

  @Test
  void nothingAsksForTheLanguageOfTheMachine() {
    noClasses()
        .should()
        .callMethod(String.class, "toLowerCase")
        .orShould()
        .callMethod(String.class, "toUpperCase")
        .orShould()
        .callMethod(NumberFormat.class, "getInstance")
        .orShould()
        .callConstructor(DecimalFormat.class, String.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Scanner.class)
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.descry"));
  }
}
