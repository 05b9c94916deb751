package org.descry.cluster;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A connection whose both ends have shown that they know a secret, each by a hash over a number
 * that the other one drew. Nothing on it waits longer than a limit.
 */
final class Link implements Closeable {
  private static final int NONCE = 32;
  private static final int BUFFER = 1 << 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final int peer;

  private Link(Socket socket, byte[] secret, int rank, boolean caller) throws IOException {
    this.socket = socket;
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER));
    out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), BUFFER));
    peer = greet(secret, rank, caller);
  }

  /** A secret for one cluster. */
  static byte[] newSecret() {
    byte[] secret = new byte[NONCE];
    RANDOM.nextBytes(secret);
    return secret;
  }

  /**
   * Calls another process.
   *
   * @param rank of this one
   * @throws IOException if it does not answer, or does not know the secret
   */
  static Link call(InetSocketAddress other, byte[] secret, int rank, int timeoutMillis)
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
  static Link answer(Socket socket, byte[] secret, int rank, int timeoutMillis) throws IOException {
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
  private int greet(byte[] secret, int rank, boolean caller) throws IOException {
    byte[] mine = newSecret();
    out.writeInt(rank);
    out.write(mine);
    out.flush();
    int other = in.readInt();
    byte[] theirs = in.readNBytes(NONCE);
    if (!caller) { // who calls has to prove itself first
      requireProof(proof(secret, mine, theirs, other, true));
    }
    out.write(proof(secret, theirs, mine, rank, caller));
    out.flush();
    if (caller) {
      requireProof(proof(secret, mine, theirs, other, false));
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

  private static byte[] proof(byte[] secret, byte[] asked, byte[] own, int rank, boolean caller) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update(asked);
      mac.update(own);
      mac.update((byte) (caller ? 1 : 2));
      mac.update(Integer.toString(rank).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
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
