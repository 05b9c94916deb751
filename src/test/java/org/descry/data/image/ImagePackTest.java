package org.descry.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.descry.DataException;
import org.descry.UsageException;
import org.descry.data.Fingerprint;
import org.descry.data.builtin.Shapes;
import org.descry.data.convert.DataConverter;
import org.descry.data.image.cifar.CifarLabels;
import org.descry.data.image.cifar.CifarWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packs are read as the folders that they were made of. */
class ImagePackTest {
  private static final ImageLoader LOADER = new ImageLoader(32, 32, 3);

  @TempDir private Path dir;
  private Path folder;
  private Path pack;
  private final List<String> passedOver = new ArrayList<>();

  @BeforeEach
  void makeFolder() throws IOException {
    CifarWriter.write(Shapes.generate(3, 30, 10, 10), dir.resolve("cifar"));
    folder = dir.resolve("folder");
    DataConverter.convert(dir.resolve("cifar"), folder, CifarLabels.FINE);
    pack = dir.resolve("pack");
    Files.writeString(folder.resolve("train/notes.txt"), "no image");
  }

  private ImagePack.Index pack() {
    return ImagePack.write(folder, pack, 4000, passedOver);
  }

  private static String fingerprint(ImageSplits splits) {
    Fingerprint fingerprint = new Fingerprint();
    splits.addTo(fingerprint);
    return fingerprint.hex();
  }

  @Test
  void aPackOfSeveralFilesIsReadAsItsFolder() {
    ImagePack.Index index = pack();
    assertThat(index.shards()).hasSizeGreaterThan(3);
    assertThat(index.shards().stream().mapToInt(ImagePack.Shard::images).sum())
        .isEqualTo(index.images());
    assertThat(passedOver).containsExactly("files that are no images: 1 (train/notes.txt)");
    ImageSplits packed = ImageFolder.read(pack, LOADER);
    ImageSplits plain = ImageFolder.read(folder, LOADER);
    assertThat(packed.train().size()).isPositive();
    assertThat(packed.test().size()).isPositive();
    assertThat(packed.train().labelNames()).isEqualTo(plain.train().labelNames());
    assertThat(fingerprint(packed)).isEqualTo(fingerprint(plain));
    assertThat(fingerprint(ImageFolder.read(pack.resolve("."), LOADER)))
        .isEqualTo(fingerprint(plain));
  }

  @Test
  void theSameFolderGivesTheSameBytes() throws IOException {
    ImagePack.Index index = pack();
    Path again = dir.resolve("again");
    assertThat(ImagePack.write(folder, again, 4000, passedOver)).isEqualTo(index);
    for (ImagePack.Shard shard : index.shards()) {
      assertThat(again.resolve(shard.file())).hasSameBinaryContentAs(pack.resolve(shard.file()));
    }
  }

  @Test
  void partsAreShardsOrSoManyImages() throws IOException {
    pack();
    assertThat(names(ImagePart.of(pack, 1))).isEqualTo(names(ImagePart.of(folder, 7)));
    assertThat(ImagePart.of(folder, 7).get(0).size()).isEqualTo(7);
  }

  private static List<String> names(List<ImagePart> parts) throws IOException {
    List<String> names = new ArrayList<>();
    for (ImagePart part : parts) {
      try (ImagePart.Opened opened = part.open()) {
        assertThat(opened.images()).hasSize(part.size());
        opened.images().forEach(image -> names.add(image.name()));
      }
    }
    return names;
  }

  @Test
  void aBadImageIsNamedWithItsShard() throws IOException {
    Path broken = folder.resolve("train/circle/broken.png");
    Files.writeString(broken, "no image");
    pack();
    assertThatThrownBy(() -> ImageFolder.read(pack, LOADER))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("images-0000")
        .hasMessageContaining(".zip!/train/circle/broken.png ");
  }

  @Test
  void whatIsNoPackAnyMoreIsRefused() throws IOException {
    ImagePack.Index index = pack();
    Path shard = pack.resolve(index.shards().get(1).file());
    byte[] whole = Files.readAllBytes(shard);
    Files.write(shard, new byte[] {1, 2, 3});
    assertThatThrownBy(() -> ImageFolder.read(pack, LOADER))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(shard + " cannot be read");
    Files.write(shard, whole);
    Files.copy(shard, pack.resolve("other.zip"));
    Path file = pack.resolve(ImagePack.INDEX);
    String text = Files.readString(file);
    for (String bad :
        List.of(
            text.replace("images-00001.zip", "../pack/images-00001.zip"),
            text.replace("\"version\" : 1", "\"version\" : 9"),
            text.replace("\"file\"", "\"name\""),
            text.substring(0, text.length() / 2),
            "null")) {
      Files.writeString(file, bad);
      assertThatThrownBy(() -> ImageFolder.read(pack, LOADER))
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith(file.toString())
          .hasMessageContaining("; expected ");
    }
    Files.writeString(
        file,
        text.replaceFirst("\"images\" : (\\d+),\n    \"bytes", "\"images\" : 1,\n    \"bytes"));
    assertThatThrownBy(() -> names(ImagePart.of(pack, 1)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("; expected 1, as its index says.");
  }

  @Test
  void whatCannotBePackedIsRefused() throws IOException {
    pack();
    assertThatThrownBy(this::pack).isInstanceOf(UsageException.class);
    Path empty = Files.createDirectory(dir.resolve("empty"));
    assertThatThrownBy(() -> ImagePack.write(empty, dir.resolve("x"), 1, passedOver))
        .hasMessage("Folder " + empty + " holds no images; expected at least one.");
    assertThatThrownBy(() -> ImagePack.write(pack, dir.resolve("x"), 1, passedOver))
        .hasMessage(pack + " is a pack already; expected a folder of images.");
    assertThatThrownBy(() -> ImagePart.of(empty, 5)).hasMessageContaining("holds no images");
    assertThatThrownBy(() -> ImagePart.of(dir.resolve("none"), 5))
        .hasMessageContaining("does not exist");
  }
}
