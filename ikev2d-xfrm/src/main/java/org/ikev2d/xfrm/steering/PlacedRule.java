package org.ikev2d.xfrm.steering;

import java.util.Optional;
import java.util.OptionalInt;
import org.ikev2d.xfrm.ethtool.RxMatch;
import org.ikev2d.xfrm.ethtool.RxRule;

/**
 * A rule that we have put into a NIC, or are about to.
 *
 * @param location empty while it is not known
 */
public record PlacedRule(String device, OptionalInt location, RxRule rule) {
    private static final String UNKNOWN = "-";
    private static final int FIELDS = 4;

    PlacedRule at(int known) {
        return new PlacedRule(device, OptionalInt.of(known), rule);
    }

    /** {@code eth0 1023 5 esp 192.0.2.1 0xc0000001}: device, location, queue, match. */
    String toLine() {
        String where = location.isPresent() ? Integer.toUnsignedString(location.getAsInt()) : UNKNOWN;
        return device + " " + where + " " + rule.queue() + " " + rule.match();
    }

    /** What {@link #toLine} wrote; empty for anything else. */
    static Optional<PlacedRule> parse(String line) {
        String[] words = line.split(" ", FIELDS);
        if (words.length < FIELDS || words[0].isEmpty()) {
            return Optional.empty();
        }
        try {
            OptionalInt location =
                    words[1].equals(UNKNOWN) ? OptionalInt.empty() : OptionalInt.of(Integer.parseUnsignedInt(words[1]));
            int queue = Integer.parseInt(words[2]);
            return RxMatch.parse(words[3]).map(match -> new PlacedRule(words[0], location, new RxRule(match, queue)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
