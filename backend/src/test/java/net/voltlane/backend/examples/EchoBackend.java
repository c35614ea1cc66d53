package net.voltlane.backend.examples;

import net.voltlane.backend.Handler;
import net.voltlane.backend.Session;
import net.voltlane.backend.VoltlaneBackend;

public class EchoBackend {
    public static void main(String[] args) throws Exception {
        Handler echo = new Handler() {
            @Override
            public void data(Session session, byte[] data) {
                session.send(data);
            }
        };
        try (VoltlaneBackend backend = VoltlaneBackend.listen(args[0], echo)) {
            System.out.println("listening on " + backend.address());
            backend.awaitClosed();
        }
    }
}
