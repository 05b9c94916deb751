package org.descry.data;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.descry.DescryException;
import org.descry.data.caption.file.CaptionFile;
import org.descry.data.caption.file.CaptionFormat;
import org.descry.data.convert.DataGuess;
import org.descry.data.text.StepTable;
import org.descry.data.text.TextFiles;
import org.descry.io.EndingFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text as editors and spreadsheets of Windows may write it is told by its name. */
class Utf16Test {
  @TempDir Path dir;

  private static void refused(Path file, ThrowingCallable reading) {
    assertThatThrownBy(reading)
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("UTF-16 text")
        .hasMessageContaining("UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE"})
  void isToldByItsMark(String charset) throws IOException {
    Path file = dir.resolve("a.csv");
    Files.writeString(file, "\uFEFFimage,caption\n1.png,a dog\n", Charset.forName(charset));
    refused(file, () -> TextFiles.read(file));
    refused(file, () -> StepTable.read(file, 0, Intake.strict()));
    refused(file, () -> DataGuess.of(file));
    refused(file, () -> CaptionFile.open(file, CaptionFormat.AUTO));
    assertThatThrownBy(() -> EndingFiles.text(file)).hasMessage("UTF-16 text, not UTF-8");
  }

  @Test
  void shortTextsAreReadToTheirEnd() throws IOException {
    for (String text : new String[] {"", "a", "\uFEFF", "\u00FE", "ab"}) {
      Path file = Files.writeString(dir.resolve("text.txt"), text);
      try (var in = EndingFiles.openText(file)) {
        assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(text);
      }
      assertThat(EndingFiles.text(file)).isEqualTo(text);
    }
  }

  /** Readers of text open files in the one way that looks. */
  @Test
  void everyReaderLooks() {
    noClasses()
        .should()
        .callMethod(Files.class, "newBufferedReader", Path.class)
        .orShould()
        .callMethod(Files.class, "lines", Path.class)
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.descry.data", "org.descry.kind", "org.descry.train"));
  }
}
