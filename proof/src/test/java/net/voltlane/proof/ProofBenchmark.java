package net.voltlane.proof;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECCurve;

/**
 * A benchmark of the time and the allocations of each step of a handshake on one thread, each time with another peer's
 * key, as in production. Run it with {@code mvn -q -B -ntp -Pbench -DskipTests verify -pl proof}.
 *
 * <p>Each line shows the median of {@value #ROUNDS} rounds, and the fastest and the slowest round, on a warm virtual
 * machine.
 */
final class ProofBenchmark {

    private static final int PEERS = 512;
    private static final int ROUNDS = 7;
    private static final long WARM_UP_NANOS = 2_000_000_000L;
    private static final long ROUND_NANOS = 300_000_000L;

    private static final ECCurve CURVE =
            CustomNamedCurves.getByName("secp256k1").getCurve();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Keeps the compiler from removing computations whose result is not used. */
    @SuppressWarnings("unused")
    private static volatile Object result;

    private final SecureRandom random = new SecureRandom();
    private final KeyPair server = KeyPair.generate(random);
    private final byte[][] compressed = new byte[PEERS][];
    private final byte[][] uncompressed = new byte[PEERS][];
    private final byte[][] keys = new byte[PEERS][];
    private final X25519KeyPair server3 = X25519KeyPair.generate(random);
    private final byte[] serverPoint = server3.publicKey();
    private final byte[][] points = new byte[PEERS][];
    private final SessionKey sessionKey;
    private int peer;

    private interface Step {
        Object run(int peer) throws Exception;
    }

    private ProofBenchmark() throws InvalidKeyException {
        for (int i = 0; i < PEERS; i++) {
            KeyPair client = KeyPair.generate(random);
            compressed[i] = client.publicKey();
            uncompressed[i] = CURVE.decodePoint(compressed[i]).getEncoded(false);
            keys[i] = SharedKey.derive(client, server.publicKey());
            points[i] = X25519KeyPair.generate(random).publicKey();
        }
        sessionKey = firstKey(0);
    }

    public static void main(String[] args) throws Exception {
        new ProofBenchmark().run();
    }

    private void run() throws Exception {
        System.out.println("Microseconds per step on one thread, Java " + System.getProperty("java.version") + ":");
        measure("a resume, the server's part", this::resume);
        measure("SharedKey.derive, 33 bytes", i -> SharedKey.derive(server, compressed[i]));
        measure("SharedKey.derive, 65 bytes", i -> SharedKey.derive(server, uncompressed[i]));
        BigInteger secret = new BigInteger(1, server.secret());
        measure(
                "  x by Bouncy Castle, 33 bytes",
                i -> CURVE.decodePoint(compressed[i]).multiply(secret).normalize());
        measure("PublicKeys.validate, 33 bytes", i -> PublicKeys.validate(compressed[i]));
        measure("PublicKeys.validate, 65 bytes", i -> PublicKeys.validate(uncompressed[i]));
        measure(
                "  33 bytes by Bouncy Castle",
                i -> CURVE.decodePoint(compressed[i]).getEncoded(true));
        measure("IssuedChallenge.issue", i -> IssuedChallenge.issue(keys[i], random));
        measure("issue, ChallengeAnswer.to, accepts", this::challenge);
        measure("KeyPair.generate", i -> KeyPair.generate(random));
        measure("version 3: X25519KeyPair.generate", i -> X25519KeyPair.generate(random));
        measure("version 3: a first resume", i -> resume3(firstKey(i)));
        measure("version 3: a later resume", i -> resume3(sessionKey));
    }

    /**
     * Runs all of the server's computations for one resume, with a wrong answer that costs as much work as a right one.
     */
    private Object resume(int i) throws Exception {
        IssuedChallenge challenge = IssuedChallenge.issue(SharedKey.derive(server, compressed[i]), random);
        byte[] answer = challenge.box();
        answer[answer.length - 1] ^= 1;
        return challenge.accepts(answer);
    }

    private SessionKey firstKey(int i) {
        byte[] shared = Objects.requireNonNull(server3.shared(points[i]));
        return SessionKey.derive(shared, i, points[i], serverPoint);
    }

    /** Runs all of the server's computations for a resume of version 3 once the session's key is known. */
    private Object resume3(SessionKey key) {
        byte[] transcript = SessionKey.transcript(new byte[59], new byte[33]);
        byte[] proof = new byte[SessionKey.BYTES];
        return key.verifiesClient(transcript, proof) ? key : key.serverProof(transcript, proof, new byte[18]);
    }

    private Object challenge(int i) {
        IssuedChallenge challenge = IssuedChallenge.issue(keys[i], random);
        return challenge.accepts(Objects.requireNonNull(ChallengeAnswer.to(challenge.box(), keys[i], random)));
    }

    private void measure(String name, Step step) throws Exception {
        long start = System.nanoTime();
        long steps = 0;
        while (System.nanoTime() - start < WARM_UP_NANOS) {
            repeat(step, 100);
            steps += 100;
        }
        long perRound = Math.max(1, steps * ROUND_NANOS / WARM_UP_NANOS);
        double[] micros = new double[ROUNDS];
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        for (int round = 0; round < ROUNDS; round++) {
            start = System.nanoTime();
            repeat(step, perRound);
            micros[round] = (System.nanoTime() - start) / 1e3 / perRound;
        }
        allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        Arrays.sort(micros);
        System.out.printf(
                "  %-36s %7.2f  (%.2f to %.2f)  %,7d bytes%n",
                name, micros[ROUNDS / 2], micros[0], micros[ROUNDS - 1], allocated / (ROUNDS * perRound));
    }

    private void repeat(Step step, long times) throws Exception {
        for (long i = 0; i < times; i++) {
            peer = (peer + 1) % PEERS;
            result = step.run(peer);
        }
    }
}
