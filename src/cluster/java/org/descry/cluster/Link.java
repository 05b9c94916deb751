package org.descry.cluster;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.MessageDigest;

/**
 * A connection whose both ends have shown that they know a secret, each by a hash over a number
 * that the other one drew; what follows is encrypted where the secret says so. Nothing on it waits
 * longer than a limit.
 */
final class Link implements Closeable {
  private static final int BUFFER = 1 << 16;

  private final Socket socket;
  private final int peer;
  private DataInputStream in;
  private DataOutputStream out;

  private Link(Socket socket, Secret secret, int rank, boolean caller) throws IOException {
    this.socket = socket;
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER));
    out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), BUFFER));
    peer = greet(secret, rank, caller);
  }

  /**
   * Calls another process.
   *
   * @param rank of this one
   * @throws IOException if it does not answer, or does not know the secret
   */
  static Link call(InetSocketAddress other, Secret secret, int rank, int timeoutMillis)
      throws IOException {
    Socket socket = new Socket();
    return open(
        socket,
        () -> {
          socket.connect(other, timeoutMillis);
          prepare(socket, timeoutMillis);
          return new Link(socket, secret, rank, true);
        });
  }

  /** Answers a call, as {@link #call}. */
  static Link answer(Socket socket, Secret secret, int rank, int timeoutMillis) throws IOException {
    return open(
        socket,
        () -> {
          prepare(socket, timeoutMillis);
          return new Link(socket, secret, rank, false);
        });
  }

  private interface Opening {
    Link run() throws IOException;
  }

  private static Link open(Socket socket, Opening opening) throws IOException {
    boolean open = false;
    try {
      Link link = opening.run();
      open = true;
      return link;
    } finally {
      if (!open) {
        socket.close();
      }
    }
  }

  private static void prepare(Socket socket, int timeoutMillis) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(timeoutMillis);
  }

  /** Neither proof can be sent back as the other's: each names its role. */
  private int greet(Secret secret, int rank, boolean caller) throws IOException {
    byte[] mine = Secret.random();
    out.writeInt(rank);
    out.write(mine);
    out.flush();
    int other = in.readInt();
    byte[] theirs = in.readNBytes(Secret.SIZE);
    if (!caller) { // who calls has to prove itself first
      requireProof(secret.hash("1" + other, mine, theirs));
    }
    out.write(secret.hash((caller ? "1" : "2") + rank, theirs, mine));
    out.flush();
    if (caller) {
      requireProof(secret.hash("2" + other, mine, theirs));
    }
    if (secret.encrypts()) {
      byte[][] drawn = caller ? new byte[][] {mine, theirs} : new byte[][] {theirs, mine};
      byte[] there = secret.hash("calls", drawn);
      byte[] back = secret.hash("answers", drawn);
      out = new DataOutputStream(Sealed.to(out, caller ? there : back));
      in = new DataInputStream(Sealed.from(in, caller ? back : there));
    }
    return other;
  }

  private void requireProof(byte[] expected) throws IOException {
    byte[] given = in.readNBytes(expected.length);
    if (!MessageDigest.isEqual(given, expected)) {
      throw new IOException(
          socket.getRemoteSocketAddress() + " does not know this cluster's secret");
    }
  }

  /** A message: which exchange it belongs to, how long it is, and what it says. */
  void send(int exchange, byte[] from, int begin, int length) throws IOException {
    out.writeInt(exchange);
    out.writeInt(length);
    out.write(from, begin, length);
    out.flush();
  }

  /** The next message, as long as it is. */
  byte[] receive(int exchange) throws IOException {
    byte[] given = new byte[next(exchange)];
    in.readFully(given);
    return given;
  }

  /** The next message, of a length that is known. */
  void receive(int exchange, byte[] to, int begin, int length) throws IOException {
    int given = next(exchange);
    if (given != length) {
      throw new IOException("rank %s sent %s bytes; expected %s".formatted(peer, given, length));
    }
    in.readFully(to, begin, length);
  }

  private int next(int exchange) throws IOException {
    int given = in.readInt();
    if (given != exchange) {
      throw new IOException("rank %s is at sum %s; expected %s".formatted(peer, given, exchange));
    }
    return in.readInt();
  }

  /** The rank of the other end. */
  int peer() {
    return peer;
  }

  DataInputStream in() {
    return in;
  }

  DataOutputStream out() {
    return out;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
