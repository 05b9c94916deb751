package org.descry.job;

import org.descry.job.schema.SettingsSchema;

/**
 * The JSON Schema of the job file. The committed copy in {@code resources/schema} is for editors;
 * the program validates against what it generates itself.
 */
public final class JobSchema {
  static final SettingsSchema SCHEMA = SettingsSchema.of(Job.class, "Descry job");

  private JobSchema() {}

  /** The schema as JSON text, as it is committed. */
  public static String text() {
    return SCHEMA.text();
  }

  /** The schema of the files that {@link JobFile#with} reads. */
  public static String text(Class<? extends Record> more, String title) {
    return SCHEMA.plus(SettingsSchema.of(more, title), title).text();
  }
}
