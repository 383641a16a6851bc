package org.ikev2d.misplaced.loop;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ikev2d.misplaced.control.AsksTheLoop;
import org.ikev2d.xfrm.XfrmKernel;

/** Has a vague name, asks a part that is none of its neighbours, and knows files, Netty and Linux. */
public final class PacketHelper {
    private PacketHelper() {}

    public static String help(ByteBuf packet, Path file) throws IOException {
        return packet + Files.readString(file) + XfrmKernel.class + AsksTheLoop.class;
    }
}
