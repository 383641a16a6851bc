package org.ikev2d.core.wire;

import java.util.ArrayList;
import java.util.List;
import org.ikev2d.core.bytes.ByteReader;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.bytes.DecodeException.Fault;

/** The nested structures of an SA payload (RFC 7296 §3.3). */
final class SecurityAssociationDecoder {
    /** In place of 0 for "last": the types that these structures had as payloads of IKEv1. */
    static final int MORE_PROPOSALS = 2;

    static final int MORE_TRANSFORMS = 3;

    /** Marker, reserved octet and length, which both structures begin with. */
    static final int SUBSTRUCTURE_HEADER = 4;

    /** Set for an attribute of two octets, without a length field (RFC 7296 §3.3.5). */
    static final int SHORT_FORMAT = 0x8000;

    static final int KEY_LENGTH = 14;

    private SecurityAssociationDecoder() {}

    static Payload decode(ByteReader in) throws DecodeException {
        List<Proposal> proposals = new ArrayList<>();
        boolean more = true;
        while (more) {
            int marker = in.u8("last substructure");
            if (marker != 0 && marker != MORE_PROPOSALS) {
                throw in.error(Fault.BAD_VALUE, "last substructure", marker, "expected 0 or 2, found " + marker);
            }
            more = marker != 0;
            in.skip(1, "reserved");
            int size = PayloadDecoder.sizeBehind(in, "proposal length", SUBSTRUCTURE_HEADER, in);
            proposals.add(proposal(in.slice(size, "proposal"), proposals.size() + 1, more));
        }
        in.expectEnd();
        return new Payload.SecurityAssociation(proposals);
    }

    /** @param place 1 for the first; a proposal alone may have another number: that of the offer it accepts */
    private static Proposal proposal(ByteReader in, int place, boolean more) throws DecodeException {
        int number = in.u8("number");
        boolean alone = place == 1 && !more;
        if (number == 0 || (number != place && !alone)) {
            throw in.error(Fault.BAD_VALUE, "number", number, "expected " + place + ", found " + number);
        }
        int protocol = in.u8("protocol");
        int spiSize = PayloadDecoder.spiSize(in, protocol);
        int count = in.u8("number of transforms");
        Bytes spi = in.bytes(spiSize, "SPI");
        List<Transform> transforms = new ArrayList<>(count);
        for (int left = count; left > 0; left--) {
            transforms.add(transform(in, left == 1 ? 0 : MORE_TRANSFORMS));
        }
        in.expectEnd();
        return new Proposal(number, protocol, spi, transforms);
    }

    private static Transform transform(ByteReader outer, int expectedMarker) throws DecodeException {
        int marker = outer.u8("last substructure");
        if (marker != expectedMarker) {
            throw outer.error(
                    Fault.BAD_VALUE,
                    "last substructure",
                    marker,
                    "expected " + expectedMarker + " by the number of transforms, found " + marker);
        }
        outer.skip(1, "reserved");
        int size = PayloadDecoder.sizeBehind(outer, "transform length", SUBSTRUCTURE_HEADER, outer);
        ByteReader in = outer.slice(size, "transform");
        int type = in.u8("type");
        in.skip(1, "reserved");
        int id = in.u16("ID");
        int keyBits = 0;
        ByteWriter others = new ByteWriter();
        while (in.remaining() > 0) {
            int formatAndType = in.u16("attribute type");
            if ((formatAndType & SHORT_FORMAT) == 0) {
                int valueSize = PayloadDecoder.sizeBehind(in, "attribute length", 0, in);
                others.u16(formatAndType).u16(valueSize).bytes(in.bytes(valueSize, "attribute value"));
                continue;
            }
            int value = in.u16("attribute value");
            if (formatAndType == (SHORT_FORMAT | KEY_LENGTH) && keyBits == 0 && value != 0) {
                keyBits = value;
            } else {
                others.u16(formatAndType).u16(value);
            }
        }
        return new Transform(type, id, keyBits, others.toBytes());
    }
}
