package net.voltlane.store.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ByteArrayOutput;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command whose outcome goes to a {@link Batch}, once. It has no future of its own: there may be 20,000 in a second.
 * Redis may have lost the text of a script (a restart, a failover, {@code SCRIPT FLUSH}): then the question is asked
 * again with the text.
 */
final class Question extends Command<byte[], byte[], Object> {
    private static final ByteArrayCodec CODEC = ByteArrayCodec.INSTANCE;

    private final @Nullable Script script;
    private final byte[] key;
    private final byte[][] arguments;
    private final boolean manyAnswers;
    private final int size;

    private @Nullable Batch batch;
    private int index;

    private Question(
            ProtocolKeyword type,
            @Nullable Script script,
            boolean manyAnswers,
            CommandArgs<byte[], byte[]> args,
            byte[] key,
            byte[]... arguments) {
        super(type, output(manyAnswers), args);
        this.script = script;
        this.manyAnswers = manyAnswers;
        this.key = key;
        this.arguments = arguments;
        int bytes = key.length;
        for (byte[] argument : arguments) {
            bytes += argument.length;
        }
        this.size = bytes;
    }

    /** Runs a script that answers with a string or nothing. */
    static Question of(Script script, byte[] key, byte[]... arguments) {
        return script(script, false, false, key, arguments);
    }

    /** Runs a script that answers with strings. */
    static Question forMany(Script script, byte[] key, byte[]... arguments) {
        return script(script, true, false, key, arguments);
    }

    /** Reads a string. */
    static Question get(byte[] key) {
        return plain(CommandType.GET, key);
    }

    /** Reads a string and removes it. */
    static Question take(byte[] key) {
        return plain(CommandType.GETDEL, key);
    }

    /** Asks how much memory Redis uses. */
    static Question memory() {
        return new Question(CommandType.INFO, null, false, new CommandArgs<>(CODEC).add("memory"), new byte[0]);
    }

    private static Question plain(CommandType type, byte[] key) {
        return new Question(type, null, false, new CommandArgs<>(CODEC).addKey(key), key);
    }

    private static Question script(Script script, boolean many, boolean asText, byte[] key, byte[]... arguments) {
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(CODEC);
        args.add(asText ? script.text() : script.digest()).add(1).addKey(key);
        for (byte[] argument : arguments) {
            args.add(argument);
        }
        return new Question(asText ? CommandType.EVAL : CommandType.EVALSHA, script, many, args, key, arguments);
    }

    @SuppressWarnings("unchecked") // an Object is read from it, whatever it is
    private static CommandOutput<byte[], byte[], Object> output(boolean many) {
        CommandOutput<byte[], byte[], ?> output =
                many ? new ValueListOutput<>(CODEC) : new ByteArrayOutput<byte[], byte[]>(CODEC);
        return (CommandOutput<byte[], byte[], Object>) output;
    }

    /** Returns this question with the text of its script; null if there is none, or it had the text. */
    @Nullable
    Question withText() {
        if (script == null || getType() != CommandType.EVALSHA) {
            return null;
        }
        Question again = script(script, manyAnswers, true, key, arguments);
        if (batch != null) {
            again.belongsTo(batch, index);
        }
        return again;
    }

    /** Says where the outcome goes. */
    void belongsTo(Batch to, int at) {
        batch = to;
        index = at;
    }

    byte[] key() {
        return key;
    }

    /** True if it is there only to see whether Redis takes writes. */
    boolean isProbe() {
        return script == Script.PROBE;
    }

    /** Bytes that it takes, about. */
    int size() {
        return size;
    }

    /** The place of the question in its batch. */
    int index() {
        return index;
    }

    /** The string with which Redis has answered; null if with nothing. */
    byte @Nullable [] string() {
        return (byte[]) get();
    }

    /** The strings with which Redis has answered. */
    @SuppressWarnings("unchecked") // it was asked for that
    List<byte[]> strings() {
        Object strings = get();
        return strings == null ? List.of() : (List<byte[]>) strings;
    }

    @Override
    public void complete() {
        if (!isDone()) {
            super.complete();
            over(getOutput().hasError() ? new RedisSaid(getOutput().getError()) : null);
        }
    }

    @Override
    public boolean completeExceptionally(Throwable why) {
        if (isDone()) {
            return false;
        }
        super.completeExceptionally(why);
        over(why);
        return true;
    }

    @Override
    public void cancel() {
        if (!isDone()) {
            super.cancel();
            over(new RedisSaid("the connection was lost"));
        }
    }

    private void over(@Nullable Throwable why) {
        if (batch != null) {
            batch.outcome(this, why);
        }
    }

    /** An error that Redis has answered with. */
    static final class RedisSaid extends Exception {
        private static final long serialVersionUID = 1;

        RedisSaid(@Nullable String error) {
            super(error == null ? "" : error, null, false, false);
        }
    }
}
