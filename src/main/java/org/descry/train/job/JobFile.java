package org.descry.train.job;

import java.nio.file.Path;

/**
 * A job file under its name of version 0.1.0.
 *
 * @deprecated use {@link org.descry.job.JobFile}
 */
@Deprecated(since = "0.2.0")
public final class JobFile {
  private final org.descry.job.JobFile file;

  private JobFile(org.descry.job.JobFile file) {
    this.file = file;
  }

  /**
   * Reads a job file.
   *
   * @throws org.descry.DescryException as {@link org.descry.job.JobFile#read}
   */
  public static JobFile read(Path file) {
    return new JobFile(org.descry.job.JobFile.read(file));
  }

  /**
   * The job, with every default filled in.
   *
   * @throws org.descry.DescryException as {@link org.descry.job.JobFile#job}
   */
  public Job job() {
    return new Job(file.job());
  }
}
