package org.descry.data.caption.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.descry.DescryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyReaderTest {
  private static final String PLAIN =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n";
  private static final String ONE_TO_SIX = "0000803f 00000040 00004040 00008040 0000a040 0000c040";

  /** A file of a header and elements, the latter in hexadecimal digits. */
  private static byte[] file(int version, String header, String elements) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    out.writeByte(0x93);
    out.writeBytes("NUMPY");
    out.writeByte(version);
    out.writeByte(0);
    if (version == 1) {
      out.writeShort(Short.reverseBytes((short) text.length));
    } else {
      out.writeInt(Integer.reverseBytes(text.length));
    }
    out.write(text);
    out.write(HexFormat.of().parseHex(elements.replace(" ", "")));
    return bytes.toByteArray();
  }

  private static float[][] read(byte[] file) throws IOException {
    return NpyReader.read(new ByteArrayInputStream(file), file.length, "x.npy", header -> {});
  }

  private static float[][] read(String header, String elements) throws IOException {
    return read(file(1, header, elements));
  }

  /** Bits as the standards of the types have them, not as the reader computes them. */
  @ParameterizedTest
  @CsvSource({
    "<f4, 0000803f 000020c0 0000c07f",
    ">f4, 3f800000 c0200000 7fc00000",
    "<f8, 000000000000f03f 00000000000004c0 000000000000f87f",
    ">f8, 3ff0000000000000 c004000000000000 7ff8000000000000",
    "=f4, 0000803f 000020c0 0000c07f",
    "<f2, 003c 00c1 007e",
    ">f2, 3c00 c100 7e00",
  })
  void readsFloats(String type, String elements) throws IOException {
    float[][] read = read(PLAIN.replace("<f4", type).replace("(2, 3)", "(3,)"), elements);
    assertThat(read).hasDimensions(1, 3);
    assertThat(read[0]).containsExactly(1, -2.5f, Float.NaN);
  }

  @ParameterizedTest
  @CsvSource({
    "<f2, 0100 ff03 0004 ff7b, 5.9604645e-8 6.097555e-5 6.103515625e-5 65504",
    "<f2, 5535 0080 007c 00fc, 0.33325195 -0.0 Infinity -Infinity",
    "|i1, 01 ff 80 7f, 1 -1 -128 127",
    "|u1, 01 ff 80 7f, 1 255 128 127",
    "<i2, 0100 ffff 0080 ff7f, 1 -1 -32768 32767",
    ">u2, 0001 ffff 8000 7fff, 1 65535 32768 32767",
    "<i4, 01000000 ffffffff 00000080 00000001, 1 -1 -2147483648 16777216",
    "<u4, 01000000 ffffffff 00000080 00000001, 1 4294967296 2147483648 16777216",
    "<i8, 0100000000000000 ffffffffffffffff 0000000000000080 0000000001000000, 1 -1"
        + " -9223372036854775808 4294967296",
    ">u8, 0000000000000001 ffffffffffffffff 8000000000000000 0000000100000000, 1"
        + " 18446744073709551616 9223372036854775808 4294967296",
    "|b1, 00 01 01 00, 0 1 1 0",
  })
  void readsHalvesAndWholeNumbers(String type, String elements, String expected)
      throws IOException {
    float[] read = read(PLAIN.replace("<f4", type).replace("(2, 3)", "(4,)"), elements)[0];
    String[] values = expected.split(" ");
    for (int i = 0; i < values.length; i++) {
      assertThat(read[i]).as(values[i]).isEqualTo(Float.parseFloat(values[i]));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }      \n",
        "{'shape': (2, 3), 'fortran_order' : False , 'descr': \"<f4\"}",
        "{u'fortran_order':False,b'shape':(2,3,),u'descr':'f4'}\t\n",
        "{ 'descr' :\n '=f4', 'fortran_order': False, 'shape': ( 2 , 3 ) }",
      })
  void readsHeadersHoweverTheyAreWritten(String header) throws IOException {
    float[][] expected = {{1, 2, 3}, {4, 5, 6}};
    for (int version = 1; version <= 3; version++) {
      assertThat(read(file(version, header, ONE_TO_SIX))).isDeepEqualTo(expected);
    }
    // The same elements, column behind column.
    String fortran = header.replace("False", "True");
    assertThat(read(fortran, ONE_TO_SIX)).isDeepEqualTo(new float[][] {{1, 3, 5}, {2, 4, 6}});
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "(2, 3); (2, -3); expected a value",
        "(2, 3); (2.0, 3); expected a whole number",
        "(2, 3); [2, 3]; expected a header with descr, fortran_order and shape",
        "(2, 3); (6); expected a header with descr, fortran_order and shape",
        "(2, 3); (0, 3); expected sizes of at least 1",
        "(2, 3); (True, 3); expected sizes of at least 1",
        "(2, 3); (); 1 or 2 dimensions",
        "(2, 3); (1, 2, 3); 1 or 2 dimensions",
        "(2, 3); (4294967296, 4294967296); too large",
        "(2, 3); (99999999999999999999,); too large",
        "(2, 3); (3000000000, 3); cut off: expected 36000000128 bytes",
        "(2, 3); (2, 4); cut off: expected 160 bytes",
        "False; 0; expected a header with descr",
        "False; false; expected a value",
        "'descr': '<f4'; 'descr': '<f4', 'descr': '<f8'; each key once",
        "'descr': '<f4'; 'descr': [('a', '<f4'), ('b', '<i8')]; got numpy type [",
        "'descr': '<f4'; 'type': '<f4'; expected a header with descr",
        "'descr': '<f4'; 'descr': '<f4', 'more': None; expected a header with descr",
        "'descr': '<f4'; 'descr': '|V2'; got numpy type |V2",
        "'descr': '<f4'; 'descr': '<f16'; got numpy type <f16",
        "}; ; ',' or '}'",
        "}; } x; expected nothing more",
      })
  void refusesOtherHeaders(String part, String replacement, String message) throws IOException {
    String header = PLAIN.replace(", }", "}").strip();
    String changed = header.replace(part, replacement == null ? "" : replacement);
    String padded = changed + " ".repeat(118 - changed.length());
    byte[] file = file(1, padded, ONE_TO_SIX);
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(DescryException.class)
        .hasMessageStartingWith("x.npy")
        .hasMessageContaining(message);
  }

  @Test
  void nestsNoDeeperThanAHeaderDoes() throws IOException {
    byte[] file = file(2, "(".repeat(60_000), "");
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("fewer brackets");
  }

  @Test
  void neverReadsMoreThanThereIs() throws IOException {
    byte[] whole = file(1, PLAIN, ONE_TO_SIX);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(cut)).isInstanceOf(DescryException.class);
      // A length that lies costs no more than the elements that are there.
      assertThatThrownBy(
              () ->
                  NpyReader.read(
                      new ByteArrayInputStream(cut), Long.MAX_VALUE, "x.npy", header -> {}))
          .isInstanceOf(DescryException.class);
    }
  }
}
