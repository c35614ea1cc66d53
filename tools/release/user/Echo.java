package com.example.echo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.backend.EndReason;
import net.voltlane.backend.Handler;
import net.voltlane.backend.Session;
import net.voltlane.backend.VoltlaneBackend;
import net.voltlane.client.VoltlaneClient;
import net.voltlane.protocol.Reason;

/** A client and a backend of a user's: prints "hello" once it has been to the backend and back. Takes the command that starts Serve. */
public final class Echo {
    private Echo() {}

    public static void main(String[] args) throws Exception {
        Handler echo = new Handler() {
            @Override
            public void data(Session session, byte[] data) {
                session.send(data);
            }

            @Override
            public void ended(Session session, EndReason reason) {
                // Names a type of voltlane-protocol, which comes with the backend.
                System.out.println("left: " + reason.is(Reason.CLIENT_LEFT));
            }
        };
        try (VoltlaneBackend backend = VoltlaneBackend.listen("127.0.0.1:0", echo)) {
            List<String> command = new ArrayList<>(List.of(args));
            command.add(Integer.toString(backend.address().getPort()));
            Process server = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
            try (BufferedReader said = new BufferedReader(new InputStreamReader(server.getInputStream(), UTF_8));
                    VoltlaneClient client = VoltlaneClient.connect("127.0.0.1:" + said.readLine())) {
                client.send("hello".getBytes(UTF_8));
                byte[] answer = client.receive(Duration.ofSeconds(60));
                System.out.println(answer == null ? "no answer" : new String(answer, UTF_8));
            } finally {
                server.destroy();
            }
        }
        System.out.println(Echo.class.getModule().isNamed() ? "on the module path" : "on the class path");
    }
}
