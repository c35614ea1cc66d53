package net.voltlane.store.redis;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** A connection to Redis, or to all nodes of a cluster, and one on which it hears messages. Used on the store's thread only. */
interface Link {
    /** Sends questions, in their order as far as they have the same key. Each has an outcome later, or at once. */
    void send(List<Question> questions);

    /** Hears what is published on channels. Completes when it does. */
    CompletionStage<?> subscribe(List<byte[]> channels);

    /** Has Redis remember all scripts, as far as there is one place to tell it. */
    void prepare();

    /** Returns true if there is one node. If one of several is silent, the others still answer. */
    boolean isOneNode();

    /** Closes both connections. What is under way fails. */
    CompletionStage<?> close();

    /** Hears of a link. Called on the store's thread. */
    interface Events {
        /** Something was published. */
        void message(byte[] channel, byte[] message);

        /** A connection to a node was lost. */
        void lost();
    }

    /** Makes links. */
    interface Dialer {
        /** Connects. May be called again after a link was closed, or none was made. */
        CompletionStage<Link> dial(Events events);

        /** Frees what is left. */
        CompletionStage<?> close();
    }
}
