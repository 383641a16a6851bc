package org.ikev2d.core.wire;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.coverage.Holds;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where an error is, what it is, and what was expected: octets counted from the message's first. */
final class RefusedOctetsTest {
    private static final String HEADER = "01020304050607080000000000000000";

    @Holds({"7296-3.1-a", "7296-3.14-a"})
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                    | TRUNCATED at octet 0 in message/initiator SPI: need 8 octets, have 0
            01020304050607                        | TRUNCATED at octet 0 in message/initiator SPI: need 8 octets, have 7
            0102030405060708 00000000000000       | TRUNCATED at octet 8 in message/responder SPI: need 8 octets, have 7
            0000000000000000 0000000000000000     | BAD_VALUE at octet 0 in message/initiator SPI: expected a number other than 0
            HEADER                                | TRUNCATED at octet 16 in message/next payload: need 1 octets, have 0
            HEADER 00202208 00000000 0000         | TRUNCATED at octet 24 in message/length: need 4 octets, have 2
            HEADER 00202208 00000000 0000001b     | BAD_LENGTH at octet 24 in message/length: expected the datagram's 28 octets, found 27
            HEADER 00202208 00000000 ffffffff     | BAD_LENGTH at octet 24 in message/length: expected the datagram's 28 octets, found 4294967295
            HEADER 00202208 00000000 0000001d 00  | TRAILING at octet 28 in message: expected the end, found 1 octets
            HEADER 28202208 00000000 0000001c     | TRUNCATED at octet 28 in message/NONCE: need 4 octets, have 0
            HEADER 28202208 00000000 0000001f 000000   | TRUNCATED at octet 28 in message/NONCE: need 4 octets, have 3
            HEADER 28202208 00000000 00000020 00000003 | BAD_LENGTH at octet 30 in message/NONCE/payload length: expected 4 to 4, found 3
            HEADER 28202208 00000000 00000021 00000006 00 | BAD_LENGTH at octet 30 in message/NONCE/payload length: expected 4 to 5, found 6
            HEADER c8202208 00000000 00000024 00000004 00000004 | TRAILING at octet 32 in message: expected the end, found 4 octets
            HEADER c8202208 00000000 00000024 c9000004 00800004 | UNKNOWN_CRITICAL at octet 32 in message/payload 201: critical payload of type 201, which is not known
            HEADER 2e202308 00000001 00000024 23000004 00000004 | TRAILING at octet 32 in message: expected the end, found 4 octets
            HEADER 35202308 00000001 00000023 23000007 000100   | TRUNCATED at octet 34 in message/ENCRYPTED_FRAGMENT/total fragments: need 2 octets, have 1
            HEADER 35202308 00000001 00000024 23000008 00000001 | BAD_VALUE at octet 32 in message/ENCRYPTED_FRAGMENT/fragment number: expected 1 or more
            HEADER 35202308 00000001 00000024 23000008 00030002 | BAD_VALUE at octet 34 in message/ENCRYPTED_FRAGMENT/total fragments: expected 3 or more
            """)
    void message(String hex, String error) {
        Bytes octets = Bytes.hex(hex.replace("HEADER", HEADER).replace(" ", ""));
        assertThatThrownBy(() -> MessageCodec.decode(octets))
                .isInstanceOf(DecodeException.class)
                .hasMessage(error);
    }

    /** The payloads are said to begin at octet 100. */
    @Holds({"7296-3.1-b", "7296-3.3-b"})
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            33 | 00000004 | TRUNCATED at octet 104 in SECURITY_ASSOCIATION/last substructure: need 1 octets, have 0
            33 | 00000010 0300000c 01010000 00000000 | BAD_VALUE at octet 104 in SECURITY_ASSOCIATION/last substructure: expected 0 or 2, found 3
            33 | 0000000c 00000009 01010000 | BAD_LENGTH at octet 106 in SECURITY_ASSOCIATION/proposal length: expected 4 to 8, found 9
            33 | 0000000c 00000003 01010000 | BAD_LENGTH at octet 106 in SECURITY_ASSOCIATION/proposal length: expected 4 to 8, found 3
            33 | 0000000c 00000008 00010000 | BAD_VALUE at octet 108 in SECURITY_ASSOCIATION/proposal/number: expected 1, found 0
            33 | 0000000c 02000008 02010000 | BAD_VALUE at octet 108 in SECURITY_ASSOCIATION/proposal/number: expected 1, found 2
            33 | 00000014 02000008 01010000 00000008 03010000 | BAD_VALUE at octet 116 in SECURITY_ASSOCIATION/proposal/number: expected 2, found 3
            33 | 0000000c 02000008 01010000 | TRUNCATED at octet 112 in SECURITY_ASSOCIATION/last substructure: need 1 octets, have 0
            33 | 00000014 00000008 01010000 00000008 02010000 | TRAILING at octet 112 in SECURITY_ASSOCIATION: expected the end, found 8 octets
            33 | 0000000e 0000000a 01030200 abcd | BAD_LENGTH at octet 110 in SECURITY_ASSOCIATION/proposal/SPI size: found 2, which no SPI of ESP has
            33 | 00000010 0000000c 01010400 abcdabcd | BAD_LENGTH at octet 110 in SECURITY_ASSOCIATION/proposal/SPI size: found 4, which no SPI of IKE has
            33 | 0000000c 00000008 01030400 | TRUNCATED at octet 112 in SECURITY_ASSOCIATION/proposal/SPI: need 4 octets, have 0
            33 | 0000000c 00000008 01010001 | TRUNCATED at octet 112 in SECURITY_ASSOCIATION/proposal/last substructure: need 1 octets, have 0
            33 | 00000014 00000010 01010001 03000008 0100000c | BAD_VALUE at octet 112 in SECURITY_ASSOCIATION/proposal/last substructure: expected 0 by the number of transforms, found 3
            33 | 00000014 00000010 01010002 00000008 0100000c | BAD_VALUE at octet 112 in SECURITY_ASSOCIATION/proposal/last substructure: expected 3 by the number of transforms, found 0
            33 | 00000014 00000010 01010000 00000008 0100000c | TRAILING at octet 112 in SECURITY_ASSOCIATION/proposal: expected the end, found 8 octets
            33 | 00000014 00000010 01010001 00000009 0100000c | BAD_LENGTH at octet 114 in SECURITY_ASSOCIATION/proposal/transform length: expected 4 to 8, found 9
            33 | 00000014 00000010 01010001 00000006 0100000c | TRUNCATED at octet 118 in SECURITY_ASSOCIATION/proposal/transform/ID: need 2 octets, have 0
            33 | 00000016 00000012 01010001 0000000a 0100000c 800e | TRUNCATED at octet 122 in SECURITY_ASSOCIATION/proposal/transform/attribute value: need 2 octets, have 0
            33 | 00000018 00000014 01010001 0000000c 0100000c 000e0001 | BAD_LENGTH at octet 122 in SECURITY_ASSOCIATION/proposal/transform/attribute length: expected 0 to 0, found 1
            34 | 00000007 001f00 | TRUNCATED at octet 106 in KEY_EXCHANGE/reserved: need 2 octets, have 1
            35 | 00000004 | TRUNCATED at octet 104 in IDENTIFICATION_INITIATOR/ID type: need 1 octets, have 0
            35 | 0000000b 01000000 c00002 | BAD_LENGTH at octet 108 in IDENTIFICATION_INITIATOR/ID data: found 3 octets, which no such address has
            36 | 0000000c 05000000 c0000201 | BAD_LENGTH at octet 108 in IDENTIFICATION_RESPONDER/ID data: found 4 octets, which no such address has
            37 | 00000004 | TRUNCATED at octet 104 in CERTIFICATE/encoding: need 1 octets, have 0
            39 | 00000007 020000 | TRUNCATED at octet 105 in AUTHENTICATION/reserved: need 3 octets, have 2
            40 | 00000013 000102030405060708090a0b0c0d0e | BAD_LENGTH at octet 104 in NONCE/nonce: expected 16 to 256 octets, found 15
            41 | 0000000a 03044009 abcd | TRUNCATED at octet 108 in NOTIFY/SPI: need 4 octets, have 2
            42 | 0000000c 03040002 abcdabcd | BAD_LENGTH at octet 106 in DELETE/number of SPIs: 2 SPIs of 4 octets do not make the 4 octets left
            42 | 0000000d 03040001 abcdabcdab | BAD_LENGTH at octet 106 in DELETE/number of SPIs: 1 SPIs of 4 octets do not make the 5 octets left
            42 | 00000008 0100ffff | BAD_LENGTH at octet 106 in DELETE/number of SPIs: 65535 SPIs of 0 octets do not make the 0 octets left
            42 | 0000000a 01000000 abcd | TRAILING at octet 108 in DELETE: expected the end, found 2 octets
            42 | 00000008 03000000 | BAD_LENGTH at octet 105 in DELETE/SPI size: found 0, which no SPI of ESP has
            44 | 00000008 00000000 | BAD_VALUE at octet 104 in TRAFFIC_SELECTORS_INITIATOR/number of selectors: expected 1 or more
            44 | 00000008 01000000 | TRUNCATED at octet 108 in TRAFFIC_SELECTORS_INITIATOR/selector: need 4 octets, have 0
            44 | 0000000c 01000000 09000003 | BAD_LENGTH at octet 110 in TRAFFIC_SELECTORS_INITIATOR/selector/selector length: expected 4 to 4, found 3
            44 | 00000018 01000000 070000080000ffff0a0000010a000001 | BAD_LENGTH at octet 110 in TRAFFIC_SELECTORS_INITIATOR/selector/selector length: expected 16, found 8
            44 | 00000018 01000000 080000100000ffff0a0000010a000001 | BAD_LENGTH at octet 110 in TRAFFIC_SELECTORS_INITIATOR/selector/selector length: expected 40, found 16
            44 | 00000018 01000000 07060010200010000a0000010a000001 | BAD_VALUE at octet 114 in TRAFFIC_SELECTORS_INITIATOR/selector/end port: expected 8192 or more, found 4096
            45 | 00000018 01000000 070000100000ffff0a0000020a000001 | BAD_VALUE at octet 120 in TRAFFIC_SELECTORS_RESPONDER/selector/last address: expected 10.0.0.2 or above, found 10.0.0.1
            45 | 0000001c 01000000 070000100000ffff0a0000010a000001 00000000 | TRAILING at octet 124 in TRAFFIC_SELECTORS_RESPONDER: expected the end, found 4 octets
            46 | 00000004 | BAD_VALUE at octet 100 in : expected no Encrypted payload inside another (RFC 7296 §3.1)
            0  | 00000004 | TRAILING at octet 100 in : expected the end, found 4 octets
            """)
    void decryptedPayload(int type, String hex, String error) {
        Bytes octets = Bytes.hex(hex.replace(" ", ""));
        String expected = error.replace(" in : ", " in message/ENCRYPTED: ")
                .replaceFirst(" in (?!message)", " in message/ENCRYPTED/");
        assertThatThrownBy(() -> MessageCodec.decodePayloads(octets, type, 100))
                .isInstanceOf(DecodeException.class)
                .hasMessage(expected);
    }
}
