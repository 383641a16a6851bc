package org.ikev2d.core.scenario;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.world.Parcel;

/** Loses one message, and perhaps its repetitions; those that are the same to the last octet are one. */
final class LosesOne implements UnaryOperator<List<Parcel>> {
    private final int nth;
    private final int times;
    private final List<Bytes> messages = new ArrayList<>();
    private final Map<Bytes, Integer> sendings = new HashMap<>();

    /**
     * @param nth in the order in which they leave either end, 1 upwards; 0: none
     * @param times how many sendings of it get lost
     */
    LosesOne(int nth, int times) {
        this.nth = nth;
        this.times = times;
    }

    @Override
    public List<Parcel> apply(List<Parcel> parcels) {
        Bytes octets = ((Parcel.Cargo.Ike) parcels.get(0).cargo()).octets();
        if (!messages.contains(octets)) {
            messages.add(octets);
        }
        int sent = sendings.merge(octets, 1, Integer::sum);
        return messages.indexOf(octets) == nth - 1 && sent <= times ? List.of() : parcels;
    }

    /** How many messages there were. */
    int messages() {
        return messages.size();
    }
}
