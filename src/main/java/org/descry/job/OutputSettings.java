package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import org.descry.job.schema.FilePath;
import org.descry.job.schema.Key;

/** Where a job leaves its results. */
@JsonClassDescription("Where the results go.")
public record OutputSettings(
    @Key(
            value =
                "Folder that holds one folder per job; relative paths count from the working"
                    + " folder.",
            standard = "runs",
            range = "[1, inf)")
        String dir,
    @Key(
            value =
                "plain: a job's folder holds its run. dated: it holds a folder for each run, named"
                    + " by the time that it was begun at, and LATEST names the newest.",
            standard = "plain")
        Layout layout) {
  /** A folder with the name of a variable is what nobody wants, nor one that is called ~. */
  public OutputSettings {
    if (dir.contains("${") || FilePath.isHome(dir)) {
      throw new IllegalArgumentException(
          "dir is %s, but expected a folder without variables and ~".formatted(dir));
    }
    try {
      Objects.requireNonNull(Path.of(dir));
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("dir is no path (%s)".formatted(e.getReason()), e);
    }
  }

  /** What a job's folder holds. */
  public enum Layout {
    PLAIN,
    DATED
  }
}
