package org.ikev2d.daemon.cli;

/** Numbers for people. */
final class Units {
    private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Units() {}

    /** With one decimal from 1 KiB on: {@code 1.5 KiB}. */
    static String octets(long count) {
        if (count < 1024) {
            return count + " B";
        }
        int unit = 1;
        long size = 1024;
        while (count / size >= 1024) {
            size *= 1024;
            unit++;
        }
        long tenths = count % size / (size / 1024) * 10 / 1024;
        return count / size + "." + tenths + " " + BINARY[unit];
    }

    /** The two largest units: {@code 5s}, {@code 3m 20s}, {@code 2h 5m}, {@code 9d 4h}; zero for what is to come. */
    static String age(long seconds) {
        long s = Math.max(0, seconds);
        if (s < 60) {
            return s + "s";
        }
        if (s < 3600) {
            return s / 60 + "m " + s % 60 + "s";
        }
        return s < 86_400 ? s / 3600 + "h " + s / 60 % 60 + "m" : s / 86_400 + "d " + s / 3600 % 24 + "h";
    }
}
