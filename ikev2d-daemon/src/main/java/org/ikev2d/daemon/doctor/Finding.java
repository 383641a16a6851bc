package org.ikev2d.daemon.doctor;

import java.util.List;

/**
 * One point that was looked at.
 *
 * @param about {@code machine}, {@code tunnel b}, or a network device's name
 * @param point a stable word for it
 * @param text one sentence
 * @param commands what an operator may enter to change it, in order; none where no command does
 */
public record Finding(String about, String point, Verdict verdict, String text, List<String> commands) {
    public Finding {
        commands = List.copyOf(commands);
    }
}
