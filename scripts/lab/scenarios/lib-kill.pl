#!/usr/bin/perl
# Kills the process with SIGKILL and waits, at most 20 s, until the kernel tells that a policy was set; prints how many
# milliseconds lay between. Usage: lib-kill.pl PROCESS       (in the process's network namespace; amd64)
use strict;
use warnings;

# perl-base has no Time::HiRes.
sub now {
    my $time = "\0" x 16;
    syscall 228, 1, $time;    # clock_gettime(CLOCK_MONOTONIC)
    my ($seconds, $nanoseconds) = unpack 'q q', $time;
    return $seconds * 1000 + $nanoseconds / 1e6;
}

# NETLINK_XFRM, XFRMNLGRP_POLICY
socket my $netlink, 16, 3, 6 or die "socket: $!\n";
bind $netlink, pack 'S x2 L L', 16, 0, 1 << 3 or die "bind: $!\n";
my $killed = now();
kill 9, $ARGV[0] or die "kill: $!\n";
alarm 20;
defined recv $netlink, my $told, 65536, 0 or die "recv: $!\n";
printf "%.0f\n", now() - $killed;
