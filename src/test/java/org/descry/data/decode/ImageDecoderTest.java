package org.descry.data.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are whole are read, all others are refused before they cost anything. */
class ImageDecoderTest {
  private static final int LIMIT = 1_000_000;

  private static BufferedImage scene() {
    BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    for (int i = 0; i < 40; i++) {
      graphics.setColor(new Color(6 * i, 255 - 5 * i, (i * 53) % 256));
      graphics.fillRect(i, i / 2, 9, 40 - i);
    }
    graphics.dispose();
    return image;
  }

  private static byte[] encoded(String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(scene(), format, out)).isTrue();
    return out.toByteArray();
  }

  private static byte[] plus(byte[] file, byte... more) {
    byte[] longer = Arrays.copyOf(file, file.length + more.length);
    System.arraycopy(more, 0, longer, file.length, more.length);
    return longer;
  }

  @Test
  void aFileThatIsCutIsRefusedOrStillWhole() throws IOException {
    int refused = 0;
    for (Map.Entry<String, byte[]> image : FixtureFiles.images().entrySet()) {
      byte[] file = image.getValue();
      byte[] whole = ImageDecoder.decode(file, LIMIT).pixels();
      for (int tenth = 0; tenth <= 10; tenth++) {
        int length = tenth == 10 ? file.length - 1 : file.length * tenth / 10;
        try {
          assertThat(ImageDecoder.decode(Arrays.copyOf(file, length), LIMIT).pixels())
              .as("%s cut to %d of %d bytes", image.getKey(), length, file.length)
              .isEqualTo(whole);
        } catch (IOException e) {
          assertThat(e).hasMessageContaining("expected");
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(10 * 80);
  }

  @Test
  void bytesBehindTheEndDoNoHarm() throws IOException {
    for (String format : new String[] {"jpg", "png", "gif", "bmp"}) {
      byte[] file = encoded(format);
      byte[] longer = plus(file, "and more \0 bytes".getBytes(StandardCharsets.UTF_8));
      assertThat(ImageDecoder.decode(longer, LIMIT).pixels())
          .as(format)
          .isEqualTo(ImageDecoder.decode(file, LIMIT).pixels());
    }
  }

  @Test
  void anEndMarkBehindHalfAJpegDoesNotMakeItWhole() throws IOException {
    byte[] half = Arrays.copyOf(encoded("jpg"), 900);
    byte[] file = plus(half, (byte) 0xff, (byte) 0xd9);
    assertThatThrownBy(() -> ImageDecoder.decode(file, LIMIT)).hasMessageContaining("is damaged");
  }

  @Test
  void whatADecoderSaysOfItsOwnCodeIsNotRepeated() {
    assertThat(ImageDecoder.undecodable(ImageFormat.TIFF, new ClassCastException()))
        .hasMessage("is damaged; expected a whole TIFF");
    assertThat(ImageDecoder.undecodable(ImageFormat.TIFF, new IOException("no IFD found")))
        .hasMessage("cannot be decoded as TIFF: no IFD found; expected a whole file");
  }

  @Test
  void aPngWhosePixelsWereChangedIsRefused() throws IOException {
    byte[] file = encoded("png");
    file[file.length - 30] ^= 4;
    assertThatThrownBy(() -> ImageDecoder.decode(file, LIMIT)).hasMessageContaining("checksum");
  }

  /** Only the header is there: whoever decodes before looking at it fails otherwise. */
  @ParameterizedTest
  @ValueSource(strings = {"PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PNM"})
  void anImageThatIsTooLargeIsRefusedByItsHeader(String format) throws IOException {
    byte[] file =
        switch (format) {
          case "PNG" -> png(60_000, 50_000);
          case "JPEG" -> resizedJpeg(60_000, 50_000);
          case "GIF" -> patched(encoded("gif"), imageDescriptor(encoded("gif")), 60_000, 50_000);
          case "BMP" -> bmp(60_000, 50_000);
          case "WEBP" -> webp(16_000, 15_000);
          case "TIFF" -> tiff(60_000, 50_000, 0);
          default -> "P5 60000 50000 255\n ".getBytes(StandardCharsets.US_ASCII);
        };
    assertThat(ImageFormat.of(file)).hasToString(format);
    String limit = format.equals("BMP") || format.equals("PNM") ? "cut off" : "data.maxPixels";
    assertThatThrownBy(() -> ImageDecoder.decode(file, ImageDecoder.MAX_PIXELS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(limit);
  }

  @Test
  void theLimitIsOnThePixels() throws IOException {
    for (byte[] file : FixtureFiles.images().values()) {
      RgbImage image = ImageDecoder.decode(file, LIMIT);
      long size = (long) image.height() * image.width();
      assertThat(ImageDecoder.decode(file, size)).isNotNull();
      assertThatThrownBy(() -> ImageDecoder.decode(file, size - 1))
          .hasMessageContaining("data.maxPixels");
    }
  }

  private static byte[] png(int width, int height) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(PngFile.SIGNATURE.getBytes(StandardCharsets.ISO_8859_1));
    byte[] header =
        ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8).put((byte) 2).array();
    out.writeBytes(chunk("IHDR", header));
    out.writeBytes(chunk("IDAT", deflated(100)));
    out.writeBytes(chunk("IEND", new byte[0]));
    return out.toByteArray();
  }

  private static byte[] chunk(String name, byte[] data) {
    ByteBuffer chunk = ByteBuffer.allocate(data.length + 12).putInt(data.length);
    chunk.put(name.getBytes(StandardCharsets.US_ASCII)).put(data);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, data.length + 4);
    return chunk.putInt((int) crc.getValue()).array();
  }

  private static byte[] deflated(int zeros) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater =
        new DeflaterOutputStream(out, new Deflater(Deflater.BEST_COMPRESSION))) {
      deflater.write(new byte[zeros]);
    }
    return out.toByteArray();
  }

  private static byte[] resizedJpeg(int width, int height) throws IOException {
    byte[] file = encoded("jpg");
    int at = 2;
    while ((file[at + 1] & 0xff) != 0xc0) {
      at += 2 + ((file[at + 2] & 0xff) << 8 | file[at + 3] & 0xff);
    }
    ByteBuffer.wrap(file).putShort(at + 5, (short) height).putShort(at + 7, (short) width);
    return file;
  }

  private static int imageDescriptor(byte[] gif) {
    return new String(gif, StandardCharsets.ISO_8859_1).lastIndexOf(",\0\0\0\0") + 5;
  }

  private static byte[] patched(byte[] file, int at, int first, int second) {
    ByteBuffer.wrap(file)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort(at, (short) first)
        .putShort(at + 2, (short) second);
    return file;
  }

  private static byte[] bmp(int width, int height) throws IOException {
    byte[] file = encoded("bmp");
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(18, width).putInt(22, height);
    return file;
  }

  private static byte[] webp(int width, int height) throws IOException {
    return patched(FixtureFiles.images().get("lossy.webp").clone(), 26, width, height);
  }

  /** A TIFF of one strip; {@code next} is where its second page is said to be. */
  private static byte[] tiff(int width, int height, int next) {
    ByteBuffer file = ByteBuffer.allocate(8 + 2 + 8 * 12 + 4 + 12);
    file.put("MM\0*".getBytes(StandardCharsets.ISO_8859_1)).putInt(8).putShort((short) 8);
    int[][] entries = {
      {256, width}, {257, height}, {258, 8}, {259, 1}, {262, 1}, {273, 110}, {277, 1}, {279, 12}
    };
    for (int[] entry : entries) {
      file.putShort((short) entry[0]).putShort((short) 4).putInt(1).putInt(entry[1]);
    }
    return file.putInt(next).put(new byte[] {9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 11, 12}).array();
  }

  @Test
  void whatUnpacksToAnySizeNeverReachesTheDecoder() throws IOException {
    byte[] file = encoded("png");
    byte[] bomb = deflated(50_000_000);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, 33); // signature and header
    out.writeBytes(chunk("zTXt", named(bomb)));
    out.writeBytes(chunk("iCCP", named(bomb)));
    out.write(file, 33, file.length - 33);
    byte[] loaded = out.toByteArray();
    assertThat(PngFile.parse(loaded).essential()).isEqualTo(PngFile.parse(file).essential());
    assertThat(ImageDecoder.decode(loaded, LIMIT).pixels())
        .isEqualTo(ImageDecoder.decode(file, LIMIT).pixels());
  }

  private static byte[] named(byte[] compressed) {
    byte[] data = new byte[compressed.length + 3];
    data[0] = 'x';
    System.arraycopy(compressed, 0, data, 3, compressed.length);
    return data;
  }

  @Test
  void aTiffWhosePagesGoRoundIsItsFirstPage() throws IOException {
    RgbImage image = ImageDecoder.decode(tiff(4, 3, 8), LIMIT);
    assertThat(image.height()).isEqualTo(3);
    assertThat(image.pixels()).hasSize(36).startsWith(9, 9, 9, 8);
  }

  @Test
  void ofAnAnimationTheFirstFrameCounts() throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BufferedImage other = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.prepareWriteSequence(null);
      for (BufferedImage frame : new BufferedImage[] {scene(), other}) {
        writer.writeToSequence(
            new IIOImage(
                frame, null, writer.getDefaultImageMetadata(new ImageTypeSpecifier(frame), null)),
            null);
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
    assertThat(ImageDecoder.decode(out.toByteArray(), LIMIT).pixels())
        .isEqualTo(ImageDecoder.decode(encoded("gif"), LIMIT).pixels());
  }

  @Test
  void aJpegOfEndlessScansIsRefused() throws IOException {
    byte[] file = FixtureFiles.images().get("prog.jpg");
    String text = new String(file, StandardCharsets.ISO_8859_1);
    int lastScan = text.lastIndexOf("\u00ff\u00da");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, lastScan);
    for (int i = 0; i < 500; i++) {
      out.write(file, lastScan, file.length - 2 - lastScan);
    }
    out.write(file, file.length - 2, 2);
    assertThatThrownBy(() -> ImageDecoder.decode(out.toByteArray(), LIMIT))
        .hasMessageContaining("scans");
  }

  @Test
  void aNumberFormatOfTextIsReadAsItsBinarySibling() throws IOException {
    String plain = "P3 # text\n2 1\n# of fifteen\n15\n15 0 5\n1 2 3\n";
    assertThat(ImageDecoder.decode(plain.getBytes(StandardCharsets.US_ASCII), LIMIT).pixels())
        .containsExactly(255, 0, 85, 17, 34, 51);
    String bits = "P1 3 2 101\n010";
    assertThat(ImageDecoder.decode(bits.getBytes(StandardCharsets.US_ASCII), LIMIT).grey())
        .containsExactly(0, 255, 0, 255, 0, 255);
  }

  @Test
  void whatIsNoImageIsToldSo() {
    for (String text : new String[] {"", "a", "II", "P5", "RIFF....WAVE", "%PDF-1.7", "<svg/>"}) {
      byte[] file = text.getBytes(StandardCharsets.US_ASCII);
      assertThatThrownBy(() -> ImageDecoder.decode(file, LIMIT))
          .as(text)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(ImageFormat.NAMES);
    }
  }
}
