package net.voltlane.client;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import net.voltlane.proof.InvalidKeyException;
import net.voltlane.proof.IssuedChallenge;
import net.voltlane.proof.KeyPair;
import net.voltlane.proof.SecretBox;
import net.voltlane.proof.SharedKey;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.testkit.version3.ClientKeys;
import net.voltlane.testkit.version3.ScriptedServerLink;

/** The server's end of one link, for scripts. If the client has left, the next operation ends the script. */
final class Peer {

    /** Thrown when the client has ended the link. */
    static final class ClientLeft extends IOException {
        private static final long serialVersionUID = 1L;

        ClientLeft(IOException cause) {
            super(cause);
        }
    }

    /** A session as its server knows it. */
    record Session(long id, byte[] clientKey) {}

    private static final int MAX_FRAME_BYTES = 64 << 20;

    final KeyPair keys;
    private final Socket socket;
    private final DataInputStream in;

    Peer(KeyPair keys, Socket socket) throws IOException {
        this.keys = keys;
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        socket.setTcpNoDelay(true);
    }

    /** Returns this end of a link of version 3. */
    ScriptedServerLink version3(ClientKeys serverKeys) {
        return new ScriptedServerLink(serverKeys, this::receive, this::raw);
    }

    // ---- correct handshakes

    /** Opens a session with this id. */
    Session open(long id) throws IOException {
        byte[] clientKey = hello();
        send(new ClientId(id));
        return new Session(id, clientKey);
    }

    /** Runs the first half of a new session's handshake, up to the client's key. */
    byte[] hello() throws IOException {
        expect(ProtocolVersion.class);
        send(new PubKey(keys.publicKey()));
        return expect(PubKey.class).key();
    }

    /** Resumes a session if the client proves that it has the key. */
    void resume(Session session) throws IOException {
        IssuedChallenge challenge = challenge(session);
        if (!challenge.accepts(expect(ChallengeResponse.class).box())) {
            throw new AssertionError("the client's answer is wrong");
        }
        expect(Ping.class);
        send(new Ping());
    }

    /** Runs the first half of a resume, up to the challenge. */
    IssuedChallenge challenge(Session session) throws IOException {
        askedToResume(session);
        IssuedChallenge challenge = IssuedChallenge.issue(sharedKey(session), ScriptedServer.RANDOM);
        send(new net.voltlane.protocol.Challenge(challenge.box()));
        return challenge;
    }

    /** Sends a challenge with this content. */
    void challenge(Session session, byte[] text) throws IOException {
        askedToResume(session);
        send(new net.voltlane.protocol.Challenge(SecretBox.seal(sharedKey(session), text, ScriptedServer.RANDOM)));
    }

    /** Runs the first steps of a resume, up to the client's session id. */
    void askedToResume(Session session) throws IOException {
        expect(ProtocolVersion.class);
        send(new PubKey(keys.publicKey()));
        long id = expect(ClientId.class).id();
        if (id != session.id()) {
            throw new AssertionError("the client asked for session " + id);
        }
    }

    /** Sends a challenge under a random key, as a server does that does not know the session. */
    void decoy(Session session) throws IOException {
        askedToResume(session);
        byte[] key = new byte[32];
        ScriptedServer.RANDOM.nextBytes(key);
        send(new net.voltlane.protocol.Challenge(
                IssuedChallenge.issue(key, ScriptedServer.RANDOM).box()));
    }

    private byte[] sharedKey(Session session) {
        try {
            return SharedKey.derive(keys, session.clientKey());
        } catch (InvalidKeyException e) {
            throw new AssertionError("the client's key is no key", e);
        }
    }

    // ---- packets and bytes

    void send(HandshakePacket packet) throws IOException {
        raw(HandshakeCodec.frame(packet));
    }

    void data(byte[] payload) throws IOException {
        raw(Frame.of(payload));
    }

    void raw(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new ClientLeft(e);
        }
    }

    <P extends HandshakePacket> P expect(Class<P> type) throws IOException {
        try {
            return type.cast(HandshakeCodec.decode(receive()));
        } catch (MalformedPacketException e) {
            throw new AssertionError("the client sent rubbish", e);
        }
    }

    byte[] receive() throws IOException {
        try {
            int length = Integer.reverseBytes(in.readInt());
            if (length < 0 || length > MAX_FRAME_BYTES) {
                throw new AssertionError("the client sent a frame of " + length + " bytes");
            }
            byte[] payload = new byte[length];
            in.readFully(payload);
            return payload;
        } catch (IOException e) {
            throw new ClientLeft(e);
        }
    }

    /** Reads so many bytes, or fewer if the link ends, and returns their number. */
    int some(int count) throws IOException {
        return in.readNBytes(count).length;
    }

    // ---- ends of a link

    /** Sends a FIN and reads on until the client's FIN. */
    void finish() throws IOException {
        socket.shutdownOutput();
        stall();
    }

    /** Resets the link. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Sends nothing until the client leaves, and returns the number of bytes that it still sent. */
    int stall() throws IOException {
        int count = 0;
        try {
            while (in.read() >= 0) {
                count++;
            }
        } catch (IOException e) {
            // a reset also means that the client has left
        }
        return count;
    }
}
