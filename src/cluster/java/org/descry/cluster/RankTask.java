package org.descry.cluster;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.Broadcast;
import org.descry.DescryException;
import org.descry.io.NewFolder;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.kind.Cluster;
import org.descry.kind.Kinds;
import org.descry.replay.Group;
import org.descry.train.Summary;
import org.descry.train.Training;
import org.descry.train.Training.Start;
import org.descry.train.TrainingStoppedException;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * One of the processes that train together: trains as on one machine, into a folder of its own, but
 * does its shard of each batch only. The first one tells the driver what it leaves.
 */
final class RankTask extends AbstractFunction1<Iterator<Integer>, Iterator<Integer>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Setup setup;
  private final Broadcast<Map<String, byte[]>> files;

  /**
   * @param files of the run that is to go on; none for a new one
   */
  RankTask(Setup setup, Broadcast<Map<String, byte[]>> files) {
    this.setup = setup;
    this.files = files;
  }

  @Override
  public Iterator<Integer> apply(Iterator<Integer> partition) {
    BarrierTaskContext context = BarrierTaskContext.get();
    int rank = context.partitionId();
    try (DriverLink driver = DriverLink.to(setup, rank)) {
      try {
        train(context, rank, driver);
      } catch (DescryException | Error e) {
        driver.failed(e);
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return CollectionConverters.asScala(List.of(rank).iterator());
  }

  private void train(BarrierTaskContext context, int rank, DriverLink driver) throws IOException {
    setup.versions().requireHere();
    InetAddress host = InetAddress.getByName(SparkEnv.get().blockManager().blockManagerId().host());
    try (ServerSocket server = new ServerSocket(0, 0, host);
        Mesh mesh =
            Links.connect(
                rank,
                server,
                addresses(context, host, server),
                setup.secret(),
                setup.timeoutMillis(),
                setup.gathers())) {
      int size = context.getTaskInfos().length;
      Path dir = Files.createTempDirectory("descry-rank");
      try {
        Group group =
            new Group(rank, size, mesh::sum, mesh::sumRounded, mesh::exchange, driver::stopWanted);
        group.during(() -> train(dir, rank, mesh, driver));
      } finally {
        NewFolder.delete(dir);
      }
    }
  }

  /** Of all ranks. */
  private static List<InetSocketAddress> addresses(
      BarrierTaskContext context, InetAddress host, ServerSocket server) {
    String own = host.getHostAddress() + " " + server.getLocalPort();
    return Arrays.stream(context.allGather(own))
        .map(text -> text.split(" ", -1))
        .map(parts -> new InetSocketAddress(parts[0], Integer.parseInt(parts[1])))
        .toList();
  }

  private Void train(Path dir, int rank, Mesh mesh, DriverLink driver) {
    Job job = JobFile.parse("the driver's job", setup.job()).job();
    Path run = dir.resolve(job.name());
    Map<String, byte[]> earlier = files.value();
    boolean goesOn = earlier.keySet().stream().anyMatch(name -> name.endsWith(".checkpoint"));
    if (goesOn) {
      earlier.forEach((name, content) -> write(run.resolve(name), content));
    }
    Training.Options options =
        new Training.Options(goesOn ? Start.RESUME : Start.NEW, null, false, 0, dir);
    FolderMirror mirror =
        rank == 0 ? new FolderMirror(run, driver, goesOn ? earlier : Map.of()) : null;
    RankProgress progress =
        new RankProgress(
            driver, mirror, run.toString(), Path.of(job.output().dir(), job.name()).toString());
    Training training =
        Kinds.training(job, options, rank == 0 ? progress : org.descry.train.TrainingProgress.NONE);
    try {
      Summary summary = training.run();
      if (rank == 0) {
        mirror.update();
        driver.done(
            new Cluster.Result(
                summary.evaluation().headline(),
                summary.bestEpoch(),
                summary.time().toString(),
                mesh.seconds()));
      }
    } catch (TrainingStoppedException e) {
      if (rank == 0) {
        mirror.update();
        driver.stopped(progress.told(e.getMessage()));
      }
    }
    return null;
  }

  private static void write(Path file, byte[] content) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, content);
    } catch (IOException e) {
      throw org.descry.io.IoErrors.unwritable(file, e);
    }
  }
}
