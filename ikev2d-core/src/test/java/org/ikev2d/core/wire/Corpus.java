package org.ikev2d.core.wire;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.vectors.Capture;
import org.ikev2d.core.vectors.Vectors;

/** What other implementations sent, and what was found inside. */
final class Corpus {
    private Corpus() {}

    /** A whole IKE message. */
    record Message(String name, Bytes octets) {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * The decrypted content of one Encrypted payload.
     *
     * @param types of its payloads, as other programs read them
     */
    record Chain(String name, int firstType, List<Integer> types, Bytes octets) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Recordings with a JSON beside them that lists each message's payloads. */
    static List<Path> described() {
        return Stream.of("captures/generated", "captures/impaired")
                .flatMap(folder -> Vectors.files(Vectors.own(folder), ".pcap").stream())
                .toList();
    }

    static Path description(Path pcap) {
        String name = pcap.getFileName().toString();
        return pcap.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".json");
    }

    /** Every message of the corpus, save the one kind that must be refused: with an unknown critical payload. */
    static List<Message> messages() {
        List<Message> messages = new ArrayList<>();
        Stream.concat(
                        described().stream().filter(pcap -> !pcap.toString().contains("unknown-critical")),
                        Stream.of(
                                Vectors.own("strongswan-6.1-per-cpu/conversation.pcap"),
                                Vectors.own("captures/third-party/zeekplugin__ikev2.pcap")))
                .forEach(pcap -> messages.addAll(messages(pcap)));
        JsonObject rusticata =
                Vectors.json(Vectors.own("messages/rusticata-ike-sa-init.json")).getObject("messages");
        rusticata.forEach((name, hex) -> messages.add(new Message(name, Bytes.hex((String) hex))));
        messages.add(aosp("IkeHeaderTest", "IKE_SA_INIT_RAW_PACKET"));
        messages.add(aosp("IkeSkPayloadTest", "IKE_AUTH_INIT_REQUEST_HEX_STRING"));
        messages.add(new Message("openiked valid_packet", openiked("valid_packet")));
        return messages;
    }

    static List<Message> messages(Path pcap) {
        return Capture.messages(pcap).stream()
                .map(message -> new Message(message.toString(), message.octets()))
                .toList();
    }

    /** Messages that are not sealed, shortest first. */
    static List<Message> unsealed() {
        return messages().stream()
                .filter(message ->
                        message.octets().at(16) != 46 && message.octets().at(16) != 53)
                .sorted((a, b) -> a.octets().size() - b.octets().size())
                .toList();
    }

    /** All but those of the recording in which a count of selectors lies. */
    static List<Chain> chains() {
        List<Chain> chains = new ArrayList<>();
        described().stream()
                .filter(pcap -> !pcap.toString().contains("ts-count"))
                .forEach(pcap -> chains.addAll(chains(description(pcap))));
        chains.add(new Chain(
                "AOSP IKE_AUTH request",
                35,
                List.of(35, 36, 39, 33, 44, 45, 41, 41),
                aosp("IkeSkPayloadTest", "IKE_AUTH_INIT_REQUEST_DECRYPTED_BODY_HEX_STRING")
                        .octets()));
        return chains;
    }

    /** Not those of fragments, which are no chains one by one. */
    static List<Chain> chains(Path description) {
        List<Chain> chains = new ArrayList<>();
        JsonArray messages = Vectors.json(description).getArray("messages");
        for (int i = 0; i < messages.size(); i++) {
            JsonObject message = messages.getObject(i);
            if (message.has("inner_first_payload")) {
                chains.add(new Chain(
                        description.getFileName() + " " + message.getInt("frame"),
                        message.getInt("inner_first_payload"),
                        numbers(message.getArray("inner_payloads")),
                        Bytes.hex(message.getString("plaintext"))));
            }
        }
        return chains;
    }

    static List<Integer> numbers(JsonArray array) {
        return array.stream().map(number -> ((Number) number).intValue()).toList();
    }

    /** A constant of Android's unit tests. */
    static Message aosp(String test, String constant) {
        String hex = Vectors.json(Vectors.own("messages/aosp-ike-constants.json"))
                .getObject("classes")
                .getObject(test)
                .getObject("constants")
                .getString(constant);
        return new Message("AOSP " + constant, Bytes.hex(hex));
    }

    /** A seed of OpenIKED's parser test: one payload with its generic header, or a message. */
    static Bytes openiked(String seed) {
        return Bytes.hex(Vectors.json(Vectors.own("malformed/openiked-parser-seeds.json"))
                .getObject("payloads")
                .getString(seed));
    }
}
