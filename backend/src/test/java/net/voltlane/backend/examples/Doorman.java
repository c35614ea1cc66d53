package net.voltlane.backend.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import net.voltlane.backend.ClientInfo;
import net.voltlane.backend.Handler;
import net.voltlane.backend.Session;

/** Greets clients that know the password, and sends others away. */
final class Doorman implements Handler {
    private final byte[] password;

    Doorman(String password) {
        this.password = password.getBytes(UTF_8);
    }

    @Override
    public void opened(Session session, ClientInfo client) {
        byte[] credentials = client.credentials();
        if (credentials == null || !MessageDigest.isEqual(credentials, password)) {
            session.kick("wrong password");
        } else if (!client.existing()) {
            session.send(("welcome, " + client.remote()).getBytes(UTF_8));
        }
    }
}
