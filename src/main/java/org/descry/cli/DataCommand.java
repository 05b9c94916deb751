package org.descry.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.descry.data.builtin.ShapeScenes;
import org.descry.data.builtin.Shapes;
import org.descry.data.caption.CaptionData;
import org.descry.data.convert.DataConverter;
import org.descry.data.convert.DataGuess;
import org.descry.data.convert.DataInspector;
import org.descry.data.convert.SceneFolder;
import org.descry.data.convert.TextInspector;
import org.descry.data.image.ChannelNormalizer;
import org.descry.data.image.ImagePack;
import org.descry.data.image.ImageSet;
import org.descry.data.image.ImageSplits;
import org.descry.data.image.cifar.CifarLabels;
import org.descry.data.image.cifar.CifarWriter;
import org.descry.io.AtomicFiles;
import org.descry.io.NewFolder;
import org.descry.job.JobFile;
import org.descry.kind.classifier.AugmentedSheet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code descry data ...}: looks at, converts and makes image data. */
@Command(
    name = "data",
    description = "Inspects, converts, packs and makes image data.",
    subcommands = {
      DataCommand.Inspect.class,
      DataCommand.Convert.class,
      DataCommand.Pack.class,
      DataCommand.Make.class
    })
final class DataCommand extends BaseCommand {
  /** Which labels count. */
  static final class LabelsOption {
    @Option(
        names = "--labels",
        paramLabel = "WHICH",
        converter = ByLabel.class,
        description =
            "Which labels of CIFAR-100 count: fine or coarse (default: ${DEFAULT-VALUE}).")
    private CifarLabels which = CifarLabels.FINE;

    static final class ByLabel extends ByName<CifarLabels> {
      ByLabel() {
        super(CifarLabels.values());
      }
    }
  }

  @Override
  public Integer call() {
    throw refusal("Missing subcommand: expected inspect, convert, pack or make");
  }

  @Command(
      name = "inspect",
      description =
          "Reads a CIFAR or image folder, captions, a text or labelled sequences to their end and"
              + " says what is in them.")
  static final class Inspect extends BaseCommand {
    private static final int SIZES_SHOWN = 5;
    private static final int MAX_SIZE = 1024; // as data.height and data.width

    @Parameters(
        paramLabel = "PATH",
        description =
            "The folder, or the file of captions or text; with --augmented the job file that names"
                + " it.")
    private Path folder;

    @Option(
        names = "--augmented",
        paramLabel = "HTML",
        description =
            "For a job file: show an image of each class as the first epochs of the training see"
                + " it, in this page.")
    private Path augmented;

    @Option(
        names = "--size",
        description = "Height and width images are resized to (default: ${DEFAULT-VALUE}).")
    private int size = 32;

    @Mixin private LabelsOption labels;

    @Option(
        names = "--contact-sheet",
        paramLabel = "PNG",
        description = "Draw the first images of each class into this file.")
    private Path contactSheet;

    @Override
    public Integer call() {
      if (augmented != null) {
        return writeAugmented();
      }
      if (contactSheet != null) {
        AtomicFiles.requireWritable(contactSheet);
      }
      require(size >= 1 && size <= MAX_SIZE, "--size", size, "1 to " + MAX_SIZE);
      DataGuess guess = DataGuess.words(folder).orElse(null);
      if (guess != null) {
        if (contactSheet != null) {
          throw refusal(
              "--contact-sheet is for images, but %s is %s".formatted(guess.path(), guess.words()));
        }
        out().printf("%s: %s%n", guess.path(), guess.words());
        TextInspector.lines(guess).forEach(out()::println);
        out().flush();
        return 0;
      }
      DataInspector.Inspection found = DataInspector.inspect(folder, size, labels.which);
      if (contactSheet != null) {
        DataInspector.writeContactSheet(found.splits().train(), contactSheet);
      }
      PrintWriter out = out();
      out.printf("%s: %s%n", folder, found.layout());
      printSizes(found.sizes(), out);
      printCounts(found.splits(), out);
      found.passedOver().forEach(line -> out.printf("passed over   %s%n", line));
      found.duplicates().forEach(line -> out.printf("duplicates    %s%n", line));
      ChannelNormalizer channels = found.channels();
      out.printf("channel mean  %s%n", numbers(channels.mean()));
      out.printf("channel std   %s%n", numbers(channels.std()));
      out.printf("fingerprint   %s%n", found.fingerprint());
      if (contactSheet != null) {
        out.printf(
            "contact sheet %s (a row each: %s)%n",
            contactSheet, String.join(", ", found.splits().train().labelNames()));
      }
      out.flush();
      return 0;
    }

    private int writeAugmented() {
      AtomicFiles.requireWritable(augmented);
      AugmentedSheet.write(JobFile.read(folder).job(), augmented);
      out().printf("augmented images in %s (one row per class)%n", augmented);
      out().flush();
      return 0;
    }

    private static void printSizes(Map<String, Integer> sizes, PrintWriter out) {
      sizes.entrySet().stream()
          .sorted(
              Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                  .thenComparing(Map.Entry.comparingByKey()))
          .limit(SIZES_SHOWN)
          .forEach(
              size ->
                  out.printf(Locale.ROOT, "%8d images of %s%n", size.getValue(), size.getKey()));
      if (sizes.size() > SIZES_SHOWN) {
        out.printf("         and %s other sizes%n", sizes.size() - SIZES_SHOWN);
      }
    }

    private static void printCounts(ImageSplits splits, PrintWriter out) {
      int[] train = splits.train().counts();
      int[] validation = splits.validation().counts();
      int[] test = splits.test().counts();
      out.printf("%-24s %9s %11s %9s%n", "class", "train", "validation", "test");
      for (int k = 0; k < train.length; k++) {
        String name = splits.train().labelNames().get(k);
        out.printf(Locale.ROOT, "%-24s %9d %11d %9d%n", name, train[k], validation[k], test[k]);
      }
      out.printf(
          Locale.ROOT,
          "%-24s %9d %11d %9d%n",
          "all",
          splits.train().size(),
          splits.validation().size(),
          splits.test().size());
    }

    private static String numbers(List<Double> values) {
      return String.join(
          " ", values.stream().map(v -> String.format(Locale.ROOT, "%.4f", v)).toList());
    }
  }

  @Command(
      name = "convert",
      description = "Converts an image folder to CIFAR files, or CIFAR files to a folder of PNGs.")
  static final class Convert extends BaseCommand {

    @Parameters(index = "0", paramLabel = "SRC", description = "The folder to read.")
    private Path source;

    @Parameters(index = "1", paramLabel = "DST", description = "The folder to make.")
    private Path destination;

    @Mixin private LabelsOption labels;

    @Override
    public Integer call() {
      print(DataConverter.convert(source, destination, labels.which), destination, out());
      return 0;
    }
  }

  @Command(
      name = "pack",
      description =
          "Packs a folder of images into a few large files, which are read as the folder.")
  static final class Pack extends BaseCommand {
    private static final long MB = 1 << 20;

    @Parameters(index = "0", paramLabel = "DIR", description = "The folder of images.")
    private Path folder;

    @Parameters(index = "1", paramLabel = "OUT", description = "The folder to make.")
    private Path pack;

    @Option(
        names = "--shard-size",
        paramLabel = "MB",
        description = "Size of one of the files in MB (default: ${DEFAULT-VALUE}).")
    private int shardSize = 256;

    @Override
    public Integer call() {
      require(shardSize >= 1, "--shard-size", shardSize, "1 or more");
      List<String> passedOver = new ArrayList<>();
      ImagePack.Index index = ImagePack.write(folder, pack, shardSize * MB, passedOver);
      PrintWriter out = out();
      out.printf("%s: %s images in %s files%n", pack, index.images(), index.shards().size());
      passedOver.forEach(line -> out.printf("passed over   %s%n", line));
      out.flush();
      return 0;
    }
  }

  @Command(
      name = "make",
      description =
          "Writes a generated data set: shapes as CIFAR files, scenes as images with captions.")
  static final class Make extends BaseCommand {
    /** The sets there are. */
    enum Kind {
      shapes,
      scenes
    }

    @Parameters(index = "0", paramLabel = "KIND", description = "${COMPLETION-CANDIDATES}")
    private Kind kind;

    @Parameters(index = "1", paramLabel = "DIR", description = "The folder to make.")
    private Path folder;

    @Option(names = "--seed", description = "What it is drawn from (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Override
    public Integer call() {
      NewFolder.requireNew(folder);
      switch (kind) {
        case shapes -> {
          ImageSplits splits = Shapes.generate(seed);
          CifarWriter.write(splits, folder);
          print(splits, folder, out());
        }
        case scenes -> {
          CaptionData scenes = ShapeScenes.generate(seed).data();
          SceneFolder.write(scenes, folder);
          out()
              .printf(
                  "%s: %s training, %s validation and %s test images, with captions in %s%n",
                  folder,
                  scenes.train().images(),
                  scenes.validation().images(),
                  scenes.test().images(),
                  SceneFolder.CAPTIONS);
        }
      }
      return 0;
    }
  }

  private static void print(ImageSplits splits, Path folder, PrintWriter out) {
    ImageSet train = splits.train();
    out.printf(
        "%s: %s training, %s validation and %s test images of %s classes%n",
        folder, train.size(), splits.validation().size(), splits.test().size(), train.classes());
    out.flush();
  }
}
