package org.ikev2d.core.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.ByteReader;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.bytes.DecodeException.Fault;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.registry.IdType;
import org.ikev2d.core.registry.PayloadType;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.registry.TrafficSelectorType;

/** Octets to payloads. */
final class PayloadDecoder {
    /** More payloads than any exchange has use for; each may cost us work when it is judged. */
    static final int MAX_PAYLOADS = 64;

    private static final int GENERIC_HEADER = 4;
    private static final int SELECTOR_HEADER = 4;
    private static final int CRITICAL = 0x80;

    private PayloadDecoder() {}

    /**
     * Payloads read.
     *
     * @param stoppedAt 0 at the chain's end, else the type of an Encrypted payload, unread, that comes next
     */
    record Chain(List<Payload> payloads, int stoppedAt) {}

    /**
     * A payload without its generic header (RFC 7296 §3.2).
     *
     * @param next type of the payload behind it
     */
    record Framed(int next, boolean critical, ByteReader body) {}

    static Chain chain(ByteReader in, int firstType) throws DecodeException {
        List<Payload> payloads = new ArrayList<>();
        int next = firstType;
        while (next != 0 && next != PayloadType.ENCRYPTED.code() && next != PayloadType.ENCRYPTED_FRAGMENT.code()) {
            int start = in.offset();
            if (payloads.size() == MAX_PAYLOADS) {
                throw new DecodeException(
                        Fault.BAD_VALUE, start, in.path(), next, "expected at most " + MAX_PAYLOADS + " payloads");
            }
            Optional<PayloadType> type = PayloadType.of(next);
            String name = type.isPresent() ? type.get().name() : "payload " + next;
            Framed framed = framed(in, name);
            if (type.isEmpty() && framed.critical()) {
                throw new DecodeException(
                        Fault.UNKNOWN_CRITICAL,
                        start,
                        framed.body().path(),
                        next,
                        "critical payload of type " + next + ", which is not known");
            }
            payloads.add(type.isPresent() ? body(type.get(), framed.body()) : opaque(next, framed.body()));
            next = framed.next();
        }
        return new Chain(payloads, next);
    }

    static Framed framed(ByteReader in, String name) throws DecodeException {
        ByteReader header = in.slice(GENERIC_HEADER, name);
        int next = header.u8("next payload");
        boolean critical = (header.u8("flags") & CRITICAL) != 0;
        int size = sizeBehind(header, "payload length", GENERIC_HEADER, in);
        return new Framed(next, critical, in.slice(size, name));
    }

    /**
     * Reads the length field of a structure.
     *
     * @param counted octets that it counts and that are read, itself included
     * @param content what must hold the rest
     * @return octets of the structure that are left
     */
    static int sizeBehind(ByteReader header, String field, int counted, ByteReader content) throws DecodeException {
        int length = header.u16(field);
        int most = counted + content.remaining();
        if (length < counted || length > most) {
            throw header.error(
                    Fault.BAD_LENGTH, field, length, "expected " + counted + " to " + most + ", found " + length);
        }
        return length - counted;
    }

    /**
     * Reads the size of an SPI: 0 or 8 octets for IKE, 4 for AH and ESP (RFC 7296 §3.3.1, §3.11); other protocols may
     * have any.
     */
    static int spiSize(ByteReader in, int protocol) throws DecodeException {
        int size = in.u8("SPI size");
        Optional<ProtocolId> known = ProtocolId.of(protocol);
        if (known.isPresent()) {
            boolean right = switch (known.get()) {
                case IKE -> size == 0 || size == 8;
                case AH, ESP -> size == 4;
            };
            if (!right) {
                throw in.error(
                        Fault.BAD_LENGTH,
                        "SPI size",
                        size,
                        "found " + size + ", which no SPI of " + known.get() + " has");
            }
        }
        return size;
    }

    /** One payload of a known type, behind its generic header. */
    private static Payload body(PayloadType type, ByteReader in) throws DecodeException {
        return switch (type) {
            case SECURITY_ASSOCIATION -> SecurityAssociationDecoder.decode(in);
            case KEY_EXCHANGE -> keyExchange(in);
            case IDENTIFICATION_INITIATOR -> identification(true, in);
            case IDENTIFICATION_RESPONDER -> identification(false, in);
            case CERTIFICATE -> new Payload.Certificate(in.u8("encoding"), in.rest());
            case CERTIFICATE_REQUEST -> new Payload.CertificateRequest(in.u8("encoding"), in.rest());
            case AUTHENTICATION -> authentication(in);
            case NONCE -> nonce(in);
            case NOTIFY -> notification(in);
            case DELETE -> delete(in);
            case VENDOR_ID -> new Payload.VendorId(in.rest());
            case TRAFFIC_SELECTORS_INITIATOR -> new Payload.TrafficSelectors(true, selectors(in));
            case TRAFFIC_SELECTORS_RESPONDER -> new Payload.TrafficSelectors(false, selectors(in));
            case CONFIGURATION, EXTENSIBLE_AUTHENTICATION -> opaque(type.code(), in);
            case ENCRYPTED, ENCRYPTED_FRAGMENT -> throw new AssertionError("chain() stops before " + type);
        };
    }

    private static Payload opaque(int type, ByteReader in) {
        return new Payload.Opaque(type, in.rest());
    }

    private static Payload keyExchange(ByteReader in) throws DecodeException {
        int method = in.u16("method");
        in.skip(2, "reserved");
        return new Payload.KeyExchange(method, in.rest());
    }

    private static Payload identification(boolean initiator, ByteReader in) throws DecodeException {
        int type = in.u8("ID type");
        int reserved = (in.u8("reserved") << 16) | in.u16("reserved");
        int size = in.remaining();
        boolean wrongAddress =
                (type == IdType.IPV4_ADDR.code() && size != 4) || (type == IdType.IPV6_ADDR.code() && size != 16);
        Bytes data = in.rest();
        if (wrongAddress) {
            throw in.error(Fault.BAD_LENGTH, "ID data", size, "found " + size + " octets, which no such address has");
        }
        return new Payload.Identification(initiator, new Identity(type, data), reserved);
    }

    private static Payload authentication(ByteReader in) throws DecodeException {
        int method = in.u8("method");
        in.skip(3, "reserved");
        return new Payload.Authentication(method, in.rest());
    }

    private static Payload nonce(ByteReader in) throws DecodeException {
        Bytes octets = in.rest();
        int size = octets.size();
        if (size < Payload.Nonce.MIN_SIZE || size > Payload.Nonce.MAX_SIZE) {
            throw in.error(Fault.BAD_LENGTH, "nonce", size, "expected 16 to 256 octets, found " + size);
        }
        return new Payload.Nonce(octets);
    }

    private static Payload notification(ByteReader in) throws DecodeException {
        int protocol = in.u8("protocol");
        int spiSize = in.u8("SPI size");
        int type = in.u16("notify type");
        Bytes spi = in.bytes(spiSize, "SPI");
        return new Payload.Notify(protocol, spi, type, in.rest());
    }

    private static Payload delete(ByteReader in) throws DecodeException {
        int protocol = in.u8("protocol");
        int spiSize = spiSize(in, protocol);
        int count = in.u16("number of SPIs");
        int rest = in.remaining();
        boolean fits = spiSize == 0 ? count == 0 : count * spiSize == rest;
        if (!fits) {
            throw in.error(
                    Fault.BAD_LENGTH,
                    "number of SPIs",
                    count,
                    count + " SPIs of " + spiSize + " octets do not make the " + rest + " octets left");
        }
        List<Bytes> spis = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            spis.add(in.bytes(spiSize, "SPI"));
        }
        in.expectEnd();
        return new Payload.Delete(protocol, spis);
    }

    private static List<TrafficSelector> selectors(ByteReader in) throws DecodeException {
        int count = in.u8("number of selectors");
        if (count == 0) {
            throw in.error(Fault.BAD_VALUE, "number of selectors", count, "expected 1 or more");
        }
        in.skip(3, "reserved");
        List<TrafficSelector> selectors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            selector(in).ifPresent(selectors::add);
        }
        in.expectEnd();
        return selectors;
    }

    /** Empty for a type that is not known: only its length field has a place that we know (RFC 7296 §3.13.1). */
    private static Optional<TrafficSelector> selector(ByteReader in) throws DecodeException {
        ByteReader header = in.slice(SELECTOR_HEADER, "selector");
        int type = header.u8("type");
        int ipProtocol = header.u8("IP protocol");
        int size = sizeBehind(header, "selector length", SELECTOR_HEADER, in);
        ByteReader body = in.slice(size, "selector");
        Optional<TrafficSelectorType> known = TrafficSelectorType.of(type);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        int addressSize = switch (known.get()) {
            case IPV4_ADDR_RANGE -> 4;
            case IPV6_ADDR_RANGE -> 16;
        };
        if (size != 4 + 2 * addressSize) {
            int length = SELECTOR_HEADER + size;
            int expected = SELECTOR_HEADER + 4 + 2 * addressSize;
            throw header.error(
                    Fault.BAD_LENGTH, "selector length", length, "expected " + expected + ", found " + length);
        }
        int startPort = body.u16("start port");
        int endPort = body.u16("end port");
        if (!TrafficSelector.portsInOrder(startPort, endPort)) {
            throw body.error(
                    Fault.BAD_VALUE, "end port", endPort, "expected " + startPort + " or more, found " + endPort);
        }
        IpAddress first = new IpAddress(body.bytes(addressSize, "first address"));
        IpAddress last = new IpAddress(body.bytes(addressSize, "last address"));
        if (first.compareTo(last) > 0) {
            throw body.error(Fault.BAD_VALUE, "last address", 0, "expected " + first + " or above, found " + last);
        }
        return Optional.of(new TrafficSelector(ipProtocol, startPort, endPort, first, last));
    }
}
