package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Size;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;

/** Where a job leaves its results. */
@JsonClassDescription("Where the results go.")
public record OutputSettings(
    @Size(min = 1)
        @JsonProperty(defaultValue = "runs")
        @JsonPropertyDescription(
            "Folder that holds one folder per job; relative paths count from the working folder.")
        String dir,
    @JsonProperty(defaultValue = "plain")
        @JsonPropertyDescription(
            "plain: a job's folder holds its run. dated: it holds a folder for each run, named by"
                + " the time that it was begun at, and LATEST names the newest.")
        Layout layout) {
  /** A folder with the name of a variable is what nobody wants. */
  public OutputSettings {
    if (dir.contains("${")) {
      throw new IllegalArgumentException(
          "dir is %s, but expected a folder without variables".formatted(dir));
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
