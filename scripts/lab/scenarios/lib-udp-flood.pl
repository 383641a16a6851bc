#!/usr/bin/perl
# UDP packets as fast as one process can send them.
# Usage: lib-udp-flood.pl ADDRESS PORT OCTETS SECONDS
# The socket is not connected: what a connected one sends bears a hash of its own, by which a veth's far end would deal it
# out, and not by what is on the wire.
use strict;
use warnings;
use Socket;

my ($address, $port, $octets, $seconds) = @ARGV;
my $to = sockaddr_in($port, inet_aton($address));
socket(my $socket, PF_INET, SOCK_DGRAM, 0) or die "socket: $!";
my $packet = "x" x $octets;
my $end = time + $seconds;
while (time < $end) {
  # A refusal of the kernel's is a packet that does not arrive.
  send($socket, $packet, 0, $to) for 1 .. 50;
}
