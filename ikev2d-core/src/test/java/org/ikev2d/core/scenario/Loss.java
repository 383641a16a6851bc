package org.ikev2d.core.scenario;

import java.util.List;
import java.util.function.UnaryOperator;
import org.ikev2d.core.world.Parcel;
import org.ikev2d.core.world.Tunnels;

/** Loses one message of each end: the left one's and the right one's message of a certain number, 0 for none. */
final class Loss implements UnaryOperator<List<Parcel>> {
    private int leftUntil;
    private int rightUntil;

    Loss(int ofLeft, int ofRight) {
        leftUntil = ofLeft;
        rightUntil = ofRight;
    }

    @Override
    public List<Parcel> apply(List<Parcel> parcels) {
        boolean isLeft = parcels.get(0).source().address().equals(Tunnels.LEFT);
        int left = isLeft ? leftUntil-- : rightUntil--;
        return left == 1 ? List.of() : parcels;
    }
}
