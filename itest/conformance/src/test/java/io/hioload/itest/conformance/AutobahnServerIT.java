package io.hioload.itest.conformance;

import io.hioload.server.Hioload;
import io.hioload.server.HioloadServer;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The suite as a client of an echo endpoint, once for each transport. */
class AutobahnServerIT {

    static final List<String> TRANSPORTS = Conformance.TRANSPORTS;

    private static final List<HioloadServer> SERVERS = new ArrayList<>();
    private static Verdicts verdicts;

    @BeforeAll
    @Timeout(value = Conformance.DEADLINE_S, unit = TimeUnit.SECONDS)
    static void runAllCases() throws Exception {
        Map<String, URI> urls = new LinkedHashMap<>();
        for (String transport : TRANSPORTS) {
            HioloadServer server = Hioload.server().name(transport).transport(transport).reactors(1).port(0)
                    .handle("/echo", (session, type, buffer, offset, length) -> session.send(type, buffer, offset, length)).start();
            SERVERS.add(server);
            urls.put(transport, URI.create("ws://127.0.0.1:" + server.port() + "/echo"));
        }
        try (Fuzzer fuzzer = Fuzzer.client("server", urls)) {
            verdicts = fuzzer.await(Conformance.DEADLINE_S);
        }
    }

    @AfterAll
    static void stopServers() {
        SERVERS.forEach(HioloadServer::close);
    }

    @ParameterizedTest
    @FieldSource("TRANSPORTS")
    void shouldPassEveryCaseAsAServer(String transport) {
        verdicts.assertAllRight(transport, Conformance.CASES);
    }
}
