package org.descry.job.schema;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.io.RemoteFiles;

/**
 * A file or folder that settings name: it counts from the folder of the settings' file, then from
 * the working folder. Equal to another where both are written alike.
 *
 * <p>Settings that come from no file, such as those inside a model zip, count from the working
 * folder alone, and <code>${NAME}</code> in them stands for itself. In others it is the environment
 * variable of that name, and <code>${NAME:-text}</code> the text where that is not set or empty.
 *
 * <p>An address such as {@code hdfs://host/folder} is brought to this machine, see {@link
 * RemoteFiles}.
 */
@JsonDeserialize(using = FilePath.Reader.class)
@JsonSerialize(using = FilePath.Writer.class)
public final class FilePath {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");

  private final String written;
  private final String key;
  private final Places.Place origin;

  private FilePath(String written, String key, Places.Place origin) {
    this.written = written;
    this.key = key;
    this.origin = origin;
  }

  /**
   * The file or folder that is meant. It need not be there, where only one place is to be looked
   * at.
   *
   * @throws DescryException if there is another one in each place, or none in either, or a variable
   *     is not set
   */
  public Path find() {
    return found().orElseGet(this::missing);
  }

  /** As {@link #find}; where there is none, the one that is to be made in the working folder. */
  public Path findOrNew() {
    return found().orElseGet(() -> isAddress() ? missing() : path(expanded()));
  }

  private boolean isAddress() {
    return RemoteFiles.isAddress(expanded());
  }

  /**
   * The file or folder that is meant, if it is there.
   *
   * @throws DescryException if there is another one in each place, or a variable is not set
   */
  public Optional<Path> found() {
    if (isAddress()) {
      return RemoteFiles.find(expanded(), subject());
    }
    Path here = path(expanded());
    Path beside = origin.folder() == null ? here : origin.folder().resolve(here);
    if (!Files.exists(beside)) {
      return Files.exists(here) ? Optional.of(here) : Optional.empty();
    }
    if (Files.exists(here) && !isSame(beside, here)) {
      throw new UsageException(
          "%sis %s, which is both %s and %s; expected one of them, or the whole path."
              .formatted(subject(), written, beside, here.toAbsolutePath()));
    }
    return Optional.of(isSame(beside, here) ? here : beside);
  }

  private Path missing() {
    if (isAddress()) {
      throw new DataException(
          "%sis %s, but there is nothing; expected a file or folder that is there."
              .formatted(subject(), expanded()));
    }
    Path here = path(expanded());
    if (origin.folder() == null || origin.folder().resolve(here).equals(here.toAbsolutePath())) {
      return here;
    }
    throw new DataException(
        "%sis %s, but there is neither %s nor %s; expected a file or folder that is there."
            .formatted(subject(), written, origin.folder().resolve(here), here.toAbsolutePath()));
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      return false;
    }
  }

  private String expanded() {
    if (origin.folder() == null) {
      return written;
    }
    Matcher matcher = VARIABLE.matcher(written);
    return matcher.replaceAll(
        variable -> {
          String[] name = variable.group(1).split(":-", 2);
          String value = System.getenv(name[0]);
          if (name.length == 2 && (value == null || value.isEmpty())) {
            value = name[1];
          }
          if (value == null) {
            throw new UsageException(
                "%sis %s, but there is no environment variable %s; expected one that is set, or ${%s:-something}."
                    .formatted(subject(), written, name[0], name[0]));
          }
          return Matcher.quoteReplacement(value);
        });
  }

  /** Whether only a shell knows what is meant, which has not been asked: the user's home. */
  public static boolean isHome(String text) {
    return text.equals("~") || text.startsWith("~/");
  }

  private Path path(String text) {
    if (isHome(text)) {
      throw new UsageException(
          "%sis %s; expected a path without ~, such as ${HOME}/data.".formatted(subject(), text));
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new UsageException(
          "%sis no path (%s); expected a file or folder.".formatted(subject(), e.getReason()), e);
    }
  }

  private String subject() {
    return origin.prefix() + key + " ";
  }

  /**
   * What a copy of the settings says in another folder to mean the same: the whole path where it is
   * found, else as it is written. Variables stay.
   */
  private String recorded() {
    if (origin.folder() == null || isAddress()) {
      return written;
    }
    Path meant = path(expanded());
    Optional<Path> found = found();
    if (found.isEmpty() || (meant.isAbsolute() && VARIABLE.matcher(written).find())) {
      return written;
    }
    Path base = found.get().equals(meant) ? Path.of("").toAbsolutePath() : origin.folder();
    return base.resolve(path(written)).toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FilePath path && path.written.equals(written);
  }

  @Override
  public int hashCode() {
    return written.hashCode();
  }

  /** As it is written. */
  @Override
  public String toString() {
    return written;
  }

  static final class Reader extends StdDeserializer<FilePath> {
    private static final long serialVersionUID = 1L;

    Reader() {
      super(FilePath.class);
    }

    @Override
    public FilePath deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      String key = YamlRules.path(parser.getParsingContext());
      return new FilePath(
          parser.getText(),
          key,
          context.getAttribute(Places.class) instanceof Places places
              ? places.place(key)
              : Places.Place.NONE);
    }
  }

  static final class Writer extends StdSerializer<FilePath> {
    private static final long serialVersionUID = 1L;

    Writer() {
      super(FilePath.class);
    }

    @Override
    public void serialize(FilePath path, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      boolean found = Boolean.TRUE.equals(provider.getAttribute(Writer.class));
      out.writeString(found ? path.recorded() : path.written);
    }
  }
}
