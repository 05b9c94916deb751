package org.descry.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PrinterTest {
  private final StringWriter bytes = new StringWriter();
  private int columns = 10;
  private final Printer printer = new Printer(new PrintWriter(bytes), () -> columns);

  @Test
  void whatATerminalWouldObeyIsShown() {
    printer.print("a\u001b[31m\u0007\r\u009b2J\u202eb\u2066c\u2028d\u007f\tä日👍\u200d\r\n");
    printer.flush();
    assertThat(bytes.toString())
        .isEqualTo(
            "a\\u001b[31m\\u0007\\u000d\\u009b2J\\u202eb\\u2066c\\u2028d\\u007f\tä日👍\u200d\r\n");
  }

  @Test
  void aShorterStatusCoversTheOneBefore() {
    printer.status("12345678");
    printer.status("abc");
    printer.status("ABCD");
    printer.line("%s", "done");
    assertThat(bytes.toString())
        .isEqualTo("\r12345678\rabc     \rABCD\r    \rdone" + System.lineSeparator());
  }

  @Test
  void wideCharactersFillTwoColumns() {
    printer.status("日本語日本語");
    printer.status("ae\u0301i");
    assertThat(bytes.toString()).isEqualTo("\r日本語日\rae\u0301i     ");
  }

  @Test
  void aStatusIsShownHarmlesslyAndAResizedWindowIsNoticed() {
    printer.status("\u001b[2J");
    printer.println();
    columns = 5;
    printer.status("123456");
    assertThat(bytes.toString())
        .isEqualTo("\r\\u001b[2J\r         \r" + System.lineSeparator() + "\r1234");
  }

  @Test
  void lostOutputIsTold() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    Printer lost = Printer.of(new PrintWriter(full, true, StandardCharsets.UTF_8));
    lost.println("a");
    assertThat(lost.checkError()).isTrue();
    assertThat(printer.checkError()).isFalse();
  }

  @Test
  void theSizeOfTheTerminalIsWhatItSays() {
    assertThat(Terminal.columns("24 132\n", 80)).isEqualTo(132);
    assertThat(Terminal.columns("0 0\n", 80)).isEqualTo(80); // not known
    assertThat(Terminal.columns("", 80)).isEqualTo(80);
    assertThat(Terminal.columns("0 forty", 80)).isEqualTo(80);
    assertThat(Terminal.columns("0 99999999999", 80)).isEqualTo(80);
  }
}
