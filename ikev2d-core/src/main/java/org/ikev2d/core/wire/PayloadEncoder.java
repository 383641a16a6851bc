package org.ikev2d.core.wire;

import java.util.List;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.registry.TrafficSelectorType;

/** Payloads to octets: the part of each behind the generic header. Reserved fields are zero, but for those of an
 * ID payload that was received. */
final class PayloadEncoder implements Payload.Fold<ByteWriter> {
    private final ByteWriter out;

    private PayloadEncoder(ByteWriter out) {
        this.out = out;
    }

    static EncodedPayloads chain(List<Payload> payloads) {
        ByteWriter out = new ByteWriter();
        PayloadEncoder encoder = new PayloadEncoder(out);
        for (int i = 0; i < payloads.size(); i++) {
            int start = out.size();
            int next = i + 1 < payloads.size() ? payloads.get(i + 1).type() : 0;
            out.u8(next).u8(0).u16(0);
            payloads.get(i).fold(encoder);
            out.patchU16(start + 2, checkedSize(out.size() - start));
        }
        return new EncodedPayloads(payloads.isEmpty() ? 0 : payloads.get(0).type(), out.toBytes());
    }

    /** @throws IllegalArgumentException when {@code size} does not fit a length field of two octets */
    static int checkedSize(int size) {
        if (size > 0xffff) {
            throw new IllegalArgumentException(size + " octets do not fit one payload");
        }
        return size;
    }

    private static int checkedCount(int least, int count) {
        if (count < least || count > 0xff) {
            throw new IllegalArgumentException(count + " of what may be " + least + " to 255");
        }
        return count;
    }

    @Override
    public ByteWriter securityAssociation(Payload.SecurityAssociation payload) {
        List<Proposal> proposals = payload.proposals();
        checkedCount(1, proposals.size());
        for (int i = 0; i < proposals.size(); i++) {
            proposal(proposals.get(i), i + 1 < proposals.size());
        }
        return out;
    }

    private void proposal(Proposal proposal, boolean more) {
        int start = out.size();
        List<Transform> transforms = proposal.transforms();
        out.u8(more ? SecurityAssociationDecoder.MORE_PROPOSALS : 0)
                .u8(0)
                .u16(0)
                .u8(proposal.number())
                .u8(proposal.protocol())
                .u8(checkedCount(0, proposal.spi().size()))
                .u8(checkedCount(0, transforms.size()))
                .bytes(proposal.spi());
        for (int i = 0; i < transforms.size(); i++) {
            transform(transforms.get(i), i + 1 < transforms.size());
        }
        out.patchU16(start + 2, checkedSize(out.size() - start));
    }

    private void transform(Transform transform, boolean more) {
        int start = out.size();
        out.u8(more ? SecurityAssociationDecoder.MORE_TRANSFORMS : 0)
                .u8(0)
                .u16(0)
                .u8(transform.type())
                .u8(0)
                .u16(transform.id());
        if (transform.keyBits() != 0) {
            out.u16(SecurityAssociationDecoder.SHORT_FORMAT | SecurityAssociationDecoder.KEY_LENGTH)
                    .u16(transform.keyBits());
        }
        out.bytes(transform.otherAttributes());
        out.patchU16(start + 2, checkedSize(out.size() - start));
    }

    @Override
    public ByteWriter keyExchange(Payload.KeyExchange payload) {
        return out.u16(payload.method()).zeros(2).bytes(payload.publicValue());
    }

    @Override
    public ByteWriter identification(Payload.Identification payload) {
        return out.bytes(payload.body());
    }

    @Override
    public ByteWriter certificate(Payload.Certificate payload) {
        return out.u8(payload.encoding()).bytes(payload.data());
    }

    @Override
    public ByteWriter certificateRequest(Payload.CertificateRequest payload) {
        return out.u8(payload.encoding()).bytes(payload.authorities());
    }

    @Override
    public ByteWriter authentication(Payload.Authentication payload) {
        return out.u8(payload.method()).zeros(3).bytes(payload.data());
    }

    @Override
    public ByteWriter nonce(Payload.Nonce payload) {
        return out.bytes(payload.octets());
    }

    @Override
    public ByteWriter notification(Payload.Notify payload) {
        return out.u8(payload.protocol())
                .u8(checkedCount(0, payload.spi().size()))
                .u16(payload.notifyType())
                .bytes(payload.spi())
                .bytes(payload.data());
    }

    @Override
    public ByteWriter delete(Payload.Delete payload) {
        List<Bytes> spis = payload.spis();
        int sizeOfNone = payload.protocol() == ProtocolId.IKE.code() ? 0 : 4;
        int spiSize = spis.isEmpty() ? sizeOfNone : spis.get(0).size();
        out.u8(payload.protocol()).u8(spiSize).u16(spis.size());
        spis.forEach(out::bytes);
        return out;
    }

    @Override
    public ByteWriter vendorId(Payload.VendorId payload) {
        return out.bytes(payload.octets());
    }

    @Override
    public ByteWriter trafficSelectors(Payload.TrafficSelectors payload) {
        out.u8(checkedCount(1, payload.selectors().size())).zeros(3);
        payload.selectors().forEach(this::selector);
        return out;
    }

    private void selector(TrafficSelector selector) {
        boolean ipv4 = selector.first().isIpv4();
        out.u8((ipv4 ? TrafficSelectorType.IPV4_ADDR_RANGE : TrafficSelectorType.IPV6_ADDR_RANGE).code())
                .u8(selector.ipProtocol())
                .u16(ipv4 ? 16 : 40)
                .u16(selector.startPort())
                .u16(selector.endPort())
                .bytes(selector.first().octets())
                .bytes(selector.last().octets());
    }

    @Override
    public ByteWriter opaque(Payload.Opaque payload) {
        return out.bytes(payload.body());
    }
}
