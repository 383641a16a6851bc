package org.ikev2d.daemon.cli;

import java.util.Arrays;
import java.util.Iterator;

/**
 * A command line.
 *
 * @param command one of those of {@link Help}
 * @param operand the tunnel's name or the file, empty where there is none
 * @param socket where the daemon listens
 */
record Arguments(String command, String operand, String socket, boolean json, boolean keep, boolean ike) {
    static final String DEFAULT_SOCKET = "/run/ikev2d/control.sock";

    static Arguments parse(String... words) throws UsageException {
        Iterator<String> left = Arrays.asList(words).iterator();
        String command = null;
        String operand = "";
        String socket = DEFAULT_SOCKET;
        boolean json = false;
        boolean keep = false;
        boolean ike = false;
        while (left.hasNext()) {
            String word = left.next();
            if (word.equals("--socket")) {
                if (!left.hasNext()) {
                    throw new UsageException("--socket needs a path");
                }
                socket = left.next();
            } else if (word.startsWith("--socket=")) {
                socket = word.substring("--socket=".length());
            } else if (word.equals("--json")) {
                json = true;
            } else if (word.equals("--keep")) {
                keep = true;
            } else if (word.equals("--ike")) {
                ike = true;
            } else if (word.equals("--help") || word.equals("-h")) {
                return new Arguments("help", "", socket, false, false, false);
            } else if (word.startsWith("-") && word.length() > 1) {
                throw new UsageException("unknown option " + word);
            } else if (command == null) {
                command = word;
            } else if (operand.isEmpty() && !word.isEmpty()) {
                operand = word;
            } else {
                throw new UsageException("one word too many: " + word);
            }
        }
        if (command == null) {
            throw new UsageException("no command");
        }
        return new Arguments(command, operand, socket, json, keep, ike).checked();
    }

    private Arguments checked() throws UsageException {
        switch (command) {
            case "status", "doctor" -> {}
            case "up", "down", "rekey" -> needOperand("the name of a tunnel");
            case "check" -> needOperand("a configuration file");
            case "stop", "reload", "version", "help" -> refuseOperand();
            default -> throw new UsageException("unknown command " + command);
        }
        if (json && !command.equals("status") && !command.equals("doctor")) {
            throw new UsageException("--json is for status and doctor");
        }
        if (keep && !command.equals("stop")) {
            throw new UsageException("--keep is for stop");
        }
        if (ike && !command.equals("rekey")) {
            throw new UsageException("--ike is for rekey");
        }
        return this;
    }

    private void needOperand(String what) throws UsageException {
        if (operand.isEmpty()) {
            throw new UsageException(command + " needs " + what);
        }
    }

    private void refuseOperand() throws UsageException {
        if (!operand.isEmpty()) {
            throw new UsageException("one word too many: " + operand);
        }
    }
}
