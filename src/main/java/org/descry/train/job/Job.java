package org.descry.train.job;

/**
 * A job under its name of version 0.1.0.
 *
 * @param settings the job
 * @deprecated use {@link org.descry.job.Job}
 */
@Deprecated(since = "0.2.0")
public record Job(org.descry.job.Job settings) {}
