package org.ikev2d.core.world;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.engine.Engine;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.engine.Step;
import org.ikev2d.core.net.Endpoint;

/** Sends numbered requests to its peer, one after the other, each again every second until it is answered. */
final class ToyEngine implements Engine {
    private static final int RESPONSE = 0x20;

    private final Endpoint local;
    private final Endpoint remote;
    private final int rounds;
    private final boolean answers;
    private final List<Output> outputs = new ArrayList<>();
    private Optional<MonoTime> deadline = Optional.empty();
    private int request;

    /** @param answers whether it answers with responses; otherwise with requests, without end */
    ToyEngine(Endpoint local, Endpoint remote, int rounds, boolean answers) {
        this.local = local;
        this.remote = remote;
        this.rounds = rounds;
        this.answers = answers;
    }

    @Override
    public Step handle(MonoTime now, Input input) {
        outputs.clear();
        if (input instanceof Input.Start) {
            ask(now);
        } else if (input instanceof Input.Tick) {
            ask(now);
        } else if (input instanceof Input.Datagram datagram) {
            hear(now, datagram.octets());
        } else if (input instanceof Input.Stop) {
            deadline = Optional.empty();
            outputs.add(new Output.Stopped());
        }
        return new Step(outputs, deadline);
    }

    private void ask(MonoTime now) {
        deadline = Optional.empty();
        if (request < rounds) {
            say(0, request);
            deadline = Optional.of(now.plus(Duration.ofSeconds(1)));
        }
    }

    private void hear(MonoTime now, Bytes octets) {
        int id = octets.at(23);
        if (octets.at(19) != RESPONSE) {
            say(answers ? RESPONSE : 0, id);
        } else if (id == request) {
            request++;
            if (request == rounds) {
                outputs.add(new Output.Told(new Event(Event.Level.INFO, "", "toy-done", rounds + " rounds")));
            }
            ask(now);
        }
    }

    private void say(int flags, int id) {
        outputs.add(new Output.Send(local, remote, message(flags, id), local.port() == 4500));
    }

    /** A header and nothing else. */
    static Bytes message(int flags, int id) {
        return new ByteWriter()
                .u64(0x1122334455667788L)
                .u64(0)
                .u8(0)
                .u8(0x20)
                .u8(37)
                .u8(flags)
                .u32(id)
                .u32(28)
                .toBytes();
    }
}
