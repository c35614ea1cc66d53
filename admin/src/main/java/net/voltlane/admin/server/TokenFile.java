package net.voltlane.admin.server;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import net.voltlane.admin.http.Token;
import net.voltlane.proof.KeyNotSavedException;
import net.voltlane.proof.SecretFile;
import net.voltlane.server.config.Admin;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.log.LogField;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file with the token that permits changes: one line. It is created at the first start with a random token, for its
 * owner only. The token itself is never logged.
 */
public final class TokenFile {
    private static final Logger log = LoggerFactory.getLogger(TokenFile.class);

    private static final String SETTING = "admin.token_file: ";
    private static final int RANDOM_BYTES = 32;
    /** The least length of a token that an operator makes. */
    private static final int MIN_CHARS = 32;

    private static final int MAX_CHARS = 256;

    private TokenFile() {}

    /**
     * Loads the token, or makes one.
     *
     * @return null where there is none: no file is configured, or none can be created at the default place
     * @throws AdminStartException if the file is there but holds no usable token, or a file that was asked for can't be
     *     created
     */
    static @Nullable Token load(Admin settings, SecureRandom random) throws AdminStartException {
        if (settings.tokenFile().isEmpty()) {
            return null;
        }
        try {
            SecretFile file = file(settings);
            Token token = file.load(text -> token(file, text));
            return token != null ? token : create(file, random);
        } catch (KeyNotSavedException e) {
            if (settings.tokenFileRequired()) {
                throw wrong(e);
            }
            LogEvent.ADMIN_UNAVAILABLE
                    .on(log)
                    .log(
                            SETTING + "{}; nothing can be changed over HTTP, and only this machine can read",
                            e.getMessage());
            return null;
        } catch (IOException | InvalidPathException e) {
            throw wrong(e);
        }
    }

    private static Token create(SecretFile file, SecureRandom random) throws IOException {
        byte[] secret = new byte[RANDOM_BYTES];
        random.nextBytes(secret);
        file.create(Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
        Token token = file.load(text -> token(file, text));
        if (token == null) {
            throw new IOException(file.file() + ": is gone again, right after it was made");
        }
        LogEvent.TOKEN_CREATED
                .on(log)
                .addKeyValue(LogField.FILE.key(), file.file())
                .log("{} was not there: a new admin token was made", file.file());
        return token;
    }

    /**
     * Checks that {@link #load} would succeed. Writes nothing.
     *
     * @return what {@link #load} would do, in words
     * @throws AdminStartException as {@link #load} would
     */
    public static String check(Admin settings) throws AdminStartException {
        if (settings.address().isEmpty()) {
            return "admin.address: empty: there is no admin server";
        }
        if (settings.tokenFile().isEmpty()) {
            return SETTING + "empty: nothing can be changed over HTTP, and only this machine can read";
        }
        try {
            SecretFile file = file(settings);
            if (file.load(text -> token(file, text)) != null) {
                return SETTING + file.file() + " holds a token";
            }
            file.checkCreatable();
            return SETTING + file.file() + " is not there: the next start makes a new token";
        } catch (KeyNotSavedException e) {
            if (settings.tokenFileRequired()) {
                throw wrong(e);
            }
            return SETTING + e.getMessage() + "; nothing can be changed over HTTP, and only this machine can read";
        } catch (IOException | InvalidPathException e) {
            throw wrong(e);
        }
    }

    private static SecretFile file(Admin settings) {
        return new SecretFile(Path.of(settings.tokenFile()), "token", "control this server");
    }

    private static Token token(SecretFile file, String text) throws IOException {
        boolean usable = text.length() >= MIN_CHARS
                && text.length() <= MAX_CHARS
                && text.chars().allMatch(c -> c > ' ' && c < 0x7F);
        if (!usable) {
            throw new IOException(file.file() + ": not a token (expected: one line of " + MIN_CHARS + " to " + MAX_CHARS
                    + " printable ASCII characters without spaces); move it away to have a new one made");
        }
        return new Token(text);
    }

    private static AdminStartException wrong(Exception e) {
        return new AdminStartException(SETTING + e.getMessage(), true);
    }
}
