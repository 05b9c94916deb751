package org.descry.cluster;

import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.descry.DescryException;
import org.descry.ExitCode;
import org.descry.io.Json;
import org.descry.kind.Cluster;

/** A rank's connection to the driver, which answers every message with whether to stop. */
final class DriverLink implements Closeable {
  private final Link link;
  private volatile boolean stopWanted;

  private DriverLink(Link link) {
    this.link = link;
  }

  static DriverLink to(Setup setup, int rank) throws IOException {
    InetSocketAddress driver = new InetSocketAddress(setup.host(), setup.port());
    return new DriverLink(Link.call(driver, setup.secret(), rank, setup.timeoutMillis()));
  }

  /** As the driver's last answer says. */
  boolean stopWanted() {
    return stopWanted;
  }

  void tell(Message kind, Object value) {
    send(kind, Json.line(value), null);
  }

  void file(String name, byte[] content) {
    send(Message.FILE, name, content);
  }

  void done(Cluster.Result result) {
    tell(Message.DONE, result);
  }

  void stopped(String sentence) {
    tell(Message.STOPPED, sentence);
  }

  /** Tells why this rank gives up; that another one was lost is that one's to tell. */
  void failed(Throwable reason) {
    if (reason instanceof DescryException own) {
      tell(Message.FAILED, List.of(own.exitCode().name(), own.getMessage()));
    } else {
      tell(Message.FAILED, List.of(ExitCode.FAILURE.name(), reason.toString()));
    }
  }

  private synchronized void send(Message kind, String text, byte[] content) {
    try {
      DataOutputStream out = link.out();
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      out.writeByte(kind.ordinal());
      out.writeInt(bytes.length);
      out.write(bytes);
      out.writeInt(content == null ? 0 : content.length);
      if (content != null) {
        out.write(content);
      }
      out.flush();
      stopWanted = link.in().readBoolean();
    } catch (IOException e) {
      throw new UncheckedIOException("the driver does not answer: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    link.close();
  }
}
