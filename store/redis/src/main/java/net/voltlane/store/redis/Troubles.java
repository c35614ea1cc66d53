package net.voltlane.store.redis;

import io.lettuce.core.RedisException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import net.voltlane.store.redis.Question.RedisSaid;
import org.jspecify.annotations.Nullable;

/**
 * Says what is wrong with Redis, for operators. An error can repeat what it was asked, so passwords are taken out. Exceptions
 * of the library are not passed on, as their causes would have to be searched as well.
 */
final class Troubles {
    private static final int MAX_TEXT = 200;

    private final String place;
    private final long timeoutMillis;
    private final List<String> secrets;
    private volatile String last = "has not been reached yet";

    Troubles(RedisAddress address, long timeoutMillis) {
        this.place = address.place();
        this.secrets = address.secrets();
        this.timeoutMillis = timeoutMillis;
    }

    /** The text for a call while Redis is down. */
    String down() {
        return last;
    }

    /** Remembers why Redis is down, for {@link #down}. */
    void down(String why) {
        last = why;
    }

    /** The text for an answer that did not come in time. */
    String late() {
        return "Redis at " + place + " does not answer within " + timeoutMillis + " ms";
    }

    /** The text for a connection that was lost. */
    String lost() {
        return "The connection to Redis at " + place + " was lost";
    }

    /** The text for an error. */
    String text(Throwable why) {
        RedisSaid said = said(why);
        return "Redis at " + place + " " + (said == null ? ofConnection(why) : ofAnswer(message(said)));
    }

    /** Returns true if Redis does not know a script by its name. */
    static boolean isUnknownScript(Throwable why) {
        return message(why).startsWith("NOSCRIPT");
    }

    /** Returns true if Redis takes no writes because it is a replica. */
    static boolean isReplica(Throwable why) {
        return message(why).startsWith("READONLY");
    }

    /** Returns true if an error is about Redis as a whole, not about one key. */
    static boolean isAboutAll(Throwable why) {
        RedisSaid said = said(why);
        if (said == null) {
            return true;
        }
        return switch (code(message(said))) {
            case "WRONGTYPE", "ERR", "NOSCRIPT", "EXECABORT", "CROSSSLOT", "MOVED", "ASK", "TRYAGAIN" -> false;
            default -> true;
        };
    }

    private String ofAnswer(String error) {
        String meaning = switch (code(error)) {
            case "NOAUTH" -> "wants a password, and store.url has none";
            case "WRONGPASS" -> "refuses the user or the password of store.url";
            case "NOPERM" -> "does not permit the user of store.url what a store needs";
            case "OOM" -> "is full: it has reached its maxmemory, and takes no writes";
            case "READONLY" ->
                "is a replica and takes no writes: a failover is under way, or store.url names a replica";
            case "LOADING" -> "is loading its data";
            case "MASTERDOWN" -> "is a replica whose master is away";
            case "CLUSTERDOWN" -> "is part of a cluster that is down";
            case "MISCONF" -> "takes no writes, because it can't save them to its disk";
            case "NOREPLICAS" -> "takes no writes, because it has too few replicas";
            case "BUSY" -> "is busy with a script of someone else's";
            default -> "answers with an error";
        };
        return meaning + " (" + clean(error) + ")";
    }

    private String ofConnection(Throwable why) {
        for (Throwable cause = why; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException) {
                return "does not accept connections (" + clean(message(cause)) + ")";
            }
            if (cause instanceof UnknownHostException) {
                return "has a name that can't be resolved (" + clean(message(cause)) + ")";
            }
            if (cause instanceof SSLException) {
                return "can't be reached by TLS (" + clean(message(cause)) + ")";
            }
            if (cause instanceof TimeoutException || message(cause).contains("timed out")) {
                return "does not answer when connected to";
            }
        }
        return "can't be reached (" + clean(message(innermost(why))) + ")";
    }

    /** Finds what Redis has answered, be it to a question or while the library connects. */
    private static @Nullable RedisSaid said(Throwable why) {
        for (Throwable cause = why; cause != null; cause = cause.getCause()) {
            if (cause instanceof RedisSaid said) {
                return said;
            }
            if (cause instanceof RedisException && isCode(code(message(cause)))) {
                return new RedisSaid(message(cause));
            }
        }
        return null;
    }

    private static boolean isCode(String word) {
        return word.length() > 2 && word.chars().allMatch(letter -> letter >= 'A' && letter <= 'Z');
    }

    private static String code(String error) {
        int end = error.indexOf(' ');
        return end < 0 ? error : error.substring(0, end);
    }

    private static Throwable innermost(Throwable why) {
        Throwable cause = why;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String message(Throwable why) {
        String message = why.getMessage();
        return message == null ? why.getClass().getSimpleName().toLowerCase(Locale.ROOT) : message;
    }

    /** A line without secrets. */
    private String clean(String text) {
        String clean = text;
        for (String secret : secrets) {
            clean = clean.replace(secret, "***");
        }
        StringBuilder line = new StringBuilder();
        clean.chars().limit(MAX_TEXT).forEach(letter -> line.append(letter < ' ' ? ' ' : (char) letter));
        return line.toString().strip();
    }
}
