package org.ikev2d.xfrm.esp;

/** Why a packet that came in was not delivered. */
public enum EspDrop {
    /** Shorter than the smallest packet of the suite. */
    TOO_SHORT,
    /** The ciphertext does not end at a block's or a 4-octet word's end (RFC 4303 §2.4). */
    NOT_ALIGNED,
    /** The SPI is another SA's. */
    WRONG_SPI,
    /** The sequence number was seen, lies left of the window, or is 0 (RFC 4303 §3.4.3). */
    REPLAY,
    /** Not from who has the keys, or changed on its way (RFC 4303 §3.4.4). */
    BAD_ICV,
    /** Authentic, but the padding is not 1, 2, 3, ... or is longer than the packet (RFC 4303 §2.4). */
    BAD_PADDING,
    /** Authentic, but not the IPv4 or IPv6 packet that its next header promises. */
    BAD_NEXT_HEADER,
    /** Authentic, but sent to hide how much traffic there is (RFC 4303 §2.6). */
    DUMMY,
    /** A hard limit was reached. */
    WORN_OUT,
    /** The SA was closed. */
    CLOSED
}
