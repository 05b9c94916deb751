package org.descry.serve.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.descry.DataException;
import org.descry.io.EndingFiles;
import org.descry.io.IoErrors;
import org.descry.serve.ServerSettings;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** HTTPS, from a certificate chain and a key as authorities hand them out. */
final class TlsConnector {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";

  private final KeyStore store;

  /**
   * @throws DataException if a file cannot be read, or the two do not belong together
   */
  TlsConnector(ServerSettings.Tls files) {
    Certificate[] chain = chain(files.certificate());
    try {
      store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      String algorithm = chain[0].getPublicKey().getAlgorithm();
      store.setKeyEntry("server", key(files.key(), algorithm), new char[0], chain);
    } catch (IOException | GeneralSecurityException e) {
      throw new DataException(
          "%s and %s cannot be used (%s); expected a certificate and its key."
              .formatted(files.certificate(), files.key(), e.getMessage()),
          e);
    }
  }

  private static Certificate[] chain(Path file) {
    try {
      Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(EndingFiles.small(file)))
              .toArray(Certificate[]::new);
      if (chain.length > 0 && chain[0] instanceof X509Certificate) {
        return chain;
      }
      throw new DataException(
          "%s holds no certificate; expected a chain in PEM, the server's first.".formatted(file));
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (GeneralSecurityException e) {
      throw new DataException(
          "%s is no certificate (%s); expected a chain in PEM, the server's first."
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static PrivateKey key(Path file, String algorithm) {
    try {
      String pem = new String(EndingFiles.small(file), StandardCharsets.US_ASCII);
      int from = pem.indexOf(BEGIN);
      int to = pem.indexOf(END);
      if (from < 0 || to < from) {
        throw new DataException(
            "%s has no line %s; expected a key in PKCS #8, which openssl pkcs8 -topk8 -nocrypt makes."
                .formatted(file, BEGIN));
      }
      byte[] content = Base64.getMimeDecoder().decode(pem.substring(from + BEGIN.length(), to));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(content));
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new DataException(
          "%s is no key for the certificate (%s); expected its %s key."
              .formatted(file, e.getMessage(), algorithm),
          e);
    }
  }

  private static DataException unreadable(Path file, IOException e) {
    return new DataException(
        "%s cannot be read (%s); expected a PEM file.".formatted(file, IoErrors.of(e)), e);
  }

  Connector connector(Server server, HttpConfiguration http, String host, int port) {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setKeyStore(store);
    tls.setKeyStorePassword("");
    HttpConfiguration secure = new HttpConfiguration(http);
    secure.addCustomizer(new SecureRequestCustomizer(false)); // certificates name no loopback
    ServerConnector connector = new ServerConnector(server, tls, new HttpConnectionFactory(secure));
    connector.setHost(host);
    connector.setPort(port);
    return connector;
  }
}
