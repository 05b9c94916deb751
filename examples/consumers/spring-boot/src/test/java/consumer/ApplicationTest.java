package consumer;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.multipart;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.web.servlet.AutoConfigureMockMvc;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.web.MockMultipartFile;
import org.springframework.test.web.servlet.MockMvc;

@SpringBootTest
@AutoConfigureMockMvc
@ExtendWith(OutputCaptureExtension.class)
class ApplicationTest {
  @Autowired private MockMvc service;

  @Test
  void anUploadedImageIsClassified() throws Exception {
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setColor(Color.RED);
    graphics.fillOval(6, 6, 20, 20);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    service
        .perform(multipart("/classify").file(new MockMultipartFile("image", png.toByteArray())))
        .andExpect(status().isOk())
        .andExpect(jsonPath("$[0].label", equalTo("circle")));
    service
        .perform(multipart("/classify").file(new MockMultipartFile("image", new byte[] {1, 2})))
        .andExpect(status().isBadRequest());
  }

  /** The versions that Boot manages, beside those that it came to when this was written. */
  @Test
  void itsTreeIsTheOneThatIsKept() throws IOException {
    Path tree = Path.of("target/tree.txt");
    assumeTrue(Files.exists(tree), "needs dependency:tree -DoutputFile=" + tree);
    assertEquals(Files.readString(Path.of("tree.txt")), Files.readString(tree));
  }

  @Test
  void itLogsAsItsOwnConfigurationSays(CapturedOutput output) {
    LoggerFactory.getLogger("org.descry.Anything").info("hello");
    assertTrue(output.getOut().contains("OURS INFO  Anything: hello"), output.getOut());
  }
}
