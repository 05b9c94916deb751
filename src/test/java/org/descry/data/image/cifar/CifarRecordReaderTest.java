package org.descry.data.image.cifar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.datavec.api.records.Record;
import org.datavec.api.split.FileSplit;
import org.datavec.api.writable.NDArrayWritable;
import org.datavec.api.writable.Writable;
import org.deeplearning4j.datasets.datavec.RecordReaderDataSetIterator;
import org.descry.DescryException;
import org.descry.data.image.ImageSet;
import org.descry.data.image.ImageSplits;
import org.descry.data.image.Samples;
import org.descry.data.image.cifar.CifarRecordReader.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

class CifarRecordReaderTest {
  @TempDir Path folder;

  @Test
  void pixelsComeOutInPlaceAndOrder() throws Exception {
    Samples.cifar(folder.resolve("data_batch_1.bin"), 3, new int[] {4}, new int[] {9});
    byte[] planes = new byte[3072];
    new Random(3).nextBytes(planes);

    ImageSet images = CifarFolder.read(folder).train();

    assertThat(images.size()).isEqualTo(2);
    assertThat(images.label(0)).isEqualTo(4);
    assertThat(images.label(1)).isEqualTo(9);
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 32; x++) {
        for (int c = 0; c < 3; c++) {
          assertThat(images.image(0)[(y * 32 + x) * 3 + c])
              .isEqualTo(planes[c * 1024 + y * 32 + x]);
        }
      }
    }
  }

  @Test
  void batchesAreReadInNumericOrderAndNamedByTheMetaFile() throws Exception {
    Samples.cifar(folder.resolve("data_batch_10.bin"), 1, new int[] {1});
    Samples.cifar(folder.resolve("data_batch_2.bin"), 2, new int[] {0});
    Samples.cifar(folder.resolve("test_batch.bin"), 3, new int[] {1}, new int[] {1});
    Samples.cifar(folder.resolve("validation_batch.bin"), 4, new int[] {0});
    Files.writeString(folder.resolve("batches.meta.txt"), "cat\ndog\n\n");

    ImageSplits splits = CifarFolder.read(folder);

    assertThat(splits.train().labelNames()).containsExactly("cat", "dog");
    assertThat(splits.train().label(0)).isEqualTo(0);
    assertThat(splits.train().label(1)).isEqualTo(1);
    assertThat(splits.test().size()).isEqualTo(2);
    assertThat(splits.validation().size()).isEqualTo(1);
  }

  @Test
  void cifar100TakesTheFineLabel() throws Exception {
    Path inside = Files.createDirectory(folder.resolve("cifar-100-binary"));
    Samples.cifar(inside.resolve("train.bin"), 1, new int[] {19, 99}, new int[] {3, 42});
    Samples.cifar(inside.resolve("test.bin"), 1, new int[] {0, 7});

    ImageSplits splits = CifarFolder.read(folder);

    assertThat(splits.train().classes()).isEqualTo(100);
    assertThat(splits.train().label(0)).isEqualTo(99);
    assertThat(splits.train().label(1)).isEqualTo(42);
    assertThat(splits.test().label(0)).isEqualTo(7);
  }

  @Test
  void worksAsADataVecReader() throws Exception {
    Samples.cifar(folder.resolve("a.bin"), 1, new int[] {0}, new int[] {1}, new int[] {2});
    try (CifarRecordReader reader = new CifarRecordReader(Layout.CIFAR10)) {
      reader.initialize(new FileSplit(folder.toFile()));
      List<Writable> first = reader.next();
      INDArray image = ((NDArrayWritable) first.get(0)).get();
      assertThat(image.shape()).containsExactly(1, 3, 32, 32);
      Record second = reader.nextRecord();
      Record again = reader.loadFromMetaData(second.getMetaData());
      assertThat(again.getRecord()).isEqualTo(second.getRecord());

      reader.reset();
      var batch = new RecordReaderDataSetIterator(reader, 3, 1, 10).next();
      assertThat(batch.getFeatures().shape()).containsExactly(3, 3, 32, 32);
      assertThat(batch.getFeatures().slice(0)).isEqualTo(image.slice(0));
      assertThat(batch.getLabels().argMax(1).toIntVector()).containsExactly(0, 1, 2);
    }
  }

  @Test
  void aTruncatedFileIsNamed() throws Exception {
    Path file = Samples.cifar(folder.resolve("data_batch_1.bin"), 1, new int[] {0});
    try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
      cut.setLength(3000);
    }
    assertThatThrownBy(() -> CifarFolder.read(folder))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("3000 bytes")
        .hasMessageContaining("3073");
  }

  @Test
  void anEmptyFileIsNamed() throws Exception {
    Path file = Files.createFile(folder.resolve("data_batch_1.bin"));
    assertThatThrownBy(() -> CifarFolder.read(folder))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void aLabelOutOfRangeIsNamed() throws Exception {
    Path file =
        Samples.cifar(folder.resolve("data_batch_1.bin"), 1, new int[] {0}, new int[] {200});
    assertThatThrownBy(() -> CifarFolder.read(folder))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("label 200 in record 1 (byte 3073), expected 0 to 9");
  }

  @Test
  void aMissingFolderAndAFolderOfSomethingElseAreNamed() {
    assertThatThrownBy(() -> CifarFolder.read(folder.resolve("nowhere")))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("nowhere does not exist");
    assertThatThrownBy(() -> CifarFolder.read(folder))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("data_batch_1.bin");
    assertThat(CifarFolder.isCifar(folder)).isFalse();
  }

  @Test
  void theCoarseLabelIsTheFirstByte() throws Exception {
    Samples.cifar(folder.resolve("train.bin"), 1, new int[] {19, 99}, new int[] {3, 0});
    assertThat(CifarFolder.read(folder).train().label(0)).isEqualTo(99);
    ImageSet coarse = CifarFolder.read(folder, CifarLabels.COARSE).train();
    assertThat(coarse.classes()).isEqualTo(20);
    assertThat(coarse.label(0)).isEqualTo(19);
    assertThat(coarse.label(1)).isEqualTo(3);
    Files.writeString(folder.resolve("coarse_label_names.txt"), "a\nb\nc\nd\n");
    assertThatThrownBy(() -> CifarFolder.read(folder, CifarLabels.COARSE))
        .hasMessageContaining("label 19 in record 0");
  }

  @Test
  void aNameThatTwoClassesHaveIsRefused() throws Exception {
    Samples.cifar(folder.resolve("data_batch_1.bin"), 1, new int[] {1});
    Files.writeString(folder.resolve("batches.meta.txt"), "cat\ndog\ncat\n");
    assertThatThrownBy(() -> CifarFolder.read(folder))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("batches.meta.txt names the class cat twice (classes 0 and 2");
  }
}
